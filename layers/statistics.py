"""Figures of the day: pure counts over a situation. What has no time is counted, never taken as zero."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from geodata.city import City
from layers.cameras import StreetCamera
from layers.incidents import CLOSED, STATUSES, Incident, category_of, is_emergency_call, priority_of
from layers.responders import LAYER as RESPONDERS
from layers.responders import Responder
from layers.situation import Situation

ARRIVED = "di_lokasi"
_WORST = 1
_REAL = frozenset({"darurat", "tidak_darurat"})  # who asks for information has no incident
_NEVER_CAME = CLOSED - {"selesai"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseTimes:
    """Report to first on scene. `without_time` reached the scene, but nobody said when, or before the report."""

    median_s: float | None
    n: int
    without_time: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The headline figures; "today" begins at local midnight, by the time of the report."""

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


def figures(situation: Situation, now: datetime) -> Figures:
    """Count the situation as known at `now`."""
    city = situation.ground.city
    incidents: list[Incident] = list(situation.of("incidents").values())
    units: list[Responder] = list(situation.of("responders").values())
    cameras = listed_cameras(situation)
    today = [incident for incident in incidents if _reported_since(incident, day_start(city, now))]
    real = [incident for incident in today if category_of(incident, city).service_class in _REAL]
    waiting = open_incidents(situation)
    return Figures(
        open=len(waiting),
        critical=sum(priority_of(incident, city) == _WORST for incident in waiting),
        units=len(units),
        units_fresh=_fresh_count(units, now),
        cameras=len(cameras),
        cameras_ok=sum(camera.is_true for camera in cameras),
        calls_today=len(today),
        real_today=len(real),
        response=response_times(real),
    )


def open_incidents(situation: Situation) -> list[Incident]:
    """Open reports that are neither prank nor silence, as the map shows them."""
    city = situation.ground.city
    return [i for i in situation.of("incidents").values() if i.is_open and is_emergency_call(i, city)]


def listed_cameras(situation: Situation) -> list[StreetCamera]:
    """Cameras of the inventory; one only heard of has no name and no place."""
    return [camera for camera in situation.of("cameras").values() if camera.listed is not None]


def _fresh_count(units: list[Responder], now: datetime) -> int:
    """How many units have a last position young enough to be believed."""
    late_s = RESPONDERS.ages.late_s if RESPONDERS.ages else 0.0
    oldest = now - timedelta(seconds=late_s)
    return sum(unit.observed_at >= oldest for unit in units if unit.observed_at is not None)


def _reported_since(incident: Incident, moment: datetime) -> bool:
    return incident.report is not None and incident.report.reported_at >= moment


def response_times(incidents: list[Incident]) -> ResponseTimes:
    """Over those that somebody has reached; those still waiting are not in it."""
    reached = [incident for incident in incidents if _was_reached(incident)]
    times = [time for incident in reached if (time := _response_s(incident)) is not None]
    return ResponseTimes(
        median_s=median(times) if times else None, n=len(times), without_time=len(reached) - len(times)
    )


def _was_reached(incident: Incident) -> bool:
    if ARRIVED in incident.milestones:
        return True
    return incident.status not in _NEVER_CAME and STATUSES.index(incident.status) >= STATUSES.index(ARRIVED)


def _response_s(incident: Incident) -> float | None:
    arrived = incident.milestones.get(ARRIVED)
    if arrived is None or incident.report is None:
        return None
    response_s = (arrived - incident.report.reported_at).total_seconds()
    return response_s if response_s >= 0 else None
