"""What the sender is told of a report that was taken although not all of it can be used."""

import pytest

from layers.doubts import doubts
from layers.incidents import IncidentReported, IncidentStatusChanged, Report


def fields_doubted(ground, now, **said):
    report = Report(**{"category": "kebakaran", "reported_at": now, "lon": 117.15, "lat": -0.5, **said})
    return [doubt.field for doubt in doubts(IncidentReported(incident="A", report=report), ground)]


def test_a_report_that_makes_sense_raises_none(ground, now):
    assert fields_doubted(ground, now, agency="damkar") == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"lon": 106.8, "lat": -6.2}, "lon"),
        ({"lon": 0.0, "lat": 0.0}, "lon"),
        ({"kelurahan": "99.99.99.9999"}, "kelurahan"),
        ({"agency": "nosuch"}, "agency"),
        ({"category": "naga"}, "category"),
    ],
)
def test_what_the_city_does_not_know_is_named_by_its_field(ground, now, said, field):
    assert fields_doubted(ground, now, **said) == [field]


def test_a_status_is_doubted_for_its_agency_alone(ground):
    (doubt,) = doubts(IncidentStatusChanged(incident="A", status="selesai", agency="nosuch"), ground)
    assert doubt.field == "agency"
    assert "nosuch" in doubt.detail
