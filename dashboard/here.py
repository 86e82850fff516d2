"""What is here: the few things that a room asks of a place it points at, from what is told around it. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shapely import Point
from shapely.geometry import shape

from dashboard.panels import eye_said
from layers.around import around
from layers.eyes import eyes
from layers.facilities import FACILITY_KINDS, KIND_WORDS, FacilityKind
from layers.reach import reach_m
from layers.situation import Situation

NEAR_M = 500
_MOST = 5
_MOST_CAMERAS = 3
_WATER_M = 10_000
_RING_MIN = (5, 10)
_ASKED: tuple[FacilityKind, ...] = ("hospital", "puskesmas", "fire_post", "police", "hydrant", "posko")


def here(situation: Situation, lon: float, lat: float, now: datetime) -> dict[str, Any]:
    """As JSON; `situation` must be what the asker may see. What nobody told is null or empty."""
    known = around(situation, lon, lat, now)
    sees = [eye_said(eye) for eye in eyes(situation, lon, lat, now) if eye.sees]
    able = known["responders"]["able"]
    return {
        "lon": lon,
        "lat": lat,
        "now": now.timestamp(),
        "place": known["place"],
        "incidents": [one for one in known["incidents"] if one["distance_m"] <= NEAR_M][:_MOST],
        "facilities": _one_of_each(known["facilities"]),
        "cameras": sees[:_MOST_CAMERAS],
        "cameras_seeing": len(sees),
        "responder": able[0] if able else None,
        "volunteers_here": len(known["responders"]["volunteers_here"]),
        "why_nobody": known["responders"]["why_nobody"],
        "water": next((one for one in known["water"] if one["distance_m"] <= _WATER_M), None),
        "flooded": _flooded(situation, lon, lat, now),
        "alerts": known["alerts"],
        "lifelines": known["lifelines"],
        "rings": rings(),
    }


def rings() -> list[dict[str, float]]:
    """How far a vehicle comes within some minutes: surely, and where everything goes well."""
    found = [(minutes, *reach_m("vehicle", minutes * 60)) for minutes in _RING_MIN]
    return [{"minutes": minutes, "sure_m": round(sure), "best_m": round(best)} for minutes, sure, best in found]


def _one_of_each(facilities: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The nearest of each kind, in the order of `_ASKED`; they come nearest first."""
    nearest: dict[str, Mapping[str, Any]] = {}
    for one in facilities:
        nearest.setdefault(one["kind"], one)
    kinds = [kind for kind in FACILITY_KINDS if kind in _ASKED and kind in nearest]
    return [
        {**nearest[kind], "kind_words": {"id": KIND_WORDS[kind].id, "en": KIND_WORDS[kind].en}}
        for kind in sorted(kinds, key=_ASKED.index)
    ]


def _flooded(situation: Situation, lon: float, lat: float, now: datetime) -> list[dict[str, Any]]:
    """The flooded areas that hold the place and still hold."""
    layer = situation.layers.get("floods")
    drawn = layer.draw(situation, now, None) if layer else []
    return [
        dict(one["properties"])
        for one in drawn
        if one["geometry"]
        and one["properties"]["expires_at"] > now.timestamp()
        and shape(one["geometry"]).intersects(Point(lon, lat))
    ]
