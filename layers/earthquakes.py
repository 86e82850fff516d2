"""Earthquakes as the agency that measures them says, corrections included."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

import numpy as np

from geodata.clock import epoch_s
from geodata.nearest import distances_m
from layers.feature import Feature, feature, point
from layers.layer import Layer, Words, left_as_redacted
from layers.situation import Situation
from layers.told import Told, newest_holds, provenance

_REMEMBER = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarthquakeReported:
    """`felt`: where and how strongly, as written. `may_raise_tsunami` None: nothing was said of it."""

    kind: ClassVar[str] = "earthquake_reported"
    quake: str
    quaked_at: datetime
    magnitude: float
    lon: float
    lat: float
    depth_km: float | None = None
    place: str | None = None
    felt: str | None = None
    may_raise_tsunami: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earthquake:
    """One earthquake as known now."""

    id: str
    fact: EarthquakeReported
    told: Told


def keep(quake: Earthquake, now: datetime) -> bool:
    """A week."""
    return now - quake.fact.quaked_at < _REMEMBER


def draw(situation: Situation, _now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """A point each, mostly far off the map, with its distance from the middle of the city."""
    things, city = situation.of("earthquakes"), situation.ground.city
    chosen = things.values() if keys is None else (things[key] for key in keys if key in things)
    return [
        feature(
            one.id,
            point(one.fact.lon, one.fact.lat),
            magnitude=one.fact.magnitude,
            depth_km=one.fact.depth_km,
            place=one.fact.place,
            felt=one.fact.felt,
            tsunami=one.fact.may_raise_tsunami,
            quaked_at=epoch_s(one.fact.quaked_at),
            distance_km=_distance_km(one.fact, city.view_lon, city.view_lat),
            **provenance(one.told),
        )
        for one in chosen
    ]


def _distance_km(fact: EarthquakeReported, lon: float, lat: float) -> int:
    return round(float(distances_m(lon, lat, np.array([[fact.lon, fact.lat]]))[0]) / 1000)


LAYER = Layer(
    title=Words(id="Gempa bumi", en="Earthquakes"),
    facts=(EarthquakeReported,),
    thing=Earthquake,
    hears=(EarthquakeReported,),
    fold=newest_holds(EarthquakeReported, Earthquake),
    history=True,
    keep=keep,
    for_visitor=left_as_redacted,
    draw=draw,
)
