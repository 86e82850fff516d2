"""Transit: buses, boats and trains of the city's timetable. Background, not help that comes: they are no responders."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from geodata.places import place_or_none
from layers.feature import Feature, feature, point
from layers.layer import Ages, Layer, Mark, Words
from layers.situation import Situation
from layers.told import Told, newest_holds, provenance

_REMEMBER = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitVehicleSeen:
    """A vehicle in public service was at a place. What its operator did not say is None."""

    kind: ClassVar[str] = "transit_vehicle_seen"
    vehicle: str
    lon: float
    lat: float
    heading_deg: float | None = None
    speed_mps: float | None = None
    route: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitVehicle:
    """One vehicle as known now."""

    id: str
    fact: TransitVehicleSeen
    told: Told


def keep(vehicle: TransitVehicle, now: datetime) -> bool:
    """Two hours after its last word."""
    return now - vehicle.told.at < _REMEMBER


def draw(situation: Situation, _now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """A small point each, named by its route."""
    things, city = situation.of("transit"), situation.ground.city
    chosen = things.values() if keys is None else (things[key] for key in keys if key in things)
    return [
        feature(
            one.id,
            point(*where) if (where := place_or_none(city, one.fact.lon, one.fact.lat)) else None,
            route=one.fact.route,
            label=one.fact.label,
            title=one.fact.route or one.fact.label or "",
            heading_deg=one.fact.heading_deg,
            speed_mps=one.fact.speed_mps,
            expires_at=(one.told.at + timedelta(seconds=_AGES.lost_s)).timestamp(),
            **provenance(one.told),
        )
        for one in chosen
    ]


_AGES = Ages(late_s=120, lost_s=600)
"""A bus that has said nothing for ten minutes is off the map: where it is matters to nobody in this room."""

LAYER = Layer(
    title=Words(id="Angkutan umum", en="Public transport"),
    facts=(TransitVehicleSeen,),
    thing=TransitVehicle,
    hears=(TransitVehicleSeen,),
    fold=newest_holds(TransitVehicleSeen, TransitVehicle),
    keep=keep,
    draw=draw,
    ages=_AGES,
    style=(
        {
            "id": "transit",
            "type": "circle",
            "minzoom": 12,
            "paint": {
                "circle-radius": 4,
                "circle-color": "var(--text-quiet)",
                "circle-stroke-color": "var(--label-halo)",
                "circle-stroke-width": 1.5,
            },
        },
        {
            "id": "transit-title",
            "type": "symbol",
            "minzoom": 13.6,
            "layout": {
                "text-field": ["get", "title"],
                "text-font": ["Layar Label Semibold"],
                "text-size": 16,
                "text-variable-anchor": ["bottom", "top", "left", "right", "bottom-left", "bottom-right", "top-left"],
                "text-radial-offset": 0.8,
                "text-justify": "auto",
            },
            "paint": {
                "text-color": "var(--text-quiet)",
                "text-halo-color": "var(--label-halo)",
                "text-halo-width": 1.6,
            },
        },
    ),
    legend=(Mark(words=Words(id="Angkutan umum", en="Public transport"), token="--text-quiet"),),  # noqa: S106 — of a colour
)
