"""Shifts: who is on the roster, who is really there, whether that is enough, and what was handed over."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from geodata.clock import epoch_s
from layers.event import Event
from layers.feature import Feature
from layers.layer import Layer, Role, Words
from layers.situation import Changes, Situation, Things

_REMEMBER = timedelta(days=40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One on the roster. `agency` None: the center's own."""

    name: str
    role: str
    agency: str | None = None
    is_volunteer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRostered:
    """Who is to be there. `shift` is the local day it begins and its name: "2026-11-22/Malam"."""

    kind: ClassVar[str] = "shift_rostered"
    shift: str
    people: tuple[Person, ...]
    needed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftAttended:
    """Somebody came to a shift, or left it; they may be on no roster."""

    kind: ClassVar[str] = "shift_attended"
    shift: str
    person: Person
    is_present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftHandedOver:
    """What the next shift must know."""

    kind: ClassVar[str] = "shift_handed_over"
    shift: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """The newest word on one person of a shift."""

    at: datetime
    person: Person
    is_present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One shift as known now. `note` is the newest word handed over."""

    id: str
    roster: ShiftRostered | None = None
    rostered_at: datetime | None = None
    attendance: Mapping[str, Attendance] = field(default_factory=dict)
    note: str | None = None
    noted_at: datetime | None = None
    observed_at: datetime

    @property
    def present(self) -> tuple[Person, ...]:
        """Who is there now, as far as anybody said."""
        return tuple(one.person for _, one in sorted(self.attendance.items()) if one.is_present)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """How many are there. `needed` and `is_understaffed` are None where nobody said how many it takes.

    `rostered` None: no roster was sent. `is_known`: whether anybody said who is there.
    """

    rostered: int | None
    needed: int | None
    present: int
    volunteers: int
    is_known: bool
    by_agency: Mapping[str, int]

    @property
    def is_understaffed(self) -> bool | None:
        """Whether fewer are there than it takes; None while nobody knows."""
        return None if self.needed is None or not self.is_known else self.present < self.needed


def staffing(shift: Shift | None) -> Staffing:
    """The head count of a shift; of one nobody spoke of nothing is known."""
    if shift is None:
        return Staffing(rostered=None, needed=None, present=0, volunteers=0, is_known=False, by_agency={})
    roster, present = shift.roster, shift.present
    needed = None if roster is None else roster.needed if roster.needed is not None else len(roster.people)
    return Staffing(
        rostered=len(roster.people) if roster else None,
        needed=needed,
        present=len(present),
        volunteers=sum(person.is_volunteer for person in present),
        is_known=bool(shift.attendance),
        by_agency=dict(Counter(person.agency or "112" for person in present)),
    )


def staffing_said(found: Staffing) -> dict[str, Any]:
    """As the panels say it."""
    return {
        "rostered": found.rostered,
        "needed": found.needed,
        "present": found.present if found.is_known else None,
        "volunteers": found.volunteers if found.is_known else None,
        "understaffed": found.is_understaffed,
        "by_agency": dict(found.by_agency),
    }


def fold(things: Things, event: Event) -> Changes:
    """The newest roster, the newest word on each person, the newest note."""
    fact = event.fact
    if not isinstance(fact, ShiftRostered | ShiftAttended | ShiftHandedOver):
        return {}
    before = things.get(fact.shift)
    known = before or Shift(id=fact.shift, observed_at=event.at)
    told = replace(_with(known, fact, event.at), observed_at=max(known.observed_at, event.at))
    return {} if told == before else {fact.shift: told}


def _with(shift: Shift, fact: ShiftRostered | ShiftAttended | ShiftHandedOver, at: datetime) -> Shift:
    if isinstance(fact, ShiftRostered):
        is_old = shift.rostered_at is not None and (shift.rostered_at, str(shift.roster)) >= (at, str(fact))
        return shift if is_old else replace(shift, roster=fact, rostered_at=at)
    if isinstance(fact, ShiftHandedOver):
        is_old = shift.noted_at is not None and (shift.noted_at, shift.note or "") >= (at, fact.note)
        return shift if is_old else replace(shift, note=fact.note, noted_at=at)
    return _attended(shift, fact, at)


def _attended(shift: Shift, fact: ShiftAttended, at: datetime) -> Shift:
    before = shift.attendance.get(fact.person.name)
    told = Attendance(at=at, person=fact.person, is_present=fact.is_present)
    if before is not None and (before.at, str(before)) >= (at, str(told)):
        return shift
    return replace(shift, attendance={**shift.attendance, fact.person.name: told})


def keep(shift: Shift, now: datetime) -> bool:
    """Forty days: the month that is reported on, and some."""
    return now - shift.observed_at < _REMEMBER


def redact(shift: Shift, role: Role) -> Shift | None:
    """Names and the note are for admins; the wall gets the head count; nobody else anything."""
    if role == "admin":
        return shift
    if role != "wall":
        return None
    roster = shift.roster
    return replace(
        shift,
        roster=roster and replace(roster, people=tuple(_nameless(n, one) for n, one in enumerate(roster.people))),
        attendance={
            f"{n}": replace(one, person=_nameless(n, one.person))
            for n, (_, one) in enumerate(sorted(shift.attendance.items()))
        },
        note=None,
    )


def _nameless(number: int, person: Person) -> Person:
    return replace(person, name=f"{number}")


def draw(_situation: Situation, _now: datetime, _keys: Collection[str] | None) -> list[Feature]:
    """Nothing on the map."""
    return []


def handover_said(shift: Shift) -> dict[str, Any]:
    """A shift with its people, for those who may know them."""
    people = {person.name: person for person in shift.roster.people} if shift.roster else {}
    there = {one.person.name: one for one in shift.attendance.values()}
    everybody = people | {name: one.person for name, one in there.items()}
    return {
        "shift": shift.id,
        "people": [
            {
                "name": name,
                "role": person.role,
                "agency": person.agency,
                "volunteer": person.is_volunteer,
                "rostered": name in people,
                "present": there[name].is_present if name in there else None,
                "since": epoch_s(there[name].at) if name in there else None,
            }
            for name, person in sorted(everybody.items())
        ],
        "note": shift.note,
        **staffing_said(staffing(shift)),
    }


LAYER = Layer(
    title=Words(id="Sif", en="Shifts"),
    facts=(ShiftRostered, ShiftAttended, ShiftHandedOver),
    thing=Shift,
    hears=(ShiftRostered, ShiftAttended, ShiftHandedOver),
    fold=fold,
    history=True,
    keep=keep,
    redact=redact,
    draw=draw,
)
