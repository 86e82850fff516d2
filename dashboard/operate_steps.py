"""What can be taken back at the desk: the newest deeds of everybody, over a restart too where a few words are enough.

They stand in a small file beside the log, readable by its owner alone and hidden, so that no backup holds it.
"""

import os
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from pydantic import TypeAdapter, ValidationError

from dashboard.operate import Told
from layers.event import Mode

FILE_NAME = ".desk-steps.json"
KEPT = timedelta(hours=12)
_MOST_BACK = 500
_MOST_BYTES = 4_000_000
_LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing done that can be taken back. `version`: of the row right after it; another one means it has changed.

    What was before comes back by `tells`, or the room restores `before`; `revert` is for what may stand in no file, and
    is gone with the process.
    """

    id: str
    at: datetime
    who: str
    room: str
    deed: str
    subject: str
    version: str | None
    mode: Mode
    tells: tuple[Told, ...] = ()
    before: dict[str, Any] | None = None
    revert: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """As it stands in the file: without what cannot."""

    id: str
    at: datetime
    who: str
    room: str
    deed: str
    subject: str
    version: str | None
    mode: Mode
    tells: tuple[Told, ...] = ()
    before: dict[str, Any] | None = None


_ADAPTER = TypeAdapter(tuple[_Written, ...])
_FIELDS = tuple(_Written.__dataclass_fields__)


@dataclass(slots=True)
class Steps:
    """The newest few hundred of the last twelve hours. Thread-safe; one per city."""

    data_dir: Path
    clock: Callable[[], datetime]
    _steps: OrderedDict[str, Step] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Those of before the restart."""
        for one in _read(self.data_dir / FILE_NAME):
            self._steps[one.id] = Step(**{name: getattr(one, name) for name in _FIELDS})

    def keep(self, step: Step) -> None:
        """Remember one; the oldest makes room."""
        with self._lock:
            self._steps[step.id] = step
            while len(self._steps) > _MOST_BACK:
                self._steps.popitem(last=False)
            self._save()

    def take(self, step_id: str, who: str) -> Step | None:
        """The step of that person, which is then no longer there."""
        with self._lock:
            step = self._known(step_id)
            if step is None or step.who != who:
                return None
            del self._steps[step_id]
            self._save()
            return step

    def newest(self, who: str) -> Step | None:
        """What that person would take back next."""
        with self._lock:
            return next((one for key in reversed(self._steps) if (one := self._known(key)) and one.who == who), None)

    def _known(self, step_id: str) -> Step | None:
        step = self._steps.get(step_id)
        return None if step is None or self.clock() - step.at > KEPT else step

    def _save(self) -> None:
        """A full disk must not refuse a deed that is in the log already: then a restart forgets."""
        some = tuple(_written(one) for one in self._steps.values() if one.revert is None and self._known(one.id))
        try:
            _replace(self.data_dir / FILE_NAME, _ADAPTER.dump_json(some))
        except (OSError, ValueError) as error:
            _LOG.warning("desk_steps_unwritten", reason=type(error).__name__)


def _written(step: Step) -> _Written:
    return _Written(**{name: getattr(step, name) for name in _FIELDS})


def _read(path: Path) -> tuple[_Written, ...]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            return ()
        return _ADAPTER.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return ()


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    part.replace(path)


def new_step_id() -> str:
    """A name nobody guesses."""
    return secrets.token_hex(8)
