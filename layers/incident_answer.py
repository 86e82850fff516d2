"""How an incident was answered: milestones, who was first on the scene, and times that cannot be right. Pure.

A time is used only when it was said and contradicts no other; what is left out is named, never shown as zero.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Literal

from geodata.city import City
from layers.incident_facts import CLOSED, STATUSES, Incident, Status
from layers.layer import Words

Flaw = Literal["untold", "before_report", "disordered"]
FLAW_WORDS: dict[Flaw, Words] = {
    "untold": Words(id="tanpa waktu", en="no time said"),
    "before_report": Words(id="sebelum laporan", en="before the report"),
    "disordered": Words(id="urutan waktu bertentangan", en="times contradict each other"),
}
WAY: tuple[Status, ...] = STATUSES[: STATUSES.index("selesai") + 1]
"""The steps in the order in which they follow each other; the other endings may come at any time."""

ON_SCENE: Status = "di_lokasi"
_NEVER_CAME = CLOSED - {"selesai"}
Arriver = Literal["relawan", "opd"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flawed:
    """A step whose time cannot be used, and why. `agency` None: of the incident as a whole."""

    status: Status
    flaw: Flaw
    agency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """Who came when, as far as it was said and is sound. `somebody` is the first of all, known or not."""

    relawan: datetime | None
    opd: datetime | None
    somebody: datetime | None

    @property
    def first(self) -> Arriver | None:
        """Who was first; None while one side is not there or its time is not known, or both came at once."""
        if self.relawan is None or self.opd is None or self.relawan == self.opd:
            return None
        return "relawan" if self.relawan < self.opd else "opd"

    @property
    def lead_s(self) -> float | None:
        """By how much the first was first."""
        if self.relawan is None or self.opd is None:
            return None
        return abs((self.opd - self.relawan).total_seconds())


def volunteers_of(city: City) -> frozenset[str]:
    """Ids of the agencies that are volunteers."""
    return frozenset(agency.id for agency in city.agencies if agency.is_volunteer)


def arrivals(incident: Incident, city: City) -> Arrivals:
    """Relawan tiba apart from OPD tiba; times that cannot be right are left out."""
    volunteers, bad = volunteers_of(city), _bad_times(incident)
    come = {
        agency: at
        for agency, steps in incident.reached_by.items()
        if (at := steps.get(ON_SCENE)) is not None and (agency, ON_SCENE) not in bad
    }
    whole = incident.milestones.get(ON_SCENE)
    return Arrivals(
        relawan=min((at for agency, at in come.items() if agency in volunteers), default=None),
        opd=min((at for agency, at in come.items() if agency not in volunteers), default=None),
        somebody=None if (None, ON_SCENE) in bad else whole,
    )


def was_reached(incident: Incident) -> bool:
    """Whether anybody came, whenever that was."""
    if ON_SCENE in incident.milestones or any(ON_SCENE in steps for steps in incident.reached_by.values()):
        return True
    return has_passed(incident, ON_SCENE)


def has_passed(incident: Incident, status: Status) -> bool:
    """Whether the answer is at that step or beyond it; one that was called off is nowhere."""
    return incident.status not in _NEVER_CAME and STATUSES.index(incident.status) >= STATUSES.index(status)


def time_of(incident: Incident, status: Status) -> datetime | None:
    """When the step was reached first; None where nobody said, or what they said cannot be."""
    at = incident.milestones.get(status)
    if at is None or any(one.status == status for one in _contradictions(incident, _of_all(incident), None)):
        return None
    return at


def flaws(incident: Incident) -> tuple[Flawed, ...]:
    """Every step of an incident whose time is missing or cannot be right, in the order of the steps."""
    found = [*_untold(incident), *_impossible(incident)]
    return tuple(sorted(found, key=lambda flawed: (STATUSES.index(flawed.status), flawed.agency or "")))


def _bad_times(incident: Incident) -> set[tuple[str | None, Status]]:
    return {(flawed.agency, flawed.status) for flawed in _impossible(incident)}


def _untold(incident: Incident) -> Iterator[Flawed]:
    """Only what must have been: the first word, being on the scene and the end; in between steps may be skipped."""
    for status in ("diteruskan", ON_SCENE, "selesai"):
        if has_passed(incident, status) and status not in incident.milestones:
            yield Flawed(status=status, flaw="untold")
    for agency, steps in incident.reached_by.items():
        yield from (Flawed(status=_known(s), flaw="untold", agency=agency) for s, at in steps.items() if at is None)


def _impossible(incident: Incident) -> Iterator[Flawed]:
    yield from _contradictions(incident, _of_all(incident), None)
    for agency, steps in incident.reached_by.items():
        said = {status: at for status, at in steps.items() if at is not None}
        yield from _contradictions(incident, said, agency)


def _of_all(incident: Incident) -> dict[str, datetime]:
    """The milestones to compare: of several agencies one may well set out after another has arrived."""
    shared = WAY[WAY.index(ON_SCENE) :] if len(incident.reached_by) > 1 else WAY
    return {status: at for status, at in incident.milestones.items() if status in shared}


def _contradictions(incident: Incident, said: dict[str, datetime], agency: str | None) -> Iterator[Flawed]:
    """Before the report; or a later step before an earlier one: which of the two is wrong nobody knows, so both."""
    reported = incident.report.reported_at if incident.report else None
    early = {status for status, at in said.items() if reported is not None and at < reported}
    yield from (Flawed(status=_known(status), flaw="before_report", agency=agency) for status in early)
    way = [(status, said[status]) for status in WAY if status in said and status not in early]
    crossed = {status for one, other in _pairs(way) if one[1] > other[1] for status in (one[0], other[0])}
    yield from (Flawed(status=status, flaw="disordered", agency=agency) for status in crossed)


def _pairs(
    way: list[tuple[Status, datetime]],
) -> Iterator[tuple[tuple[Status, datetime], tuple[Status, datetime]]]:
    if all(one[1] <= other[1] for one, other in pairwise(way)):
        return
    yield from ((one, other) for n, one in enumerate(way) for other in way[n + 1 :])


def _known(status: str) -> Status:
    return next(known for known in STATUSES if known == status)
