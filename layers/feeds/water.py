"""Water gauges as JSON: what a gauge is, with its thresholds and their source, and the level it reads."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from geodata.errors import BadPayload
from layers.event import Event
from layers.feed import Feed
from layers.fields import between, shown
from layers.layer import Words
from layers.records import (
    Id,
    Latitude,
    Line,
    Longitude,
    Moment,
    Record,
    both_or_neither,
    listed,
    reader,
    said_by,
    text,
    whole,
)
from layers.water import GaugeListed, Threshold, WaterLevelReported

_LOWEST_M, _HIGHEST_M = -50.0, 500.0


def _threshold(said: object) -> Threshold:
    if isinstance(said, Threshold):
        return said
    if not isinstance(said, dict):
        raise ValueError(f"{shown(said)} is no threshold; send name, from_m, rank")  # noqa: TRY004 — as in records
    return Threshold(
        name=text(40, said.get("name")),
        from_m=between(_LOWEST_M, _HIGHEST_M, said.get("from_m")),
        rank=whole(0, 3, said.get("rank")),
    )


Level = Annotated[
    float | None, BeforeValidator(partial(between, _LOWEST_M, _HIGHEST_M), json_schema_input_type=float | str | None)
]
Thresholds = Annotated[
    tuple[Threshold, ...] | None,
    BeforeValidator(partial(listed, _threshold), json_schema_input_type=list[dict[str, Any]]),
]


class GaugeSaid(Record):
    """A gauge with a name is listed; one with a level has been read; both in one is fine."""

    id: Id
    name: Line = Field(default=None, description="as shown; with it the gauge is listed anew, whole")
    lon: Longitude = None
    lat: Latitude = None
    thresholds: Thresholds = Field(default=None, description="name, from_m, rank 0 (normal) to 3 (worst)")
    thresholds_source: Line = Field(default=None, description="who set them; needed with thresholds")
    zero: Line = Field(default=None, description="what the levels are counted from")
    level_m: Level = Field(default=None, description="metres above the gauge's zero")
    time: Moment = Field(default=None, description="when it was read, or since when it is so; needed with level_m")


def _events(said: GaugeSaid, received: datetime) -> Iterator[Event]:
    if said.name is None and said.level_m is None:
        raise BadPayload("level_m: missing; send a level, or the gauge's name", field="level_m")
    if said.level_m is not None and said.time is None:
        raise BadPayload("time: missing; a level is worth nothing without when it was read", field="time")
    if said.thresholds and said.thresholds_source is None:
        raise BadPayload("thresholds_source: missing; say who set the thresholds", field="thresholds_source")
    if said.name is not None:
        yield said_by("water", _listed(said, said.name), said.time, received)
    if said.level_m is not None:
        yield said_by("water", WaterLevelReported(gauge=said.id, level_m=said.level_m), said.time, received)


def _listed(said: GaugeSaid, name: str) -> GaugeListed:
    lon, lat = both_or_neither(said.lon, said.lat)
    return GaugeListed(
        gauge=said.id,
        name=name,
        lon=lon,
        lat=lat,
        thresholds=said.thresholds or (),
        thresholds_source=said.thresholds_source,
        zero=said.zero,
    )


FEED = Feed(
    title=Words(id="Tinggi muka air", en="Water levels"), parse=reader("a gauge", GaugeSaid, _events), silent_s=7200
)
