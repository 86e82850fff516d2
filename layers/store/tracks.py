"""Where every unit was at a moment, and its way through an interval: from blocks, and from rows not yet in blocks."""

from collections.abc import Collection, Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any

import numpy as np
import orjson
from sqlalchemy import Connection

from layers.event import HISTORY
from layers.store.blocks import decoded
from layers.store.sealed import POSITION
from layers.store.store import Sense
from layers.store.track_tables import (
    ANCHOR,
    LATENESS,
    LONGEST_RANGE,
    UNITS_PER_BLOCK,
    numbers_in,
    rows_of,
    sealed_to,
    shards_in,
)
from layers.tracks import (
    MEASURES,
    NEWEST,
    Mask,
    Speaker,
    Tracks,
    Way,
    counted,
    joined,
    latest_rows,
    newest,
    none,
    placed,
)

_FIELDS = {"unit", *MEASURES}
_PLACE = 2
_HOT = "SELECT at, seen, source, mode, body FROM event WHERE cursor > ? AND kind = ? AND "
_KINDS = f"kind < {ANCHOR}"


def tracks_of(rows: Iterable[Sequence[Any]]) -> tuple[Tracks, list[int]]:
    """Positions of (at, seen, source, mode, body), and which of the rows are none that can be read."""
    speakers: dict[Speaker, int] = {}
    kept, odd = [], []
    for number, (at, seen, source, mode, body) in enumerate(rows):
        said = _measures(body)
        if said is None:
            odd.append(number)
            continue
        unit, measures = said
        who = speakers.setdefault(Speaker(unit, source, mode), len(speakers))
        kept.append((who, at, seen, *measures))
    if not kept:
        return none(), odd
    who_at_seen = np.array([one[:3] for one in kept], dtype=np.int64).T
    measured = np.array([one[3:] for one in kept], dtype=np.float64).T
    whose, times, arrivals = (np.ascontiguousarray(column) for column in who_at_seen)
    return Tracks(speakers=tuple(speakers), who=whose, at=times, seen=arrivals, measures=measured), odd


def _measures(body: bytes) -> tuple[str, list[float]] | None:
    """Nothing for a body that does not say exactly what blocks hold: it is kept as it is."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(said, dict) or set(said) != _FIELDS or not isinstance(said["unit"], str):
        return None
    values = [said[name] for name in MEASURES]
    if any(type(value) not in (int, float, type(None)) for value in values) or None in values[:_PLACE]:
        return None
    return said["unit"], [float("nan") if value is None else float(value) for value in values]


def newest_at(connection: Connection, at: int, sense: Sense) -> Tracks:
    """The newest places of every unit at `at`: that had arrived by then, or also those that came late."""
    sealed = sealed_to(connection)
    hot, _ = tracks_of(rows_of(connection, f"{_HOT} seen <= ?", (sealed, POSITION, at)))
    blocks = Blocks(connection)
    parts = [told(hot), *(shard_at(blocks, shard, at) for shard in shards_in(connection))]
    if sense == "known":
        late, _ = tracks_of(rows_of(connection, f"{_HOT} seen > ? AND at <= ?", (sealed, POSITION, at, at)))
        parts += [late, *_late(blocks, at)]
    return newest(placed(joined(parts)))


class Blocks:
    """The blocks that one question reads, each decoded once."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._decoded: dict[int, Tracks] = {}

    def read(self, block: int) -> Tracks:
        """The positions of the block with that id."""
        if block not in self._decoded:
            [(body,)] = rows_of(self.connection, "SELECT body FROM track WHERE id = ?", (block,))
            self._decoded[block] = decoded(body)
        return self._decoded[block]


def told(tracks: Tracks) -> Tracks:
    """What the units themselves said in their time, and not what was brought in as history; only real places."""
    return placed(tracks.of(_is_told))


def _is_told(speaker: Speaker) -> bool:
    return not speaker.source.startswith(HISTORY)


def _late(blocks: Blocks, at: int) -> Iterable[Tracks]:
    """What was so at `at` and arrived after it."""
    for kind, lateness in LATENESS.items():
        until = 2**62 if lateness is None else at + lateness + LONGEST_RANGE
        asked = "SELECT id FROM track WHERE kind = ? AND seen_to > ? AND seen_to < ? AND at_from <= ?"
        for (block,) in rows_of(blocks.connection, asked, (kind, at, until, at)):
            tracks = blocks.read(block)
            yield tracks.take(np.flatnonzero((tracks.seen > at) & (tracks.at <= at)))


