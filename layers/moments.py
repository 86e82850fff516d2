"""The moments of an incident that its stills are about, and the times a still of each may be from. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from layers.incidents import Incident, Status

Milestone = Literal["call", "dispatch", "arrival"]
Phase = Literal["before", "at", "after"]

_AT = timedelta(seconds=60)
_DISPATCHED: tuple[Status, ...] = ("diteruskan", "diterima_opd", "menuju_lokasi")
_ARRIVED: Status = "di_lokasi"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A still from `start` to before `end` is the one of this phase; the newest of them, or else the oldest."""

    milestone: Milestone
    phase: Phase
    start: datetime
    end: datetime
    is_newest_best: bool


def milestones_of(incident: Incident) -> dict[Milestone, datetime]:
    """When each was reached, as far as anybody said."""
    told: dict[Milestone, datetime] = {}
    if incident.report is not None:
        told["call"] = incident.report.reported_at
    dispatched = [incident.milestones[status] for status in _DISPATCHED if status in incident.milestones]
    if dispatched:
        told["dispatch"] = min(dispatched)
    if _ARRIVED in incident.milestones:
        told["arrival"] = incident.milestones[_ARRIVED]
    return told


def windows_of(incident: Incident, before: timedelta, after: timedelta) -> Iterator[Window]:
    """Three for every milestone: the newest still before it, the first from it on, the first `after` it."""
    for milestone, at in milestones_of(incident).items():
        later = at + after
        yield Window(milestone=milestone, phase="before", start=at - before, end=at, is_newest_best=True)
        yield Window(milestone=milestone, phase="at", start=at, end=at + _AT, is_newest_best=False)
        yield Window(milestone=milestone, phase="after", start=later, end=later + _AT, is_newest_best=False)
