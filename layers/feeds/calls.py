"""Calls as telephone systems of a 112 center record them, as JSON. Numbers are sealed before anything is read."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Annotated

from pydantic import BeforeValidator, Field

from layers.caller_seal import Caller, caller_of
from layers.calls import CALL_KINDS, KIND_SYNONYMS, CallKind, CallRecord, CallRecorded
from layers.event import Event, stable_id
from layers.feed import Feed
from layers.layer import Words
from layers.records import (
    MISNAMED,
    Code,
    Id,
    Latitude,
    Line,
    Longitude,
    Moment,
    Name,
    Record,
    Time,
    both_or_neither,
    one_of,
    reader,
)

Kind = Annotated[CallKind | None, BeforeValidator(partial(one_of, KIND_SYNONYMS), json_schema_input_type=str | None)]
Sealed = Annotated[Caller | None, BeforeValidator(caller_of, json_schema_input_type=str | None)]


class CallSaid(Record):
    """One call. A record replaces the one before it whole, so leave nothing out."""

    id: Id = Field(description="the telephone system's id of the call")
    time: Time = Field(description="when it came: ISO 8601 with offset, epoch s or ms")
    type: Kind = Field(default=None, description=f"one of {', '.join(CALL_KINDS)}; missing: not known yet")
    provider: Line = Field(default=None, description="the caller's network: Telkomsel, XL, Indosat, …")
    answered_at: Moment = Field(default=None, description="when somebody answered; missing: nobody yet")
    ended_at: Moment = Field(default=None, description="when it ended; missing: it has not")
    caller: Sealed = Field(default=None, description="the number; kept as a keyed hash and its last three digits")
    lon: Longitude = None
    lat: Latitude = None
    kelurahan: Code = None
    incident: Name = Field(default=None, description="id of the incident that came of it")


def _events(said: CallSaid, received: datetime) -> Iterator[Event]:
    lon, lat = both_or_neither(said.lon, said.lat)
    record = CallRecord(
        came_at=said.time,
        kind=said.type,
        provider=said.provider,
        answered_at=said.answered_at,
        ended_at=said.ended_at,
        caller=said.caller,
        lon=lon,
        lat=lat,
        kelurahan=said.kelurahan,
        incident=said.incident,
    )
    newest = max(moment for moment in (said.time, said.answered_at, said.ended_at) if moment is not None)
    yield Event(
        id=stable_id("calls", said.id, str(record)),
        at=newest,
        seen=received,
        source="calls",
        fact=CallRecorded(call=said.id, record=record),
    )


FEED = Feed(
    title=Words(id="Panggilan masuk", en="Calls"),
    parse=reader(
        "a call", CallSaid, _events, misnamed={**MISNAMED, "tipe": "type", "operator": "provider", "uid": "id"}
    ),
    silent_s=7200,
)
