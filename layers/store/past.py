"""History that is brought in: it is in the log and in the history of things, and in no picture of now.

A thing that history tells of is folded apart from the situation, from all that the log says of it, in the order in
which it was told. Its states get spans by event time; by arrival they were shown at no time, and the last one only
keeps its arrival. What history does not end is believed for two days after its last word.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import orjson
from immutables import Map
from sqlalchemy import Connection

from layers.event import Event
from layers.situation import Situation
from layers.store.rows import EVENT_COLUMNS, Lexicon, events_of, micros
from layers.store.schema import NOT_MOVING
from layers.store.store import LayerKey
from layers.store.versions import OPEN, Fresh, Step, insert_versions, tell_anew

BELIEVED_US = 2 * 24 * 3600 * 1_000_000
"""How long a state holds that history says no end of."""

_REMEMBERED = 20_000
_NEVER = (-1, -1)
_SAID = f"SELECT {EVENT_COLUMNS} FROM event WHERE subject IN (SELECT value FROM json_each(?)) AND {NOT_MOVING} "  # noqa: S608 — fixed words
_SAID_BEFORE = _SAID + "AND cursor < ? ORDER BY cursor"
_SAID_IN_ORDER = _SAID + "AND cursor <= ? ORDER BY min(at, seen), cursor"
_HELD = (
    "SELECT layer, key, max(seen_to > seen_from) FROM version "
    "WHERE (layer, key) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?)) GROUP BY layer, key"
)
_DROP_SPANS = "DELETE FROM version_span WHERE id IN (SELECT id FROM version WHERE layer = ? AND key = ?)"
_DROP = "DELETE FROM version WHERE layer = ? AND key = ?"


class Past:
    """The things that history tells of, as the log knows them so far; a bounded number at once."""

    def __init__(self, connection: Connection, lexicon: Lexicon) -> None:
        self._connection = connection
        self._lexicon = lexicon
        self._things: OrderedDict[LayerKey, Any] = OrderedDict()

    def expect(self, owns: Collection[LayerKey], before: int) -> None:
        """Read what the log says of them before event number `before`, all at once."""
        known: dict[LayerKey, Any] = dict.fromkeys(owns)
        subjects = orjson.dumps(sorted({key for _, key in owns})).decode()
        rows = self._connection.exec_driver_sql(_SAID_BEFORE, (subjects, before)).fetchall()
        for _, event in events_of(self._lexicon, rows):
            own = self._lexicon.own(event)
            if own is not None and own in known:
                known[own] = self._folded(own, known[own], event)
        self._things.update(known)

    def hear(self, cursor: int, event: Event) -> tuple[LayerKey, Any] | None:
        """What a word of history makes of its thing; None where it makes nothing. Hears live words on it, too."""
        own = self._lexicon.own(event)
        if own is None or not (event.is_history or own in self._things):
            return None
        if own not in self._things:
            self.expect((own,), cursor)
        before = self._things[own]
        self._things[own] = now = self._folded(own, before, event)
        while len(self._things) > _REMEMBERED:
            self._things.popitem(last=False)
        return (own, now) if event.is_history and now is not before else None

    def _folded(self, own: LayerKey, before: object, event: Event) -> object:
        layer, key = own
        changes = self._lexicon.fold(layer, {} if before is None else {key: before}, event)
        return changes.get(key, before)


def scene_of(situation: Situation, heard: tuple[LayerKey, Any]) -> Situation:
    """The situation with nothing of that layer but what history told: for those who hear of every change."""
    (layer, key), thing = heard
    return replace(situation, things=situation.things.set(layer, Map({key: thing})))


def steps_of_past(connection: Connection, lexicon: Lexicon, told: Sequence[tuple[int, Event]]) -> list[Step]:
    """What the history among these events did; they must follow each other, and be in the log already."""
    owns = {own for _, event in told if event.is_history and (own := lexicon.own(event)) is not None}
    if not owns:
        return []
    past = Past(connection, lexicon)
    past.expect(owns, told[0][0])
    heard = ((cursor, event, past.hear(cursor, event)) for cursor, event in told)
    return [past_step(lexicon, cursor, event, found) for cursor, event, found in heard if found is not None]


def past_step(lexicon: Lexicon, cursor: int, event: Event, heard: tuple[LayerKey, Any]) -> Step:
    """A word of history as a step of its thing."""
    (layer, key), thing = heard
    return Step(
        layer=layer,
        key=key,
        cursor=cursor,
        at=micros(event.at),
        seen=micros(event.seen),
        body=lexicon.thing_body(thing),
        is_own=True,
        thing=thing,
    )


def newest_of(steps: Sequence[Step], past: Sequence[Step]) -> Sequence[Step]:
    """All steps, of history the last one of each thing, in the order of the log."""
    if not past:
        return steps
    last = {(step.layer, step.key): step for step in past}
    return sorted([*steps, *last.values()], key=lambda step: step.cursor)


def put_past(connection: Connection, lexicon: Lexicon, steps: Iterable[Step]) -> None:
    """Write the states that history tells of; their events must be in the log already."""
    by_thing: dict[LayerKey, list[Step]] = defaultdict(list)
    for step in steps:
        by_thing[step.layer, step.key].append(step)
    if not by_thing:
        return
    held = _held(connection, by_thing)
    fresh: list[Fresh] = []
    for own, some in by_thing.items():
        is_in_order = all(one.at <= other.at for one, other in pairwise(some))
        if own in held or not is_in_order:
            fresh += _told_again(connection, lexicon, some, was_shown=held.get(own, False))
        else:
            fresh += _spans(some[0], [(step.at, step.body) for step in some], some[-1].seen)
    insert_versions(connection, fresh)


def _held(connection: Connection, owns: Iterable[LayerKey]) -> Mapping[LayerKey, bool]:
    """The things that have versions already, and whether any of them was ever shown."""
    rows = connection.exec_driver_sql(_HELD, (orjson.dumps(list(owns)).decode(),))
    return {(layer, key): bool(was_shown) for layer, key, was_shown in rows}


def _told_again(connection: Connection, lexicon: Lexicon, steps: Sequence[Step], *, was_shown: bool) -> list[Fresh]:
    """Of what is known already: live ones keep what was shown, the others are written anew."""
    newest = steps[-1]
    if was_shown:
        tell_anew(connection, lexicon, newest._replace(at=min(step.at for step in steps)))
        return [Fresh(newest.layer, newest.key, _NEVER, (newest.seen, newest.seen), newest.body or b"")]
    for statement in (_DROP_SPANS, _DROP):
        connection.exec_driver_sql(statement, (newest.layer, newest.key))
    subjects = orjson.dumps([newest.key]).decode()
    rows = connection.exec_driver_sql(_SAID_IN_ORDER, (subjects, newest.cursor)).fetchall()
    told: list[tuple[int, bytes | None]] = []
    thing: Any = None
    for _, event in events_of(lexicon, rows):
        if lexicon.own(event) == (newest.layer, newest.key):
            thing = lexicon.fold(newest.layer, {newest.key: thing} if thing else {}, event).get(newest.key, thing)
            told.append((min(micros(event.at), micros(event.seen)), lexicon.thing_body(thing)))
    return _spans(newest, told, newest.seen)


def _spans(step: Step, told: Sequence[tuple[int, bytes | None]], seen: int) -> list[Fresh]:
    """A version for each (from when, body), until the next one; the last one knows when it was told."""
    ends = [at for at, _ in told[1:]] + [min(told[-1][0] + BELIEVED_US, OPEN)]
    spans = [(at, end, body) for (at, body), end in zip(told, ends, strict=True) if end > at and body is not None]
    shown = [_NEVER] * (len(spans) - 1) + [(seen, seen)]
    return [
        Fresh(step.layer, step.key, (at, end), arrival, body or b"")
        for (at, end, body), arrival in zip(spans, shown, strict=True)
    ]
