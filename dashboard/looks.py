"""Which roles somebody looks as just now: a picture that nobody looks at is not drawn."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from layers.layer import Role

FORGOTTEN_S = 30.0
"""So long after the last question of a role its picture is let go."""


class Looks:
    """`seconds` is a monotonic clock. Every method may be called from any thread."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._streams: Counter[Role] = Counter()
        self._asked_s: dict[Role, float] = {}

    def note(self, role: Role) -> None:
        """Somebody asked as this role."""
        self._asked_s[role] = self._seconds()

    @contextmanager
    def streaming(self, role: Role) -> Iterator[None]:
        """Somebody looks as this role all the time."""
        with self._lock:
            self._streams[role] += 1
        try:
            yield
        finally:
            with self._lock:
                self._streams[role] -= 1
            self.note(role)

    def is_streamed(self, role: Role) -> bool:
        """Whether a stream of this role is open."""
        return self._streams[role] > 0

    def is_on(self, role: Role) -> bool:
        """Whether a picture of this role is still wanted."""
        asked_s = self._asked_s.get(role)
        return self.is_streamed(role) or (asked_s is not None and self._seconds() - asked_s < FORGOTTEN_S)
