"""Cameras fail by a script."""

import pytest

from dashboard.demo.mishaps import SCRIPTS, condition_of


def states(camera, step_s=5.0, for_s=3600.0):
    return [condition_of(camera, i * step_s).mishap for i in range(int(for_s / step_s))]


def test_a_camera_without_a_script_is_always_well():
    assert set(states("CAM-01")) == {"none"}


def test_one_camera_is_dead_for_good_and_others_come_back():
    assert set(states("CAM-27")) == {"dead"}
    assert set(states("CAM-10")) == {"dead", "none"}


@pytest.mark.parametrize("camera", ["CAM-17", "CAM-20"])
def test_a_frozen_or_late_camera_shows_the_past(camera):
    moments = [second for second in range(0, 3600, 5) if condition_of(camera, second).mishap != "none"]
    assert moments
    assert all(0 <= second - condition_of(camera, second).shows_s < 400 for second in moments)


def test_a_frozen_picture_stands_still():
    shown = {condition_of("CAM-17", second).shows_s for second in range(0, 300, 5)}
    assert len(shown) == 1


def test_another_seed_moves_the_script_in_time():
    assert states("CAM-10") != [condition_of("CAM-10", i * 5.0, 200.0).mishap for i in range(720)]


def test_every_script_is_of_a_camera_that_exists():
    assert set(SCRIPTS) <= {f"CAM-{n:02d}" for n in range(1, 31)}
