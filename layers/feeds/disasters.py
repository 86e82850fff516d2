"""Disasters as the city declares and ends them, as JSON."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from geodata.errors import BadPayload
from layers.disasters import DisasterDeclared, DisasterEnded
from layers.event import Event
from layers.feed import Feed
from layers.layer import Words
from layers.records import Areas, Id, Line, Moment, Record, reader, said_by


class DisasterSaid(Record):
    """A disaster declared, or one that is over."""

    id: Id
    title: Line = Field(default=None, description="as shown; needed to declare one")
    hazard: Line = Field(default=None, description="banjir, gempa, kebakaran, …")
    areas: Areas = Field(default=(), description="codes of the kelurahan, kecamatan or city it is in")
    began_at: Moment = Field(default=None, description="when it began; needed to declare one")
    time: Moment = Field(default=None, description="when this was so; missing: when it arrived")
    ended_at: Moment = Field(default=None, description="when it was over; then nothing else is read")


def _events(said: DisasterSaid, received: datetime) -> Iterator[Event]:
    if said.ended_at is not None:
        yield said_by("disasters", DisasterEnded(disaster=said.id, ended_at=said.ended_at), said.ended_at, received)
        return
    if said.title is None or said.began_at is None or not said.areas:
        field = "title" if said.title is None else "began_at" if said.began_at is None else "areas"
        raise BadPayload(f"{field}: missing; a disaster has a title, areas and a beginning", field=field)
    fact = DisasterDeclared(
        disaster=said.id,
        title=said.title,
        hazard=said.hazard or "lainnya",
        areas=said.areas,
        began_at=said.began_at,
    )
    yield said_by("disasters", fact, said.time, received)


FEED = Feed(title=Words(id="Bencana", en="Disasters"), parse=reader("a disaster", DisasterSaid, _events))
