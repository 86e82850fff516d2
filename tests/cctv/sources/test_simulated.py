"""The camera that does not exist."""

from datetime import timedelta

import numpy as np
import pytest

from cctv.picture import renditions
from cctv.sources.simulated import HEIGHT, SOURCE, WIDTH, draw
from geodata.errors import CameraLost


def take(reach, count):
    with SOURCE.open(reach) as pictures:
        return [next(pictures) for _ in range(count)]


def test_the_same_camera_at_the_same_second_is_the_same_picture(now):
    assert np.array_equal(draw("Jembatan", now), draw("Jembatan", now))


def test_another_camera_another_moment_and_another_weather_look_different(now):
    street = draw("Jembatan", now)
    assert not np.array_equal(street, draw("Pasar", now))
    assert not np.array_equal(street, draw("Jembatan", now + timedelta(seconds=1)))
    assert draw("Jembatan", now, frozenset({"night"})).mean() < street.mean() / 2
    assert not np.array_equal(street, draw("Jembatan", now, frozenset({"rain"})))


def test_it_gives_whole_pictures_once_a_period(reach_to):
    taken = take(reach_to("sim:rain,night", "simulated", period_s=0.05), 2)
    assert (renditions(taken[0]).width, renditions(taken[0]).height) == (WIDTH, HEIGHT)
    assert taken[1].captured_at > taken[0].captured_at


def test_a_frozen_one_shows_the_same_picture_while_its_clock_runs_on(reach_to, now):
    clock = iter(now + timedelta(seconds=4 * n) for n in range(10))
    taken = take(reach_to("sim:freeze", "simulated", period_s=0.0, clock=lambda: next(clock)), 5)
    assert taken[4].data == taken[3].data
    assert taken[4].captured_at > taken[3].captured_at


def test_a_dead_one_is_lost(reach_to):
    with pytest.raises(CameraLost) as lost:
        take(reach_to("sim:dead", "simulated"), 1)
    assert lost.value.fault == "timed_out"
