"""Calls to 112: every one with its kind, provider, queue and answer times. Nothing of them is on the map."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, Literal, get_args

from layers.caller_seal import Caller
from layers.event import Event
from layers.feature import Feature
from layers.layer import Layer, Role, Words
from layers.situation import Changes, Situation, Things
from layers.told import Told, told_by

CallKind = Literal["normal", "prank", "ghost", "informasi", "terputus", "salah_sambung", "uji_coba"]
CALL_KINDS: tuple[CallKind, ...] = get_args(CallKind)
KIND_WORDS: dict[CallKind, Words] = {
    "normal": Words(id="kejadian", en="real"),
    "prank": Words(id="iseng", en="prank"),
    "ghost": Words(id="hening", en="silent"),
    "informasi": Words(id="informasi", en="information"),
    "terputus": Words(id="terputus", en="dropped"),
    "salah_sambung": Words(id="salah sambung", en="wrong number"),
    "uji_coba": Words(id="uji coba", en="test call"),
}
KIND_SYNONYMS: Mapping[str, str] = {
    **{kind: kind for kind in CALL_KINDS},
    "emergency": "normal", "emergency_call": "normal", "real": "normal",
    "prank_call": "prank", "iseng": "prank",
    "silent": "ghost", "silent_call": "ghost", "ghost_call": "ghost", "hening": "ghost",
    "information": "informasi", "info": "informasi", "education_call": "informasi",
    "dropped": "terputus", "disconnect_call": "terputus", "abandoned": "terputus",
    "wrong_number": "salah_sambung",
    "test": "uji_coba", "test_call": "uji_coba",
}  # fmt: skip
"""What telephone systems call the kinds: plain spelling → ours."""

REMEMBER = timedelta(hours=48)
_NEVER_ENDED = timedelta(minutes=30)
_LATELY = timedelta(minutes=15)
_BUSY_WAITING, _JAMMED_WAITING = 3, 10
_BUSY_S, _JAMMED_S = 30.0, 120.0

Pressure = Literal["lancar", "padat", "macet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """What a telephone system says of a call. `kind` None: nobody has said yet.

    `answered_at` None: not answered so far, or never when there is `ended_at`. `incident`: what came of it.
    """

    came_at: datetime
    kind: CallKind | None = None
    provider: str | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    caller: Caller | None = None
    lon: float | None = None
    lat: float | None = None
    kelurahan: str | None = None
    incident: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecorded:
    """A call came, or more is known of it; the record replaces the one before it whole."""

    kind: ClassVar[str] = "call_recorded"
    call: str
    record: CallRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call as known now."""

    id: str
    record: CallRecord
    told: Told

    @property
    def wait_s(self) -> float | None:
        """How long the caller waited for an answer; None without one, and where the times contradict each other."""
        return wait_s(self.record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Who waits now. `unfinished`: calls whose end nobody told, left out of the rest.

    `answer_median_s` and `missed` are of the last quarter of an hour, `answered` says of how many.
    """

    waiting: int
    longest_wait_s: float | None
    talking: int
    unfinished: int
    answered: int
    missed: int
    answer_median_s: float | None
    pressure: Pressure


def wait_s(record: CallRecord) -> float | None:
    """From the call to its answer; None without one, and where it was answered before it came."""
    if record.answered_at is None or record.answered_at < record.came_at:
        return None
    return (record.answered_at - record.came_at).total_seconds()


def fold(things: Things, event: Event) -> Changes:
    """The record that arrived last holds."""
    fact = event.fact
    if not isinstance(fact, CallRecorded):
        return {}
    before, told = things.get(fact.call), told_by(event)
    if before is not None and (before.told.seen, str(before.record)) >= (told.seen, str(fact.record)):
        return {}
    return {fact.call: Call(id=fact.call, record=fact.record, told=told)}


def keep(call: Call, now: datetime) -> bool:
    """Two days; the counts of longer times are in `call_tally`."""
    return now - call.record.came_at < REMEMBER


def redact(call: Call, role: Role) -> Call | None:
    """The wall counts calls; who called from where only an admin sees, and nobody else sees anything."""
    if role == "admin":
        return call
    return replace(call, record=replace(call.record, caller=None, lon=None, lat=None)) if role == "wall" else None


def draw(_situation: Situation, _now: datetime, _keys: Collection[str] | None) -> list[Feature]:
    """Nothing on the map."""
    return []


def queue(calls: Iterable[Call], now: datetime) -> Queue:
    """The queue at `now`, from what is known of the calls."""
    all_ = [call for call in calls if call.record.came_at <= now]
    fresh = [call for call in all_ if now - call.record.came_at < _NEVER_ENDED]
    waits = [
        (now - call.record.came_at).total_seconds()
        for call in fresh
        if call.record.answered_at is None and call.record.ended_at is None
    ]
    lately = [call for call in all_ if now - call.record.came_at < _LATELY]
    answers = sorted(wait for call in lately if (wait := call.wait_s) is not None)
    unfinished = sum(call.record.ended_at is None and now - call.record.came_at >= _NEVER_ENDED for call in all_)
    return Queue(
        waiting=len(waits),
        longest_wait_s=max(waits, default=None),
        talking=sum(call.record.answered_at is not None and call.record.ended_at is None for call in fresh),
        unfinished=unfinished,
        answered=len(answers),
        missed=sum(call.record.answered_at is None and call.record.ended_at is not None for call in lately),
        answer_median_s=answers[(len(answers) - 1) // 2] if answers else None,
        pressure=_pressure(len(waits), max(waits, default=0.0)),
    )


def _pressure(waiting: int, longest_s: float) -> Pressure:
    if waiting >= _JAMMED_WAITING or longest_s > _JAMMED_S:
        return "macet"
    return "padat" if waiting >= _BUSY_WAITING or longest_s > _BUSY_S else "lancar"


LAYER = Layer(
    title=Words(id="Panggilan", en="Calls"),
    facts=(CallRecorded,),
    thing=Call,
    hears=(CallRecorded,),
    fold=fold,
    keep=keep,
    redact=redact,
    draw=draw,
)
