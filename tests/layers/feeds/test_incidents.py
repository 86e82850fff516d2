"""Our own dialect: what is taken, and that every refusal names its field and says what to do."""

import json
from datetime import timedelta

import pytest

from geodata.errors import BadPayload
from layers.event import Event
from layers.feed import Rejected
from layers.feeds.incidents import FEED, IncidentRecord
from layers.incident_words import PRIORITIES, SYNONYMS
from layers.incidents import STATUSES


@pytest.fixture
def read(now):
    def parse(*records):
        return list(FEED.parse(json.dumps(records[0] if len(records) == 1 else records).encode(), now))

    return parse


def report_of(news):
    (event,) = news
    return event.fact.report


def test_the_whole_report_is_read(read, now):
    report = report_of(
        read({"id": "A", "category": "kebakaran", "priority": "2", "time": now.timestamp() - 60, "lon": "117.15",
              "lat": -0.5, "kelurahan": "6472091003", "description": " asap ", "agency": "damkar"})
    )  # fmt: skip
    assert (report.category, report.priority, report.lon, report.lat) == ("kebakaran", 2, 117.15, -0.5)
    assert report.reported_at == now - timedelta(seconds=60)
    assert (report.kelurahan, report.description, report.agency) == ("64.72.09.1003", "asap", "damkar")


def test_a_report_without_a_time_is_as_old_as_its_arrival(read, now):
    (event,) = read({"id": "A", "category": "banjir"})
    assert event.at == now
    assert event.fact.report.reported_at == now


def test_the_same_record_is_the_same_event_and_another_one_is_not(read):
    record = {"id": "A", "category": "banjir", "status": "diterima"}
    assert [event.id for event in read(record)] == [event.id for event in read(record)]
    assert read(record)[0].id != read(record | {"priority": 1})[0].id
    assert read(record)[1].id == read(record | {"priority": 1})[1].id


def test_without_an_id_the_content_gives_one(read):
    one, same, other = (read({"category": "banjir", "lon": lon, "lat": -0.5})[0] for lon in (117.1, 117.1, 117.2))
    assert one.fact.incident == same.fact.incident != other.fact.incident
    assert one.fact.incident.startswith("INC-")


@pytest.mark.parametrize("status", STATUSES)
def test_a_status_is_read_however_it_is_spelt(read, status):
    for said in (status, status.upper(), status.replace("_", " "), status.replace("_", "-").title()):
        (event,) = read({"id": "A", "status": said})
        assert event.fact.status == status


@pytest.mark.parametrize(("said", "meant"), SYNONYMS.items())
def test_common_english_words_for_a_status_are_known(read, said, meant):
    (event,) = read({"id": "A", "status": said.replace("_", " ")})
    assert event.fact.status == meant


@pytest.mark.parametrize(("said", "meant"), PRIORITIES.items())
def test_a_priority_may_be_a_word(read, said, meant):
    assert report_of(read({"id": "A", "category": "x", "priority": said.upper()})).priority == meant


def test_a_step_without_a_time_has_none(read, now):
    (event,) = read({"id": "A", "status": "di_lokasi"})
    assert event.fact.reached_at is None
    assert event.at == now


def test_the_first_step_of_a_report_is_as_old_as_the_report(read, now):
    _, step = read({"id": "A", "category": "x", "time": (now - timedelta(hours=1)).isoformat(), "status": "new"})
    assert step.at == now - timedelta(hours=1)
    assert step.fact.reached_at is None


@pytest.mark.parametrize("place", [{}, {"lon": 0, "lat": "0"}, {"lon": None, "lat": ""}])
def test_no_place_is_no_place(read, place):
    report = report_of(read({"id": "A", "category": "x"} | place))
    assert (report.lon, report.lat) == (None, None)


def test_fields_that_nobody_knows_are_ignored(read):
    (event,) = read({"id": "A", "category": "x", "category_id": 7, "operator": "seat 4", "tim": "B"})
    assert isinstance(event, Event)


WRONG = [
    ("category", {"id": "A"}),
    ("category", {"category": True}),
    ("category", {"category": "x" * 101}),
    ("category", {"id": "A", "status": "batal", "lon": 117, "lat": 0}),
    ("id", {"status": "batal"}),
    ("id", {"id": "x" * 129, "category": "x"}),
    ("id", {"id": "a\nb", "category": "x"}),
    ("id", {"id": 1.5, "category": "x"}),
    ("status", {"id": "A", "status": "flying"}),
    ("status", {"id": "A", "category": "x", "status_time": 1_795_346_280}),
    ("priority", {"category": "x", "priority": 0}),
    ("priority", {"category": "x", "priority": 2.5}),
    ("priority", {"category": "x", "priority": "tinggi"}),
    ("lon", {"category": "x", "lon": 180.1, "lat": 0}),
    ("lon", {"category": "x", "lat": -0.5}),
    ("lon", {"category": "x", "lon": "117,15", "lat": 0}),
    ("lat", {"category": "x", "lon": 117, "lat": 91}),
    ("lat", {"category": "x", "lon": 117}),
    ("lat", {"category": "x", "lon": 117, "lat": False}),
    ("time", {"category": "x", "time": "2026-11-22T19:18:00"}),
    ("time", {"category": "x", "time": "yesterday"}),
    ("time", {"category": "x", "time": 12}),
    ("time", {"category": "x", "time": "2026-11-22T11:23:01Z"}),
    ("status_time", {"id": "A", "status": "batal", "status_time": "2026-11-22T11:23:01Z"}),
    ("kelurahan", {"category": "x", "kelurahan": "Pasar Pagi"}),
    ("kelurahan", {"category": "x", "kelurahan": 6472091003}),
    ("description", {"category": "x", "description": "y" * 2001}),
    ("description", {"category": "x", "description": ["y"]}),
    ("catgory", {"catgory": "x"}),
    ("priorty", {"category": "x", "priorty": 1}),
    ("Priority", {"category": "x", "Priority": 1}),
    ("statusTime", {"id": "A", "status": "batal", "statusTime": 1_795_346_280}),
    ("latitude", {"category": "x", "latitude": -0.5, "longitude": 117}),
    ("lng", {"category": "x", "lat": -0.5, "lng": 117}),
    ("kategori", {"kategori": "x"}),
]


@pytest.mark.parametrize(("field", "record"), WRONG, ids=str)
def test_a_refusal_names_the_field_and_keeps_the_record(read, field, record):
    (refused,) = read(record)
    assert isinstance(refused, Rejected)
    assert refused.field == field
    assert refused.reason.startswith(f"{field}: ")
    assert json.loads(refused.original) == record


def test_a_clock_five_minutes_ahead_is_forgiven(read, now):
    (event,) = read({"id": "A", "category": "x", "time": (now + timedelta(minutes=5)).isoformat()})
    assert event.at == now + timedelta(minutes=5)


@pytest.mark.parametrize("item", [1, None, "x", [], True])
def test_an_item_that_is_no_object_is_refused_alone(read, item):
    good, refused = read({"id": "A", "category": "x"}, item)
    assert isinstance(good, Event)
    assert isinstance(refused, Rejected)


@pytest.mark.parametrize("payload", [b"", b"null", b"3", b"{", b"\xff", b'"x"'])
def test_a_payload_that_is_no_object_and_no_list_is_refused_whole(now, payload):
    with pytest.raises(BadPayload):
        list(FEED.parse(payload, now))


def test_the_schema_describes_every_field():
    schema = IncidentRecord.model_json_schema()
    assert set(schema["properties"]) >= {"id", "category", "status", "lon", "lat"}
    assert all(prop["description"] for prop in schema["properties"].values())
