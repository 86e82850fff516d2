"""What all our JSON dialects share: strict values, named refusals, and no field lost without a word."""

import json

import pytest

from layers.event import Event, stable_id
from layers.feed import Rejected
from layers.records import Area, Count, Flag, Id, Moment, Record, Time, reader
from layers.responders import UnitRegistered


class Hydrant(Record):
    """A record with one field of every kind."""

    id: Id
    area: Area
    taps: Count = None
    works: Flag = None
    time: Time
    until: Moment = None


def events(record, received):
    fact = UnitRegistered(unit=record.id, name=record.area, unit_kind="unknown")
    yield Event(id=stable_id(record.id), at=record.time, seen=received, source="hydrants", fact=fact)


PARSE = reader("a hydrant", Hydrant, events, may_lie_ahead=frozenset({"until"}))
GOOD = {"id": "H1", "area": "64.72.09", "time": "2026-11-22T11:00:00Z"}


def read(now, *records):
    return list(PARSE(json.dumps(records if len(records) > 1 else records[0]).encode(), now))


def test_a_bad_record_does_not_stop_the_others(now):
    first, second, third = read(now, GOOD, {**GOOD, "taps": -1}, {**GOOD, "id": "H2"})
    assert (first.fact.unit, third.fact.unit) == ("H1", "H2")
    assert isinstance(second, Rejected)
    assert second.field == "taps"


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"id": None}, "id", "missing"),
        ({"area": "Bugis"}, "area", "write it like"),
        ({"taps": 1.5}, "taps", "whole number"),
        ({"works": "ya"}, "works", "true nor false"),
        ({"time": "2026-11-22T12:00:00Z"}, "time", "future"),
        ({"tapz": 1}, "tapz", "did you mean 'taps'"),
    ],
)
def test_a_refusal_names_the_field_and_what_to_do(now, change, field, words):
    (refused,) = read(now, {**GOOD, **change})
    assert refused.field == field
    assert words in refused.reason


def test_what_is_announced_may_lie_ahead_and_unknown_fields_are_ignored(now):
    (event,) = read(now, {**GOOD, "until": "2026-12-24T00:00:00Z", "colour": "red"})
    assert event.fact.name == "64.72.09"
