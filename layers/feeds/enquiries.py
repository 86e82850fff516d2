"""Family enquiries as JSON: that somebody asked, and when they were answered. Send no names: nothing reads them."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from geodata.errors import BadPayload
from layers.enquiries import EnquiryRecorded
from layers.event import Event, stable_id
from layers.feed import Feed
from layers.layer import Words
from layers.records import Id, Moment, Name, Record, Time, reader


class EnquirySaid(Record):
    """One enquiry; replaces what was said of it before."""

    id: Id
    asked_at: Time
    answered_at: Moment = Field(default=None, description="when they were told; missing: they still wait")
    disaster: Name = Field(default=None, description="id of the disaster it is about")


def _events(said: EnquirySaid, received: datetime) -> Iterator[Event]:
    if said.answered_at is not None and said.answered_at < said.asked_at:
        raise BadPayload("answered_at: it lies before asked_at", field="answered_at")
    fact = EnquiryRecorded(
        enquiry=said.id, asked_at=said.asked_at, answered_at=said.answered_at, disaster=said.disaster
    )
    at = said.answered_at or said.asked_at
    yield Event(id=stable_id("enquiries", str(fact)), at=at, seen=received, source="enquiries", fact=fact)


FEED = Feed(
    title=Words(id="Pencarian keluarga", en="Family enquiries"),
    parse=reader("an enquiry", EnquirySaid, _events),
)
