"""Facilities as JSON: where help is, and whether it can be used now."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Annotated

from pydantic import BeforeValidator, Field

from layers.event import Event
from layers.facilities import FACILITY_KINDS, FacilityKind, FacilityListed
from layers.feed import Feed
from layers.fields import between
from layers.layer import Words
from layers.records import Flag, Id, Line, Moment, Record, Text, one_of, reader, said_by

KINDS: Mapping[str, str] = {
    **{kind: kind for kind in FACILITY_KINDS},
    "rumah_sakit": "hospital", "rs": "hospital", "rsud": "hospital",
    "pos_pemadam": "fire_post", "pos_damkar": "fire_post",
    "polsek": "police", "polisi": "police", "hidran": "hydrant", "lainnya": "other",
}  # fmt: skip
Lon = Annotated[float, BeforeValidator(partial(between, -180, 180), json_schema_input_type=float | str)]
Lat = Annotated[float, BeforeValidator(partial(between, -90, 90), json_schema_input_type=float | str)]


class FacilitySaid(Record):
    """One facility; replaces what was said of it before."""

    id: Id
    kind: Annotated[FacilityKind, BeforeValidator(partial(one_of, KINDS), json_schema_input_type=str)]
    name: Text
    lon: Lon
    lat: Lat
    usable: Flag = Field(default=None, description="false: closed, full or dry; missing: nobody said")
    note: Line = None
    time: Moment = Field(default=None, description="when this was so; missing: when it arrived")


def _events(said: FacilitySaid, received: datetime) -> Iterator[Event]:
    fact = FacilityListed(
        facility=said.id,
        facility_kind=said.kind,
        name=said.name,
        lon=said.lon,
        lat=said.lat,
        is_usable=said.usable,
        note=said.note,
    )
    yield said_by("facilities", fact, said.time, received)


FEED = Feed(title=Words(id="Fasilitas", en="Facilities"), parse=reader("a facility", FacilitySaid, _events))
