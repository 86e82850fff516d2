"""Bytes of a stream on their way into FFmpeg, over connections of our own: FFmpeg itself opens nothing.

So every wait has our deadlines, no redirect is followed, and no name leads where the guard does not allow. FFmpeg is
told of no error but that the stream has ended; `fault` says why.
"""

import time
from typing import Protocol

from cctv.camera import Reach
from cctv.faults import Broken
from cctv.faults import fault_of as fault_of_system
from cctv.request import Answer, Asker

_NAP_S = 0.1
_LITTLE = 16_384


class Line(Protocol):
    """What comes to FFmpeg over a connection of ours."""

    fault: str | None
    """Why it ended; None while it goes on, or when the other side ended it."""
    is_steady: bool
    """From when on it may wait a little for more to come at once: that saves waking for every packet."""

    def within(self, timeout_s: float) -> None:
        """Give what is read from now on a new deadline."""

    def close(self) -> None:
        """Hang up."""


class Feed(Line, Protocol):
    """A line that FFmpeg reads from by itself."""

    def read(self, size: int) -> bytes:
        """At most so many bytes; none at the end."""


class HttpFeed:
    """The body of one HTTP answer, after `head`. Raises Broken or OSError when made."""

    def __init__(self, reach: Reach, head: bytes = b"") -> None:
        self.fault: str | None = None
        self.is_steady = False
        self._head = head
        self._was_little = False
        self._answer: Answer = Asker(reach).get()

    def read(self, size: int) -> bytes:
        """What is there."""
        if self.fault:
            return b""  # FFmpeg asks once more
        if self._head:
            given, self._head = self._head[:size], self._head[size:]
            return given
        if self.is_steady and self._was_little:
            time.sleep(_NAP_S)
        try:
            data = self._answer.read(size)
        except (Broken, OSError, ValueError) as error:
            self.fault = error.fault if isinstance(error, Broken) else fault_of_system(error)
            return b""
        self._was_little = len(data) < _LITTLE
        return data

    def within(self, timeout_s: float) -> None:
        """Give what is read from now on a new deadline."""
        self._answer.within(timeout_s)

    def close(self) -> None:
        """Hang up."""
        self._answer.close()
