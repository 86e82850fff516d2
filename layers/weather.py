"""Weather per area: what is observed, and what is forecast for the coming hours."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from geodata.clock import epoch_s
from layers.feature import Feature, feature
from layers.layer import Ages, Layer, Words, left_as_redacted
from layers.situation import Situation
from layers.told import Told, newest_holds, provenance

_REMEMBER = timedelta(days=4)
_ENGLISH = {
    "cerah": "clear", "cerah berawan": "partly cloudy", "berawan": "cloudy", "berawan tebal": "overcast",
    "udara kabur": "hazy", "asap": "smoke", "kabut": "fog", "kabut/asap": "fog or smoke", "petir": "thunder",
    "hujan": "rain", "hujan ringan": "light rain", "hujan sedang": "moderate rain", "hujan lebat": "heavy rain",
    "hujan lokal": "local showers", "hujan petir": "thunderstorm", "hujan sangat lebat": "very heavy rain",
    "hujan ekstrem": "extreme rain",
}  # fmt: skip
"""The words of BMKG's forecasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sky:
    """The weather at one moment or from it on; what is None was not said."""

    at: datetime
    words: str | None = None
    temperature_c: float | None = None
    humidity_pct: float | None = None
    rain_mm: float | None = None
    wind_mps: float | None = None
    wind_from_deg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherReported:
    """All that was said of an area at once; replaces what was said of it before. `area` is a code."""

    kind: ClassVar[str] = "weather_reported"
    area: str
    now: Sky | None = None
    forecast: tuple[Sky, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """The weather of one area as known now."""

    id: str
    fact: WeatherReported
    told: Told

    def next_slot(self, now: datetime) -> Sky | None:
        """The forecast that holds at `now`: the newest that has begun; None when all are to come or there is none."""
        begun = [sky for sky in self.fact.forecast if sky.at <= now]
        return max(begun, key=lambda sky: sky.at, default=None)


def sky_words(said: str) -> Words:
    """What a forecast calls the sky; words that nobody knows in English stay as they were said."""
    known = _ENGLISH.get(said.strip().lower())
    return Words(id=said, en=known[:1].upper() + known[1:] if known else said)


def keep(weather: Weather, now: datetime) -> bool:
    """Four days: a forecast is for three."""
    return now - weather.told.at < _REMEMBER


def draw(situation: Situation, _now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """No geometry: an area is drawn by its kelurahan."""
    things = situation.of("weather")
    chosen = things.values() if keys is None else (things[key] for key in keys if key in things)
    return [
        feature(
            one.id,
            None,
            area=one.id,
            now=sky_said(one.fact.now) if one.fact.now else None,
            forecast=[sky_said(sky) for sky in one.fact.forecast],
            **provenance(one.told),
        )
        for one in chosen
    ]


def sky_said(sky: Sky) -> dict[str, Any]:
    """As JSON."""
    return {
        "at": epoch_s(sky.at),
        "words": sky.words,
        "temperature_c": sky.temperature_c,
        "humidity_pct": sky.humidity_pct,
        "rain_mm": sky.rain_mm,
        "wind_mps": sky.wind_mps,
        "wind_from_deg": sky.wind_from_deg,
    }


LAYER = Layer(
    title=Words(id="Cuaca", en="Weather"),
    facts=(WeatherReported,),
    thing=Weather,
    hears=(WeatherReported,),
    fold=newest_holds(WeatherReported, Weather),
    history=True,
    keep=keep,
    for_visitor=left_as_redacted,
    draw=draw,
    ages=Ages(late_s=21600, lost_s=86400),
)
