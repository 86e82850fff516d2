"""Tides as they are forecast: a station and a day, its levels from hour to hour. A forecast, never a measurement."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from geodata.clock import epoch_s
from layers.feature import Feature, feature
from layers.layer import Layer, Words
from layers.situation import Situation
from layers.told import Told, newest_holds, provenance

_REMEMBER = timedelta(days=3)
_AHEAD = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class TideLevel:
    """The level at one moment, in metres above the forecast's zero."""

    at: datetime
    level_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TideForecast:
    """The levels of one station on one day; `tide` is "<station>/<YYYY-MM-DD>". `zero`: what they are counted from."""

    kind: ClassVar[str] = "tide_forecast"
    tide: str
    station: str
    zero: str
    levels: tuple[TideLevel, ...]
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tide:
    """One day of one station as known now."""

    id: str
    fact: TideForecast
    told: Told


def keep(tide: Tide, now: datetime) -> bool:
    """Three days after its last level."""
    newest = max((level.at for level in tide.fact.levels), default=tide.told.at)
    return now - newest < _REMEMBER


def next_high(situation: Situation, now: datetime) -> tuple[TideForecast, TideLevel] | None:
    """The highest level forecast for the coming 24 hours, and by whom; None where nobody forecasts any."""
    ahead = [
        (tide.fact, level)
        for tide in situation.of("tides").values()
        for level in tide.fact.levels
        if now <= level.at <= now + _AHEAD
    ]
    return max(ahead, key=lambda one: (one[1].level_m, -one[1].at.timestamp(), one[0].tide), default=None)


def draw(situation: Situation, _now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """No geometry: the coordinates that publishers give of stations may be far off."""
    things = situation.of("tides")
    chosen = things.values() if keys is None else (things[key] for key in keys if key in things)
    return [
        feature(
            one.id,
            None,
            station=one.fact.station,
            name=one.fact.name,
            zero=one.fact.zero,
            levels=[[epoch_s(level.at), level.level_m] for level in one.fact.levels],
            **provenance(one.told),
        )
        for one in chosen
    ]


LAYER = Layer(
    title=Words(id="Prakiraan pasang surut", en="Tide forecast"),
    facts=(TideForecast,),
    thing=Tide,
    hears=(TideForecast,),
    fold=newest_holds(TideForecast, Tide),
    history=True,
    keep=keep,
    draw=draw,
)
