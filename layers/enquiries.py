"""Family enquiries: who asks after their family is counted, open and answered. Neither side has a name here."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from layers.event import Event
from layers.feature import Feature
from layers.layer import Layer, Role, Words
from layers.situation import Changes, Situation, Things

_REMEMBER = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnquiryRecorded:
    """Somebody asked after their family, or got an answer. Names stay in the city's own register."""

    kind: ClassVar[str] = "enquiry_recorded"
    enquiry: str
    asked_at: datetime
    answered_at: datetime | None = None
    disaster: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """One enquiry as known now."""

    id: str
    fact: EnquiryRecorded
    seen: datetime


def fold(things: Things, event: Event) -> Changes:
    """The newest record holds; an answer is never taken back by an older one without it."""
    fact = event.fact
    if not isinstance(fact, EnquiryRecorded):
        return {}
    before = things.get(fact.enquiry)
    if before is None:
        return {fact.enquiry: Enquiry(id=fact.enquiry, fact=fact, seen=event.seen)}
    is_older = (before.seen, str(before.fact)) >= (event.seen, str(fact))
    newer, older = (before.fact, fact) if is_older else (fact, before.fact)
    answered_at = newer.answered_at or older.answered_at
    told = Enquiry(id=fact.enquiry, fact=replace(newer, answered_at=answered_at), seen=max(before.seen, event.seen))
    return {} if told == before else {fact.enquiry: told}


def open_and_answered(enquiries: Iterable[Enquiry], disaster: str | None = None) -> tuple[int, int]:
    """How many wait for an answer and how many have one; of one disaster, or of all."""
    chosen = [one.fact for one in enquiries if disaster is None or one.fact.disaster in (disaster, None)]
    answered = sum(fact.answered_at is not None for fact in chosen)
    return len(chosen) - answered, answered


def keep(enquiry: Enquiry, now: datetime) -> bool:
    """Open ones always; answered ones for sixty days."""
    answered_at = enquiry.fact.answered_at
    return answered_at is None or now - answered_at < _REMEMBER


def redact(enquiry: Enquiry, role: Role) -> Enquiry | None:
    """The center's own business."""
    return enquiry if role in {"wall", "admin"} else None


def draw(_situation: Situation, _now: datetime, _keys: Collection[str] | None) -> list[Feature]:
    """Nothing on the map."""
    return []


LAYER = Layer(
    title=Words(id="Pencarian keluarga", en="Family enquiries"),
    facts=(EnquiryRecorded,),
    thing=Enquiry,
    hears=(EnquiryRecorded,),
    fold=fold,
    history=True,
    keep=keep,
    redact=redact,
    draw=draw,
)
