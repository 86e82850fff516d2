"""What an incident is worth on a wall: the product of priority, age, unattended, confidence and surge. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import prod
from typing import Literal, get_args

from dashboard.director_settings import DirectorSettings
from layers.areas import is_within
from layers.disaster_mode import going_on
from layers.incident_answer import has_passed, was_reached
from layers.incident_facts import Incident
from layers.incident_reading import kelurahan_of, position_of, priority_of
from layers.intervals import target_s
from layers.joins import folded_now
from layers.situation import Situation
from layers.surge import Folded

Factor = Literal["priority", "age", "unattended", "confidence", "surge"]
FACTORS: tuple[Factor, ...] = get_args(Factor)
_STALE = timedelta(minutes=30)
_HOUR_S = 3600.0
_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An open incident that might be shown. `reports`: its id and those of the reports folded into it.

    `is_attended`: an agency has accepted it, or somebody is there.
    """

    incident: str
    reports: tuple[str, ...]
    priority: int
    factors: Mapping[Factor, float]
    is_attended: bool

    @property
    def score(self) -> float:
        """The product of the factors."""
        return round(prod(self.factors.values()), _DIGITS)


def candidates(situation: Situation, now: datetime, rules: DirectorSettings) -> tuple[Candidate, ...]:
    """Every open incident with its score, the worst first; reports of one thing are one. Equals by their id."""
    struck = tuple(code for one in going_on(situation, now) if one.declared for code in one.declared.areas)
    found = [_candidate(one, situation, now, struck, rules) for one in folded_now(situation)]
    return tuple(sorted(found, key=lambda one: (-one.score, one.incident)))


def _candidate(
    one: Folded, situation: Situation, now: datetime, struck: tuple[str, ...], rules: DirectorSettings
) -> Candidate:
    everyone, ground = (one.first, *one.others), situation.ground
    graves = min(priority_of(incident, ground.city) for incident in everyone)
    furthest = max(everyone, key=lambda incident: (progress(incident), incident.id))
    code = kelurahan_of(one.first, ground)
    is_in_disaster = code is not None and is_within(code, struck)
    factors: dict[Factor, float] = {
        "priority": of_priority(graves, rules),
        "age": of_age(one.first, furthest, target_s(one.first, "first_on_scene", ground.city), now, rules),
        "unattended": of_attendance(progress(furthest), rules),
        "confidence": of_confidence(_place(one.first, situation), _newest(one), now, rules),
        "surge": of_surge(one.reports, rules, is_in_disaster=is_in_disaster),
    }
    rounded = {name: round(value, _DIGITS) for name, value in factors.items()}
    return Candidate(
        incident=one.first.id,
        reports=tuple(i.id for i in everyone),
        priority=graves,
        factors=rounded,
        is_attended=has_passed(furthest, "diterima_opd"),
    )


def progress(incident: Incident) -> int:
    """0 nobody sent, 1 on the way, 2 on scene, 3 handled."""
    if has_passed(incident, "tertangani"):
        return 3
    if was_reached(incident):
        return 2
    return 1 if has_passed(incident, "diterima_opd") else 0


def _place(incident: Incident, situation: Situation) -> Literal["exact", "kelurahan", "none"]:
    where = position_of(incident, situation.ground)
    if where is None:
        return "none"
    return "exact" if where[2] else "kelurahan"


def _newest(one: Folded) -> datetime:
    return max(incident.observed_at for incident in (one.first, *one.others))


def of_priority(priority: int, rules: DirectorSettings) -> float:
    """What the city says the gravity is worth."""
    return rules.priority_weights[priority - 1]


def of_age(first: Incident, furthest: Incident, target: float | None, now: datetime, rules: DirectorSettings) -> float:
    """Grows while it waits, up to its target; once somebody is there it ages within an hour."""
    if first.report is None:
        return 1.0
    waited_s = max(0.0, (now - first.report.reported_at).total_seconds())
    if was_reached(furthest):
        reached = furthest.milestones.get("di_lokasi", furthest.observed_at)
        since_s = max(0.0, (now - reached).total_seconds())
        return 1.0 - (1.0 - rules.age_done) * min(1.0, since_s / _HOUR_S)
    return 1.0 + (rules.age_most - 1.0) * min(1.0, waited_s / (target or _HOUR_S))


def of_attendance(far: int, rules: DirectorSettings) -> float:
    """Most while nobody is sent."""
    return rules.unattended_weights[far]


def of_confidence(
    place: Literal["exact", "kelurahan", "none"], heard: datetime, now: datetime, rules: DirectorSettings
) -> float:
    """Less where the place is not known, and once nobody has spoken of it for long."""
    known = {"exact": 1.0, "kelurahan": rules.only_kelurahan, "none": rules.no_place}[place]
    return known * (rules.stale if now - heard > _STALE else 1.0)


def of_surge(reports: int, rules: DirectorSettings, *, is_in_disaster: bool) -> float:
    """More the more reports there are of it, and in a disaster."""
    many = min(rules.surge_most, 1.0 + rules.surge_each * (reports - 1))
    return many * (rules.disaster if is_in_disaster else 1.0)
