"""Which unit was sent to which incident, as JSON."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from geodata.errors import BadPayload
from layers.assignments import UnitAssigned
from layers.event import Event
from layers.feed import Feed
from layers.layer import Words
from layers.records import Flag, Id, Moment, Name, Record, reader, said_by


class AssignmentSaid(Record):
    """One unit, and where it was sent."""

    unit: Id
    incident: Name = Field(default=None, description="id of the incident it was sent to")
    free: Flag = Field(default=None, description="true: it has no task any more")
    time: Moment = Field(default=None, description="when; missing: when it arrived")


def _events(said: AssignmentSaid, received: datetime) -> Iterator[Event]:
    if (said.incident is None) == (said.free is not True):
        raise BadPayload("incident: send either incident or free: true", field="incident")
    yield said_by("assignments", UnitAssigned(unit=said.unit, incident=said.incident), said.time, received)


FEED = Feed(title=Words(id="Penugasan", en="Assignments"), parse=reader("an assignment", AssignmentSaid, _events))
