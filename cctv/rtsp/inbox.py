"""What has come over one RTSP connection and is not used up: answers, packets woven in between (RFC 2326, 10.12)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cctv.faults import Broken
from cctv.wire import Wire

_SIZE = 131_072
_MAX_HEAD = 16_384
_MAX_BODY = 65_000
_DOLLAR = 0x24
_BLANK = b"\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the other side says in words. `status` is 0 for a request: its method is then `word`, its URL `target`."""

    status: int
    word: str
    target: str = ""
    headers: Sequence[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """The first of that name, or nothing."""
        return next((value for key, value in self.headers if key == name), "")

    def all(self, name: str) -> list[str]:
        """Every one of that name."""
        return [value for key, value in self.headers if key == name]


class Inbox:
    """One buffer for the life of the connection; what lies in it is looked at in place."""

    def __init__(self, wire: Wire) -> None:
        self.buffer = bytearray(_SIZE)
        self._view = memoryview(self.buffer)
        self._wire = wire
        self._start = self._end = 0

    def fill(self) -> int:
        """Read what is there, at most what fits: how many bytes. Waits until the wire's deadline."""
        if self._start:
            left = self._end - self._start
            self._view[:left] = self._view[self._start : self._end]
            self._start, self._end = 0, left
        got = self._wire.recv_into(self._view[self._end :])
        if not got:
            raise Broken("ended")
        self._end += got
        return got

    def packets(self) -> Iterator[tuple[int, int, int]]:
        """(channel, start, end) of every whole packet at hand; stops before words."""
        buffer, at, end = self.buffer, self._start, self._end
        while end - at >= 4 and buffer[at] == _DOLLAR:  # noqa: PLR2004 — the head of a packet
            stop = at + 4 + (buffer[at + 2] << 8 | buffer[at + 3])
            if stop > end:
                break
            self._start = stop
            yield buffer[at + 1], at + 4, stop
            at = stop

    @property
    def holds_words(self) -> bool:
        """Whether what comes next is no packet."""
        return self._start < self._end and self.buffer[self._start] != _DOLLAR

    def words(self) -> Answer | None:
        """The answer that comes next, None while it is not whole. Raises Broken when it cannot be one."""
        blank = self.buffer.find(_BLANK, self._start, self._end)
        if blank < 0:
            said = self.buffer[self._start : min(self._end, self._start + 5)]
            if self._end - self._start > _MAX_HEAD or not _may_be_words(said):
                raise Broken("garbled")
            return None
        lines = self.buffer[self._start : blank].decode("latin-1").split("\r\n")
        headers = [
            (name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])
        ]
        body = blank + len(_BLANK)
        stop = body + _length(dict(headers))
        if stop > self._end:
            return None
        self._start = stop
        status, word, target = _first_line(lines[0])
        told = bytes(self.buffer[body:stop])
        return Answer(status=status, word=word, target=target, headers=headers, body=told)


def _may_be_words(head: bytes | bytearray) -> bool:
    """Whether it is an answer, or a request, whose method is in capital letters."""
    return all(byte in b"ABCDEFGHIJKLMNOPQRSTUVWXYZ_/ 120.\r\n" for byte in head)


def _first_line(line: str) -> tuple[int, str, str]:
    first, _, rest = line.strip().partition(" ")
    if first.startswith("RTSP/") and rest[:3].isdecimal():
        return int(rest[:3]), "", ""
    if not rest.endswith("RTSP/1.0"):
        raise Broken("garbled")
    return 0, first, rest.removesuffix("RTSP/1.0").strip()


def _length(headers: Mapping[str, str]) -> int:
    said = headers.get("content-length", "0")
    if not said.isdecimal() or int(said[:9]) > _MAX_BODY:
        raise Broken("garbled")
    return int(said)
