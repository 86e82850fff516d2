"""Earthquakes as the agency that measures them says, corrections included."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, TypeVar

import numpy as np

from geodata.city import City
from geodata.clock import epoch_s
from geodata.nearest import distances_m
from layers.event import Event
from layers.feature import Feature, feature, point
from layers.layer import Layer, Mark, Words, left_as_redacted
from layers.numbers import decimal_words, joined
from layers.situation import Changes, Situation, Things
from layers.told import Told, order_of, provenance, told_by

T = TypeVar("T")
_REMEMBER = timedelta(days=7)
_NEWS = timedelta(hours=6)
_CLOCKS = timedelta(minutes=5)


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
    """One earthquake as known now.

    Lists of the same agency say different parts of it: `felt_by` is the newest word on where it was felt, `tsunami_by`
    the newest on a tsunami; what a later list leaves out is not taken back by it.
    """

    id: str
    fact: EarthquakeReported
    told: Told
    felt_by: tuple[Told, str] | None = None
    tsunami_by: tuple[Told, bool] | None = None


def fold(things: Things, event: Event) -> Changes:
    """The newest measurement holds, and of each part that is not in all of them the newest word."""
    fact = event.fact
    if not isinstance(fact, EarthquakeReported):
        return {}
    before, told = things.get(fact.quake), told_by(event)
    known = before or Earthquake(id=fact.quake, fact=fact, told=told)
    if order_of(told, fact) > order_of(known.told, known.fact):
        known = replace(known, fact=fact, told=told)
    felt = None if fact.felt is None else (told, fact.felt)
    tsunami = None if fact.may_raise_tsunami is None else (told, fact.may_raise_tsunami)
    known = replace(known, felt_by=_newer(known.felt_by, felt), tsunami_by=_newer(known.tsunami_by, tsunami))
    return {} if known == before else {known.id: known}


def _newer(one: tuple[Told, T] | None, other: tuple[Told, T] | None) -> tuple[Told, T] | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda said: order_of(said[0], said[1]))


def concerns(quake: Earthquake, city: City, now: datetime) -> bool:
    """Whether the room must know of it: lately, and near for its strength, felt in the city, or a tsunami may come."""
    if not timedelta(0) <= now - quake.fact.quaked_at + _CLOCKS <= _NEWS + _CLOCKS:
        return False
    if quake.tsunami_by is not None and quake.tsunami_by[1]:
        return True
    felt = quake.felt_by[1].casefold() if quake.felt_by else ""
    name = city.name.casefold().removeprefix("kota ").removeprefix("kabupaten ")
    return name in felt or distance_km(quake.fact, city.view_lon, city.view_lat) <= felt_within_km(quake.fact.magnitude)


def felt_within_km(magnitude: float) -> float:
    """About how far an earthquake is felt: 30 km at M 4, 100 km at M 5, 300 km at M 6, 1000 km at M 7."""
    return float(10 ** ((magnitude - 1) / 2))


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
            felt=one.felt_by[1] if one.felt_by else None,
            tsunami=one.tsunami_by[1] if one.tsunami_by else None,
            quaked_at=epoch_s(one.fact.quaked_at),
            label=(words := _label(one.fact)).id,
            label_en=words.en,
            distance_km=distance_km(one.fact, city.view_lon, city.view_lat),
            **provenance(one.told),
        )
        for one in chosen
    ]


def _label(fact: EarthquakeReported) -> Words:
    """What stands beside the place where it began, where that lies on the map."""
    strength = decimal_words(fact.magnitude, 1)
    deep = (
        ""
        if fact.depth_km is None
        else joined("\n", decimal_words(fact.depth_km, 0, "km"), Words(id=" dalamnya", en=" deep"))
    )
    return joined(Words(id="Gempa M ", en="Earthquake M "), strength, deep)


def distance_km(fact: EarthquakeReported, lon: float, lat: float) -> int:
    """How far from a place it shook."""
    return round(float(distances_m(lon, lat, np.array([[fact.lon, fact.lat]]))[0]) / 1000)


LAYER = Layer(
    title=Words(id="Gempa bumi", en="Earthquakes"),
    facts=(EarthquakeReported,),
    thing=Earthquake,
    hears=(EarthquakeReported,),
    fold=fold,
    history=True,
    keep=keep,
    for_visitor=left_as_redacted,
    draw=draw,
    style=(
        {
            "id": "earthquakes-reach",
            "type": "circle",
            "paint": {
                "circle-radius": ["interpolate", ["exponential", 1.5], ["get", "magnitude"], 3, 26, 8, 130],
                "circle-color": "var(--priority-2)",
                "circle-opacity": 0.1,
                "circle-stroke-color": "var(--priority-2)",
                "circle-stroke-width": 2.5,
                "circle-stroke-opacity": 0.8,
            },
        },
        {
            "id": "earthquakes",
            "type": "circle",
            "paint": {
                "circle-radius": 6,
                "circle-color": "var(--priority-2)",
                "circle-stroke-color": "var(--icon-ring)",
                "circle-stroke-width": 3,
            },
        },
        {
            "id": "earthquakes-label",
            "type": "symbol",
            "metadata": {"is-news": True},
            "layout": {
                "text-field": ["get", "label"],
                "text-font": ["Layar Label Semibold"],
                "text-size": 20,
                "text-variable-anchor": ["top", "bottom", "left", "right"],
                "text-radial-offset": 0.9,
                "text-justify": "auto",
            },
            "paint": {"text-color": "var(--text)", "text-halo-color": "var(--label-halo)", "text-halo-width": 2},
        },
    ),
    legend=(Mark(words=Words(id="Pusat gempa", en="Epicentre"), token="--priority-2"),),  # noqa: S106 — a colour
)
