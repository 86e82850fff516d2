"""An operator's word that two reports are one thing, or are not, as JSON."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from geodata.errors import BadPayload
from layers.event import Event
from layers.feed import Feed
from layers.joins import ReportJoined
from layers.layer import Words
from layers.records import Flag, Id, Moment, Name, Record, reader, said_by


class JoinSaid(Record):
    """One report, and what it is part of."""

    id: Id = Field(description="the report")
    into: Name = Field(default=None, description="the incident it is one more report of")
    alone: Flag = Field(default=None, description="true: it is part of no other")
    time: Moment = Field(default=None, description="when this was decided; missing: when it arrived")


def _events(said: JoinSaid, received: datetime) -> Iterator[Event]:
    if (said.into is None) == (said.alone is not True):
        raise BadPayload("into: send either into or alone: true", field="into")
    if said.into == said.id:
        raise BadPayload("into: a report is no part of itself", field="into")
    yield said_by("joins", ReportJoined(report=said.id, into=said.into), said.time, received)


FEED = Feed(
    title=Words(id="Laporan ganda", en="Folded reports"),
    parse=reader("a word on a report", JoinSaid, _events),
)
