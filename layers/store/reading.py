"""Reading the log: events, the projections, a situation of the past, and the fold of a stretch of the log."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from immutables import Map
from sqlalchemy import Connection

from layers.event import Event
from layers.situation import Situation, Touched, after, after_all
from layers.store.moved import moved_at
from layers.store.past import Past, scene_of
from layers.store.rows import EVENT_COLUMNS, Lexicon, events_of, micros, moment
from layers.store.schema import HISTORIC, NOT_MOVING
from layers.store.sealed import cursor_at, rows_after
from layers.store.store import LayerKey, Live, Sense
from layers.store.versions import all_at

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


def situation_at(connection: Connection, lexicon: Lexicon, at: datetime, sense: Sense) -> Situation:
    """The situation at `at`: what is kept version by version as the sense has it, the rest as it was shown then."""
    folded = _folded_until(connection, lexicon, cursor_at(connection, micros(at)))
    whole = lexicon.with_history(folded, all_at(connection, at, sense, lexicon.historic))
    moved = {name: Map(moved_at(connection, lexicon, name, at, sense)) for name in lexicon.moving}
    return replace(whole, things=whole.things.update({name: things for name, things in moved.items() if things}))


def _folded_until(connection: Connection, lexicon: Lexicon, until: int) -> Situation:
    """What the layers without a history knew after event `until`."""
    stored = connection.exec_driver_sql(
        "SELECT cursor, seen, things FROM checkpoint WHERE cursor <= ? ORDER BY cursor DESC LIMIT 1", (until,)
    ).first()
    start = lexicon.unpacked(stored[2], stored[0], stored[1]) if stored else lexicon.empty()
    situation, _ = after_all(lexicon.without_history(start), _stretch(connection, lexicon, start.cursor, until))
    return situation


def began_at(connection: Connection, sense: Sense) -> datetime | None:
    """The time of the first event there is, in one sense of time; None while there is none."""
    asked = {
        "shown": "SELECT seen FROM event ORDER BY cursor LIMIT 1",
        "known": f"SELECT min(at, seen) FROM event WHERE {NOT_MOVING} ORDER BY min(at, seen) LIMIT 1",  # noqa: S608 — fixed words
    }
    first = connection.exec_driver_sql(asked[sense]).scalar()
    return None if first is None else moment(first)


def news_between(
    connection: Connection, lexicon: Lexicon, since: datetime, until: datetime, sense: Sense
) -> Iterator[tuple[datetime, Event]]:
    """See `Store.news`; in one transaction, a chunk at a time."""
    time = {"shown": "seen", "known": "min(at, seen)"}[sense]
    asked = (
        f"SELECT {time}, {EVENT_COLUMNS} FROM event "  # noqa: S608 — fixed words
        f"WHERE {NOT_MOVING} AND {time} > ? AND {time} <= ? ORDER BY {time}, cursor"
    )
    rows = connection.exec_driver_sql(asked, (micros(since), micros(until)))
    for chunk in rows.partitions(_CHUNK):
        events = events_of(lexicon, [row[1:] for row in chunk])
        yield from ((moment(row[0]), event) for row, (_, event) in zip(chunk, events, strict=True))


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
