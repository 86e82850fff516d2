"""Who is in the simulated city, and how its cameras are listed."""

from collections import Counter

import pytest

from cctv.camera import discover_sources
from cctv.inventory import import_cameras
from dashboard.demo.calls import PRIOR
from dashboard.demo.cast import ANSWERS, cameras
from dashboard.demo.run import geojson_of


@pytest.fixture(scope="module")
def staged(demo_ground, streets):
    return cameras(demo_ground, streets, 1, "http://127.0.0.1:9")


def test_there_are_forty_vehicles_and_a_volunteer_in_every_kelurahan(units, demo_ground):
    assert Counter(unit.kind for unit in units) == {"vehicle": 40, "volunteer": 60}
    assert len({unit.id for unit in units}) == 100
    volunteers = " ".join(unit.name for unit in units if unit.kind == "volunteer")
    assert all(area.name in volunteers for area in demo_ground.places.areas.values())


def test_every_agency_that_answers_has_vehicles_and_is_known_to_the_city(units, demo_ground):
    known = {agency.id for agency in demo_ground.city.agencies}
    driving = {unit.agency for unit in units if unit.kind == "vehicle"}
    assert set(ANSWERS) == set(PRIOR)
    assert set(ANSWERS.values()) <= driving <= known


def test_phones_speak_every_form_and_some_are_silent_or_vague(units):
    assert {unit.dialect for unit in units} == {"get", "post_query", "form", "json"}
    habits = Counter(unit.habit for unit in units)
    assert 0 < habits["silent"] < 10
    assert 0 < habits["coarse"] < 10


def test_thirty_cameras_stand_in_the_city_and_most_of_them_know_where_they_look(staged, demo_ground):
    assert len({one.camera.id for one in staged}) == len({one.camera.name for one in staged}) == 30
    assert all(
        demo_ground.places.kelurahan_at(one.camera.lon, one.camera.lat) for one in staged if one.scene.kind != "river"
    )
    directed = sum(one.camera.azimuth_deg is not None for one in staged)
    assert 20 < directed < 30


def test_the_inventory_takes_every_camera_as_it_is(staged, tmp_path):
    reading = import_cameras(geojson_of(staged), tmp_path, discover_sources().found)
    assert reading.refused == ()
    assert set(reading.cameras) == {one.camera for one in staged}


def test_bridges_show_the_river(staged):
    assert {one.camera.name for one in staged if one.scene.kind == "river"} == {
        "Jembatan Mahakam",
        "Jembatan Mahkota II",
    }
