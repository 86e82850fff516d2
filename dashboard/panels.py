"""The panels beside the map: figures, what is not working, the shift, the cameras in order. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from cctv.camera import Health
from dashboard.degraded import Trouble
from geodata.city import City
from geodata.clock import epoch_s
from layers.cameras import StreetCamera
from layers.incidents import Incident, position_of, priority_of
from layers.situation import Situation
from layers.statistics import figures, listed_cameras, open_incidents

_METRES_PER_DEGREE = 111_320.0
_AGE_STEP_S = 5
_HEALTH_ORDER: tuple[Health, ...] = ("ok", "late", "unknown", "lost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One shift of one day, aware."""

    name: str
    starts: datetime
    ends: datetime


def watch_at(city: City, now: datetime) -> Watch:
    """The shift on duty at `now`; the last one of a day runs on past midnight."""
    today = now.astimezone(city.zone).date()
    days = (today - timedelta(days=1), today, today + timedelta(days=1))
    starts = sorted(
        (datetime.combine(day, time.fromisoformat(shift.starts), city.zone), shift.name)
        for day in days
        for shift in city.shifts
    )
    index = max(i for i, (start, _) in enumerate(starts) if start <= now)
    return Watch(name=starts[index][1], starts=starts[index][0], ends=starts[index + 1][0])


def worst_placed(situation: Situation) -> tuple[Incident, float, float] | None:
    """The open incident to look at, and its lon, lat: worst priority first, then the newest report."""
    city = situation.ground.city
    placed = [(i, where) for i in open_incidents(situation) if (where := position_of(i, situation.ground))]
    if not placed:
        return None
    incident, (lon, lat, _) = min(placed, key=lambda one: (priority_of(one[0], city), -_reported_s(one[0]), one[0].id))
    return incident, lon, lat


def _reported_s(incident: Incident) -> float:
    return epoch_s(incident.report.reported_at) if incident.report else 0.0


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Metres between two (lon, lat) of one city; flat earth, good to 0.1 % over 50 km near the equator."""
    east = (b[0] - a[0]) * math.cos(math.radians((a[1] + b[1]) / 2))
    return math.hypot(east, b[1] - a[1]) * _METRES_PER_DEGREE


def cameras_in_order(situation: Situation) -> list[dict[str, Any]]:
    """Every camera, the nearest to the worst open incident first; without one the healthy first, by name."""
    cameras = listed_cameras(situation)
    worst = worst_placed(situation)
    if worst is None:
        quiet = sorted(cameras, key=lambda camera: (_HEALTH_ORDER.index(camera.health), _name(camera), camera.id))
        return [_camera(camera, None, None) for camera in quiet]
    incident, lon, lat = worst
    far = sorted((_far(camera, lon, lat), camera.id, camera) for camera in cameras)
    return [_camera(camera, metres, incident.id) for metres, _, camera in far]


def _far(camera: StreetCamera, lon: float, lat: float) -> float:
    listed = camera.listed
    return distance_m((listed.lon, listed.lat), (lon, lat)) if listed else math.inf


def _name(camera: StreetCamera) -> str:
    return camera.listed.name if camera.listed else camera.id


def _camera(camera: StreetCamera, metres: float | None, near: str | None) -> dict[str, Any]:
    return {
        "key": camera.id,
        "name": _name(camera),
        "health": camera.health,
        "distance_m": None if metres is None else round(metres),
        "near": near,
        "last_picture_at": _epoch(camera.last_picture_at),
    }


def _epoch(moment: datetime | None) -> float | None:
    return None if moment is None else epoch_s(moment)


def panels(situation: Situation, not_working: Sequence[Trouble], now: datetime) -> dict[str, Any]:
    """All panels as the live message carries them (docs/architecture.md)."""
    watch = watch_at(situation.ground.city, now)
    return {
        "figures": _figures(situation, now),
        "degraded": [
            {"key": t.key, "text": t.text.id, "text_en": t.text.en, "since": _epoch(t.since)} for t in not_working
        ],
        "shift": {"name": watch.name, "starts": epoch_s(watch.starts), "ends": epoch_s(watch.ends)},
        "cameras": cameras_in_order(situation),
    }


def _figures(situation: Situation, now: datetime) -> dict[str, Any]:
    counted = figures(situation, now)
    return {
        "open": counted.open,
        "critical": counted.critical,
        "units": counted.units,
        "units_fresh": counted.units_fresh,
        "cameras": counted.cameras,
        "cameras_ok": counted.cameras_ok,
        "calls_today": counted.calls_today,
        "real_today": counted.real_today,
        "response_median_s": counted.response.median_s,
        "response_n": counted.response.n,
        "response_without_time": counted.response.without_time,
        "response_target_s": situation.ground.city.response_target_min * 60,
        "observed_at": _observed(situation),
    }


def _observed(situation: Situation) -> float | None:
    """When we last learned anything, rounded down to five seconds: a figure may look older, never younger.

    Without the rounding every position of every unit would make new panels.
    """
    if situation.seen is None:
        return None
    return float(int(epoch_s(situation.seen)) // _AGE_STEP_S * _AGE_STEP_S)
