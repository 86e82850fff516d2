"""The past: the situation of a moment, and what came between two moments, in both senses of time.

Layers with a history are read from their versions. The others are few and slow-moving but for the count of what
comes: they are folded on from a checkpoint, hearing only what they hear of, so that no passing vehicle is decoded.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from immutables import Map
from sqlalchemy import Connection

from layers.event import Event, UnknownFact
from layers.situation import Situation, after_all
from layers.store.moved import checked_at, moved_at
from layers.store.rows import EVENT_COLUMNS, Lexicon, events_of, micros, moment
from layers.store.schema import NOT_MOVING
from layers.store.sealed import cursor_at, first_seen, rows_after
from layers.store.store import Change, Passage, Sense
from layers.store.versions import all_at, changed_between

_HOUR_US = 3_600_000_000
_CHECKPOINT = "SELECT cursor, seen, things FROM checkpoint WHERE cursor <= ? ORDER BY cursor DESC LIMIT 1"
_HEARD = (
    f"SELECT {EVENT_COLUMNS} FROM event WHERE cursor > ?1 AND cursor <= ?2 AND "  # noqa: S608 — fixed words
    "(kind IN (SELECT value FROM json_each(?3)) OR cursor IN "
    f"(SELECT min(cursor) FROM event WHERE cursor > ?1 AND cursor <= ?2 GROUP BY seen / {_HOUR_US})) ORDER BY cursor"
)
"""Also the first event of each hour, whatever it is: that is when things are forgotten."""
_HEARD_BETWEEN = (
    f"SELECT {EVENT_COLUMNS} FROM event WHERE {NOT_MOVING} AND seen > ? AND seen <= ? "  # noqa: S608 — fixed words
    "AND kind IN (SELECT value FROM json_each(?)) ORDER BY cursor"
)
_BEGAN = f"SELECT min(at, seen) FROM event WHERE {NOT_MOVING} ORDER BY min(at, seen) LIMIT 1"  # noqa: S608 — fixed words


def situation_at(connection: Connection, lexicon: Lexicon, at: datetime, sense: Sense) -> Situation:
    """See `Store.situation`."""
    folded = _folded_at(connection, lexicon, at)
    whole = lexicon.with_history(folded, all_at(connection, at, sense, lexicon.historic))
    moved = {name: Map(moved_at(connection, lexicon, name, at, sense)) for name in lexicon.moving}
    return replace(whole, things=whole.things.update({name: things for name, things in moved.items() if things}))


def _folded_at(connection: Connection, lexicon: Lexicon, at: datetime) -> Situation:
    """What the layers that are told in no other way knew at `at`; things are forgotten when they were looked at."""
    cursor = cursor_at(connection, micros(at))
    if not cursor:
        return lexicon.empty()
    stored = connection.exec_driver_sql(_CHECKPOINT, (cursor,)).first()
    start = lexicon.unpacked(stored[2], stored[0], stored[1]) if stored else lexicon.empty()
    rows: Any = connection.exec_driver_sql(_HEARD, (start.cursor, cursor, lexicon.heard)).fetchall()
    look = Event(id="", at=at, seen=checked_at(connection, at), source="", fact=UnknownFact(kind="", body=b""))
    situation, _ = after_all(lexicon.for_folding(start), [*events_of(lexicon, rows), (cursor, look)])
    newest = next(rows_after(connection, cursor - 1, 1))
    return lexicon.reached(situation, cursor, moment(newest.seen))


def passage_between(
    connection: Connection, lexicon: Lexicon, since: datetime, until: datetime, sense: Sense
) -> Passage:
    """See `Store.passage`."""
    changed = changed_between(connection, since, until, sense, lexicon.historic)
    return Passage(
        changed=tuple(
            Change(at=moment(at), layer=layer, key=key, thing=None if body is None else lexicon.thing(layer, body))
            for at, layer, key, body in changed
        ),
        heard=tuple(_heard_between(connection, lexicon, since, until)),
    )


def _heard_between(
    connection: Connection, lexicon: Lexicon, since: datetime, until: datetime
) -> list[tuple[int, Event]]:
    rows: Any = connection.exec_driver_sql(_HEARD_BETWEEN, (micros(since), micros(until), lexicon.heard)).fetchall()
    return events_of(lexicon, rows)


def began_at(connection: Connection, sense: Sense) -> datetime | None:
    """See `Store.began`. Positions know of themselves from their arrival on, or little before."""
    known = connection.exec_driver_sql(_BEGAN).scalar() if sense == "known" else None
    first = [first_seen(connection, 0), known]
    return min((moment(when) for when in first if when is not None), default=None)
