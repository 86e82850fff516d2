"""The state of telephone networks, power and internet per area, as JSON."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Annotated

from pydantic import BeforeValidator, Field

from layers.event import Event
from layers.feed import Feed
from layers.layer import Words
from layers.lifelines import STATES, LifelineReported, State, lifeline_id
from layers.records import Area, Line, Moment, Record, Text, one_of, reader, said_by

WORDS: Mapping[str, str] = {
    **{state: state for state in STATES},
    "ok": "normal", "up": "normal", "pulih": "normal",
    "padat": "jammed", "lambat": "jammed", "congested": "jammed",
    "putus": "down", "mati": "down", "padam": "down",
}  # fmt: skip


class LifelineSaid(Record):
    """One provider in one area."""

    provider: Text = Field(description="Telkomsel, XL, Indosat, PLN, Internet, or another")
    area: Area = Field(description="Kemendagri code of the city, kecamatan or kelurahan")
    state: Annotated[State, BeforeValidator(partial(one_of, WORDS), json_schema_input_type=str)]
    time: Moment = Field(default=None, description="when it was so; missing: when it arrived")
    since: Moment = Field(default=None, description="since when it has been so")
    note: Line = None


def _events(said: LifelineSaid, received: datetime) -> Iterator[Event]:
    fact = LifelineReported(
        lifeline=lifeline_id(said.provider, said.area),
        provider=said.provider,
        area=said.area,
        state=said.state,
        since=said.since,
        note=said.note,
    )
    yield said_by("lifelines", fact, said.time, received)


FEED = Feed(
    title=Words(id="Jaringan vital", en="Lifelines"), parse=reader("a lifeline", LifelineSaid, _events), silent_s=7200
)
