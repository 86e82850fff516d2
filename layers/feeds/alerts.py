"""Early warnings as JSON: issued, updated, taken back."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Annotated

from pydantic import BeforeValidator, Field

from geodata.errors import BadPayload
from layers.alerts import SEVERITIES, AlertCancelled, AlertIssued, Severity
from layers.event import Event
from layers.feed import Feed
from layers.layer import Words
from layers.records import Areas, Flag, Id, Line, Moment, Prose, Record, one_of, reader, said_by

Grade = Annotated[
    Severity, BeforeValidator(partial(one_of, {word: word for word in SEVERITIES}), json_schema_input_type=str)
]


class AlertSaid(Record):
    """One warning; replaces what was said of it before."""

    id: Id
    title: Line = None
    hazard: Line = Field(default=None, description="hujan lebat, petir, banjir, …")
    issuer: Line = Field(default=None, description="who answers for it, e.g. BMKG")
    severity: Grade = "unknown"
    areas: Areas = Field(default=(), description="codes of kelurahan, kecamatan or city")
    time: Moment = Field(default=None, description="when it was issued; missing: when it arrived")
    starts_at: Moment = Field(default=None, description="from when on it holds; missing: from when it was issued")
    expires_at: Moment = Field(default=None, description="until when it holds; needed: a warning without end is none")
    text: Prose = None
    exercise: Flag = Field(default=None, description="true: an exercise, never shown as a warning")
    cancelled_at: Moment = Field(default=None, description="when it was taken back; then nothing else is read")


def _events(said: AlertSaid, received: datetime) -> Iterator[Event]:
    if said.cancelled_at is not None:
        fact = AlertCancelled(alert=said.id, cancelled_at=said.cancelled_at)
        yield said_by("alerts", fact, said.cancelled_at, received)
        return
    yield said_by("alerts", _issued(said, received), said.time, received)


def _issued(said: AlertSaid, received: datetime) -> AlertIssued:
    for field in ("title", "issuer", "expires_at", "areas"):
        if not getattr(said, field):
            raise BadPayload(f"{field}: missing; a warning has a title, an issuer, areas and an end", field=field)
    starts_at = said.starts_at or said.time or received
    if said.expires_at is None or said.expires_at <= starts_at:
        raise BadPayload("expires_at: it must lie after starts_at", field="expires_at")
    return AlertIssued(
        alert=said.id,
        title=said.title or "",
        hazard=said.hazard or "lainnya",
        issuer=said.issuer or "",
        severity=said.severity,
        areas=said.areas,
        starts_at=starts_at,
        expires_at=said.expires_at,
        text=said.text,
        is_exercise=bool(said.exercise),
    )


FEED = Feed(
    title=Words(id="Peringatan dini", en="Alerts"),
    parse=reader("a warning", AlertSaid, _events, may_lie_ahead=frozenset({"starts_at", "expires_at"})),
)
