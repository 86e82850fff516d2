"""`/api/v1/counts`: incidents over HTTP as the log counts them, with the field at fault named."""

from datetime import timedelta

import pytest

from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from tests.dashboard.conftest import NOW


@pytest.fixture
def counted(city):
    """A fire today, one called off, and one of last month; gives what is answered."""
    for name, days in (("A", 0), ("B", 0), ("C", 30)):
        report = Report(category="kebakaran", reported_at=NOW - timedelta(days=days), lon=117.15, lat=-0.5)
        city.bring(IncidentReported(incident=name, report=report))
    city.bring(IncidentStatusChanged(incident="B", status="batal"))
    return lambda query="": city.get(f"/api/v1/counts?{query}", "wall")


def test_this_month_is_counted_by_kelurahan(city, counted):
    said = counted().json
    code = city.services.ground.places.kelurahan_at(117.15, -0.5)
    assert (said["first"], said["last"], said["mode"]) == ("2026-11-01", "2026-11-20", "live")
    [group] = said["groups"]
    assert (group["key"], group["name"]) == (code, city.services.ground.places.areas[code].name)
    assert (group["incidents"], group["standing"], group["batal"]) == (2, 1, 1)


def test_any_days_are_counted_by_month(counted):
    said = counted("first=2026-01-01&last=2026-12-31&by=month").json
    assert [(group["key"], group["incidents"]) for group in said["groups"]] == [("2026-10", 1), ("2026-11", 2)]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("first=x", "first"),
        ("last=2026-13-01", "last"),
        ("by=x", "by"),
        ("first=2026-11-02&last=2026-11-01", "last"),
        ("first=0001-01-01&last=0001-01-02", "first"),
        ("first=9999-12-30&last=9999-12-31", "first"),
    ],
)
def test_what_cannot_be_counted_names_its_field(counted, query, field):
    answer = counted(query)
    assert (answer.status_code, answer.json["field"]) == (400, field)
