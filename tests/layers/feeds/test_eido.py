"""EIDO: one incident of another center, its agencies, and nobody's person."""

import json
from pathlib import Path

import pytest

from layers.feed import Rejected
from layers.feeds.eido import FEED
from layers.situation import after_all

SAMPLE = json.loads((Path(__file__).parents[2] / "payloads" / "eido" / "incident.json").read_text("utf-8"))
KEY = b"k" * 32


def read(said, received):
    return list(FEED.parse(FEED.seal(json.dumps(said).encode(), KEY), received))


def changed(**incident):
    said = json.loads(json.dumps(SAMPLE))
    said["incidentComponent"].update(incident)
    return said


def report_of(said, received):
    return read(said, received)[0].fact.report


def incident_of(nothing, said, received):
    situation, _ = after_all(nothing, enumerate(read(said, received), 1))
    (incident,) = situation.of("incidents").values()
    return incident


@pytest.fixture
def later(now):
    return now.replace(minute=28)


@pytest.mark.parametrize(
    ("said", "ours"), [(10, 1), (9, 1), (8, 2), (6, 2), (5, 3), (3, 3), (2, 4), (0, 4), (None, None)]
)
def test_its_ten_is_our_one_and_what_is_not_said_is_not_said(later, said, ours):
    assert report_of(changed(incidentCommonPriorityNumber=said), later).priority == ours


def test_each_agency_has_its_steps_at_the_time_its_component_says(later, nothing):
    incident = incident_of(nothing, SAMPLE, later)
    assert incident.status == "menuju_lokasi"
    assert set(incident.reached_by["damkar.kukar.example"]) == {"diteruskan", "menuju_lokasi"}
    assert incident.milestones["diteruskan"].minute == 19
    assert "polres.kukar.example" not in incident.reached_by


@pytest.mark.parametrize(("word", "status"), [("Closed", "selesai"), ("Canceled", "batal"), ("On Scene", "di_lokasi")])
def test_the_incidents_own_status_ends_it(later, nothing, word, status):
    assert incident_of(nothing, changed(incidentStatusCommonRegistryText=[word]), later).status == status


def test_a_word_nobody_knows_and_a_component_of_the_future_say_nothing(later, nothing):
    said = changed(incidentStatusCommonRegistryText=["Quantum"], newField={"x": 1})
    assert incident_of(nothing, {**said, "futureComponent": [{"$id": "f"}]}, later).status == "menuju_lokasi"


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ('<gml:Point xmlns:gml="http://www.opengis.net/gml"><gml:pos>-0.4 117.2</gml:pos></gml:Point>', (117.2, -0.4)),
        ("<pos>-0.4 117.2 34.0</pos>", (117.2, -0.4)),
        ("<pos>0 0</pos>", (None, None)), ("<pos>95 117</pos>", (None, None)), ("<pos>utara</pos>", (None, None)),
        ("<civic><A1>Kaltim</A1></civic>", (None, None)), ("", (None, None)), (7, (None, None)),
        ('<!DOCTYPE x [<!ENTITY a "b">]><pos>1 1</pos>', (None, None)),
    ],
)  # fmt: skip
def test_a_place_is_latitude_first_or_there_is_none(later, value, place):
    said = changed()
    said["locationComponent"][0]["locationByValue"] = value
    report = report_of(said, later)
    assert (report.lon, report.lat) == place


def test_the_callers_place_is_never_taken_for_the_incidents(later):
    said = changed(locationReference=[])
    said["locationComponent"] = [{**said["locationComponent"][0], "locationTypeDescriptionRegistryText": "Caller"}]
    assert report_of(said, later).lon is None
    said["locationComponent"][0]["locationTypeDescriptionRegistryText"] = "Incident"
    assert report_of(said, later).lon == 117.1502


def test_without_a_call_it_is_as_old_as_its_last_update(later):
    said = {name: value for name, value in SAMPLE.items() if name != "callComponent"}
    assert report_of(said, later).reported_at.minute == 21


def test_no_person_passes_the_door():
    sealed = FEED.seal(json.dumps(SAMPLE).encode(), KEY)
    words = (
        b"Budi",
        b"budi",
        b"Siti",
        b"siti@",
        b"7890",
        b"personComponent",
        b"callback",
        b"vcard",
        b"secret",
        b"lrf.",
    )
    assert [word for word in words if word in sealed] == []
    assert b"Asap tebal" in sealed
    assert FEED.seal(sealed, KEY) == sealed
    assert FEED.seal(b"Budi 0812-3456-7890", KEY) == b""


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("$id", {"$id": "x"}),
        ("$id", 5),
        ("incidentTypeCommonRegistryText", changed(incidentTypeCommonRegistryText="", incidentTypeInternalText=None)),
        ("incidentCommonPriorityNumber", changed(incidentCommonPriorityNumber=11)),
        ("lastUpdateTimeStamp", changed(lastUpdateTimeStamp="2027-01-01T00:00:00Z")),
    ],
)
def test_a_refusal_names_the_field_and_costs_only_itself(later, field, said):
    refused, *others = read([said, SAMPLE], later)
    assert isinstance(refused, Rejected)
    assert refused.field in {field, None}
    assert len(others) == 4
