"""Scenes are invented from a seed and stay as they are."""

import pytest

from dashboard.demo.scene import scene_of


def test_a_scene_is_the_same_for_the_same_seed_only():
    assert scene_of(7, "street") == scene_of(7, "street")
    assert scene_of(7, "street") != scene_of(8, "street")


@pytest.mark.parametrize("seed", range(6))
def test_traffic_keeps_left(seed):
    lanes = scene_of(seed, "crossing").lanes
    assert len(lanes) == 4
    assert all((lane.x_m < 0) == lane.is_away for lane in lanes)


@pytest.mark.parametrize("seed", range(6))
def test_nothing_stands_on_the_road_or_the_side_street(seed):
    scene = scene_of(seed, "crossing")
    assert all(abs(house.x_m) > scene.road_m for house in scene.houses)
    assert all(abs(thing.x_m) > scene.road_m for thing in (*scene.trees, *scene.lamps))
    assert not [h for h in scene.houses if h.y0_m < scene.cross_m + 6 and h.y1_m > scene.cross_m - 6]


def test_the_mosque_has_a_square_before_it():
    scene = scene_of(3, "street", has_mosque=True)
    right = sorted((h for h in scene.houses if h.x_m > 0), key=lambda house: house.y0_m)
    assert right[0].is_mosque


def test_a_river_scene_has_no_road():
    assert scene_of(1, "river").lanes == ()
