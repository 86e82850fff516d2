"""Turns to decode: the one thing all cameras share that is short on a small machine."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cctv.faults import Broken

_LOOK_S = 0.5
_URGENT_IN_A_ROW = 3


class _Waiter:
    """Its turn has come once `turn` can be acquired."""

    __slots__ = ("since_s", "turn")

    def __init__(self, since_s: float) -> None:
        self.since_s = since_s
        self.turn = threading.Lock()
        self.turn.acquire()


class DecodeLane:
    """So many pictures are decoded at once; the rest wait in order, urgent ones before the others.

    After three urgent ones in a row one of the others comes, so that none waits for ever.
    """

    def __init__(self, places: int, stopwatch: Callable[[], float] = time.monotonic) -> None:
        self._free = places
        self._stopwatch = stopwatch
        self._lock = threading.Lock()
        self._urgent, self._others = deque[_Waiter](), deque[_Waiter]()
        self._urgent_in_a_row = 0
        self._worst_s = 0.0

    @contextmanager
    def turn(self, is_over: Callable[[], bool], *, is_urgent: bool = False) -> Iterator[None]:
        """Wait for a place and hold it. Raises Broken when `is_over` before there is one."""
        self._enter(is_over, is_urgent=is_urgent)
        try:
            yield
        finally:
            self._leave()

    def worst_wait_s(self) -> float:
        """The longest anybody waited, or has been waiting, since this was last asked."""
        with self._lock:
            now_s, worst_s = self._stopwatch(), self._worst_s
            self._worst_s = 0.0
            first = [queue[0].since_s for queue in (self._urgent, self._others) if queue]
        return max([worst_s, *(now_s - since_s for since_s in first)])

    def _enter(self, is_over: Callable[[], bool], *, is_urgent: bool) -> None:
        queue = self._urgent if is_urgent else self._others
        with self._lock:
            if self._free:
                self._free -= 1
                return
            waiter = _Waiter(self._stopwatch())
            queue.append(waiter)
        while not waiter.turn.acquire(timeout=_LOOK_S):
            if is_over() and self._gives_up(waiter, queue):
                raise Broken("ended")

    def _gives_up(self, waiter: _Waiter, queue: deque[_Waiter]) -> bool:
        """False when its turn has come meanwhile: then it has to be used, or somebody else would wait for ever."""
        with self._lock:
            if waiter not in queue:
                return False
            queue.remove(waiter)
            return True

    def _leave(self) -> None:
        with self._lock:
            waiter = self._next()
            if waiter is None:
                self._free += 1
                return
            self._worst_s = max(self._worst_s, self._stopwatch() - waiter.since_s)
            waiter.turn.release()

    def _next(self) -> _Waiter | None:
        is_others_turn = self._urgent_in_a_row >= _URGENT_IN_A_ROW and self._others
        if self._urgent and not is_others_turn:
            self._urgent_in_a_row += 1
            return self._urgent.popleft()
        self._urgent_in_a_row = 0
        return self._others.popleft() if self._others else None
