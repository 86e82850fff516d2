"""How each line of [[feeds]] is doing, told from the feed process to whoever shows it: `DIR/feed-status.json`.

The feed process alone writes it, at every change and as a sign of life every other second. It holds no URL and no
secret.
"""

import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from geodata.clock import Clock
from layers.ingest import Receipt
from layers.layer import Words

FILE_NAME = "feed-status.json"
_MOST_BYTES = 4_000_000

Freshness = Literal["fresh", "silent", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStatus:
    """One line now; None is what is not known (yet).

    `well_at`: when the other side last answered as it should, with news or without. `news_at`: when something was last
    taken. `failed_at`, `error`, `error_en`: the newest failure since it last was well. `is_resting`: it failed so often
    that it is asked seldom. `taken` and `refused` count items since the process began.
    """

    name: str
    feed: str
    transport: str
    title: str
    silent_s: float | None = None
    since: datetime
    well_at: datetime | None = None
    news_at: datetime | None = None
    failed_at: datetime | None = None
    error: str | None = None
    error_en: str | None = None
    next_try_at: datetime | None = None
    is_resting: bool = False
    taken: int = 0
    refused: int = 0

    def freshness(self, now: datetime) -> Freshness:
        """Silent once it has not been well for longer than it may; unknown before it ever had the time to be."""
        if self.silent_s is None:
            return "unknown" if self.well_at is None else "fresh"
        allowed = timedelta(seconds=self.silent_s)
        if abs(now - (self.well_at or self.since)) > allowed:
            return "silent"
        return "unknown" if self.well_at is None else "fresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSigns:
    """What the feed process last said, and when; `said_at` None: never."""

    lines: tuple[LineStatus, ...] = ()
    said_at: datetime | None = None


_ADAPTER = TypeAdapter(tuple[LineStatus, ...])


class LineBook:
    """The newest word on every line. Thread-safe; `save` writes it down."""

    def __init__(self, data_dir: Path, lines: Iterable[LineStatus], clock: Clock) -> None:
        self._path = data_dir / FILE_NAME
        self._clock = clock
        self._lock = threading.Lock()
        self._lines = {line.name: line for line in lines}
        self._written: tuple[LineStatus, ...] | None = None

    def well(self, name: str, next_try_at: datetime | None) -> None:
        """It answers as it should: what was wrong is over."""
        now = self._clock()
        self._change(
            name,
            well_at=now,
            failed_at=None,
            error=None,
            error_en=None,
            next_try_at=next_try_at,
            is_resting=False,
        )

    def failed(self, name: str, sentence: Words, next_try_at: datetime | None, *, is_resting: bool) -> None:
        """It does not."""
        now = self._clock()
        self._change(
            name,
            failed_at=now,
            error=sentence.id,
            error_en=sentence.en,
            next_try_at=next_try_at,
            is_resting=is_resting,
        )

    def took(self, name: str, receipt: Receipt) -> None:
        """What became of a payload."""
        refused = len(receipt.rejected)
        taken = len(receipt.items) - refused
        with self._lock:
            before = self._lines[name]
            news_at = self._clock() if taken else before.news_at
            self._lines[name] = replace(
                before, taken=before.taken + taken, refused=before.refused + refused, news_at=news_at
            )

    def _change(self, name: str, **news: object) -> None:
        with self._lock:
            self._lines[name] = replace(self._lines[name], **news)  # type: ignore[arg-type]  # its own fields, above

    @property
    def lines(self) -> Mapping[str, LineStatus]:
        """All of them."""
        with self._lock:
            return MappingProxyType(dict(self._lines))

    def save(self) -> None:
        """Show these from now on, and that we live. Raises OSError when the disk refuses."""
        newest = tuple(self.lines.values())
        if newest == self._written and self._path.exists():
            os.utime(self._path)
            return
        part = self._path.with_suffix(".part")
        part.write_bytes(_ADAPTER.dump_json(newest))
        part.replace(self._path)
        self._written = newest


def load_lines(data_dir: Path) -> LineSigns:
    """The newest word on every line; nothing where the feed process never ran, or the file is damaged."""
    path = data_dir / FILE_NAME
    try:
        with path.open("rb") as file:
            lines = _ADAPTER.validate_json(file.read(_MOST_BYTES))
        said_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, ValidationError):
        return LineSigns()
    return LineSigns(lines=lines, said_at=said_at)
