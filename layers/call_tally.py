"""Calls counted by half hours: the funnel of any shift, day, month and year without keeping the calls themselves.

A half hour keeps its calls one by one for two days, so that a corrected kind is counted once; then only the sums.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from layers.calls import CALL_KINDS, REMEMBER, CallRecord, CallRecorded, wait_s
from layers.event import Event, Mode
from layers.feature import Feature
from layers.layer import Layer, Role, Words
from layers.situation import Changes, Situation, Things

BUCKET = timedelta(minutes=30)
_REMEMBER = timedelta(days=800)
_SLACK = timedelta(hours=2)
_SPOKEN = frozenset(CALL_KINDS) - {"terputus"}
UNTYPED, UNNAMED = "belum", "tidak diketahui"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What counts of one call. `wait_s` None: not answered, or nobody knows how soon."""

    seen: datetime
    kind: str
    provider: str
    is_answered: bool
    wait_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """So many calls of one kind and provider, answered or not."""

    kind: str
    provider: str
    is_answered: bool
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The calls that came in one half hour. `late`: told after it was closed, and so in no figure."""

    id: str
    mode: Mode
    starts_at: datetime
    rows: Mapping[str, Row] = field(default_factory=dict)
    sums: tuple[Sum, ...] = ()
    waits_s: tuple[int, ...] = ()
    is_closed: bool = False
    late: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """How many calls came, how many were answered, and what they were. `waits_s` is sorted.

    `answered_untimed`: answered, but nobody said when, or before they came.
    """

    came: int
    answered: int
    by_kind: Mapping[str, int]
    by_provider: Mapping[str, int]
    waits_s: tuple[int, ...]
    answered_untimed: int
    late: int

    @property
    def real(self) -> int:
        """Calls about something that happened."""
        return self.by_kind["normal"]

    @property
    def genuine_share(self) -> float | None:
        """Real ones among all whose kind is known; None while none is."""
        known = self.came - self.by_kind[UNTYPED]
        return self.real / known if known else None


def funnel(tallies: Iterable[Tally], since: datetime, until: datetime, mode: Mode) -> Funnel:
    """What came from `since` to before `until`, both at a full or half hour; drills never count as real."""
    chosen = [tally for tally in tallies if tally.mode == mode and since <= tally.starts_at < until]
    sums = [one for tally in chosen for one in sums_of(tally)]
    kinds, providers = Counter[str](), Counter[str]()
    for one in sums:
        kinds[one.kind] += one.count
        providers[one.provider] += one.count
    waits = tuple(sorted(wait for tally in chosen for wait in waits_of(tally)))
    answered = sum(one.count for one in sums if one.is_answered)
    return Funnel(
        came=sum(kinds.values()),
        answered=answered,
        by_kind={kind: kinds[kind] for kind in (*CALL_KINDS, UNTYPED)},
        by_provider=dict(providers.most_common()),
        waits_s=waits,
        answered_untimed=answered - len(waits),
        late=sum(tally.late for tally in chosen),
    )


def tallies_told(events: Iterable[Event]) -> tuple[Tally, ...]:
    """The half hours of calls that were brought in as history: those are in no situation. The newest record counts.

    Somebody has said what kind of call it was, so somebody had answered it; how soon nobody knows.
    """
    newest: dict[tuple[Mode, str], Event] = {}
    for event in events:
        fact = event.fact
        if isinstance(fact, CallRecorded) and event.is_history:
            before = newest.get((event.mode, fact.call))
            if before is None or event.seen >= before.seen:
                newest[event.mode, fact.call] = event
    halves: dict[str, Tally] = {}
    for event in newest.values():
        if isinstance(event.fact, CallRecorded):
            row = _row(event.fact.record, event.seen)
            heard = replace(row, is_answered=row.is_answered or row.kind in _SPOKEN)
            starts_at = bucket_start(event.fact.record.came_at)
            key = _key(event.mode, starts_at)
            half = halves.get(key) or Tally(id=key, mode=event.mode, starts_at=starts_at, rows={})
            halves[key] = replace(half, rows={**half.rows, event.fact.call: heard})
    return tuple(halves.values())


def tallies_between(things: Things, since: datetime, until: datetime, mode: Mode) -> Iterator[Tally]:
    """The half hours of a time, found by their names: for short times, out of years of them."""
    starts_at = bucket_start(since.astimezone(UTC))
    while starts_at < until:
        tally = things.get(_key(mode, starts_at))
        if tally is not None:
            yield tally
        starts_at += BUCKET


def _key(mode: Mode, starts_at: datetime) -> str:
    return f"{mode}/{starts_at.isoformat()[:16]}"


def sums_of(tally: Tally) -> tuple[Sum, ...]:
    """The sums of a half hour, open or closed."""
    if tally.is_closed:
        return tally.sums
    counted = Counter((row.kind, row.provider, row.is_answered) for row in tally.rows.values())
    return tuple(
        Sum(kind=kind, provider=provider, is_answered=is_answered, count=count)
        for (kind, provider, is_answered), count in sorted(counted.items())
    )


def count_of(tally: Tally) -> int:
    """How many calls came in a half hour."""
    return sum(one.count for one in tally.sums) if tally.is_closed else len(tally.rows)


def waits_of(tally: Tally) -> tuple[int, ...]:
    """How long those who were answered waited, whole seconds."""
    if tally.is_closed:
        return tally.waits_s
    return tuple(sorted(row.wait_s for row in tally.rows.values() if row.wait_s is not None))


def bucket_start(moment: datetime) -> datetime:
    """The full or half hour that has begun."""
    return moment.replace(minute=moment.minute - moment.minute % 30, second=0, microsecond=0)


def fold(things: Things, event: Event) -> Changes:
    """The record of a call that arrived last counts, in the half hour in which the call came."""
    fact = event.fact
    if not isinstance(fact, CallRecorded):
        return {}
    starts_at = bucket_start(fact.record.came_at)
    key = _key(event.mode, starts_at)
    before = things.get(key) or Tally(id=key, mode=event.mode, starts_at=starts_at)
    closed = {} if key in things else dict(_closing(things, event.seen))
    if before.is_closed or starts_at < event.seen - REMEMBER:
        return {**closed, key: replace(before, is_closed=True, late=before.late + 1)}
    return {**closed, **_counted(things, before, fact.call, _row(fact.record, event.seen))}


def _row(record: CallRecord, seen: datetime) -> Row:
    wait = wait_s(record)
    return Row(
        seen=seen,
        kind=record.kind or UNTYPED,
        provider=record.provider or UNNAMED,
        is_answered=record.answered_at is not None,
        wait_s=None if wait is None else round(wait),
    )


def _counted(things: Things, tally: Tally, call: str, row: Row) -> Changes:
    """The call in this half hour, and in no other: a correction may move it."""
    still_open = tallies_between(things, row.seen - REMEMBER - _SLACK, row.seen + _SLACK, tally.mode)
    elsewhere = [other for other in still_open if call in other.rows and other.id != tally.id]
    known = [other.rows[call] for other in (*elsewhere, tally) if call in other.rows]
    if any((one.seen, str(one)) >= (row.seen, str(row)) for one in known):
        return {}
    moved = {o.id: replace(o, rows={k: r for k, r in o.rows.items() if k != call}) for o in elsewhere}
    return {**moved, tally.id: replace(tally, rows={**tally.rows, call: row})}


def _closing(things: Things, now: datetime) -> Iterator[tuple[str, Tally]]:
    """Half hours that are two days old keep their sums only."""
    for key, tally in things.items():
        if not tally.is_closed and tally.starts_at + BUCKET < now - REMEMBER:
            sums, waits = sums_of(tally), waits_of(tally)
            yield key, replace(tally, rows={}, sums=sums, waits_s=waits, is_closed=True)


def keep(tally: Tally, now: datetime) -> bool:
    """Two years and a bit: this year beside the last."""
    return now - tally.starts_at < _REMEMBER


def redact(tally: Tally, role: Role) -> Tally | None:
    """Counts name nobody; still they are the center's own."""
    return tally if role in {"wall", "admin"} else None


def draw(_situation: Situation, _now: datetime, _keys: Collection[str] | None) -> list[Feature]:
    """Nothing on the map."""
    return []


LAYER = Layer(
    title=Words(id="Hitungan panggilan", en="Call counts"),
    thing=Tally,
    hears=(CallRecorded,),
    fold=fold,
    keep=keep,
    redact=redact,
    draw=draw,
)
