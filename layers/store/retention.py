"""Destroying what a city may not keep for ever: names, numbers and words of people, when they are old enough.

An event stays in the log, with its time and its place in the order; what is destroyed is what in it says who. So
cursors have no gaps, counts stay what they were, and folding the log anew still gives what the screens show. For that,
nothing is destroyed of a thing that the situation of now still holds: it goes when that lets it go.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Literal

import orjson
from sqlalchemy import Connection, Engine

from layers.bookmarks import BookmarkRemoved, BookmarkSet
from layers.callers import CallerBlocked, CallerUnblocked, Number
from layers.calls import CallRecord, CallRecorded
from layers.event import Event, Fact, subject_of
from layers.incident_facts import Incident, IncidentReported
from layers.shifts import Attendance, Person, Shift, ShiftAttended, ShiftHandedOver, ShiftRostered
from layers.situation import Situation
from layers.store.gone import FORGOTTEN
from layers.store.reading import fact_of, head_of
from layers.store.rows import EVENT_COLUMNS, Lexicon, events_of, micros
from layers.store.transaction import Transaction
from layers.store.versions import unpacked
from layers.store.writer import Writer

Kept = Literal["incidents", "calls", "blocks", "shifts", "quarantine", "positions", "bookmarks"]

_AT_ONCE = 300
_OPEN = "retention"
_PATIENCE_S = 600.0
_SELECT = (
    f"SELECT {EVENT_COLUMNS} FROM event WHERE kind IN (SELECT value FROM json_each(?)) "  # noqa: S608 — fixed words
    "AND kind <> 'position_reported' AND min(at, seen) < ? AND cursor > ? ORDER BY cursor LIMIT ?"
)
_VERSIONS = "SELECT id, key, body FROM version WHERE layer = ? AND key IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destroyed:
    """What of one kind was destroyed (or would be): how many, and of which time. Never what it said.

    `still_needed`: so many were old enough, and wait until what they are about is over.
    """

    kind: Kept
    count: int = 0
    first: datetime | None = None
    last: datetime | None = None
    still_needed: int = 0

    def plus(self, event: Event) -> "Destroyed":
        """With one more."""
        first, last = self.first or event.at, self.last or event.at
        return replace(self, count=self.count + 1, first=min(first, event.at), last=max(last, event.at))


@dataclass(slots=True)
class _Scrubbed:
    """Keys of the things that something was destroyed of. `names`: shift → name of a person → what stands for it."""

    incidents: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    callers: set[str] = field(default_factory=set)
    forgotten: set[str] = field(default_factory=set)
    bookmarks: set[str] = field(default_factory=set)
    names: dict[str, dict[str, str]] = field(default_factory=dict)


def destroy(engine: Engine, writer: Writer, before: Mapping[Kept, datetime], *, is_dry: bool) -> tuple[Destroyed, ...]:
    """Destroy what is older than the moments given, kind by kind, in small steps; `is_dry`: only count."""
    if is_dry:
        return tuple(_of_kind(writer, kind, moment, _Scrubbed(), is_dry=True) for kind, moment in before.items())
    scrubbed = _Scrubbed()
    writer.submit(_begin)
    found = tuple(_of_kind(writer, kind, moment, scrubbed, is_dry=False) for kind, moment in before.items())
    with engine.connect() as connection:
        cursors = [int(cursor) for (cursor,) in connection.exec_driver_sql("SELECT cursor FROM checkpoint")]
    for cursor in cursors:
        writer.submit(partial(_scrub_checkpoint, cursor=cursor, scrubbed=scrubbed), patience_s=_PATIENCE_S)
    writer.submit(_end)
    return found


def _begin(transaction: Transaction) -> None:
    """What was interrupted half-way may have left whole situations unscrubbed: they are let go, and folded again."""
    connection = transaction.connection
    if fact_of(connection, _OPEN) is not None:
        connection.exec_driver_sql("DELETE FROM checkpoint")
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta VALUES (?, 'open')", (_OPEN,))


def _end(transaction: Transaction) -> None:
    transaction.connection.exec_driver_sql("DELETE FROM meta WHERE key = ?", (_OPEN,))


def _quarantine(transaction: Transaction, before: datetime, *, is_dry: bool) -> Destroyed:
    connection, moment = transaction.connection, micros(before)
    count = connection.exec_driver_sql("SELECT count(*) FROM quarantine WHERE received < ?", (moment,)).scalar_one()
    if not is_dry:
        connection.exec_driver_sql("DELETE FROM quarantine WHERE received < ?", (moment,))
    return Destroyed(kind="quarantine", count=int(count))


def _of_kind(writer: Writer, kind: Kept, before: datetime, scrubbed: _Scrubbed, *, is_dry: bool) -> Destroyed:
    if kind == "quarantine":
        return writer.submit(partial(_quarantine, before=before, is_dry=is_dry))
    work = _Work(kind, before, scrubbed, is_dry=is_dry)
    while not writer.submit(work.step):
        pass
    return work.found


class _Work:
    """Goes through the events of one kind, some hundred in a transaction."""

    def __init__(self, kind: Kept, before: datetime, scrubbed: _Scrubbed, *, is_dry: bool) -> None:
        self.found = Destroyed(kind=kind)
        self._policy = _POLICIES[kind]
        self._before = micros(before)
        self._scrubbed = scrubbed
        self._is_dry = is_dry
        self._after = 0

    def step(self, transaction: Transaction) -> bool:
        """Whether that was the end."""
        transaction.flush()
        connection, lexicon = transaction.connection, transaction.lexicon
        kinds = orjson.dumps([fact.kind for fact in self._policy.facts]).decode()
        asked = (kinds, self._before, self._after, _AT_ONCE)
        told = events_of(lexicon, connection.exec_driver_sql(_SELECT, asked).fetchall())
        left = [(cursor, event, self._left(transaction, event)) for cursor, event in told]
        changed = [(cursor, event, fact) for cursor, event, fact in left if fact != event.fact]
        for _, event, _ in changed:
            self.found = self.found.plus(event)
        if changed and not self._is_dry:
            _write(connection, lexicon, changed)
            _scrub_versions(connection, lexicon, self._scrubbed)
            _forget_gone_callers(connection)
        self._after = told[-1][0] if told else self._after
        return len(told) < _AT_ONCE

    def _left(self, transaction: Transaction, event: Event) -> Any:  # noqa: ANN401 — the fact as it is to be, or None
        fact = event.fact
        if not isinstance(fact, self._policy.facts) or self._policy.left(fact, _Scrubbed()) == fact:
            return fact
        if self._policy.is_needed(transaction.situation, fact) or self._is_spoken_of(transaction, fact):
            self.found = replace(self.found, still_needed=self.found.still_needed + 1)
            return fact
        return self._policy.left(fact, self._scrubbed)

    def _is_spoken_of(self, transaction: Transaction, fact: Fact) -> bool:
        """Whether there is a newer word on the same thing: then it goes whole, later."""
        asked = "SELECT 1 FROM event WHERE subject = ? AND min(at, seen) >= ? LIMIT 1"
        return transaction.connection.exec_driver_sql(asked, (subject_of(fact), self._before)).first() is not None


def _write(connection: Connection, lexicon: Lexicon, changed: list[tuple[int, Event, Any]]) -> None:
    """With what was there overwritten, not only let go: every connection of ours deletes so."""
    gone = [(FORGOTTEN, b"{}", cursor) for cursor, _, fact in changed if fact is None]
    if gone:
        connection.exec_driver_sql("UPDATE event SET kind = ?, body = ?, subject = NULL WHERE cursor = ?", gone)
    left = [(lexicon.body(replace(event, fact=fact)), cursor) for cursor, event, fact in changed if fact is not None]
    if left:
        connection.exec_driver_sql("UPDATE event SET body = ? WHERE cursor = ?", left)


def _forget_gone_callers(connection: Connection) -> None:
    """The keys of callers that are gone are sealed numbers too; see `Live.oldest`."""
    connection.exec_driver_sql("DELETE FROM thing WHERE layer = 'callers' AND body IS NULL")
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta VALUES ('oldest', ?)", (str(head_of(connection) + 1),))


def _scrub_versions(connection: Connection, lexicon: Lexicon, scrubbed: _Scrubbed) -> None:
    keys: Mapping[str, Collection[str]] = {
        "incidents": scrubbed.incidents,
        "calls": scrubbed.calls,
        "callers": scrubbed.callers | scrubbed.forgotten,
        "shifts": scrubbed.names,
    }
    for layer in sorted(lexicon.historic & keys.keys()):
        asked = (layer, orjson.dumps(list(keys[layer])).decode())
        for number, key, body in connection.exec_driver_sql(_VERSIONS, asked).fetchall():
            thing = lexicon.thing(layer, unpacked(body))
            left = _scrub(layer, key, thing, scrubbed)
            if left is None:
                connection.exec_driver_sql("DELETE FROM version WHERE id = ?", (number,))
                connection.exec_driver_sql("DELETE FROM version_span WHERE id = ?", (number,))
            elif left != thing:
                said = (lexicon.thing_body(left), number)
                connection.exec_driver_sql("UPDATE version SET body = ? WHERE id = ?", said)


def _scrub_checkpoint(transaction: Transaction, cursor: int, scrubbed: _Scrubbed) -> None:
    connection, lexicon = transaction.connection, transaction.lexicon
    asked = "SELECT seen, things FROM checkpoint WHERE cursor = ?"
    row = connection.exec_driver_sql(asked, (cursor,)).first()
    if row is None:
        return
    before = lexicon.unpacked(row[1], cursor, row[0])
    after = before
    for layer in _LAYERS:
        things = before.of(layer)
        left = {key: _scrub(layer, key, thing, scrubbed) for key, thing in things.items()}
        if any(left[key] != thing for key, thing in things.items()):
            kept = {key: thing for key, thing in left.items() if thing is not None}
            after = replace(after, things=after.things.set(layer, type(after.things)(kept)))
    if after is not before:
        connection.exec_driver_sql("UPDATE checkpoint SET things = ? WHERE cursor = ?", (lexicon.packed(after), cursor))


_LAYERS = ("incidents", "calls", "callers", "shifts", "bookmarks")


def _scrub(layer: str, key: str, thing: Any, scrubbed: _Scrubbed) -> Any:  # noqa: ANN401 — a thing of that layer
    """What is left of it."""
    if layer == "incidents" and key in scrubbed.incidents:
        return _without_words(thing)
    if layer == "calls" and key in scrubbed.calls:
        return replace(thing, record=_without_caller(thing.record))
    if layer == "callers":
        return None if key in scrubbed.forgotten else _without_calls(thing, scrubbed.calls)
    if layer == "bookmarks" and key in scrubbed.bookmarks:
        return None
    if layer == "shifts" and key in scrubbed.names:
        return _without_names(thing, scrubbed.names[key])
    return thing


def _without_words(incident: Incident) -> Incident:
    return incident if incident.report is None else replace(incident, report=replace(incident.report, description=None))


def _without_caller(record: CallRecord) -> CallRecord:
    return replace(record, caller=None, lon=None, lat=None)


def _without_calls(number: Number, calls: Collection[str]) -> Number | None:
    left = {call: heard for call, heard in number.calls.items() if call not in calls}
    is_nothing = not left and not number.blocks and number.unblocked_at is None
    return None if is_nothing else replace(number, calls=left)


def _without_names(shift: Shift, names: Mapping[str, str]) -> Shift:
    def nameless(person: Person) -> Person:
        return replace(person, name=names.get(person.name, person.name))

    roster = shift.roster and replace(shift.roster, people=tuple(map(nameless, shift.roster.people)))
    attendance = {names.get(name, name): _attended_by(one, nameless) for name, one in shift.attendance.items()}
    return replace(shift, roster=roster, attendance=attendance, note=None if shift.note is None else "")


def _attended_by(one: Attendance, nameless: Callable[[Person], Person]) -> Attendance:
    return replace(one, person=nameless(one.person))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Policy:
    """`left(fact, scrubbed)`: what is left of a fact (None: nothing), noting what it is about."""

    facts: tuple[type[Any], ...]
    is_needed: Callable[[Situation, Any], bool]
    left: Callable[[Any, _Scrubbed], Any]


def _incident_left(fact: IncidentReported, scrubbed: _Scrubbed) -> IncidentReported:
    if fact.report.description is not None:
        scrubbed.incidents.add(fact.incident)
    return replace(fact, report=replace(fact.report, description=None))


def _call_needed(situation: Situation, fact: CallRecorded) -> bool:
    number = situation.of("callers").get(fact.record.caller.hash) if fact.record.caller else None
    return fact.call in situation.of("calls") or (number is not None and fact.call in number.calls)


def _call_left(fact: CallRecorded, scrubbed: _Scrubbed) -> CallRecorded:
    left = replace(fact, record=_without_caller(fact.record))
    if left != fact:
        scrubbed.calls.add(fact.call)
        if fact.record.caller is not None:
            scrubbed.callers.add(fact.record.caller.hash)
    return left


def _block_left(fact: CallerBlocked | CallerUnblocked, scrubbed: _Scrubbed) -> None:
    scrubbed.forgotten.add(fact.caller)


def _bookmark_left(fact: BookmarkSet | BookmarkRemoved, scrubbed: _Scrubbed) -> None:
    scrubbed.bookmarks.add(fact.bookmark)


def _shift_left(fact: ShiftRostered | ShiftAttended | ShiftHandedOver, scrubbed: _Scrubbed) -> Any:  # noqa: ANN401
    """Heads are still counted: everybody keeps a number of their own within the shift."""
    if isinstance(fact, ShiftHandedOver):
        scrubbed.names.setdefault(fact.shift, {})
        return replace(fact, note="")
    names = scrubbed.names.setdefault(fact.shift, {})
    if isinstance(fact, ShiftRostered):
        return replace(fact, people=tuple(_numbered(person, names) for person in fact.people))
    return replace(fact, person=_numbered(fact.person, names))


def _numbered(person: Person, names: dict[str, str]) -> Person:
    if not person.name.startswith(_NUMBER):
        names.setdefault(person.name, f"{_NUMBER}{len(names) + 1}")
    return replace(person, name=names.get(person.name, person.name))


_NUMBER = "petugas "

_POLICIES: Mapping[Kept, _Policy] = {
    "incidents": _Policy(
        facts=(IncidentReported,),
        is_needed=lambda situation, fact: fact.incident in situation.of("incidents"),
        left=_incident_left,
    ),
    "calls": _Policy(facts=(CallRecorded,), is_needed=_call_needed, left=_call_left),
    "blocks": _Policy(
        facts=(CallerBlocked, CallerUnblocked),
        is_needed=lambda situation, fact: fact.caller in situation.of("callers"),
        left=_block_left,
    ),
    "bookmarks": _Policy(
        facts=(BookmarkSet, BookmarkRemoved),
        is_needed=lambda situation, fact: fact.bookmark in situation.of("bookmarks"),
        left=_bookmark_left,
    ),
    "shifts": _Policy(
        facts=(ShiftRostered, ShiftAttended, ShiftHandedOver),
        is_needed=lambda situation, fact: fact.shift in situation.of("shifts"),
        left=_shift_left,
    ),
}
