"""Cameras: the inventory and the health each win by their own time; a cone only where the direction is known."""

from datetime import timedelta

import pytest

from layers.cameras import CameraDelisted, CameraHealthChanged, CameraListed, draw, keep
from layers.situation import after_all


def listed(name="Simpang Lembuswana", **said):
    return CameraListed(camera="C", name=name, lon=said.pop("lon", 117.14), lat=-0.49, **said)


@pytest.fixture
def situation_after(nothing, happened):
    def fold(*facts):
        return after_all(nothing, [(n, happened(fact, after_s)) for n, (fact, after_s) in enumerate(facts, 1)])[0]

    return fold


def test_a_late_health_does_not_bring_a_lost_camera_back(situation_after):
    lost, ok = (
        CameraHealthChanged(camera="C", health="lost", reason="no answer"),
        CameraHealthChanged(camera="C", health="ok"),
    )
    camera = situation_after((lost, 60), (ok, 0)).of("cameras")["C"]
    assert (camera.health, camera.reason) == ("lost", "no answer")


def test_a_camera_taken_off_the_list_stays_off_when_its_listing_comes_late(situation_after, now):
    for facts in ([(listed(), 0), (CameraDelisted(camera="C"), 60)], [(CameraDelisted(camera="C"), 60), (listed(), 0)]):
        situation = situation_after(*facts)
        assert situation.of("cameras")["C"].listed is None
        assert draw(situation, now, None) == []


def test_health_is_known_before_the_inventory_is(situation_after):
    ok = CameraHealthChanged(camera="C", health="ok")
    assert situation_after((ok, 5), (listed(), 9)).of("cameras") == situation_after((listed(), 9), (ok, 5)).of(
        "cameras"
    )


def test_a_camera_that_is_not_listed_is_forgotten_after_a_day(situation_after, now):
    gone = situation_after((CameraDelisted(camera="C"), 0)).of("cameras")["C"]
    assert keep(gone, now + timedelta(hours=23))
    assert not keep(gone, now + timedelta(hours=25))
    assert keep(situation_after((listed(), 0)).of("cameras")["C"], now + timedelta(days=900))


def test_a_cone_is_drawn_only_where_the_direction_is_known(situation_after, now):
    assert [one["properties"]["part"] for one in draw(situation_after((listed(), 0)), now, None)] == ["marker"]
    drawn = draw(situation_after((listed(azimuth_deg=0.0), 0)), now, ["C"])
    assert [one["properties"]["part"] for one in drawn] == ["marker", "cone"]
    assert drawn[1]["geometry"]["type"] == "Polygon"


def test_a_camera_outside_the_city_is_not_drawn(situation_after, now):
    assert draw(situation_after((listed(lon=106.8), 0)), now, None) == []
