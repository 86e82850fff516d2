"""Air quality: the index (ISPU) of a station, a mean over 24 hours, and its band."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from geodata.places import place_or_none
from layers.feature import Feature, feature, point
from layers.layer import Ages, Layer, Words, left_as_redacted
from layers.situation import Situation
from layers.told import Told, newest_holds, provenance

BANDS: tuple[tuple[float, Words], ...] = (
    (50, Words(id="Baik", en="good")),
    (100, Words(id="Sedang", en="moderate")),
    (200, Words(id="Tidak Sehat", en="unhealthy")),
    (300, Words(id="Sangat Tidak Sehat", en="very unhealthy")),
)
"""Up to this index; above all of them: Berbahaya. Source: KLH."""

WORST = Words(id="Berbahaya", en="hazardous")
_REMEMBER = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class AirQualityReported:
    """The index at a station. `pollutant` is the one that decides it."""

    kind: ClassVar[str] = "air_quality_reported"
    station: str
    name: str
    ispu: float
    pollutant: str | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One station as known now."""

    id: str
    fact: AirQualityReported
    told: Told


def band_of(ispu: float) -> Words:
    """The band an index lies in."""
    return next((words for most, words in BANDS if ispu <= most), WORST)


def stations_of(situation: Situation) -> list[Station]:
    """Those of this city, by name: a ministry lists the whole country. One that does not say where it is, is ours."""
    stations: list[Station] = sorted(situation.of("air").values(), key=lambda one: (one.fact.name, one.id))
    return [one for one in stations if one.fact.lon is None or _where(one, situation)]


def _where(station: Station, situation: Situation) -> tuple[float, float] | None:
    return place_or_none(situation.ground.city, station.fact.lon, station.fact.lat)


def keep(station: Station, now: datetime) -> bool:
    """Three days after its last word."""
    return now - station.told.at < _REMEMBER


def draw(situation: Situation, _now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """A point for every station; without a geometry where its place is not known."""
    things = situation.of("air")
    chosen = things.values() if keys is None else (things[key] for key in keys if key in things)
    return [
        feature(
            one.id,
            point(*where) if (where := _where(one, situation)) else None,
            name=one.fact.name,
            ispu=one.fact.ispu,
            band=band_of(one.fact.ispu).id,
            band_en=band_of(one.fact.ispu).en,
            pollutant=one.fact.pollutant,
            **provenance(one.told),
        )
        for one in chosen
    ]


LAYER = Layer(
    title=Words(id="Kualitas udara", en="Air quality"),
    facts=(AirQualityReported,),
    thing=Station,
    hears=(AirQualityReported,),
    fold=newest_holds(AirQualityReported, Station),
    history=True,
    keep=keep,
    for_visitor=left_as_redacted,
    draw=draw,
    ages=Ages(late_s=7200, lost_s=21600),
)
