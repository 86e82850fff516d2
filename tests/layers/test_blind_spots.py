"""Blind spots: per kelurahan what no working camera has in view."""

import math

import pytest

from cctv.truth import PictureFault
from layers.blind_spots import LAYER, draw
from layers.cameras import CameraHealthChanged, CameraListed, CameraPictureJudged
from layers.situation import after_all

WEST, EAST = "64.72.09.1003", "64.72.09.1004"
SQUARE_M2 = (0.02 * 111_320) ** 2


def camera(key, lon=117.14, **said):
    return CameraListed(camera=key, name=key, lon=lon, lat=-0.5, fov_deg=90.0, range_m=300.0, **said)


@pytest.fixture
def drawn(nothing, happened, now):
    def draw_after(*facts, keys=None):
        situation = after_all(nothing, [(n, happened(fact, n)) for n, fact in enumerate(facts, 1)])[0]
        return {one["properties"]["key"]: one["properties"] for one in draw(situation, now, keys)}

    return draw_after


def test_a_working_camera_takes_its_cone_from_the_blind_share_of_its_kelurahan(drawn, now):
    areas = drawn(camera("A", azimuth_deg=0.0), CameraHealthChanged(camera="A", health="ok"))
    assert areas[WEST]["blind_share"] == pytest.approx(1 - math.pi * 300**2 / 4 / SQUARE_M2, abs=2e-4)
    assert (areas[WEST]["cameras"], areas[WEST]["observed_at"]) == (1, now.timestamp() + 2)
    assert (areas[EAST]["blind_share"], areas[EAST]["cameras"], areas[EAST]["observed_at"]) == (1, 0, None)


def test_when_the_camera_dies_all_is_blind_and_the_news_is_from_then(drawn, now):
    healthy = CameraHealthChanged(camera="A", health="ok")
    areas = drawn(camera("A", azimuth_deg=0.0), healthy, CameraHealthChanged(camera="A", health="lost"))
    assert (areas[WEST]["blind_share"], areas[WEST]["cameras"]) == (1, 0)
    assert areas[WEST]["observed_at"] == now.timestamp() + 3


def test_a_covered_camera_is_blind_from_when_that_was_seen(drawn, now):
    healthy = CameraHealthChanged(camera="A", health="ok")
    fault = PictureFault(kind="covered", value=1.0, threshold=5.0, since=now)
    areas = drawn(camera("A", azimuth_deg=0.0), healthy, CameraPictureJudged(camera="A", faults=(fault,)))
    assert (areas[WEST]["blind_share"], areas[WEST]["cameras"]) == (1, 0)
    assert areas[WEST]["observed_at"] == now.timestamp() + 3


def test_a_camera_without_a_direction_does_not_count(drawn):
    areas = drawn(camera("A"), CameraHealthChanged(camera="A", health="ok"))
    assert {one["blind_share"] for one in areas.values()} == {1}


def test_a_camera_on_the_border_looks_into_both(drawn):
    areas = drawn(camera("A", lon=117.15, azimuth_deg=0.0), CameraHealthChanged(camera="A", health="ok"))
    assert [areas[code]["cameras"] for code in (WEST, EAST)] == [1, 1]
    assert areas[WEST]["blind_share"] == areas[EAST]["blind_share"] < 1


def test_one_kelurahan_can_be_asked_for(drawn):
    assert set(drawn(camera("A", azimuth_deg=0.0), keys=[EAST])) == {EAST}


def test_it_has_a_legend_and_a_tint_that_is_off_until_somebody_asks():
    assert LAYER.draws_from == ("cameras",)
    assert LAYER.legend
    [tint] = LAYER.style
    assert tint["layout"] == {"visibility": "none"}
    assert {mark.token for mark in LAYER.legend} == {
        word[4:-1] for word in tint["paint"]["fill-color"] if "var(" in str(word)
    }
