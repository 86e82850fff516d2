"""Traffic flows by time alone."""

import numpy as np
import pytest

from dashboard.demo.light import Light
from dashboard.demo.scene import scene_of
from dashboard.demo.traffic import draw_traffic, traffic

SCENE = scene_of(2, "crossing")
NOW = 1_795_000_000.0


def test_there_is_traffic_both_ways_far_to_near():
    seen = traffic(SCENE, NOW)
    assert {vehicle.is_away for vehicle in seen} == {True, False}
    assert [v.y_m for v in seen] == sorted((v.y_m for v in seen), reverse=True)


@pytest.mark.parametrize("second", range(0, 80, 8))
def test_vehicles_move_their_own_way_and_never_back(second):
    def places(moment):
        return {(v.x_m, v.shape, v.paint, v.is_away): v.y_m for v in traffic(SCENE, moment)}

    before, after = places(NOW + second), places(NOW + second + 0.4)
    both = before.keys() & after.keys()
    assert len(both) > 10
    assert all((after[v] - before[v]) * (1 if v[3] else -1) >= -0.01 for v in both)
    assert max(abs(after[v] - before[v]) for v in both) < 0.4 * 25


def test_the_same_moment_has_the_same_traffic():
    assert traffic(SCENE, NOW) == traffic(SCENE, NOW)


def test_at_night_tail_lights_are_red_and_headlights_white():
    scene = scene_of(2, "crossing")
    picture = np.zeros((scene.lens.height, scene.lens.width, 3), np.uint8)
    draw_traffic(picture, scene, traffic(scene, NOW), Light(-0.8))
    blue, _, red = (picture[..., i].astype(int) for i in range(3))
    assert ((red > 150) & (blue < 110)).sum() > 20
    assert ((red > 200) & (blue > 170)).sum() > 20
