"""Reading the log: events, the projections, a situation of the past, and the fold of a stretch of the log."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

import orjson
from immutables import Map
from sqlalchemy import Connection

from layers.event import Event
from layers.situation import Situation, Touched, after
from layers.store.past import Past, scene_of
from layers.store.rows import EVENT_COLUMNS, Lexicon, events_of, micros
from layers.store.schema import HISTORIC, NOT_MOVING
from layers.store.sealed import rows_after
from layers.store.store import LayerKey, Live

CHECKPOINT_EVERY = 20_000
"""Events between two stored situations: folding so many takes about a second."""

_CHUNK = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A situation and the cursor at which each thing in it, or gone from it, last changed."""

    situation: Situation
    changed: Map[LayerKey, int]


def head_of(connection: Connection) -> int:
    """Cursor of the newest event, 0 before the first."""
    return int(connection.exec_driver_sql("SELECT coalesce(max(cursor), 0) FROM event").scalar_one())


def fact_of(connection: Connection, key: str) -> str | None:
    """A value of the table `meta`."""
    return connection.exec_driver_sql("SELECT value FROM meta WHERE key = ?", (key,)).scalar()


def events_after(connection: Connection, lexicon: Lexicon, cursor: int, limit: int) -> list[tuple[int, Event]]:
    """The next (cursor, event), oldest first."""
    return [lexicon.event(row) for row in rows_after(connection, cursor, limit)]


def events_told(
    connection: Connection, lexicon: Lexicon, kinds: Sequence[str], since: datetime, until: datetime
) -> Iterator[Event]:
    """See `Store.told`; in one transaction, a chunk at a time."""
    marks = ", ".join("?" * len(kinds))
    happened = f"{HISTORIC} AND kind IN ({marks}) AND at >= ? AND at < ?"
    asked = (
        f"SELECT {EVENT_COLUMNS} FROM event WHERE cursor IN ("  # noqa: S608 — question marks only
        f"SELECT cursor FROM event WHERE {NOT_MOVING} AND kind IN ({marks}) AND seen >= ? AND seen < ? "
        f"AND NOT ({HISTORIC}) UNION SELECT cursor FROM event WHERE {happened} "
        f"UNION SELECT cursor FROM event WHERE kind IN ({marks}) "
        f"AND subject IN (SELECT subject FROM event WHERE {happened})) ORDER BY cursor"
    )
    asking = (*kinds, micros(since), micros(until))
    rows = connection.exec_driver_sql(asked, (*asking, *asking, *kinds, *asking))
    for chunk in rows.partitions(_CHUNK):
        yield from (event for _, event in events_of(lexicon, chunk))


def events_of_subjects(
    connection: Connection, lexicon: Lexicon, kinds: Sequence[str], subjects: Sequence[str]
) -> Iterator[Event]:
    """See `Store.told_of`; in one transaction, a chunk at a time."""
    marks = ", ".join("?" * len(kinds))
    asked = (
        f"SELECT {EVENT_COLUMNS} FROM event WHERE kind IN ({marks}) "  # noqa: S608 — question marks only
        "AND subject IN (SELECT value FROM json_each(?)) ORDER BY cursor"
    )
    rows = connection.exec_driver_sql(asked, (*kinds, orjson.dumps(list(subjects)).decode()))
    for chunk in rows.partitions(_CHUNK):
        yield from (event for _, event in events_of(lexicon, chunk))


def events_of_past(
    connection: Connection, lexicon: Lexicon, kinds: Sequence[str], since: datetime, until: datetime
) -> Iterator[Event]:
    """See `Store.past`; in one transaction, a chunk at a time."""
    marks = ", ".join("?" * len(kinds))
    asked = (
        f"SELECT {EVENT_COLUMNS} FROM event "  # noqa: S608 — question marks only
        f"WHERE {HISTORIC} AND kind IN ({marks}) AND at >= ? AND at < ? ORDER BY cursor"
    )
    rows = connection.exec_driver_sql(asked, (*kinds, micros(since), micros(until)))
    for chunk in rows.partitions(_CHUNK):
        yield from (event for _, event in events_of(lexicon, chunk))


def live_of(connection: Connection, lexicon: Lexicon) -> Live:
    """The newest situation; the connection must be in one transaction, so that all of it is of one moment."""
    newest = connection.exec_driver_sql("SELECT cursor, seen FROM event ORDER BY cursor DESC LIMIT 1").first()
    cursor, seen = newest or (0, None)
    rows = connection.exec_driver_sql("SELECT layer, key, cursor, body FROM thing").fetchall()
    kept = ((layer, key, body) for layer, key, _, body in rows if body is not None)
    return Live(
        situation=lexicon.situation(kept, cursor, seen),
        changed={(layer, key): changed for layer, key, changed, _ in rows},
        oldest=int(fact_of(connection, "oldest") or 0),
    )


Tell = Callable[[Situation, Event, Touched], None]
"""Hears of each event, what it touched, and the situation it led to; of history, what it would have touched."""


def refolded(
    connection: Connection, lexicon: Lexicon, start: Folded, until: int, tell: Tell = lambda *_: None
) -> Iterator[Folded]:
    """Fold on from `start` to event `until`; yields at every place of a checkpoint, and at the end."""
    situation, changed, past = start.situation, start.changed.mutate(), Past(connection, lexicon)
    for cursor, event in _stretch(connection, lexicon, situation.cursor, until):
        situation, touched = after(situation, event, cursor)
        tell(situation, event, touched)
        heard = past.hear(cursor, event)
        if heard is not None:
            tell(scene_of(situation, heard), event, frozenset({heard[0]}))
        for key in touched:
            changed[key] = cursor
        if cursor % CHECKPOINT_EVERY == 0 and cursor < until:
            reached = Folded(situation=situation, changed=changed.finish())
            yield reached
            changed = reached.changed.mutate()
    yield Folded(situation=situation, changed=changed.finish())


def _stretch(connection: Connection, lexicon: Lexicon, cursor: int, until: int) -> Iterator[tuple[int, Event]]:
    rows = takewhile(lambda row: row.cursor <= until, rows_after(connection, cursor, until - cursor))
    yield from map(lexicon.event, rows)
