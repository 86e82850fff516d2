"""Air quality as JSON: the index of a station."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Annotated

from pydantic import BeforeValidator, Field

from layers.air import AirQualityReported
from layers.event import Event
from layers.feed import Feed
from layers.fields import between
from layers.layer import Words
from layers.records import Id, Latitude, Line, Longitude, Record, Text, Time, both_or_neither, reader, said_by

Index = Annotated[float, BeforeValidator(partial(between, 0, 2000), json_schema_input_type=float | str)]


class AirSaid(Record):
    """One station at one time."""

    id: Id
    name: Text
    ispu: Index = Field(description="the index, a mean over 24 hours; what is not measured is not sent")
    pollutant: Line = Field(default=None, description="the one that decides it: PM2.5, PM10, O3, …")
    time: Time = Field(description="the end of the 24 hours")
    lon: Longitude = None
    lat: Latitude = None


def _events(said: AirSaid, received: datetime) -> Iterator[Event]:
    lon, lat = both_or_neither(said.lon, said.lat)
    fact = AirQualityReported(
        station=said.id, name=said.name, ispu=said.ispu, pollutant=said.pollutant, lon=lon, lat=lat
    )
    yield said_by("air", fact, said.time, received)


FEED = Feed(title=Words(id="Kualitas udara", en="Air quality"), parse=reader("a station", AirSaid, _events))
