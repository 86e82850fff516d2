"""Shifts as JSON: a roster, who came or left, a handover note; one record may say all three."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from geodata.errors import BadPayload
from layers.event import Event
from layers.feed import Feed
from layers.fields import shown
from layers.layer import Words
from layers.records import Count, Moment, Prose, Record, listed, reader, said_by, text
from layers.shifts import Person, ShiftAttended, ShiftHandedOver, ShiftRostered

_ID = re.compile(r"\d{4}-\d\d-\d\d/.{1,40}")


def _shift(said: object) -> str:
    if not isinstance(said, str) or not _ID.fullmatch(said):
        raise ValueError(f"{shown(said)} is no shift; write the day it begins and its name: 2026-11-22/Malam")
    return said


def _person(said: object) -> Person:
    if isinstance(said, Person):
        return said
    if not isinstance(said, dict) or not said.get("name"):
        raise ValueError(f"{shown(said)} is no person; send name, role, agency, volunteer")
    is_volunteer: Any = said.get("volunteer", False)
    if not isinstance(is_volunteer, bool):
        raise ValueError("volunteer is true or false")  # noqa: TRY004 — as in records
    agency = said.get("agency")
    return Person(
        name=text(100, said["name"]),
        role=text(100, said.get("role") or "petugas"),
        agency=text(100, agency) if agency else None,
        is_volunteer=is_volunteer,
    )


People = Annotated[
    tuple[Person, ...] | None, BeforeValidator(partial(listed, _person), json_schema_input_type=list[dict[str, Any]])
]


class ShiftSaid(Record):
    """What is said of one shift."""

    shift: Annotated[str, BeforeValidator(_shift, json_schema_input_type=str)]
    time: Moment = Field(default=None, description="when this was so; missing: when it arrived")
    roster: People = Field(default=None, description="everybody who is to be there; replaces the roster before it")
    needed: Count = Field(default=None, description="how many it takes; missing: as many as are on the roster")
    present: People = Field(default=None, description="who is there from now on")
    left: People = Field(default=None, description="who has gone")
    note: Prose = Field(default=None, description="what the next shift must know; only admins read it")


def _events(said: ShiftSaid, received: datetime) -> Iterator[Event]:
    if said.roster is None and said.present is None and said.left is None and said.note is None:
        raise BadPayload("roster: missing; send roster, present, left or note", field="roster")
    facts: list[object] = []
    if said.roster is not None:
        facts.append(ShiftRostered(shift=said.shift, people=said.roster, needed=said.needed))
    for is_present, people in ((True, said.present or ()), (False, said.left or ())):
        facts += [ShiftAttended(shift=said.shift, person=one, is_present=is_present) for one in people]
    if said.note is not None:
        facts.append(ShiftHandedOver(shift=said.shift, note=said.note))
    yield from (said_by("shifts", fact, said.time, received) for fact in facts)


FEED = Feed(title=Words(id="Sif dan petugas", en="Shifts and staff"), parse=reader("a shift", ShiftSaid, _events))
