"""Tells who waits that the log has grown: own appends at once, other processes' within a twentieth of a second."""

import threading
from collections.abc import Callable

import structlog

from geodata.errors import StoreUnavailable

_LOOK_EVERY_S = 0.05
_REST_AFTER_TROUBLE_S = 1.0
_log = structlog.get_logger()


class Bell:
    """The newest cursor known in this process. `look(known)` gives it when another process may have moved it."""

    def __init__(self, look: Callable[[int], int], head: int) -> None:
        self._look = look
        self._head = head
        self._moved = threading.Condition()
        self._trouble: StoreUnavailable | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="store-bell", daemon=True)
        self._thread.start()

    def ring(self, cursor: int) -> None:
        """The log has grown to `cursor`."""
        with self._moved:
            if cursor > self._head:
                self._head = cursor
                self._moved.notify_all()

    def wait(self, cursor: int, timeout_s: float) -> int:
        """The newest cursor, as soon as it is greater than `cursor` or the time is up.

        Raises StoreUnavailable, at once, while the log cannot be looked at: silence would look like rest.
        """
        with self._moved:
            self._moved.wait_for(lambda: self._head > cursor or self._is_over(), timeout_s)
            if self._trouble is not None and self._head <= cursor:
                raise StoreUnavailable(str(self._trouble)) from self._trouble
            return self._head

    def _is_over(self) -> bool:
        return self._trouble is not None or self._closing.is_set()

    def close(self) -> None:
        """Wake everybody and stop looking."""
        self._closing.set()
        with self._moved:
            self._moved.notify_all()
        self._thread.join(timeout=5)

    def _watch(self) -> None:
        rest_s = _LOOK_EVERY_S
        while not self._closing.wait(rest_s):
            try:
                head = self._look(self._head)
            except StoreUnavailable as error:
                _log.warning("store_unreadable", reason=str(error))
                self._say(error)
                rest_s = _REST_AFTER_TROUBLE_S
            else:
                self._say(None)
                self.ring(head)
                rest_s = _LOOK_EVERY_S

    def _say(self, trouble: StoreUnavailable | None) -> None:
        with self._moved:
            self._trouble = trouble
            if trouble is not None:
                self._moved.notify_all()
