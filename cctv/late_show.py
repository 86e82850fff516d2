"""What visitors see of a camera: small, blurred, and late. Nothing newer ever leaves the camera process.

Pictures wait in memory, and are put on the shelf once they are old enough by a clock that nobody sets.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cctv.picture import Pixels, blurred
from cctv.shelf import Shelf

_HELD = 12
"""As many wait at most; with one still per 2 s and a minute of delay visitors see a new one every 5 s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    taken_s: float
    captured_at: datetime
    jpeg: bytes


class LateShow:
    """Of one camera; `seconds` is a monotonic clock."""

    def __init__(self, camera_id: str, shelf: Shelf, delay_s: float, seconds: Callable[[], float]) -> None:
        self._camera_id = camera_id
        self._shelf = shelf
        self._delay_s = delay_s
        self._seconds = seconds
        self._waiting: deque[_Waiting] = deque()

    def take(self, pixels: Pixels, captured_at: datetime) -> None:
        """A new picture, masked already, that visitors shall see later."""
        now_s = self._seconds()
        if not self._waiting or now_s - self._waiting[-1].taken_s >= self._delay_s / _HELD:
            self._waiting.append(_Waiting(taken_s=now_s, captured_at=captured_at, jpeg=blurred(pixels)))

    def show(self) -> None:
        """Put on the shelf the newest that is old enough, if there is one. Raises OSError when the disk refuses."""
        now_s, due = self._seconds(), None
        while self._waiting and now_s - self._waiting[0].taken_s >= self._delay_s:
            due = self._waiting.popleft()
        if due is not None:
            self._shelf.put_late(self._camera_id, due.jpeg, due.captured_at)
