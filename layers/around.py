"""Around a point: what an operator must know of a place that a caller names, each with its age and source. Pure.

Whatever nobody told is an empty list or null, never a usual value.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar, get_args

import numpy as np

from geodata.nearest import distances_m
from geodata.places import Kelurahan
from layers.alerts import active_alerts, holds_in
from layers.areas import is_within
from layers.assignments import assigned
from layers.disaster_mode import going_on
from layers.feature import Feature
from layers.incident_reading import is_emergency_call, position_of
from layers.lifelines import State, over
from layers.reach import Able, reach
from layers.said import signal_said
from layers.signals import of_cameras, within
from layers.situation import Situation

INCIDENTS_M, MOST = 2_000.0, 5
_EACH_KIND = 2
_DAY_S = 86_400.0
T = TypeVar("T")


def around(situation: Situation, lon: float, lat: float, now: datetime) -> dict[str, Any]:
    """Everything but the cameras, as JSON; `situation` must be what the asker may see."""
    code = situation.ground.places.kelurahan_at(lon, lat)
    area = situation.ground.places.areas.get(code or "")
    return {
        "lon": lon,
        "lat": lat,
        "place": _place(area),
        "incidents": _incidents(situation, lon, lat, now),
        "responders": _responders(situation, lon, lat, now),
        "facilities": _facilities(situation, lon, lat, now),
        "shelters": _nearest(_drawn(situation, "shelters", now), lon, lat, MOST),
        "water": _nearest(_drawn(situation, "water", now), lon, lat, MOST),
        "air": _nearest(_drawn(situation, "air", now), lon, lat, 1),
        "lifelines": sorted(
            _of_area(situation, "lifelines", [one.id for one in _lifelines(situation, code)], now), key=_gravest_first
        ),
        "signs": _signs(situation, code),
        "weather": _weather(situation, code, now),
        "alerts": _of_area(situation, "alerts", _alerts(situation, code, now), now),
        "disasters": _disasters(situation, code, now),
        "earthquakes": _quakes(situation, now),
    }


def _place(area: Kelurahan | None) -> dict[str, Any] | None:
    return None if area is None else {"kelurahan": area.name, "kelurahan_code": area.code, "kecamatan": area.kecamatan}


def _drawn(situation: Situation, layer: str, now: datetime, keys: Sequence[str] | None = None) -> list[Feature]:
    part = situation.layers.get(layer)
    return part.draw(situation, now, keys) if part else []


def _nearest(features: Iterable[Feature], lon: float, lat: float, most: int, within_m: float = 1e9) -> list[Any]:
    placed = [one for one in features if one["geometry"]]
    found = _by_distance(placed, lambda one: tuple(one["geometry"]["coordinates"]), lon, lat)  # type: ignore[index]
    return [{**one["properties"], "distance_m": round(far)} for one, far in found if far <= within_m][:most]


def _by_distance(
    things: Sequence[T], place: Callable[[T], tuple[float, float]], lon: float, lat: float
) -> list[tuple[T, float]]:
    if not things:
        return []
    far = distances_m(lon, lat, np.array([place(one) for one in things], dtype=float))
    return sorted(zip(things, far.tolist(), strict=True), key=lambda one: one[1])


def _incidents(situation: Situation, lon: float, lat: float, now: datetime) -> list[Any]:
    """Open ones within two kilometres; those known by their kelurahan only are as near as its label."""
    city = situation.ground.city
    keys = [
        one.id
        for one in situation.of("incidents").values()
        if one.is_open and is_emergency_call(one, city) and position_of(one, situation.ground)
    ]
    return _nearest(_drawn(situation, "incidents", now, keys), lon, lat, MOST * 2, INCIDENTS_M)


def _responders(situation: Situation, lon: float, lat: float, now: datetime) -> dict[str, Any]:
    found = reach(situation.of("responders").values(), lon, lat, now, situation.ground, assigned(situation))
    why = found.why_nobody
    return {
        "able": [_able(one) for one in found.able],
        "volunteers_here": [_able(one) for one in found.volunteers_here],
        "unfit": dict(found.unfit),
        "why_nobody": None if why is None else {"id": why.id, "en": why.en},
    }


def _able(one: Able) -> dict[str, Any]:
    unit = one.responder
    return {
        "key": unit.id,
        "name": unit.name,
        "kind": unit.unit_kind,
        "agency": unit.agency,
        "distance_m": round(one.distance_m),
        "accuracy_m": round(one.accuracy_m),
        "soonest_s": round(one.soonest_s),
        "latest_s": round(one.latest_s),
        "observed_at": unit.observed_at.timestamp() if unit.observed_at else None,
        "source": unit.source,
    }


def _facilities(situation: Situation, lon: float, lat: float, now: datetime) -> list[Any]:
    """The two nearest of each kind; those that cannot be used are named too, as such."""
    near = _nearest(_drawn(situation, "facilities", now), lon, lat, 10_000)
    counted: dict[str, int] = {}
    chosen = []
    for one in near:
        counted[one["kind"]] = counted.get(one["kind"], 0) + 1
        if counted[one["kind"]] <= _EACH_KIND:
            chosen.append(one)
    return chosen


def _lifelines(situation: Situation, code: str | None) -> list[Any]:
    return over(situation.of("lifelines").values(), code) if code else []


def _gravest_first(said: Any) -> int:  # noqa: ANN401 — what is said of a lifeline
    return -get_args(State).index(said["state"])


def _signs(situation: Situation, code: str | None) -> list[Any]:
    """What may mean that a lifeline has failed there, beside what was said of it."""
    said = [signal_said(one) for one in within(of_cameras(situation), code)] if code else []
    return [{**one, "observed_at": one["since"], "source": "cameras"} for one in said]


def _of_area(situation: Situation, layer: str, keys: Sequence[str], now: datetime) -> list[Any]:
    """Of a thing with several features the first says what it is."""
    said: dict[str, Any] = {}
    for one in _drawn(situation, layer, now, keys) if keys else []:
        said.setdefault(one["properties"]["key"], one["properties"])
    return list(said.values())


def _weather(situation: Situation, code: str | None, now: datetime) -> Any:  # noqa: ANN401 — JSON
    """Of the narrowest area that was told of."""
    holding = [area for area in situation.of("weather") if code and is_within(code, (area,))]
    found = _of_area(situation, "weather", [max(holding, key=len)], now) if holding else []
    return found[0] if found else None


def _alerts(situation: Situation, code: str | None, now: datetime) -> list[str]:
    holding = active_alerts(situation.of("alerts").values(), now)
    return [one.id for one in holding if code and holds_in(one, code, situation.ground)]


def _disasters(situation: Situation, code: str | None, now: datetime) -> list[Any]:
    keys = [one.id for one in going_on(situation, now) if one.declared and code and is_within(code, one.declared.areas)]
    return _of_area(situation, "disasters", keys, now)


def _quakes(situation: Situation, now: datetime) -> list[Any]:
    """Those of the last day: the aftershock is asked about too."""
    drawn = [one["properties"] for one in _drawn(situation, "earthquakes", now)]
    lately = [one for one in drawn if now.timestamp() - one["quaked_at"] <= _DAY_S]
    return sorted(lately, key=lambda one: -float(one["quaked_at"]))[:MOST]
