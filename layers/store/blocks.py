"""Blocks: positions of up to a hundred units in about three bytes each, and nothing of them lost. Pure.

Column by column, unit by unit in the order of arrival: differences (of differences, where those are smaller), the
bytes of one rank beside each other, zlib. Whatever a measure is a whole number of (micro-degrees, tenths, …) is found
by trying; what is not on such a grid is kept bit by bit. So a block can be any size and is never wrong, and is small
when what is in it is smooth and rounded, as `PositionReported` sees to.
"""

import struct
import zlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from layers.tracks import MEASURES, Floats, Ints, Mask, Speaker, Tracks

_LEVEL = 6
_TIME_STEPS = (1_000_000, 1_000, 1)
_GRIDS = (1, 10, 1_000_000, 10_000_000)
_BITS = 0
_EXACT_BELOW = 2**53
_MOST_ORDER = 2
_HEAD = struct.Struct("<I")


class _Column(NamedTuple):
    """How a column is written. `grid`: of so many parts is one unit of it; `order`: how often differences were taken.

    `widths`: bytes of a first value of a speaker, and of one that follows.
    """

    grid: int
    order: int
    widths: tuple[int, int]


def encoded(tracks: Tracks) -> bytes:
    """The block of these positions, whose order does not matter."""
    order = np.lexsort((tracks.seen, tracks.who))
    tracks = tracks.take(order.astype(np.int64))
    present, counts = np.unique(tracks.who, return_counts=True)
    is_first = _firsts(counts)
    columns, parts = [], []
    for grid, values in _as_numbers(tracks):
        column, data = _packed(grid, values, is_first)
        columns.append(list(column))
        parts.append(data)
    speakers = [list(tracks.speakers[place]) for place in present.tolist()]
    head = orjson.dumps([speakers, counts.tolist(), columns])
    return zlib.compress(b"".join((_HEAD.pack(len(head)), head, *parts)), _LEVEL)


def decoded(block: bytes) -> Tracks:
    """The positions of a block, by speaker and arrival."""
    data = zlib.decompress(block)
    start = _HEAD.size + _HEAD.unpack_from(data)[0]
    speakers, counts, columns = orjson.loads(data[_HEAD.size : start])
    runs = _runs(counts)
    numbers = []
    for grid, order, widths in columns:
        values, start = _unpacked(data, start, _Column(grid, order, widths), runs)
        numbers.append((grid, values))
    at, seen, part = (values * grid for grid, values in numbers[:3])
    return Tracks(
        speakers=tuple(Speaker(*one) for one in speakers),
        who=runs.speaker,
        at=at,
        seen=seen + part,
        measures=np.array([_as_floats(grid, values) for grid, values in numbers[3:]]).reshape(len(MEASURES), -1),
    )


def packed_numbers(numbers: Ints) -> bytes:
    """Ascending whole numbers, small."""
    column, data = _packed(1, numbers, _firsts(np.array([len(numbers)])[: len(numbers)]))
    head = orjson.dumps([list(column), len(numbers)])
    return zlib.compress(b"".join((_HEAD.pack(len(head)), head, data)), _LEVEL)


def unpacked_numbers(body: bytes) -> Ints:
    """What `packed_numbers` was given."""
    data = zlib.decompress(body)
    start = _HEAD.size + _HEAD.unpack_from(data)[0]
    column, count = orjson.loads(data[_HEAD.size : start])
    values, _ = _unpacked(data, start, _Column(*column), _runs([count][:count]))
    return values


class _Runs(NamedTuple):
    """Where the positions of each speaker are: the first one of each, the others, and whose each is."""

    firsts: Ints
    others: Ints
    speaker: Ints


def _runs(counts: Sequence[int]) -> _Runs:
    ends = np.cumsum(np.array(counts, dtype=np.int64))
    is_first = _firsts(np.array(counts, dtype=np.int64))
    speaker = np.repeat(np.arange(len(ends)), counts)
    return _Runs(np.flatnonzero(is_first), np.flatnonzero(~is_first), speaker)


