"""What a timeline shows: how much happened in each slot of a period, and where each incident begins. Pure.

Only what the map shows is counted: incidents that are real reports, of the mode of this installation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from geodata.city import City
from geodata.clock import epoch_s
from geodata.places import Ground
from layers.call_tally import BUCKET, Tally, count_of
from layers.event import Event
from layers.incident_facts import Incident, IncidentReported
from layers.incident_reading import category_of, is_emergency_call, kelurahan_of, priority_of
from layers.monthly import Period, incidents_of

MOST_MARKS = 600
GRAVE = 2
_MINUTE = timedelta(minutes=1)
_STEPS_MIN = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """Equal pieces of a period: the first begins at `first`, there are `count` of `step` each."""

    first: datetime
    step: timedelta
    count: int

    def place(self, moment: datetime) -> int | None:
        """Which piece a moment lies in; None outside."""
        place = (moment - self.first) // self.step
        return place if 0 <= place < self.count else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where an incident begins. `seen`: when the center first heard of it, None of what was brought in as history."""

    incident: Incident
    at: datetime
    seen: datetime | None


def slots_of(period: Period, most: int) -> Slots:
    """At most so many (or one more) round pieces that begin at round local times; a day at the longest."""
    wanted = (period.until - period.since) / most
    step = next((_MINUTE * m for m in _STEPS_MIN if _MINUTE * m >= wanted), DAY)
    midnight = period.since.replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight + (period.since - midnight) // step * step
    return Slots(first=first, step=step, count=-((first - period.until) // step))


def marks_of(events: Iterable[Event], period: Period, city: City) -> list[Mark]:
    """The real incidents that were reported in the period, in the order of their reports."""
    told = list(events)
    seen: dict[str, datetime] = {}
    for event in told:
        if isinstance(event.fact, IncidentReported) and not event.is_history:
            seen[event.fact.incident] = min(event.seen, seen.get(event.fact.incident, event.seen))
    found = [
        Mark(incident=incident, at=incident.report.reported_at, seen=seen.get(incident.id))
        for incident in incidents_of(told, period)
        if incident.report is not None and is_emergency_call(incident, city)
    ]
    return sorted(found, key=lambda mark: (mark.at, mark.incident.id))


def counted(marks: Sequence[Mark], slots: Slots, city: City, worst: int | None = None) -> list[int]:
    """How many incidents begin in each slot; with `worst` only those of that priority or graver."""
    counts = [0] * slots.count
    for mark in marks:
        place = slots.place(mark.at)
        if place is not None and (worst is None or priority_of(mark.incident, city) <= worst):
            counts[place] += 1
    return counts


def calls_said(tallies: Iterable[Tally], slots: Slots) -> dict[str, Any]:
    """Calls by slots of their own, which are never shorter than the half hours in which they are counted."""
    step = max(slots.step, BUCKET)
    own = Slots(first=slots.first, step=step, count=-((slots.first - _end(slots)) // step))
    counts = [0] * own.count
    for tally in tallies:
        place = own.place(tally.starts_at)
        if place is not None:
            counts[place] += count_of(tally)
    return {"slot_s": step.total_seconds(), "came": counts}


def _end(slots: Slots) -> datetime:
    return slots.first + slots.count * slots.step


def daily(days: Iterable[tuple[str, int]], slots: Slots) -> list[int]:
    """Sums of whole local days ("2026-11-23", how many) in slots of a day."""
    known = dict(days)
    return [known.get(f"{slots.first + place * slots.step:%Y-%m-%d}", 0) for place in range(slots.count)]


def marks_said(marks: Sequence[Mark], ground: Ground) -> dict[str, Any]:
    """As JSON, in their order; too many to list leave the least grave out, and say how many."""
    city = ground.city
    grave_first = sorted(marks, key=lambda mark: (priority_of(mark.incident, city), mark.at))
    kept = {mark.incident.id for mark in grave_first[:MOST_MARKS]}
    return {
        "marks": [_mark_said(mark, ground) for mark in marks if mark.incident.id in kept],
        "left_out": len(marks) - len(kept),
    }


def _mark_said(mark: Mark, ground: Ground) -> dict[str, Any]:
    incident, category = mark.incident, category_of(mark.incident, ground.city)
    area = ground.places.areas.get(kelurahan_of(incident, ground) or "")
    ended = None if incident.is_open else incident.milestones.get(incident.status) or incident.status_at
    return {
        "key": incident.id,
        "at": epoch_s(mark.at),
        "seen": epoch_s(mark.seen) if mark.seen else None,
        "ended": epoch_s(ended) if ended else None,
        "title": category.id_name,
        "title_en": category.en_name,
        "icon": category.icon,
        "priority": priority_of(incident, ground.city),
        "kelurahan": area.name if area else None,
    }
