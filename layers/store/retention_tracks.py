"""Destroying positions that are old enough: range by range they leave their blocks, and a tombstone takes their place.

Positions that the situation of now still shows (the trail of a unit that has been silent since) stay: without them
folding the log would give another situation. A range is read and encoded without a lock; then one short transaction
writes it.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import orjson
from sqlalchemy import Connection, Engine

from layers.event import HISTORY
from layers.store.blocks import decoded, encoded, unpacked_numbers
from layers.store.gone import FORGOTTEN, Tombstone, heaped, heaps_of, put_tombstone, tombstone_of
from layers.store.reading import fact_of, head_of
from layers.store.retention import Destroyed
from layers.store.rows import micros, moment
from layers.store.sealed import POSITION
from layers.store.sealing import blocks_of, put_blocks, unit_bits
from layers.store.track_tables import ANCHOR, rows_of, sealed_to
from layers.store.transaction import Transaction
from layers.store.writer import Writer
from layers.tracks import Ints, Mask, Tracks, joined

_FROM = "positions_from"
_MICRO = 1_000_000
_RANGES = (
    f"SELECT cursor_to, cursor_from, others, odd FROM track_range WHERE cursor_to IN ("  # noqa: S608 — a constant
    f"SELECT range_to FROM track WHERE kind < {ANCHOR} AND (seen_from < ?1 OR at_from < ?1)) "
    "OR (odd <> '[]' AND seen_from < ?1) ORDER BY cursor_to"
)
_ANCHORS = "SELECT id, shard, body FROM track WHERE kind = ? AND (seen_from < ? OR at_from < ?)"
_BLOCKS = f"SELECT id, body FROM track WHERE range_to = ? AND kind < {ANCHOR} ORDER BY id"  # noqa: S608 — a constant
_HOT = "SELECT count(*) FROM event WHERE cursor > ? AND kind = ? AND min(at, seen) < ?"

Trails = Mapping[str, Collection[tuple[float, float, float]]]
"""Unit → (epoch seconds, lon, lat) of what the situation of now still shows of it."""


class _Left(NamedTuple):
    """A range as it is to be. `blocks`: the ids that it was read from."""

    range_to: int
    blocks: list[int]
    tracks: Tracks
    tombstone: Tombstone
    odd: bytes


def destroy_positions(engine: Engine, writer: Writer, before: datetime, *, is_dry: bool) -> Destroyed:
    """Those in blocks, range by range; whoever calls has sealed what is old enough."""
    found, limit = Destroyed(kind="positions"), micros(before)
    trails = writer.submit(_trails)
    with engine.connect() as connection:
        ranges = rows_of(connection, _RANGES, (limit,))
        hot = int(rows_of(connection, _HOT, (sealed_to(connection), POSITION, limit))[0][0]) if is_dry else 0
    for one in ranges:
        with engine.connect() as connection:
            found, left = _without_old(connection, one, limit, trails, found)
        if left is not None and not is_dry:
            writer.submit(partial(_put, left=left))
    if not is_dry:
        _drop_from_anchors(engine, writer, limit, trails)
        if found.count:
            writer.submit(partial(_note, limit=limit))
    return replace(found, count=found.count + hot)


def positions_from(connection: Connection) -> datetime | None:
    """Before that, places were destroyed; None where none were."""
    said = fact_of(connection, _FROM)
    return None if said is None else moment(int(said))


def _trails(transaction: Transaction) -> Trails:
    transaction.flush()
    layers = (transaction.situation.of(name) for name in transaction.lexicon.moving)
    return {key: set(getattr(thing, "trail", ())) for things in layers for key, thing in things.items()}


def _is_old(tracks: Tracks, limit: int) -> Mask:
    return np.minimum(tracks.at, tracks.seen) < limit


def _is_needed(tracks: Tracks, old: Mask, trails: Trails) -> Mask:
    needed = np.zeros(len(tracks), dtype=np.bool_)
    for who, speaker in enumerate(tracks.speakers):
        trail = () if speaker.source.startswith(HISTORY) else trails.get(speaker.unit, ())
        if not trail:
            continue
        rows = np.flatnonzero(old & (tracks.who == who) & (tracks.at >= (min(trail)[0] - 1) * _MICRO))
        for row in rows.tolist():
            lon, lat = tracks.measures[:2, row].tolist()
            needed[row] = (tracks.at[row].item() / _MICRO, lon, lat) in trail
    return needed


def _without_old(
    connection: Connection,
    found: Any,  # noqa: ANN401 — a row of `track_range`
    limit: int,
    trails: Trails,
    destroyed: Destroyed,
) -> tuple[Destroyed, _Left | None]:
    """The range without what is too old, and what was destroyed with it; None where nothing is."""
    range_to, cursor_from, others, odd = found
    blocks = rows_of(connection, _BLOCKS, (range_to,))
    tracks = joined([decoded(body) for _, body in blocks])
    tracks = tracks.take(np.argsort(tracks.seen, kind="stable").astype(np.int64))
    tombstone = tombstone_of(connection, range_to)
    cursors = _cursors(cursor_from, range_to, others) if tombstone is None else tombstone.kept
    old = _is_old(tracks, limit)
    needed = _is_needed(tracks, old, trails)
    gone, strange = old & ~needed, orjson.loads(odd)
    nameless = [_nameless(row) if min(row[2], row[3]) < limit else row for row in strange]
    times = [*np.minimum(tracks.at, tracks.seen)[gone].tolist()]
    times += [min(row[2], row[3]) for row, left in zip(strange, nameless, strict=True) if row != left]
    destroyed = _plus(destroyed, times, int(needed.sum()))
    if not times:
        return destroyed, None
    heaps = heaped([*(() if tombstone is None else tombstone.heaps), *heaps_of(tracks.take(gone), cursors[gone])])
    left = Tombstone(kept=cursors[~gone], heaps=heaps)
    return destroyed, _Left(range_to, [one for one, _ in blocks], tracks.take(~gone), left, orjson.dumps(nameless))


def _cursors(cursor_from: int, cursor_to: int, others: bytes) -> Ints:
    cursors = np.arange(cursor_from + 1, cursor_to + 1, dtype=np.int64)
    return np.delete(cursors, unpacked_numbers(others) - cursor_from - 1)


def _nameless(row: list[Any]) -> list[Any]:
    cursor, _, at, seen, source, _, mode, _ = row
    return [cursor, f"position:{cursor}", at, seen, source, FORGOTTEN, mode, "{}"]


def _plus(found: Destroyed, times: list[int], needed: int) -> Destroyed:
    """A position on which a unit still stands is still needed."""
    spans = [moment(min(times)), moment(max(times))] if times else []
    first, last = [one for one in (found.first, *spans) if one], [one for one in (found.last, *spans) if one]
    return replace(
        found,
        count=found.count + len(times),
        first=min(first, default=None),
        last=max(last, default=None),
        still_needed=found.still_needed + needed,
    )


def _put(transaction: Transaction, left: _Left) -> None:
    """Nothing, if the range is no longer what was read: the next run comes."""
    connection = transaction.connection
    if [one for one, _ in rows_of(connection, _BLOCKS, (left.range_to,))] != left.blocks:
        return
    connection.exec_driver_sql(f"DELETE FROM track WHERE range_to = ? AND kind < {ANCHOR}", (left.range_to,))  # noqa: S608 — a constant
    _, blocks = blocks_of(connection, left.tracks)
    put_blocks(connection, [block.row(left.range_to) for block in blocks])
    put_tombstone(connection, left.range_to, left.tombstone)
    connection.exec_driver_sql("UPDATE track_range SET odd = ? WHERE cursor_to = ?", (left.odd, left.range_to))


def _drop_from_anchors(engine: Engine, writer: Writer, limit: int, trails: Trails) -> None:
    with engine.connect() as connection:
        anchors = rows_of(connection, _ANCHORS, (ANCHOR, limit, limit))
    for one, shard, body in anchors:
        tracks = decoded(body)
        old = _is_old(tracks, limit)
        kept = tracks.take(~old | _is_needed(tracks, old, trails))
        if len(kept) < len(tracks):
            writer.submit(partial(_put_anchor, number=one, shard=shard, kept=kept))


def _put_anchor(transaction: Transaction, number: int, shard: int, kept: Tracks) -> None:
    """Its `seen_to` stays: up to there it says where units were."""
    connection = transaction.connection
    if not len(kept):
        connection.exec_driver_sql("DELETE FROM track WHERE id = ?", (number,))
        return
    spans = int(kept.seen.min()), int(kept.at.min()), int(kept.at.max())
    connection.exec_driver_sql(
        "UPDATE track SET units = ?, seen_from = ?, at_from = ?, at_to = ?, rows = ?, body = ? WHERE id = ?",
        (unit_bits(connection, shard, kept), *spans, len(kept), encoded(kept), number),
    )


def _note(transaction: Transaction, limit: int) -> None:
    """Also lets go of the keys of units that are gone: nothing tells of them any more; see `Live.oldest`."""
    connection = transaction.connection
    moving = orjson.dumps(sorted(transaction.lexicon.moving)).decode()
    asked = "DELETE FROM thing WHERE body IS NULL AND layer IN (SELECT value FROM json_each(?))"
    connection.exec_driver_sql(asked, (moving,))
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta VALUES ('oldest', ?)", (str(head_of(connection) + 1),))
    newest = max(limit, int(fact_of(connection, _FROM) or limit))
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_FROM, str(newest)))