def _firsts(counts: Ints) -> Mask:
    """Where the positions of another speaker begin."""
    is_first = np.zeros(int(counts.sum()), dtype=np.bool_)
    is_first[np.cumsum(counts) - counts] = True
    return is_first


def _as_numbers(tracks: Tracks) -> list[tuple[int, Ints]]:
    """(grid, whole numbers) of each column; arrival in two, whole milliseconds and the rest of them."""
    step = next(step for step in _TIME_STEPS if not (tracks.at % step).any())
    times = [(step, tracks.at // step), (1_000, tracks.seen // 1_000), (1, tracks.seen % 1_000)]
    return times + [_on_grid(row) for row in tracks.measures]


def _on_grid(row: Floats) -> tuple[int, Ints]:
    """0 is "not said", so numbers from 0 on are one more."""
    is_said = ~np.isnan(row)
    for grid in _GRIDS:
        with np.errstate(over="ignore"):
            scaled = np.rint(np.where(is_said, row, 0.0) * grid)
        is_exact = (np.abs(scaled) < _EXACT_BELOW) & (_bits(scaled / grid) == _bits(row))
        if bool(np.all(is_exact | ~is_said)):
            whole = scaled.astype(np.int64)
            return grid, np.where(is_said, whole + (whole >= 0), 0)
    return _BITS, _bits(row)


def _as_floats(grid: int, values: Ints) -> Floats:
    if grid == _BITS:
        return values.view(np.float64)
    return np.where(values == 0, np.nan, (values - (values > 0)) / grid)


def _bits(row: Floats) -> Ints:
    return np.ascontiguousarray(row, dtype=np.float64).view(np.int64)


def _packed(grid: int, values: Ints, is_first: Mask) -> tuple[_Column, bytes]:
    rests = [values[~is_first]]
    level = values
    for _ in range(_MOST_ORDER):
        level = np.diff(level, prepend=0)
        level[is_first] = 0
        rests.append(level[~is_first])
    order = min(range(len(rests)), key=lambda one: _cost(rests[one]))
    firsts = np.diff(values[is_first], prepend=0)
    (first_width, first_bytes), (width, rest_bytes) = _shuffled(firsts), _shuffled(rests[order])
    return _Column(grid, order, (first_width, width)), first_bytes + rest_bytes


def _unpacked(data: bytes, start: int, column: _Column, runs: _Runs) -> tuple[Ints, int]:
    """The values, and where the next column begins."""
    count = len(runs.firsts)
    middle = start + count * column.widths[0]
    end = middle + len(runs.others) * column.widths[1]
    firsts = np.cumsum(_joined_bytes(data[start:middle], column.widths[0], count))
    values = np.zeros(len(runs.speaker), dtype=np.int64)
    if column.widths[1]:
        values[runs.others] = _joined_bytes(data[middle:end], column.widths[1], len(runs.others))
        for _ in range(column.order):
            total = np.cumsum(values)
            values = total - total[runs.firsts][runs.speaker]
    if column.order:
        values += firsts[runs.speaker]
    else:
        values[runs.firsts] = firsts
    return values, end


def _cost(values: Ints) -> float:
    """About how many bits they take."""
    return float(np.log2(1.0 + np.abs(values.astype(np.float64))).sum())


def _shuffled(values: Ints) -> tuple[int, bytes]:
    """How many bytes a value needs, and then all their lowest bytes, all their next ones, …; signs folded in."""
    folded = (values << 1) ^ (values >> 63)
    most = int(folded.view(np.uint64).max(initial=0))
    width = (most.bit_length() + 7) // 8
    return width, folded.astype("<i8").view(np.uint8).reshape(-1, 8)[:, :width].T.tobytes()


def _joined_bytes(data: bytes, width: int, count: int) -> Ints:
    folded: NDArray[np.uint64] = np.zeros(count, dtype=np.uint64)
    planes = np.frombuffer(data, dtype=np.uint8).reshape(width, count)
    for rank in range(width):
        folded |= planes[rank].astype(np.uint64) << np.uint64(8 * rank)
    return (folded >> np.uint64(1)).view(np.int64) ^ -(folded & np.uint64(1)).view(np.int64)
