"""Tombstones: positions of a range of the log that were destroyed. What is left: so many of that source, the last then.

Cursors keep no gap, sources keep their counts and their newest word, and nothing says who was where. The arrival of all
but the last of a source is not kept: it is told as that of what came before it in the log, which is no later.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import orjson
from sqlalchemy import BLOB, Column, Connection, Integer, Table

from layers.event import Mode
from layers.store.blocks import packed_numbers, unpacked_numbers
from layers.store.rows import EventRow
from layers.store.schema import TABLES
from layers.store.track_tables import rows_of
from layers.tracks import Ints, Tracks

FORGOTTEN = "forgotten"
"""Kind of an event of which nothing is left but that there was one."""

# `kept`: cursors of the positions of the range that are still in blocks.
GONE = Table(
    "track_gone",
    TABLES,
    Column("range_to", Integer, primary_key=True),
    Column("kept", BLOB, nullable=False),
    Column("heaps", BLOB, nullable=False),
)


class Heap(NamedTuple):
    """So many positions of one source; cursor and arrival of the last, and the latest of their times (µs)."""

    source: str
    mode: Mode
    size: int
    cursor: int
    seen: int
    at: int


class Tombstone(NamedTuple):
    """What is said of the destroyed positions of one range."""

    kept: Ints
    heaps: tuple[Heap, ...]


class Known(NamedTuple):
    """Arrivals in a range that are known, by cursor, and that of its first position."""

    cursors: Ints
    seen: Ints
    seen_from: int


def tombstone_of(connection: Connection, range_to: int) -> Tombstone | None:
    """That of a range; None where nothing of it was destroyed."""
    found = rows_of(connection, "SELECT kept, heaps FROM track_gone WHERE range_to = ?", (range_to,))
    if not found:
        return None
    [(kept, heaps)] = found
    return Tombstone(kept=unpacked_numbers(kept), heaps=tuple(Heap(*heap) for heap in orjson.loads(heaps)))


def put_tombstone(connection: Connection, range_to: int, tombstone: Tombstone) -> None:
    """In place of the one that is there."""
    said = range_to, packed_numbers(tombstone.kept), orjson.dumps([tuple(heap) for heap in tombstone.heaps])
    connection.exec_driver_sql("INSERT OR REPLACE INTO track_gone (range_to, kept, heaps) VALUES (?, ?, ?)", said)


def heaps_of(tracks: Tracks, cursors: Ints) -> list[Heap]:
    """What is left of these positions, whose cursors are these."""
    heaps = []
    said = [(speaker.source, speaker.mode) for speaker in tracks.speakers]
    for source, mode in dict.fromkeys(said[who] for who in np.unique(tracks.who).tolist()):
        chosen = np.isin(tracks.who, [who for who, one in enumerate(said) if one == (source, mode)])
        last = int(np.argmax(np.where(chosen, cursors, -1)))
        at = int(tracks.at[chosen].max())
        heaps.append(Heap(source, mode, int(chosen.sum()), int(cursors[last]), int(tracks.seen[last]), at))
    return heaps


def heaped(heaps: Sequence[Heap]) -> tuple[Heap, ...]:
    """One of each source and mode."""
    found: dict[tuple[str, Mode], Heap] = {}
    for one in heaps:
        other = found.get((one.source, one.mode), one._replace(size=0))
        last = max(one, other, key=lambda heap: heap.cursor)
        found[one.source, one.mode] = last._replace(size=one.size + other.size, at=max(one.at, other.at))
    return tuple(found.values())


def gone_rows(heaps: Sequence[Heap], cursors: Ints, known: Known) -> Iterator[EventRow]:
    """The destroyed positions as rows of the log, of which nothing is known but their source."""
    lasts = {heap.cursor: heap for heap in heaps}
    places = np.append(known.cursors, sorted(lasts)).astype(np.int64)
    arrivals = np.append(known.seen, [lasts[cursor].seen for cursor in sorted(lasts)]).astype(np.int64)
    order = np.argsort(places)
    before = np.append(known.seen_from, arrivals[order])[np.searchsorted(places[order], cursors, side="right")]
    seen = np.maximum(before, known.seen_from).tolist()
    for cursor, arrival, heap in zip(cursors.tolist(), seen, _whose(heaps, cursors.tolist()), strict=True):
        at = heap.at if cursor == heap.cursor else min(arrival, heap.at)
        yield EventRow(cursor, f"position:{cursor}", at, arrival, heap.source, FORGOTTEN, heap.mode, b"{}")


def _whose(heaps: Sequence[Heap], cursors: Sequence[int]) -> Iterator[Heap]:
    """Each source has as many as it had, and its last where it was: who ends first is served first."""
    lasts = {heap.cursor: heap for heap in heaps}
    others = (heap for heap in sorted(heaps, key=lambda one: one.cursor) for _ in range(heap.size - 1))
    for cursor in cursors:
        yield lasts[cursor] if cursor in lasts else next(others)
