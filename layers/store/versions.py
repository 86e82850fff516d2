"""Every state a thing has had, with two spans of time: when the wall showed it, and when it was so.

A word that comes late does not change what was shown, but it changes what is known now of that time. So a version
has a span by arrival (`seen_*`) and one by the time of the events (`at_*`); one of the two may be empty. Spans
include their start and not their end. An R*Tree over both finds those of one moment among millions.
"""

import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from layers.event import Event
from layers.situation import Things
from layers.store.raw import run
from layers.store.rows import EVENT_COLUMNS, Lexicon, events_of, micros
from layers.store.schema import NOT_MOVING
from layers.store.store import Sense

OPEN = 2**62
MOST_RETOLD = 500
"""Events of one thing that a late word may cause to be told anew; beyond, it takes its place as the newest."""

_NEVER = -1
_RTREE_ZERO_S = 1_600_000_000  # int32 seconds then reach from 1952 to 2088
_RTREE_MOST, _RTREE_LEAST = 2**31 - 1, -(2**31)

_COLUMNS = "layer, key, at_from, at_to, seen_from, seen_to, body"
_INSERT = f"INSERT INTO version ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 — fixed words
_INSERT_SPAN = "INSERT INTO version_span (id, at_from, at_to, seen_from, seen_to) VALUES (?, ?, ?, ?, ?)"
_SPANS = "SELECT id, at_from, at_to, seen_from, seen_to FROM version WHERE layer = ? AND key = ? AND "
_EVENTS = f"FROM event WHERE subject = ? AND cursor <= ? AND min(at, seen) >= ? AND {NOT_MOVING}"
# CROSS: the spans first, always; without statistics SQLite would rather walk through a whole layer.
_AT = {
    sense: "SELECT version.layer, version.key, version.body FROM version_span AS span "  # noqa: S608 — two fixed words
    "CROSS JOIN version ON version.id = span.id "
    f"WHERE span.{axis}_from <= ?1 AND span.{axis}_to >= ?1 "
    f"AND version.{axis}_from <= ?2 AND version.{axis}_to > ?2"
    for sense, axis in (("shown", "seen"), ("known", "at"))
}
_CHANGED = (
    "SELECT version.{axis}_{end}, version.layer, version.key{body} FROM version_span AS span "
    "CROSS JOIN version ON version.id = span.id WHERE span.{axis}_{end} >= ?1 AND span.{axis}_{end} <= ?2 "
    "AND version.{axis}_{end} > ?3 AND version.{axis}_{end} <= ?4 AND version.{axis}_from < version.{axis}_to"
)
# The newest state of each, and whether it holds all that was said: not where a late word was told anew (then there is
# a version that was shown and never was so), nor where the states leave a gap, for a thing that was forgotten.
_LATE = (
    "SELECT DISTINCT version.key FROM version_span AS span CROSS JOIN version ON version.id = span.id "
    "WHERE span.at_to <= ?1 AND span.seen_from >= ?2 AND span.seen_from <= ?3 "
    "AND version.at_from = version.at_to AND version.layer = ?4"
)
_LAST = (
    "WITH some AS MATERIALIZED (SELECT version.id, version.key, version.at_from, version.at_to, "
    "version.seen_from, version.seen_to FROM version_span AS span CROSS JOIN version ON version.id = span.id "
    "WHERE span.at_from >= ?1 AND span.at_from <= ?2 AND version.at_from >= ?3 AND version.at_from < ?4 "
    "AND version.at_from < version.at_to AND version.layer = ?5), "
    "whole AS (SELECT key, max(at_from) AS newest, "
    "sum(at_to - at_from) = max(at_to) - min(at_from) AND sum(seen_to - seen_from) = max(seen_to) - min(seen_from) "
    "AS is_whole FROM some GROUP BY key) "
    "SELECT version.key, version.body, whole.is_whole FROM whole JOIN some ON some.key = whole.key "
    "AND some.at_from = whole.newest JOIN version ON version.id = some.id"
)
_AXES: tuple[tuple[Sense, str], ...] = (("shown", "seen"), ("known", "at"))
_BEGUN = {sense: _CHANGED.format(axis=axis, end="from", body=", version.body") for sense, axis in _AXES}
_ENDED = {sense: _CHANGED.format(axis=axis, end="to", body="") for sense, axis in _AXES}
_PACKED_FROM_BYTES = 1_000
_PACKED = b"\x78"
"""How zlib begins, and JSON never does."""


