"""Figures of the day: pure counts over a situation. What has no time is counted, never taken as zero."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from geodata.city import City
from layers.call_tally import count_of, tallies_between
from layers.cameras import StreetCamera
from layers.event import Mode
from layers.incident_answer import was_reached
from layers.incidents import Incident, category_of, is_emergency_call, priority_of
from layers.intervals import REAL, times
from layers.responders import Responder
from layers.situation import Situation

_WORST = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseTimes:
    """Report to first on scene. `without_time` reached the scene, but nobody said when, or before the report."""

    median_s: float | None
    n: int
    without_time: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The headline figures; "today" begins at local midnight, by the time of the report.

    `calls_today` are those the telephone system told of; where it tells nothing, the reports of call takers.
    """

    open: int
    critical: int
    units: int
    units_fresh: int
    cameras: int
    cameras_ok: int
    calls_today: int
    real_today: int
    response: ResponseTimes


def day_start(city: City, now: datetime) -> datetime:
    """Local midnight before `now`, aware."""
    return now.astimezone(city.zone).replace(hour=0, minute=0, second=0, microsecond=0)


def figures(situation: Situation, now: datetime, mode: Mode = "live") -> Figures:
    """Count the situation as known at `now`. Of the day only what is as real as `mode`; open is what the wall lists."""
    city = situation.ground.city
    units: list[Responder] = list(situation.of("responders").values())
    cameras = listed_cameras(situation)
    midnight = day_start(city, now)
    today = _reported_today(situation, now, mode)
    real = real_today(situation, now, mode)
    waiting = open_incidents(situation)
    return Figures(
        open=len(waiting),
        critical=sum(priority_of(incident, city) == _WORST for incident in waiting),
        units=len(units),
        units_fresh=sum(is_fresh(unit, now, city) for unit in units),
        cameras=len(cameras),
        cameras_ok=sum(camera.is_true for camera in cameras),
        calls_today=_calls_since(situation, midnight, now, mode) or len(today),
        real_today=len(real),
        response=response_times(real, city),
    )


def _reported_today(situation: Situation, now: datetime, mode: Mode) -> list[Incident]:
    midnight = day_start(situation.ground.city, now)
    incidents: list[Incident] = list(situation.of("incidents").values())
    return [incident for incident in incidents if incident.mode == mode and _reported_since(incident, midnight)]


def real_today(situation: Situation, now: datetime, mode: Mode = "live") -> list[Incident]:
    """Those reported since midnight in which somebody needs help."""
    city = situation.ground.city
    today = _reported_today(situation, now, mode)
    return [incident for incident in today if category_of(incident, city).service_class in REAL]


def _calls_since(situation: Situation, since: datetime, now: datetime, mode: Mode) -> int:
    tallies = tallies_between(situation.of("call_tally"), since, now + timedelta(hours=1), mode)
    return sum(count_of(tally) for tally in tallies)


def open_incidents(situation: Situation) -> list[Incident]:
    """Open reports that are neither prank nor silence, as the map shows them."""
    city = situation.ground.city
    return [i for i in situation.of("incidents").values() if i.is_open and is_emergency_call(i, city)]


def listed_cameras(situation: Situation) -> list[StreetCamera]:
    """Cameras of the inventory; one only heard of has no name and no place."""
    return [camera for camera in situation.of("cameras").values() if camera.listed is not None]


def is_fresh(unit: Responder, now: datetime, city: City) -> bool:
    """Whether its last position is young enough, for what kind of tracker it has, to be believed."""
    late_s = city.tracker(unit.source).late_s
    return unit.observed_at is not None and unit.observed_at >= now - timedelta(seconds=late_s)


def _reported_since(incident: Incident, moment: datetime) -> bool:
    return incident.report is not None and incident.report.reported_at >= moment


def response_times(incidents: list[Incident], city: City) -> ResponseTimes:
    """Over those that somebody has reached; those still waiting are not in it."""
    found = times([incident for incident in incidents if was_reached(incident)], "first_on_scene", city)
    return ResponseTimes(
        median_s=found.median_s, n=found.n, without_time=sum(len(ids) for ids in found.left_out.values())
    )
