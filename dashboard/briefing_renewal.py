"""Work that is done behind the reader's back: one after another, each once, and few may wait.

There is a thread only while there is work. What cannot be done is left: whoever asks next has it tried again.
"""

import threading
from collections.abc import Callable

import structlog

from geodata.errors import StoreUnavailable

MOST_WAITING = 8
Work = Callable[[], None]
_LOG = structlog.get_logger()


def _in_a_thread(work: Work) -> None:
    threading.Thread(target=work, name="briefing", daemon=True).start()


class Renewal:
    """May be used from any thread. `start` begins to work through what waits."""

    def __init__(self, start: Callable[[Work], None] = _in_a_thread) -> None:
        self._start = start
        self._lock = threading.Lock()
        self._waiting: dict[str, Work] = {}
        self._is_working = False

    def soon(self, key: str, work: Work) -> bool:
        """Whether it is or will be done; False where too much waits already."""
        with self._lock:
            if key in self._waiting:
                return True
            if len(self._waiting) >= MOST_WAITING:
                return False
            self._waiting[key] = work
            is_first, self._is_working = not self._is_working, True
        if is_first:
            self._start(self._run)
        return True

    def _run(self) -> None:
        while (found := self._next()) is not None:
            key, work = found
            try:
                work()
            except StoreUnavailable:
                _LOG.info("briefing_not_renewed")
            except Exception:  # noqa: BLE001 — edge: a worker's loop; one wrong answer must not stop the others
                _LOG.exception("briefing_renewal_failed")
            finally:
                with self._lock:
                    del self._waiting[key]

    def _next(self) -> tuple[str, Work] | None:
        with self._lock:
            found = next(iter(self._waiting.items()), None)
            self._is_working = found is not None
            return found