class Step(NamedTuple):
    """One event's work on one thing. `body` None: it is gone. `is_own`: the thing is the event's subject.

    `is_quiet`: the newest state stays as it is, but an event from before it may have changed what was then.
    """

    layer: str
    key: str
    cursor: int
    at: int
    seen: int
    body: bytes | None
    is_own: bool
    is_quiet: bool = False
    thing: Any = None


class Fresh(NamedTuple):
    """A version to be written: its spans by event time and by arrival."""

    layer: str
    key: str
    at: tuple[int, int]
    seen: tuple[int, int]
    body: bytes


class _Span(NamedTuple):
    id: int
    at_from: int
    at_to: int
    seen_from: int
    seen_to: int


def put_versions(connection: Connection, lexicon: Lexicon, steps: Iterable[Step]) -> None:
    """Write what the steps did; their events must be in the log already.

    What came late is told anew once per thing, from the earliest of it on.
    """
    late: dict[tuple[str, str], Step] = {}
    for step in steps:
        thing = (step.layer, step.key)
        known = _one(connection, step, "at_to = ?", OPEN)
        if step.body is None and thing in late:
            tell_anew(connection, lexicon, late.pop(thing))
            known = _one(connection, step, "at_to = ?", OPEN)
        is_late = known is not None and _is_late(connection, step, known)
        if thing in late or is_late:
            first = late.get(thing, step)
            start = min(_effective(first), _effective(step)) if is_late else _effective(first)
            late[thing] = step._replace(at=start)
        if not step.is_quiet:
            _put(connection, step, known, is_late=is_late)
    for step in late.values():
        tell_anew(connection, lexicon, step)


def _is_late(connection: Connection, step: Step, known: _Span) -> bool:
    """Whether its time lies before the newest state's. So late that very much would have to be told anew: no."""
    start = _effective(step)
    if not step.is_own or start >= known.at_from:
        return False
    counted = f"SELECT count(*) FROM (SELECT 1 {_EVENTS} LIMIT {MOST_RETOLD + 1})"  # noqa: S608 — fixed words
    (later,) = run(connection, counted, (step.key, step.cursor, start)).fetchone()
    return int(later) <= MOST_RETOLD


def _put(connection: Connection, step: Step, known: _Span | None, *, is_late: bool) -> None:
    known = _shown_until(connection, step, known)
    if step.body is None:
        _end(connection, known, step)
    elif is_late:
        _insert(connection, step, (_NEVER, _NEVER), (step.seen, OPEN), step.body)
    else:
        _go_on(connection, known, step)


def _shown_until(connection: Connection, step: Step, known: _Span | None) -> _Span | None:
    """End what is shown; gives `known` as it is afterwards."""
    shown = _one(connection, step, "seen_to = ?", OPEN)
    if shown is None:
        return known
    shown = _changed(connection, shown._replace(seen_to=max(shown.seen_from, step.seen)))
    return shown if known is not None and known.id == shown.id else known


def _effective(step: Step) -> int:
    """When it was so: a clock that runs ahead of ours is not believed."""
    return min(step.at, step.seen)


def _end(connection: Connection, known: _Span | None, step: Step) -> None:
    if known is not None:
        _changed(connection, known._replace(at_to=max(known.at_from, step.seen)))


def _go_on(connection: Connection, known: _Span | None, step: Step) -> None:
    if known is not None:
        start = max(_effective(step), known.at_from)
        _changed(connection, known._replace(at_to=start))
    else:  # it was forgotten, or was never there
        start = max(_effective(step), _last_end(connection, step))
    _insert(connection, step, (start, OPEN), (step.seen, OPEN), step.body or b"")


