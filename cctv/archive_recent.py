"""The last two minutes of each camera, in memory only: so that an incident gets a picture from before its call."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

_STEPS = 4
_MOST_BYTES = 32_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A picture that is not kept (yet)."""

    captured_at: datetime
    jpeg: bytes


class Recent:
    """A few shots of every camera, a quarter of `span` apart, all together within `most_bytes`."""

    def __init__(self, span: timedelta, most_bytes: int = _MOST_BYTES) -> None:
        self._span = span
        self._most_bytes = most_bytes
        self._bytes = 0
        self._shots: dict[str, deque[Shot]] = {}

    def wants(self, camera_id: str, captured_at: datetime) -> bool:
        """Whether a shot of that time would be taken."""
        shots = self._shots.get(camera_id)
        return bool(self._span) and (not shots or captured_at - shots[-1].captured_at >= self._span / _STEPS)

    def add(self, camera_id: str, shot: Shot) -> None:
        """Hold it, and let go of what is too old or too much."""
        self._shots.setdefault(camera_id, deque()).append(shot)
        self._bytes += len(shot.jpeg)
        self.forget(shot.captured_at)
        while self._bytes > self._most_bytes:
            self._drop(min(self._shots, key=lambda one: self._shots[one][0].captured_at))

    def forget(self, now: datetime) -> None:
        """Let go of everything that is older than the span."""
        for camera_id in [*self._shots]:
            while camera_id in self._shots and now - self._shots[camera_id][0].captured_at > self._span:
                self._drop(camera_id)

    def between(self, camera_id: str, start: datetime, end: datetime) -> list[Shot]:
        """Shots from `start` to before `end`, oldest first."""
        return [shot for shot in self._shots.get(camera_id, ()) if start <= shot.captured_at < end]

    def _drop(self, camera_id: str) -> None:
        shots = self._shots[camera_id]
        self._bytes -= len(shots.popleft().jpeg)
        if not shots:
            del self._shots[camera_id]
