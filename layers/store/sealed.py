"""The log read as if no position had ever left it: rows of the table `event` and of blocks, in the order of cursors.

The id of a position is not kept in its block: what is read back has one made of its cursor. Nothing needs the old
one but the recognising of a repeat, and a position that is said twice changes nothing (see the decision 0012).
"""

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from typing import Any

import numpy as np
import orjson
from sqlalchemy import Connection

from geodata.errors import StoreUnavailable
from layers.store.blocks import decoded, unpacked_numbers
from layers.store.gone import Known, Tombstone, gone_rows, tombstone_of
from layers.store.rows import EVENT_COLUMNS, EventRow
from layers.store.schema import NOT_MOVING
from layers.store.track_tables import ANCHOR, rows_of, sealed_to
from layers.tracks import MEASURES, Floats, Ints, Tracks, joined

POSITION = "position_reported"
"""The kind of the fact that blocks hold."""

_PAGE = 2_000
_PLAIN = f"SELECT {EVENT_COLUMNS} FROM event WHERE cursor > ? ORDER BY cursor LIMIT ?"  # noqa: S608 — fixed words
_LEFT = (
    f"SELECT {EVENT_COLUMNS} FROM event "  # noqa: S608 — fixed words
    f"WHERE cursor > ? AND cursor <= ? AND {NOT_MOVING} ORDER BY cursor"
)
_RANGE = "SELECT cursor_to, cursor_from, others, odd FROM track_range"


def rows_after(connection: Connection, cursor: int, most: int) -> Iterator[EventRow]:
    """The next rows of the log, at most so many, oldest first; in one transaction."""
    left = most
    if cursor < sealed_to(connection):
        for row in _sealed_after(connection, cursor):
            if left == 0:
                return
            cursor, left = row.cursor, left - 1
            yield row
        cursor = max(cursor, sealed_to(connection))
    while left:
        page = rows_of(connection, _PLAIN, (cursor, min(left, _PAGE)))
        if not page:
            return
        yield from (EventRow(*row) for row in page)
        cursor, left = page[-1][0], left - len(page)


def cursor_at(connection: Connection, seen: int) -> int:
    """Cursor of the last event that had arrived at that time; 0 before the first."""
    asked = "SELECT cursor FROM event WHERE seen <= ? ORDER BY seen DESC LIMIT 1"
    newest = int(connection.exec_driver_sql(asked, (seen,)).scalar() or 0)
    asked = f"{_RANGE.replace('others, odd', 'seen_to')} WHERE seen_from <= ? ORDER BY seen_from DESC LIMIT 1"
    found = rows_of(connection, asked, (seen,))
    if not found:
        return newest
    cursor_to, cursor_from, seen_to = found[0]
    if seen_to <= seen:
        return max(newest, int(cursor_to))
    asked = f"{_RANGE} WHERE cursor_to = ?"
    before = [
        row.cursor for row in _positions(connection, rows_of(connection, asked, (cursor_to,))[0], cursor_from, seen)
    ]
    return max([newest, *before])


def first_seen(connection: Connection, since: int) -> int | None:
    """When the first event from that time on arrived; None where there is none."""
    asked = (
        "SELECT min(seen) FROM (SELECT seen FROM (SELECT seen FROM event WHERE seen >= ?1 ORDER BY seen LIMIT 1) "
        "UNION ALL SELECT seen FROM (SELECT seen_from AS seen FROM track_range WHERE seen_from >= ?1 "
        "ORDER BY seen_from LIMIT 1))"
    )
    found = connection.exec_driver_sql(asked, (since,)).scalar()
    return None if found is None else int(found)


