"""Shelters and how many are in them, as JSON. Send heads, never names."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Annotated

from pydantic import BeforeValidator, Field

from layers.event import Event
from layers.feed import Feed
from layers.layer import Words
from layers.records import (
    Code,
    Count,
    Id,
    Latitude,
    Longitude,
    Moment,
    Name,
    Record,
    Text,
    both_or_neither,
    reader,
    said_by,
    whole,
)
from layers.shelters import ShelterReported

Heads = Annotated[int, BeforeValidator(partial(whole, 0, 1_000_000), json_schema_input_type=int | str)]


class ShelterSaid(Record):
    """One shelter as it is now; replaces what was said of it before."""

    id: Id
    name: Text
    occupants: Heads = Field(description="how many are in it now; 0 when it is empty")
    capacity: Count = None
    home: Count = Field(default=None, description="how many have gone home from it so far")
    disaster: Name = Field(default=None, description="id of the disaster it is for")
    time: Moment = Field(default=None, description="when they were counted; missing: when it arrived")
    lon: Longitude = None
    lat: Latitude = None
    kelurahan: Code = None


def _events(said: ShelterSaid, received: datetime) -> Iterator[Event]:
    lon, lat = both_or_neither(said.lon, said.lat)
    fact = ShelterReported(
        shelter=said.id,
        name=said.name,
        occupants=said.occupants,
        disaster=said.disaster,
        capacity=said.capacity,
        home=said.home,
        lon=lon,
        lat=lat,
        kelurahan=said.kelurahan,
    )
    yield said_by("shelters", fact, said.time, received)


FEED = Feed(title=Words(id="Pengungsian", en="Shelters"), parse=reader("a shelter", ShelterSaid, _events))
