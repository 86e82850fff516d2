"""One camera's live video for all who watch it: one session with the camera, a thread, tries again when it breaks.

What arrives is handed on to the loop of the process; nothing here knows who watches.
"""

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import structlog

from cctv.camera import Reach
from cctv.remux import Beginning, Piece, Unplayable, pieces
from geodata.errors import CameraLost

_LOG = structlog.get_logger()
_FIRST_WAIT_S = 1.0
_LONGEST_WAIT_S = 30.0
_JITTER = 0.3
_FEW = 10


@dataclass(frozen=True, slots=True)
class Ended:
    """The camera gives no video now. `is_for_good`: nobody tries again; `why` is a fault or an obstacle."""

    why: str
    is_for_good: bool


News = Beginning | Piece | Ended
Open = Callable[[Reach], Iterator[Beginning | Piece]]


def wait_after(failures: int, chance: float) -> float:
    """Seconds until the next try; `chance` is 0 … 1, so that cameras that died together do not come back together."""
    wait_s = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2.0 ** (min(failures, 16) - 1))
    return wait_s * (1 - _JITTER + 2 * _JITTER * chance)


class Source:
    """Runs from `start` until `stop`; `tell` is called from its thread, must be quick and must not raise."""

    def __init__(self, reach: Reach, tell: Callable[[News], None], open_: Open = pieces) -> None:
        self.reach = reach
        self._tell = tell
        self._open = open_
        self._thread = threading.Thread(target=self._run, name=f"live {reach.camera.id}", daemon=True)

    @property
    def is_alive(self) -> bool:
        """Whether its thread has not ended yet."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End soon: at the next packet, or when the camera's time-out has passed."""
        self.reach.stopping.set()

    def _run(self) -> None:
        failures = 0
        while not self.reach.stopping.is_set():
            told, why = self._session()
            if why is None or self.reach.stopping.is_set():
                return
            self._tell(why)
            if why.is_for_good:
                return
            failures = 1 if told > _FEW else failures + 1
            self.reach.stopping.wait(wait_after(failures, random.random()))  # noqa: S311 — no secret

    def _session(self) -> tuple[int, Ended | None]:
        """How many pieces came, and why no more do; None when it was stopped."""
        told = 0
        try:
            for one in self._open(self.reach):
                self._tell(one)
                told += 1
        except Unplayable as error:
            return told, Ended(error.obstacle, is_for_good=True)
        except CameraLost as error:
            return told, Ended(error.fault, is_for_good=False)
        except Exception as error:  # noqa: BLE001 — edge: whatever a camera sends must not end its thread
            _LOG.error("live_source_bug", camera=self.reach.camera.id, error=type(error).__name__)
            return told, Ended("broken", is_for_good=False)
        return told, None
