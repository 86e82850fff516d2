"""From RTP packets to whole keyframes, H.264 (RFC 6184) and H.265 (RFC 7798). Pure.

Of each packet that does not belong to a keyframe only the header is looked at: nothing of it is copied, let alone
decoded. What has a hole in it is dropped: half a picture would be a false one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cctv.faults import Broken

Bytes = bytes | bytearray | memoryview

_START = b"\0\0\0\1"
_FIXED_HEADER = 12
_PLAIN = 0x80
_MARKER = 0x80
_FIRST_SLICE = 0x80
_FU_START, _FU_END = 0x80, 0x40
_MAX_SET = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """How a codec writes its NAL units, and which kinds are which.

    A unit's kind is `byte >> shift & mask` of the first of its `header` bytes.
    """

    header: int
    shift: int
    mask: int
    aggregate: int
    fragment: int
    keys: frozenset[int]
    sets: frozenset[int]
    slices: frozenset[int]
    pps: int


GRAMMARS: Mapping[str, Grammar] = {
    "h264": Grammar(
        header=1, shift=0, mask=31, aggregate=24, fragment=28, pps=8,
        keys=frozenset({5}), sets=frozenset({7, 8}), slices=frozenset(range(1, 6)),
    ),
    "hevc": Grammar(
        header=2, shift=1, mask=63, aggregate=48, fragment=49, pps=34,
        keys=frozenset(range(16, 22)), sets=frozenset({32, 33, 34}), slices=frozenset(range(32)),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyframe:
    """One whole keyframe with its parameter sets before it. `timestamp` is RTP's, 90,000 a second, and wraps."""

    data: bytes
    timestamp: int


class Depacketiser:
    """Takes the packets of one stream in the order they came.

    `frames` counts the pictures that went by, `begun` the keyframes that began, whole or not.
    """

    def __init__(self, codec: str, payload_type: int, sets: Iterable[bytes], max_bytes: int) -> None:
        self.frames = self.begun = 0
        self._grammar = grammar = GRAMMARS[codec]
        self._payload_type = payload_type
        self._max_bytes = max_bytes
        self._noticed = grammar.keys | grammar.sets | {grammar.aggregate}
        self._sets: dict[tuple[int, int], bytes] = {}
        self._parts: list[bytes] = []
        self._size = self._timestamp = self._sequence = 0
        self._is_open = False
        for one in sets:
            self._unit(one, 0, len(one))

    @property
    def is_collecting(self) -> bool:
        """Whether a keyframe has begun and is not whole yet."""
        return bool(self._parts)

    def take(self, data: Bytes, start: int, end: int) -> Keyframe | None:
        """Look at one RTP packet; the keyframe that is whole with it. Raises Broken when that grows too large."""
        grammar = self._grammar
        payload = start + _FIXED_HEADER
        if payload < end and data[start] != _PLAIN:
            payload, end = _payload(data, start, end)
        if end - payload <= grammar.header:
            return None
        self.frames += data[start + 1] >> 7
        kind = data[payload] >> grammar.shift & grammar.mask
        if kind == grammar.fragment:
            kind = data[payload + grammar.header] & grammar.mask
        if kind not in self._noticed and not self._parts:
            return None
        return self._keep(data, start, payload, end)

    def _keep(self, data: Bytes, start: int, payload: int, end: int) -> Keyframe | None:
        if data[start + 1] & 0x7F != self._payload_type:
            return None
        sequence = data[start + 2] << 8 | data[start + 3]
        timestamp = int.from_bytes(data[start + 4 : start + 8], "big")
        if self._parts and sequence != (self._sequence + 1) & 0xFFFF:
            self._drop()
        done = self._finish() if self._parts and timestamp != self._timestamp else None
        self._sequence, self._timestamp = sequence, timestamp
        self._add(data, payload, end)
        if data[start + 1] & _MARKER:
            return self._finish() or done
        return done

    def _add(self, data: Bytes, payload: int, end: int) -> None:
        grammar = self._grammar
        kind = data[payload] >> grammar.shift & grammar.mask
        if kind == grammar.fragment:
            self._fragment(data, payload, end)
        elif kind == grammar.aggregate:
            for at, stop in _units(data, payload + grammar.header, end):
                self._unit(data, at, stop)
        else:
            self._unit(data, payload, end)

    def _unit(self, data: Bytes, start: int, end: int) -> None:
        grammar = self._grammar
        if end - start <= grammar.header:
            return
        kind = data[start] >> grammar.shift & grammar.mask
        if kind in grammar.sets:
            if end - start <= _MAX_SET:
                number = _number(data[start + grammar.header]) if kind == grammar.pps else 0
                self._sets[kind, number] = bytes(data[start:end])
        elif self._belongs(kind, data[start + grammar.header]):
            self._append(_START, data[start:end])

    def _fragment(self, data: Bytes, payload: int, end: int) -> None:
        grammar = self._grammar
        said = payload + grammar.header
        kind, first = data[said] & grammar.mask, said + 1
        if data[said] & _FU_START:
            self._is_open = first < end and self._belongs(kind, data[first])
            if self._is_open:
                kept = data[payload] & ~(grammar.mask << grammar.shift) & 0xFF
                header = bytes((kept | kind << grammar.shift, *data[payload + 1 : said]))
                self._append(_START + header, data[first:end])
        elif self._is_open:
            self._append(data[first:end])
        if data[said] & _FU_END:
            self._is_open = False

    def _belongs(self, kind: int, next_byte: int) -> bool:
        """Whether a slice begins a keyframe or goes on with one. Its first bit after the header marks the first."""
        grammar = self._grammar
        if self._parts:
            return kind in grammar.slices
        is_first = kind in grammar.keys and bool(next_byte & _FIRST_SLICE)
        self.begun += is_first
        return is_first

    def _append(self, *parts: Bytes) -> None:
        for part in parts:
            self._size += len(part)
            self._parts.append(bytes(part))
        if self._size > self._max_bytes:
            raise Broken("too_large")

    def _finish(self) -> Keyframe | None:
        if not self._parts or self._is_open or not self._sets:
            self._drop()
            return None
        sets = (_START + self._sets[key] for key in sorted(self._sets))
        keyframe = Keyframe(data=b"".join((*sets, *self._parts)), timestamp=self._timestamp)
        self._drop()
        return keyframe

    def _drop(self) -> None:
        self._parts.clear()
        self._size = 0
        self._is_open = False


def _payload(data: Bytes, start: int, end: int) -> tuple[int, int]:
    """(start, end) of what a packet carries, which is empty where it is not RTP."""
    nothing = start, start
    if end - start < _FIXED_HEADER or data[start] >> 6 != 2:  # noqa: PLR2004 — RTP's version
        return nothing
    at = start + _FIXED_HEADER + 4 * (data[start] & 0x0F)
    if data[start] & 0x10:
        if at + 4 > end:
            return nothing
        at += 4 + 4 * (data[at + 2] << 8 | data[at + 3])
    if data[start] & 0x20:
        end -= data[end - 1]
    return (at, end) if at < end else nothing


def _units(data: Bytes, at: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the units in an aggregate lie; ends at the first that does not fit."""
    while at + 2 < end:
        stop = at + 2 + (data[at] << 8 | data[at + 1])
        if stop > end:
            return
        yield at + 2, stop
        at = stop


def _number(byte: int) -> int:
    """The small Exp-Golomb number that opens a picture parameter set: cameras have several under different ones."""
    zeros = 8 - byte.bit_length()
    return (byte >> max(0, 7 - 2 * zeros)) - 1 if zeros <= 3 else 15 + byte  # noqa: PLR2004 — more do not fit a byte