def _last_end(connection: Connection, step: Step) -> int:
    asked = "SELECT coalesce(max(at_to), -1) FROM version WHERE layer = ? AND key = ?"
    (end,) = run(connection, asked, (step.layer, step.key)).fetchone()
    return int(end)


def tell_anew(connection: Connection, lexicon: Lexicon, step: Step) -> None:
    """A late word: what was known from its time on is folded again, in the order in which it happened."""
    start = _effective(step)
    before = None
    for span in _many(connection, step, "at_to >= ?", start):
        if span.at_from < start:
            before = connection.exec_driver_sql("SELECT body FROM version WHERE id = ?", (span.id,)).scalar_one()
            _changed(connection, span._replace(at_to=start))
        else:
            _changed(connection, span._replace(at_from=_NEVER, at_to=_NEVER))
    told = list(_retold(lexicon, step, before, _events_from(connection, lexicon, step, start)))
    ends = [at for at, _ in told[1:]] + [OPEN]
    for (at, body), end in zip(told, ends, strict=True):
        if body is not None and end > at:
            _insert(connection, step, (at, end), (_NEVER, _NEVER), body)


def _events_from(connection: Connection, lexicon: Lexicon, step: Step, start: int) -> list[Event]:
    asked = f"SELECT {EVENT_COLUMNS} {_EVENTS} ORDER BY min(at, seen), cursor"
    rows = connection.exec_driver_sql(asked, (step.key, step.cursor, start)).fetchall()
    return [event for _, event in events_of(lexicon, rows)]


def _retold(
    lexicon: Lexicon, step: Step, before: bytes | None, events: Sequence[Event]
) -> Iterator[tuple[int, bytes | None]]:
    """(from when, body) of each state that the events lead to."""
    things = {} if before is None else {step.key: lexicon.thing(step.layer, unpacked(before))}
    for event in events:
        changes = lexicon.fold(step.layer, things, event)
        if step.key in changes:
            things = {step.key: changes[step.key]}
            body = None if changes[step.key] is None else lexicon.thing_body(changes[step.key])
            yield min(micros(event.at), micros(event.seen)), body


def _one(connection: Connection, step: Step, condition: str, value: int) -> _Span | None:
    return next(iter(_many(connection, step, condition, value)), None)


def _many(connection: Connection, step: Step, condition: str, value: int) -> list[_Span]:
    return [_Span(*row) for row in run(connection, _SPANS + condition, (step.layer, step.key, value))]


def _insert(connection: Connection, step: Step, at: tuple[int, int], seen: tuple[int, int], body: bytes) -> None:
    number = run(connection, _INSERT, (step.layer, step.key, *at, *seen, _packed(body))).lastrowid
    run(connection, _INSERT_SPAN, (number, *_box(*at), *_box(*seen)))


