"""Sealing: positions that are old enough leave the table `event` for blocks, in steps too small to hold a writer up.

First a range is read and encoded, without any lock. Then one short transaction adds its blocks and says that from
now on they hold its positions, unless somebody else has sealed meanwhile: then nothing happens. The rows are taken
away in more short transactions; a crash between two of them leaves rows that nobody reads and the next run removes.
The newest event of the log stays where it is, so that the log always ends in the table `event`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import orjson
from sqlalchemy import Connection

from layers.store.blocks import decoded, encoded, packed_numbers
from layers.store.gone import FORGOTTEN
from layers.store.rows import POSITION_COLUMNS
from layers.store.sealed import POSITION, rows_after
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
from layers.store.tracks import bits_of, told, tracks_of
from layers.tracks import Ints, Tracks, joined, newest

SWEPT_AT_ONCE = 500
"""Rows that one transaction takes away at most."""

_MOST_ROWS = 60_000
_LEAST_ROWS = 600
_ROWS_PER_UNIT = 60
_MINUTE = 60_000_000
_ANCHOR_AFTER_ROWS = 30_000
_ANCHOR_AFTER_BLOCKS = 24
_ANCHOR_SHARE = 5
_FORGOTTEN_AFTER = 13 * LONGEST_RANGE
_HELD = f"SELECT {POSITION_COLUMNS} FROM event WHERE cursor > ? AND cursor < ? AND kind = ? AND seen < ? "  # noqa: S608 — fixed words


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A row of `track` to be, but for the end of its range."""

    kind: int
    shard: int
    units: bytes
    tracks: Tracks

    def row(self, range_to: int) -> tuple[Any, ...]:
        """As it is written."""
        seen, at = self.tracks.seen, self.tracks.at
        spans = int(seen.min()), int(seen.max()), int(at.min()), int(at.max())
        return range_to, self.kind, self.shard, self.units, *spans, len(self.tracks), encoded(self.tracks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A run of the log whose positions are to be sealed. `rows` are those of `track`."""

    cursor_from: int
    cursor_to: int
    seen_from: int
    seen_to: int
    others: bytes
    odd: bytes
    new_units: tuple[tuple[str, int], ...]
    rows: tuple[tuple[Any, ...], ...]
    positions: int


def next_range(connection: Connection, before: int) -> Range | None:
    """The next range of positions that arrived before `before` (µs), when there are enough of them; reads only."""
    before -= before % _MINUTE
    sealed, head = sealed_to(connection), _head(connection)
    units = connection.exec_driver_sql("SELECT count(*) FROM track_unit").scalar_one()
    enough = max(_LEAST_ROWS, min(_MOST_ROWS, int(units) * _ROWS_PER_UNIT))
    asked = f"{_HELD} ORDER BY cursor LIMIT ?"
    rows = rows_of(connection, asked, (sealed, head, POSITION, before, enough))
    if not rows or (len(rows) < enough and before - rows[0][3] < LONGEST_RANGE):
        return None
    if enough < _MOST_ROWS:
        rows = rows_of(connection, asked, (sealed, head, POSITION, before, _MOST_ROWS))
    return range_of(connection, sealed, _of_one_hour(rows))


def _head(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT coalesce(max(cursor), 0) FROM event").scalar_one())


def _of_one_hour(rows: Sequence[Any]) -> Sequence[Any]:
    """Things are forgotten when an hour begins: no range may reach over that."""
    hours = np.array([row[3] // LONGEST_RANGE for row in rows])
    return rows[: int(np.searchsorted(hours, hours[0], side="right"))]


def range_of(connection: Connection, cursor_from: int, rows: Sequence[Any]) -> Range:
    """The range of these rows of the log (all its positions after `cursor_from`), encoded."""
    tracks, odd = tracks_of([(row[2], row[3], row[4], row[6], row[7]) for row in rows])
    strange = [rows[number] for number in odd]
    odd_cursors = {row[0] for row in strange}
    cursors = np.array([row[0] for row in rows if row[0] not in odd_cursors], dtype=np.int64)
    found = range_of_tracks(connection, cursor_from, rows[-1][0], tracks, cursors)
    kept = orjson.dumps([[*row[:7], row[7].decode()] for row in strange])
    return replace(found, seen_from=rows[0][3], seen_to=rows[-1][3], odd=kept, positions=len(rows))


def range_of_tracks(connection: Connection, cursor_from: int, cursor_to: int, tracks: Tracks, cursors: Ints) -> Range:
    """The range of these positions, whose cursors, in the order of arrival, are these."""
    others = np.setdiff1d(np.arange(cursor_from + 1, cursor_to + 1, dtype=np.int64), cursors)
    new_units, blocks = blocks_of(connection, tracks)
    seen_to = int(tracks.seen.max(initial=0))
    return Range(
        cursor_from=cursor_from,
        cursor_to=cursor_to,
        seen_from=int(tracks.seen.min(initial=seen_to)),
        seen_to=seen_to,
        others=packed_numbers(others),
        odd=b"[]",
        new_units=new_units,
        rows=tuple(block.row(cursor_to) for block in [*blocks, *anchors(connection, blocks, seen_to, new_units)]),
        positions=len(tracks),
    )


def blocks_of(connection: Connection, tracks: Tracks) -> tuple[tuple[tuple[str, int], ...], list[Block]]:
    """(unit, number) of units that were never heard before, and the blocks of these positions."""
    if not len(tracks):
        return (), []
    known = _numbers(connection)
    units, unit = tracks.by_unit()
    new = tuple((name, len(known) + n) for n, name in enumerate(name for name in units if name not in known))
    known |= dict(new)
    numbers = np.array([known[name] for name in units], dtype=np.int64)[unit]
    keys = np.vstack((_kinds(tracks), numbers // UNITS_PER_BLOCK))
    blocks = []
    for kind, shard in np.unique(keys, axis=1).T.tolist():
        chosen = (keys[0] == kind) & (keys[1] == shard)
        bits = bits_of(np.unique(numbers[chosen] % UNITS_PER_BLOCK).tolist())
        blocks.append(Block(kind=kind, shard=shard, units=bits, tracks=tracks.take(chosen)))
    return new, blocks


def _numbers(connection: Connection) -> dict[str, int]:
    return {
        unit: shard * UNITS_PER_BLOCK + place
        for shard in shards_in(connection)
        for unit, place in numbers_in(connection, shard).items()
    }


def _kinds(tracks: Tracks) -> Ints:
    """By how far the time of each lies from its arrival."""
    late = tracks.seen - tracks.at
    on_time, same_day = LATENESS[0] or 0, LATENESS[1] or 0
    return np.where(np.abs(late) <= on_time, 0, np.where((late > 0) & (late <= same_day), 1, 2))


def anchors(
    connection: Connection, blocks: Sequence[Block], seen_to: int, new_units: Sequence[tuple[str, int]]
) -> Iterator[Block]:
    """An anchor for each shard in which much was said since its last one."""
    for shard in sorted({block.shard for block in blocks}):
        own = [block.tracks for block in blocks if block.shard == shard]
        asked = "SELECT seen_to, rows, body FROM track WHERE shard = ? AND kind = ? ORDER BY seen_to DESC LIMIT 1"
        since, size, body = next(iter(rows_of(connection, asked, (shard, ANCHOR))), (-1, 0, None))
        asked = f"SELECT rows, body FROM track WHERE shard = ? AND kind < {ANCHOR} AND seen_to > ?"  # noqa: S608 — a constant
        said = rows_of(connection, asked, (shard, since))
        count = sum(rows for rows, _ in said) + sum(map(len, own))
        is_long = len(said) >= _ANCHOR_AFTER_BLOCKS and count >= size * _ANCHOR_SHARE
        if count < _ANCHOR_AFTER_ROWS and not is_long:
            continue
        kept = [decoded(one) for one in [body, *(one for _, one in said)] if one is not None]
        found = _remembered(connection, newest(told(joined([*kept, *own]))), seen_to)
        if len(found):
            yield Block(kind=ANCHOR, shard=shard, units=unit_bits(connection, shard, found, new_units), tracks=found)


def unit_bits(connection: Connection, shard: int, tracks: Tracks, new_units: Sequence[tuple[str, int]] = ()) -> bytes:
    """Which of the hundred units of a shard are spoken of."""
    places = numbers_in(connection, shard) | {unit: n % UNITS_PER_BLOCK for unit, n in new_units}
    return bits_of({places[tracks.speakers[who].unit] for who in np.unique(tracks.who).tolist()})


def _remembered(connection: Connection, tracks: Tracks, now: int) -> Tracks:
    """Without units that nobody registered and that have been silent for so long that they are forgotten."""
    registered = {key for (key,) in rows_of(connection, "SELECT key FROM thing WHERE layer = 'roster'")}
    units, unit = tracks.by_unit()
    latest = np.zeros(len(units), dtype=np.int64)
    np.maximum.at(latest, unit, tracks.at)
    is_kept = np.array([name in registered for name in units]) | (now - latest < _FORGOTTEN_AFTER)
    return tracks.take(is_kept[unit] if len(units) else np.zeros(0, dtype=np.bool_))


def put_range(connection: Connection, found: Range) -> bool:
    """Write it, in the transaction of the caller; False if somebody has sealed since it was read."""
    if sealed_to(connection) != found.cursor_from:
        return False
    if found.new_units:
        connection.exec_driver_sql("INSERT INTO track_unit (unit, number) VALUES (?, ?)", list(found.new_units))
    put_blocks(connection, found.rows)
    connection.exec_driver_sql(
        "INSERT INTO track_range (cursor_to, cursor_from, seen_from, seen_to, others, odd) VALUES (?, ?, ?, ?, ?, ?)",
        (found.cursor_to, found.cursor_from, found.seen_from, found.seen_to, found.others, found.odd),
    )
    return True


def put_blocks(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write rows of `track`."""
    if rows:
        connection.exec_driver_sql(
            "INSERT INTO track (range_to, kind, shard, units, seen_from, seen_to, at_from, at_to, rows, body) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            list(rows),
        )


def has_leftovers(connection: Connection) -> bool:
    """Whether there may be rows whose positions are in blocks."""
    return _swept(connection) < sealed_to(connection)


def _swept(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'swept'").scalar() or 0)


def sweep(connection: Connection) -> int:
    """Take away some rows whose positions are in blocks, in the transaction of the caller; gives how many."""
    swept, sealed = _swept(connection), sealed_to(connection)
    asked = "SELECT cursor FROM event WHERE cursor > ? AND cursor <= ? AND kind = ? ORDER BY cursor LIMIT ?"
    rows = rows_of(connection, asked, (swept, sealed, POSITION, SWEPT_AT_ONCE))
    last = rows[-1][0] if rows else sealed
    asked = "DELETE FROM event WHERE cursor > ? AND cursor <= ? AND kind = ?"
    connection.exec_driver_sql("PRAGMA secure_delete = FAST")  # it stays in the blocks: no need to overwrite
    connection.exec_driver_sql(asked, (swept, last, POSITION))
    connection.exec_driver_sql("PRAGMA secure_delete = ON")
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta VALUES ('swept', ?)", (str(last),))
    return len(rows)


def unseal(connection: Connection, seen: int) -> None:
    """Put the positions of every range that reaches beyond `seen` back into the log, in the caller's transaction."""
    asked = "SELECT min(cursor_from) FROM track_range WHERE seen_to > ?"
    start = connection.exec_driver_sql(asked, (seen,)).scalar()
    if start is None:
        return
    sealed = sealed_to(connection)
    rows = (row[:8] for row in rows_after(connection, start, sealed - start) if row.kind in (POSITION, FORGOTTEN))
    put = f"INSERT OR IGNORE INTO event ({POSITION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 — fixed words
    connection.exec_driver_sql(put, list(rows))
    connection.exec_driver_sql("DELETE FROM track WHERE range_to > ?", (start,))
    connection.exec_driver_sql("DELETE FROM track_range WHERE cursor_to > ?", (start,))
    connection.exec_driver_sql("DELETE FROM track_gone WHERE range_to > ?", (start,))
    connection.exec_driver_sql("UPDATE meta SET value = ? WHERE key = 'swept'", (str(min(start, _swept(connection))),))