def _sealed_after(connection: Connection, cursor: int) -> Iterator[EventRow]:
    while found := rows_of(connection, f"{_RANGE} WHERE cursor_to > ? ORDER BY cursor_to LIMIT 1", (cursor,)):
        cursor_to, cursor_from, *_ = found[0]
        others = (EventRow(*row) for row in rows_of(connection, _LEFT, (max(cursor, cursor_from), cursor_to)))
        yield from merge(others, _positions(connection, found[0], cursor), key=lambda row: row.cursor)
        cursor = cursor_to


def _positions(connection: Connection, found: Any, after: int, until: int | None = None) -> Iterable[EventRow]:  # noqa: ANN401 — a row of `track_range`
    """Those of a range with cursors above `after`, by cursor; `until`: that had arrived by then."""
    cursor_to, cursor_from, without, odd = found
    bodies = rows_of(connection, "SELECT body FROM track WHERE range_to = ? AND kind <> ?", (cursor_to, ANCHOR))
    tracks = joined([decoded(body) for (body,) in bodies])
    tracks = tracks.take(np.argsort(tracks.seen, kind="stable").astype(np.int64))
    cursors = np.arange(cursor_from + 1, cursor_to + 1, dtype=np.int64)
    cursors = np.delete(cursors, unpacked_numbers(without) - cursor_from - 1)
    tombstone = tombstone_of(connection, cursor_to)
    gone = [] if tombstone is None else _gone(connection, found, tombstone, cursors)
    cursors = cursors if tombstone is None else tombstone.kept
    if len(cursors) != len(tracks):
        raise StoreUnavailable(f"the blocks of positions up to event {cursor_to} are not whole; restore a backup")
    chosen = (cursors > after) & (True if until is None else tracks.seen <= until)
    strange = (_as_row(row) for row in orjson.loads(odd))
    others = [row for row in (*gone, *strange) if row.cursor > after and (until is None or row.seen <= until)]
    others.sort(key=lambda row: row.cursor)
    return merge(_as_rows(tracks.take(chosen), cursors[chosen]), others, key=lambda row: row.cursor)


def _gone(connection: Connection, found: Any, tombstone: Tombstone, cursors: Ints) -> list[EventRow]:  # noqa: ANN401 — a row of `track_range`
    """What stands for the destroyed positions of a range; `cursors` are those of all its positions."""
    cursor_to, cursor_from, _, odd = found
    asked = "SELECT seen_from FROM track_range WHERE cursor_to = ?"
    [(seen_from,)] = rows_of(connection, asked, (cursor_to,))
    asked = f"SELECT cursor, seen FROM event WHERE cursor > ? AND cursor <= ? AND {NOT_MOVING}"  # noqa: S608 — fixed words
    said = [*rows_of(connection, asked, (cursor_from, cursor_to))]
    said += [(row[0], row[3]) for row in orjson.loads(odd)]
    cursors_known, arrivals = np.array([tuple(one) for one in said], dtype=np.int64).reshape(-1, 2).T
    known = Known(cursors=cursors_known, seen=arrivals, seen_from=seen_from)
    return list(gone_rows(tombstone.heaps, np.setdiff1d(cursors, tombstone.kept), known))


def _as_row(row: Sequence[Any]) -> EventRow:
    cursor, event_id, at, seen, source, kind, mode, body = row
    return EventRow(cursor, event_id, at, seen, source, kind, mode, body.encode())


def _as_rows(tracks: Tracks, cursors: Ints) -> Iterator[EventRow]:
    columns = [tracks.who, tracks.at, tracks.seen, cursors]
    measures = [_said(row) for row in tracks.measures]
    for who, at, seen, cursor, *said in zip(*(column.tolist() for column in columns), *measures, strict=True):
        unit, source, mode = tracks.speakers[who]
        body = orjson.dumps({"unit": unit, **dict(zip(MEASURES, said, strict=True))})
        yield EventRow(cursor, f"position:{cursor}", at, seen, source, POSITION, mode, body)


def _said(row: Floats) -> list[float | None]:
    return [None if value != value else value for value in row.tolist()]  # noqa: PLR0124 — NaN is not said
