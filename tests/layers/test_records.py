"""What all our JSON dialects share: strict values, named refusals, and no field lost without a word."""

import json

import pytest

from geodata.errors import BadPayload
from layers.event import Event, stable_id
from layers.feed import Rejected
from layers.records import Area, Count, Flag, Id, Latitude, Longitude, Moment, Record, Time, reader
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


class Pump(Record):
    """A record with a place."""

    id: Id
    lon: Longitude = None
    lat: Latitude = None


def located(record, received):
    fact = UnitRegistered(unit=record.id, name=f"{record.lon} {record.lat}", unit_kind="unknown")
    yield Event(id=stable_id(record.id), at=received, seen=received, source="pumps", fact=fact)


def pumps(now, said):
    told = reader("a pump", Pump, located)(json.dumps(said).encode(), now)
    return [one.field if isinstance(one, Rejected) else (one.fact.unit, one.fact.name) for one in told]


POINT = {"type": "Point", "coordinates": [117.1, -0.5, 12]}


def feature(geometry=None, **said):
    return {"type": "Feature", "geometry": geometry, "properties": {"id": "P1"}} | said


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (feature(POINT), [("P1", "117.1 -0.5")]),
        (feature(), [("P1", "None None")]),
        (feature(POINT, id=7, properties={}), [("7", "117.1 -0.5")]),
        (feature(POINT, id=7), [("P1", "117.1 -0.5")]),
        (feature(POINT, properties={"id": "P1", "lon": 117.2, "lat": -0.4}), [("P1", "117.2 -0.4")]),
        (feature({"type": "LineString", "coordinates": [[1, 2], [3, 4]]}), ["geometry"]),
        (feature({"type": "Point", "coordinates": ["x", None]}), ["lon"]),
        (feature(properties=None), ["properties"]),
        ({"type": "FeatureCollection", "features": [feature(), 5, feature(POINT)]}, [
            ("P1", "None None"), None, ("P1", "117.1 -0.5"),
        ]),
        ({"type": "FeatureCollection", "features": []}, []),
    ],
)  # fmt: skip
def test_geojson_is_read_like_our_own_records(now, said, told):
    assert pumps(now, said) == told


def test_a_collection_without_features_is_refused(now):
    with pytest.raises(BadPayload, match="features"):
        pumps(now, {"type": "FeatureCollection", "features": {}})
