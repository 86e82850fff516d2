"""The replay's timeline: what happened in each slot, where incidents begin, and from when on there is a past."""

from datetime import timedelta

import pytest

from layers.calls import CallRecord, CallRecorded
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from tests.dashboard.conftest import NOW


def reported(key, minutes_ago, category="kebakaran", priority=1):
    at = NOW - timedelta(minutes=minutes_ago)
    report = Report(category=category, reported_at=at, lon=117.15, lat=-0.5, priority=priority, description="Pak Budi")
    return IncidentReported(incident=key, report=report)


@pytest.fixture
def told(city):
    """Two incidents of this morning, one of last month, a call; gives what is answered."""
    for key, minutes_ago, priority in (("A", 90, 1), ("B", 30, 3), ("OLD", 40 * 1_440, 2)):
        city.bring(reported(key, minutes_ago, priority=priority))
    city.bring(IncidentStatusChanged(incident="A", status="selesai", reached_at=NOW - timedelta(minutes=60)))
    call = CallRecord(came_at=NOW - timedelta(minutes=31), kind="normal")
    city.bring(CallRecorded(call="C", record=call))
    city.watch.forward(60)
    return lambda query, role="wall": city.get(f"/api/v1/timeline?{query}", role)


def iso(minutes_ago):
    return (NOW - timedelta(minutes=minutes_ago)).isoformat().replace("+", "%2B")


def test_each_slot_says_how_much_began_in_it_and_how_grave(told):
    said = told(f"since={iso(120)}&until={iso(0)}&slots=4").json
    assert (said["slot_s"], said["first"]) == (1_800, (NOW - timedelta(hours=2)).timestamp())
    assert (said["incidents"], said["grave"]) == ([0, 1, 0, 1], [0, 1, 0, 0])
    assert said["calls"] == {"slot_s": 1_800, "came": [0, 0, 1, 0]}


def test_each_incident_has_its_begin_its_end_and_when_it_was_heard_of(told):
    marks = told(f"since={iso(120)}&until={iso(0)}").json["marks"]
    assert [(mark["key"], mark["priority"]) for mark in marks] == [("A", 1), ("B", 3)]
    begun, seen, ended = ((NOW - timedelta(minutes=m)).timestamp() for m in (90, 0, 60))
    assert (marks[0]["at"], marks[0]["ended"], marks[1]["ended"]) == (begun, ended, None)
    assert marks[0]["seen"] >= seen
    assert "Budi" not in str(marks)


def test_of_a_long_time_the_days_are_counted(told):
    said = told(f"since={iso(60 * 1_440)}&until={iso(0)}").json
    assert (said["slot_s"], said["marks"], sum(said["incidents"])) == (86_400, None, 3)
    assert said["incidents"][-1] == 2


def test_it_says_from_when_on_there_is_a_past(told):
    said = told("").json
    assert NOW.timestamp() <= said["began"]["shown"] <= said["now"]
    assert said["until"] - said["since"] == 86_400


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=x", "since"),
        ("until=x", "until"),
        ("slots=0", "slots"),
        ("slots=x", "slots"),
        ("since=2099-01-01T00:00:00Z", "until"),
        ("since=2010-01-01T00:00:00Z", "until"),
    ],
)
def test_what_cannot_be_shown_names_its_field(told, query, field):
    answer = told(query)
    assert (answer.status_code, answer.json["field"]) == (400, field)


def test_visitors_are_not_told_how_much_happened(told):
    assert told("", "visitor").status_code == 403