def insert_versions(connection: Connection, versions: Sequence[Fresh]) -> None:
    """Write many at once."""
    if not versions:
        return
    first = int(connection.exec_driver_sql("SELECT coalesce(max(id), 0) + 1 FROM version").scalar_one())
    rows = [(n, v.layer, v.key, *v.at, *v.seen, _packed(v.body)) for n, v in enumerate(versions, first)]
    connection.exec_driver_sql(f"INSERT INTO version (id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)  # noqa: S608 — fixed words
    spans = [(n, *_box(*v.at), *_box(*v.seen)) for n, v in enumerate(versions, first)]
    connection.exec_driver_sql(_INSERT_SPAN, spans)


def _changed(connection: Connection, span: _Span) -> _Span:
    """Write the new spans of a version; one that was at no time is none."""
    if span.at_from >= span.at_to and span.seen_from >= span.seen_to:
        run(connection, "DELETE FROM version WHERE id = ?", (span.id,))
        run(connection, "DELETE FROM version_span WHERE id = ?", (span.id,))
        return span
    run(
        connection,
        "UPDATE version SET at_from = ?, at_to = ?, seen_from = ?, seen_to = ? WHERE id = ?",
        (*span[1:], span.id),
    )
    boxes = (*_box(span.at_from, span.at_to), *_box(span.seen_from, span.seen_to))
    run(
        connection,
        "UPDATE version_span SET at_from = ?, at_to = ?, seen_from = ?, seen_to = ? WHERE id = ?",
        (*boxes, span.id),
    )
    return span


def _box(start: int, end: int) -> tuple[int, int]:
    """Whole seconds around a span, for the R*Tree; an empty span lies where nobody asks."""
    if start >= end:
        return _RTREE_LEAST, _RTREE_LEAST
    return _rtree_s(start), _rtree_s(end)


def _rtree_s(whole_micros: int) -> int:
    return max(_RTREE_LEAST + 1, min(_RTREE_MOST, whole_micros // 1_000_000 - _RTREE_ZERO_S))


def _packed(body: bytes) -> bytes:
    """A gauge with its day of readings, a forecast: long, and much alike in itself."""
    return zlib.compress(body, 1) if len(body) >= _PACKED_FROM_BYTES else body


def unpacked(body: bytes) -> bytes:
    """A state as JSON, as it was before it was packed."""
    return zlib.decompress(body) if body.startswith(_PACKED) else body


def things_at(connection: Connection, lexicon: Lexicon, layer: str, at: datetime, sense: Sense) -> Things:
    """The things of a layer at `at`; see `Store.things`."""
    moment = micros(at)
    asked = f"{_AT[sense]} AND version.layer = ?3"
    rows: Any = connection.exec_driver_sql(asked, (_rtree_s(moment), moment, layer)).fetchall()
    return {key: lexicon.thing(layer, unpacked(body)) for _, key, body in rows}


def last_states(
    connection: Connection, lexicon: Lexicon, layer: str, since: datetime, until: datetime
) -> Iterator[tuple[Any, bool]]:
    """See `Store.last_states`."""
    first, last = micros(since), micros(until)
    begin, end = _rtree_s(first), _rtree_s(last)
    late = {key for (key,) in connection.exec_driver_sql(_LATE, (_rtree_s(0), begin, end, layer))}
    for key, body, is_whole in connection.exec_driver_sql(_LAST, (begin, end, first, last, layer)):
        yield lexicon.thing(layer, unpacked(body)), bool(is_whole) and key not in late


def all_at(connection: Connection, at: datetime, sense: Sense, layers: Collection[str]) -> list[tuple[str, str, bytes]]:
    """(layer, key, body) of everything that these layers had at `at`: one walk through the spans, whatever they are."""
    moment = micros(at)
    rows: Any = connection.exec_driver_sql(_AT[sense], (_rtree_s(moment), moment)).fetchall()
    return [(layer, key, unpacked(body)) for layer, key, body in rows if layer in layers]


def changed_between(
    connection: Connection, since: datetime, until: datetime, sense: Sense, layers: Collection[str]
) -> list[tuple[int, str, str, bytes | None]]:
    """(when, layer, key, body or None where it is gone) of every change after `since` until `until`, in order."""
    start, end = micros(since), micros(until)
    asked = (_rtree_s(start), _rtree_s(end), start, end)
    changes: dict[tuple[int, str, str], bytes | None] = {}
    for at, layer, key in connection.exec_driver_sql(_ENDED[sense], asked).fetchall():
        changes[at, layer, key] = None
    for at, layer, key, body in connection.exec_driver_sql(_BEGUN[sense], asked).fetchall():
        changes[at, layer, key] = unpacked(body)
    return sorted((*what, body) for what, body in changes.items() if what[1] in layers)


def things_now(connection: Connection, lexicon: Lexicon, layer: str) -> Things:
    """The things of a layer as its newest versions have them."""
    asked = "SELECT key, body FROM version WHERE layer = ? AND seen_to = ?"
    rows: Any = connection.exec_driver_sql(asked, (layer, OPEN)).fetchall()
    return {key: lexicon.thing(layer, unpacked(body)) for key, body in rows}


def drop_versions(connection: Connection) -> None:
    """Forget them all, to be written anew."""
    connection.exec_driver_sql("DELETE FROM version")
    connection.exec_driver_sql("DELETE FROM version_span")
