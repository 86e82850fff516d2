"""One write transaction in the making: events and what they change go to the disk together, or not at all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

import orjson
from sqlalchemy import Connection

from geodata.errors import StoreUnavailable
from layers.event import Event, again, first_id, subject_of
from layers.situation import Situation, Touched, after, after_all
from layers.store.past import newest_of, put_past, steps_of_past
from layers.store.reading import events_after, fact_of, head_of, live_of
from layers.store.rollup import put_counts
from layers.store.rows import EVENT_COLUMNS, EventRow, Lexicon, micros, thing_rows
from layers.store.store import Appended, LayerKey
from layers.store.versions import Step, put_versions

_TICK = timedelta(microseconds=1)
_FOLD_AT_MOST = 2_000
_INSERT_EVENT = (
    f"INSERT INTO event ({EVENT_COLUMNS}, subject) "  # noqa: S608 — fixed words
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_PUT_THING = (
    "INSERT INTO thing (layer, key, cursor, body) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (layer, key) DO UPDATE SET cursor = excluded.cursor, body = excluded.body"
)


Matter = tuple[str, str | None]
"""(kind of fact, its subject): what a later event may take back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the writer knows between two transactions: the newest situation, and how often the log was repaired."""

    situation: Situation
    generation: str | None


class Transaction:
    """Collects what several callers append; `flush` writes it. Holds the write lock of the file.

    `ids` are those of the events to come that are already in the log.
    """

    def __init__(self, connection: Connection, lexicon: Lexicon, known: Known, ids: Iterable[str] = ()) -> None:
        self.connection = connection
        self.lexicon = lexicon
        self.situation = known.situation
        self.generation = known.generation
        self._rows: list[EventRow] = []
        self._changed: dict[LayerKey, int] = {}
        self._steps: list[Step] = []
        self._told: list[tuple[int, Event]] = []
        self._ids = set(ids)

    @property
    def known(self) -> Known:
        """What to remember once this is committed."""
        return Known(situation=self.situation, generation=self.generation)

    def append(self, prepared: Sequence[tuple[Event, bytes]]) -> Appended:
        """Number and fold the events that are new. Changes nothing if a layer's fold raises."""
        draft, ids, is_new, is_first = _Draft(self.situation, self.lexicon), set[str](), [], []
        repeated = self._repeated([event for event, _ in prepared])
        for event, body in prepared:
            is_known = event.id in self._ids or event.id in ids
            is_back = is_known and _matter(event) not in repeated and self._is_back(draft.situation, event)
            told = replace(event, id=again(event.id, draft.situation.cursor + 1)) if is_back else event
            is_new.append(is_back or not is_known)
            is_first.append(is_new[-1] and (self._is_first(event, draft.add(told, body)) or event.is_history))
            ids |= {event.id, told.id}
        self.situation = draft.situation
        self._rows += draft.rows
        self._changed |= draft.changed
        self._steps += draft.steps
        self._told += draft.told
        self._ids |= ids
        return Appended(cursor=self.situation.cursor, is_new=tuple(is_new), is_first=tuple(is_first))

    def flush(self) -> None:
        """Write events and projections; the commit is the caller's."""
        if self._rows:
            self.connection.exec_driver_sql(_INSERT_EVENT, self._rows)
            self.put_things(self.situation, self._changed)
            past = steps_of_past(self.connection, self.lexicon, self._told)
            put_versions(self.connection, self.lexicon, self._steps)
            put_past(self.connection, self.lexicon, past)
            put_counts(self.connection, self.lexicon, newest_of(self._steps, past))
        self._rows, self._changed, self._steps, self._told = [], {}, [], []

    def put_things(self, situation: Situation, changed: Mapping[LayerKey, int]) -> None:
        """Write the projections of these things as they are in the situation."""
        rows = thing_rows(self.lexicon, situation, changed)
        if rows:
            self.connection.exec_driver_sql(_PUT_THING, rows)

    def _repeated(self, events: Sequence[Event]) -> set[Matter]:
        """What this delivery leaves as it is known: then all it says of it was said before, in this order."""
        last = {_matter(event): event for event in events if not event.is_history}
        return {
            matter for matter, event in last.items() if self.lexicon.newest(self.situation, event) == first_id(event.id)
        }

    def _is_back(self, situation: Situation, event: Event) -> bool:
        """Whether what was said before is said anew, because something else had been said since. Never of history."""
        if event.is_history:
            return False
        newest = self.lexicon.newest(situation, event)
        return newest is not None and newest != first_id(event.id)

    def _is_first(self, event: Event, appeared: Iterable[LayerKey]) -> bool:
        subject = subject_of(event.fact)
        return any(key == subject and not self._is_remembered(layer, key) for layer, key in appeared)

    def _is_remembered(self, layer: str, key: str) -> bool:
        """Whether it was there before and is gone."""
        found = self.connection.exec_driver_sql("SELECT 1 FROM thing WHERE layer = ? AND key = ?", (layer, key))
        return found.first() is not None