def shard_at(blocks: Blocks, shard: int, at: int) -> Tracks:
    """The newest places of the units of a shard, and more: back from `at`, by arrival, as far as one of them needs."""
    connection = blocks.connection
    asked = (
        "SELECT id, units, at_to, seen_to FROM track "
        "WHERE shard = ? AND kind = ? AND seen_to <= ? ORDER BY seen_to DESC LIMIT 1"
    )
    anchors = rows_of(connection, asked, (shard, ANCHOR, at))
    asked = (
        f"SELECT id, units, at_to FROM track WHERE shard = ? AND {_KINDS} AND seen_to > ? AND seen_to < ? "  # noqa: S608 — a constant
        "AND seen_from <= ? ORDER BY seen_to DESC, kind DESC"
    )
    since = anchors[0][3] if anchors else -1
    found = rows_of(connection, asked, (shard, since, at + LONGEST_RANGE, at))
    older = [(block, bits_in(units), at_to) for block, units, at_to in found]
    older += [(block, bits_in(units), at_to) for block, units, at_to, _ in anchors]
    places = numbers_in(connection, shard)
    parts: list[Tracks] = []
    while older and _wanted(older, parts, places):
        block, *_ = older.pop(0)
        parts.append(_latest_of(blocks.read(block), at))
    return joined(parts)


def _latest_of(tracks: Tracks, at: int) -> Tracks:
    """What had been told by then, but for places that others of the same unit are newer than."""
    lon, lat = tracks.measures[:2]
    is_told = np.array([_is_told(speaker) for speaker in tracks.speakers], dtype=np.bool_)
    chosen: Mask = (tracks.seen <= at) & ((lon != 0) | (lat != 0)) & is_told[tracks.who]
    return latest_rows(tracks, np.flatnonzero(chosen))


def _wanted(older: Sequence[tuple[int, int, int]], parts: Sequence[Tracks], places: dict[str, int]) -> bool:
    """Whether any of the older blocks may hold a newer place of one of its units than those in `parts`."""
    if not parts:
        return True
    units = reduce(or_, (bits for _, bits, _ in older))
    latest = max(at_to for *_, at_to in older)
    found = joined(parts)
    counts = counted(found.take(found.at > latest))
    settled = sum(1 << places[unit] for unit, count in counts.items() if count >= NEWEST)
    return bool(units & ~settled)


def bits_in(units: bytes) -> int:
    """What `bits_of` wrote."""
    return int.from_bytes(units, "little")


def bits_of(places: Collection[int]) -> bytes:
    """So many bits as there are units in a shard, those set."""
    return sum(1 << place for place in places).to_bytes((UNITS_PER_BLOCK + 7) // 8, "little")


def tracks_between(connection: Connection, since: int, until: int, units: Collection[str] | None, most: int) -> Way:
    """Positions from `since` to before `until` by their own time, those of `units` only.

    At most `most` of them, the oldest; so many that they would not fit are not even read.
    """
    sealed = sealed_to(connection)
    hot, _ = tracks_of(rows_of(connection, f"{_HOT} at >= ? AND at < ?", (sealed, POSITION, since, until)))
    parts = [_within(hot, since, until, units)]
    count = len(parts[0])
    for body, at_from in _bodies_between(connection, since, until, units):
        if count > most and at_from >= _time_of(parts, most):
            break
        parts.append(_within(decoded(body), since, until, units))
        count += len(parts[-1])
    found = joined(parts)
    found = found.take(np.lexsort((found.seen, found.at)).astype(np.int64))
    if len(found) <= most:
        return Way(tracks=found, until=until)
    whole_until = int(found.at[most])
    return Way(tracks=found.take(found.at < whole_until), until=whole_until)


def _time_of(parts: Sequence[Tracks], number: int) -> int:
    return int(np.partition(np.concatenate([part.at for part in parts]), number)[number])


def _within(tracks: Tracks, since: int, until: int, units: Collection[str] | None) -> Tracks:
    chosen: Mask = (tracks.at >= since) & (tracks.at < until)
    found = placed(tracks.take(chosen))
    return found if units is None else found.of(lambda speaker: speaker.unit in units)


def _bodies_between(
    connection: Connection, since: int, until: int, units: Collection[str] | None
) -> Iterable[tuple[bytes, int]]:
    """(block, its earliest time) of what may hold any, the earliest first."""
    shards = None if units is None else _shards_of(connection, units)
    found = []
    for kind, lateness in LATENESS.items():
        low, high = (-1, 2**62) if lateness is None else (since - LATENESS[0], until + lateness + LONGEST_RANGE)  # type: ignore[operator]  # the first has a bound
        asked = (
            "SELECT id, at_from, shard FROM track "
            "WHERE kind = ? AND seen_to >= ? AND seen_to < ? AND at_to >= ? AND at_from < ?"
        )
        found += rows_of(connection, asked, (kind, low, high, since, until))
    for block, at_from, shard in sorted(found, key=lambda one: int(one[1])):
        if shards is None or shard in shards:
            yield rows_of(connection, "SELECT body FROM track WHERE id = ?", (block,))[0][0], at_from


def _shards_of(connection: Connection, units: Collection[str]) -> set[int]:
    asked = "SELECT number FROM track_unit WHERE unit IN (SELECT value FROM json_each(?))"
    numbers = rows_of(connection, asked, (orjson.dumps(sorted(units)).decode(),))
    return {number // UNITS_PER_BLOCK for (number,) in numbers}
