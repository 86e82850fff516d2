"""`/api/v1/tracks`: the way of a unit over HTTP, for those who may see units."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from layers.responders import PositionReported
from tests.dashboard.conftest import NOW


@pytest.fixture
def asked(city):
    """Three places of U and one of V; gives what is answered about them."""
    for unit, lon in (("U", 117.1), ("U", 117.2), ("V", 117.3)):
        city.bring(PositionReported(unit=unit, lon=lon, lat=-0.5, accuracy_m=4.0))
    day = {"since": (NOW - timedelta(hours=1)).isoformat(), "until": (NOW + timedelta(hours=1)).isoformat()}
    return lambda role="wall", **more: city.get(f"/api/v1/tracks?{urlencode({**day, **more}, doseq=True)}", role)


def test_the_way_of_one_unit_is_told_in_columns(asked):
    [unit] = asked(unit="U").json["units"]
    assert (unit["key"], unit["lon"], unit["lat"]) == ("U", [117.1, 117.2], [-0.5, -0.5])
    assert (unit["accuracy_m"], unit["heading_deg"]) == ([4.0, 4.0], [None, None])
    assert len(unit["observed_at"]) == len(unit["seen_at"]) == 2


def test_without_a_unit_all_are_told_and_how_far_the_answer_reaches(asked):
    said = asked().json
    assert [one["key"] for one in said["units"]] == ["U", "V"]
    assert said["whole_until"] == said["until"]


def test_who_may_not_see_units_sees_no_way(asked):
    assert asked("visitor").status_code == 403
    assert asked("admin").status_code == 200


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"since": "x"}, "since"),
        ({"until": "2026-11-22T19:18:00"}, "until"),
        ({"since": "2020-01-01T00:00:00+00:00"}, "until"),
        ({"unit": [str(n) for n in range(101)]}, "unit"),
    ],
)
def test_what_cannot_be_answered_names_its_field(asked, more, field):
    answer = asked(**more)
    assert (answer.status_code, answer.json["field"]) == (400, field)
