"""Callers by their sealed numbers: who calls again and again, who is blocked until when, and where they last were."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import ClassVar

from layers.calls import CallRecorded
from layers.event import Event
from layers.feature import Feature
from layers.layer import Layer, Role, Words
from layers.situation import Changes, Situation, Things

MOST_HEARD = 60
REPEATS = 5
"""So many calls of one number within a day are said to repeat."""

_REMEMBER = timedelta(days=30)
_DAY = timedelta(days=1)
_MOST_BLOCKS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerBlocked:
    """A number was blocked. `caller` is its hash. It may not call before `ends_at`; every block ends."""

    kind: ClassVar[str] = "caller_blocked"
    caller: str
    last3: str
    starts_at: datetime
    ends_at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerUnblocked:
    """A number may call again before its time."""

    kind: ClassVar[str] = "caller_unblocked"
    caller: str
    last3: str
    unblocked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One call of a number: when, of what kind, from where."""

    seen: datetime
    at: datetime
    kind: str | None
    kelurahan: str | None
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number. `blocks` maps the start of every block to its newest word; `calls` holds the newest ones."""

    id: str
    last3: str
    calls: Mapping[str, Heard] = field(default_factory=dict)
    blocks: Mapping[str, CallerBlocked] = field(default_factory=dict)
    unblocked_at: datetime | None = None

    @property
    def last_at(self) -> datetime | None:
        """When it last called."""
        return max((heard.at for heard in self.calls.values()), default=None)

    @property
    def last_place(self) -> Heard | None:
        """The newest call that had a place."""
        placed = [heard for heard in self.calls.values() if heard.kelurahan or heard.lon is not None]
        return max(placed, key=lambda heard: heard.at, default=None)

    def block_at(self, now: datetime) -> CallerBlocked | None:
        """The block that holds at `now`, if any."""
        freed = self.unblocked_at
        holding = [
            block
            for block in self.blocks.values()
            if block.starts_at <= now < block.ends_at and (freed is None or block.starts_at > freed)
        ]
        return max(holding, key=lambda block: block.ends_at, default=None)

    def calls_since(self, moment: datetime) -> int:
        """How often it called from then on, as far as that is remembered."""
        return sum(heard.at >= moment for heard in self.calls.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A number that calls again and again, within the last day."""

    number: Number
    calls: int
    pranks: int


def fold(things: Things, event: Event) -> Changes:
    """The newest word on a call or a block holds."""
    fact = event.fact
    if isinstance(fact, CallRecorded):
        return _with_call(things, fact, event)
    if not isinstance(fact, CallerBlocked | CallerUnblocked):
        return {}
    before = things.get(fact.caller) or Number(id=fact.caller, last3=fact.last3)
    told = _with_block(before, fact) if isinstance(fact, CallerBlocked) else _unblocked(before, fact)
    return {} if told == things.get(fact.caller) else {fact.caller: told}


def _with_call(things: Things, fact: CallRecorded, event: Event) -> Changes:
    record = fact.record
    if record.caller is None:
        return {}
    number = things.get(record.caller.hash) or Number(id=record.caller.hash, last3=record.caller.last3)
    heard = Heard(
        seen=event.seen,
        at=record.came_at,
        kind=record.kind,
        kelurahan=record.kelurahan,
        lon=record.lon,
        lat=record.lat,
    )
    before = number.calls.get(fact.call)
    if before is not None and (before.seen, str(before)) >= (heard.seen, str(heard)):
        return {}
    calls = sorted({**number.calls, fact.call: heard}.items(), key=lambda one: (one[1].at, one[0]))
    return {number.id: replace(number, calls=dict(calls[-MOST_HEARD:]))}


def _with_block(before: Number, fact: CallerBlocked) -> Number:
    """Of two words on one block the one that ends later holds: to shorten it, unblock."""
    key = fact.starts_at.isoformat()
    known = before.blocks.get(key)
    if known is not None and (known.ends_at, known.reason or "") >= (fact.ends_at, fact.reason or ""):
        return before
    blocks = sorted({**before.blocks, key: fact}.items(), key=lambda one: one[1].starts_at)
    return replace(before, blocks=dict(blocks[-_MOST_BLOCKS:]))


def _unblocked(before: Number, fact: CallerUnblocked) -> Number:
    at = max(before.unblocked_at or fact.unblocked_at, fact.unblocked_at)
    return replace(before, unblocked_at=at)


def keep(number: Number, now: datetime) -> bool:
    """While it is blocked, and for thirty days after its last call or block."""
    ends = [block.ends_at for block in number.blocks.values()]
    newest = max((*ends, *(heard.at for heard in number.calls.values())), default=None)
    return newest is not None and now - newest < _REMEMBER


def redact(number: Number, role: Role) -> Number | None:
    """Only an admin sees anything of it, three digits included."""
    return number if role == "admin" else None


def draw(_situation: Situation, _now: datetime, _keys: Collection[str] | None) -> list[Feature]:
    """Nothing on the map."""
    return []


def repeat_callers(numbers: Iterable[Number], now: datetime, least: int = REPEATS) -> list[Repeat]:
    """Who called at least so often within a day, the most frequent first."""
    found = [
        Repeat(
            number=number,
            calls=count,
            pranks=sum(h.kind == "prank" and h.at >= now - _DAY for h in number.calls.values()),
        )
        for number in numbers
        if (count := number.calls_since(now - _DAY)) >= least
    ]
    return sorted(found, key=lambda repeat: (-repeat.calls, repeat.number.id))


def blocked(numbers: Iterable[Number], now: datetime) -> list[tuple[Number, CallerBlocked]]:
    """Every number that is blocked at `now`, that which is free soonest first."""
    found = [(number, block) for number in numbers if (block := number.block_at(now)) is not None]
    return sorted(found, key=lambda one: (one[1].ends_at, one[0].id))


LAYER = Layer(
    title=Words(id="Penelepon", en="Callers"),
    facts=(CallerBlocked, CallerUnblocked),
    thing=Number,
    hears=(CallRecorded, CallerBlocked, CallerUnblocked),
    fold=fold,
    keep=keep,
    redact=redact,
    draw=draw,
)
