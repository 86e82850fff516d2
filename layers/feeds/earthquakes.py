"""Earthquakes as JSON, measured first and corrected later."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Annotated

from pydantic import BeforeValidator, Field

from layers.earthquakes import EarthquakeReported
from layers.event import Event
from layers.feed import Feed
from layers.fields import between
from layers.layer import Words
from layers.records import Flag, Id, Line, Moment, Number, Record, Time, reader, said_by

Magnitude = Annotated[float, BeforeValidator(partial(between, -2, 11), json_schema_input_type=float | str)]
Lon = Annotated[float, BeforeValidator(partial(between, -180, 180), json_schema_input_type=float | str)]
Lat = Annotated[float, BeforeValidator(partial(between, -90, 90), json_schema_input_type=float | str)]


class QuakeSaid(Record):
    """One earthquake; a later measurement of it replaces the earlier one."""

    id: Id
    quaked_at: Time = Field(description="when the earth shook")
    time: Moment = Field(default=None, description="when it was measured or corrected; missing: when it shook")
    magnitude: Magnitude
    lon: Lon
    lat: Lat
    depth_km: Number = None
    place: Line = None
    felt: Line = Field(default=None, description="where and how strongly, e.g. III Samarinda")
    tsunami: Flag = Field(default=None, description="whether it may raise a tsunami")


def _events(said: QuakeSaid, received: datetime) -> Iterator[Event]:
    fact = EarthquakeReported(
        quake=said.id,
        quaked_at=said.quaked_at,
        magnitude=said.magnitude,
        lon=said.lon,
        lat=said.lat,
        depth_km=said.depth_km,
        place=said.place,
        felt=said.felt,
        may_raise_tsunami=said.tsunami,
    )
    yield said_by("earthquakes", fact, said.time or said.quaked_at, received)


FEED = Feed(title=Words(id="Gempa bumi", en="Earthquakes"), parse=reader("an earthquake", QuakeSaid, _events))