def _matter(event: Event) -> Matter:
    return event.fact.kind, subject_of(event.fact)


T = TypeVar("T")
Work = Callable[[Transaction], T]
"""Something to do in a transaction. It must not fail half-way."""


class _Draft:
    """The events of one caller, folded."""

    def __init__(self, situation: Situation, lexicon: Lexicon) -> None:
        self.situation = situation
        self.rows: list[EventRow] = []
        self.changed: dict[LayerKey, int] = {}
        self.steps: list[Step] = []
        self.told: list[tuple[int, Event]] = []
        self._lexicon = lexicon

    def add(self, event: Event, body: bytes) -> list[LayerKey]:
        """Fold one event on; gives the things that were not there before."""
        before, cursor = self.situation, self.situation.cursor + 1
        seen = event.seen if before.seen is None else max(event.seen, before.seen + _TICK)
        event = event if event.seen == seen else replace(event, seen=seen)
        self.situation, touched = after(before, event, cursor)
        self.changed |= dict.fromkeys(touched, cursor)
        self.steps += steps_of(self._lexicon, self.situation, event, touched)
        own = self._lexicon.own(event)
        about = None if own is None else own[1]
        if own is not None:
            self.told.append((cursor, event))
        at, kind = micros(event.at), event.fact.kind
        told = (event.source, kind, event.mode, body, event.who, event.why, about)
        self.rows.append(EventRow(cursor, event.id, at, micros(seen), *told))
        return _appeared(before, self.situation, touched)


def steps_of(lexicon: Lexicon, situation: Situation, event: Event, touched: Touched) -> list[Step]:
    """What an event did to things whose past is kept; `situation` is the one it led to."""
    own = lexicon.own(event)
    changed = [(layer, key) for layer, key in touched if layer in lexicon.historic]
    is_quiet = own is not None and not event.is_history and own not in touched and own[1] in situation.of(own[0])
    quiet = [own] if own is not None and is_quiet else []
    return [
        Step(
            layer=layer,
            key=key,
            cursor=situation.cursor,
            at=micros(event.at),
            seen=micros(event.seen),
            body=None if thing is None else lexicon.thing_body(thing),
            is_own=(layer, key) == own,
            is_quiet=(layer, key) not in touched,
            thing=thing,
        )
        for layer, key in changed + quiet
        for thing in [situation.of(layer).get(key)]
    ]


def _appeared(before: Situation, now: Situation, touched: Touched) -> list[LayerKey]:
    return [(layer, key) for layer, key in touched if key in now.of(layer) and key not in before.of(layer)]


def open_transaction(
    connection: Connection, lexicon: Lexicon, known: Known | None, ids: Sequence[str] = ()
) -> Transaction:
    """A transaction that knows all that is in the log, whoever wrote it. `ids`: of the events to be appended.

    Raises StoreUnavailable when another version of the layers has the log.
    """
    if fact_of(connection, "layers") != lexicon.signature:
        raise StoreUnavailable("another version of the layers has opened this log: restart this process")
    generation = fact_of(connection, "generation")
    if known is None or known.generation != generation:
        situation = live_of(connection, lexicon).situation
    else:
        situation = _caught_up(connection, lexicon, known.situation)
    old = _in_log(connection, ids) if ids else ()
    return Transaction(connection, lexicon, Known(situation=situation, generation=generation), old)


def _in_log(connection: Connection, ids: Sequence[str]) -> Iterable[str]:
    asked = orjson.dumps(ids).decode()
    return connection.exec_driver_sql(
        "SELECT id FROM event WHERE id IN (SELECT value FROM json_each(?))", (asked,)
    ).scalars()


def _caught_up(connection: Connection, lexicon: Lexicon, situation: Situation) -> Situation:
    behind = head_of(connection) - situation.cursor
    if behind == 0:
        return situation
    if not 0 < behind <= _FOLD_AT_MOST:
        return live_of(connection, lexicon).situation
    caught_up, _ = after_all(situation, events_after(connection, lexicon, situation.cursor, behind))
    return caught_up
