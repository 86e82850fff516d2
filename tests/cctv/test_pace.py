"""Which pictures of a stream are due, and how often a camera is asked."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cctv.camera import Camera
from cctv.conductor import Conductor
from cctv.pace import Pace, Tempo, paced, promised_s, stretched

TEMPO = Tempo(period_s=2.0, near_period_s=1.0, most_stretch=4.0)


def taken(period_s, times):
    pace = Pace(lambda: period_s)
    return [now for now in times if pace.takes(now)]


def test_of_fast_keyframes_about_one_a_period_is_taken():
    assert 28 <= len(taken(2.0, [n * 0.5 for n in range(120)])) <= 42


@given(st.lists(st.floats(-0.2, 0.2), min_size=30, max_size=30))
def test_keyframes_once_a_period_are_all_taken_in_spite_of_jitter(jitters):
    times = [2.0 * n + jitter for n, jitter in enumerate(jitters)]
    assert taken(2.0, times) == times


@given(st.lists(st.floats(-0.2, 0.2), min_size=60, max_size=60), st.sampled_from([1.0, 1.5, 1.9, 2.0, 2.3, 3.0]))
def test_on_average_the_period_is_kept_whatever_the_spacing_of_keyframes(jitters, spacing_s):
    times = taken(5.0, [spacing_s * n + jitter for n, jitter in enumerate(jitters)])
    gaps = [after - before for before, after in pairwise(times)]
    assert sum(gaps) / len(gaps) == pytest.approx(5.0, rel=0.15)
    assert max(gaps) < 5.0 + 1.5 * spacing_s


@given(st.lists(st.floats(-0.2, 0.2), min_size=60, max_size=60), st.floats(1.6, 3.0))
def test_keyframes_about_a_period_apart_are_nearly_all_taken(jitters, spacing_s):
    times = [spacing_s * n + jitter for n, jitter in enumerate(jitters)]
    assert max(after - before for before, after in pairwise(taken(2.0, times))) < 2.25 * 2.0


def test_the_first_is_always_taken():
    assert taken(60.0, [5.0, 6.0]) == [5.0]


def test_a_shorter_period_holds_from_the_next_picture_on():
    periods = iter([60.0, 60.0, 60.0, 1.0, 1.0])
    pace = Pace(lambda: next(periods))
    assert [pace.takes(now) for now in (0.0, 1.0, 2.0, 3.0, 4.0)] == [True, False, False, True, True]


def test_a_camera_near_an_incident_goes_faster_and_never_slower_than_by_itself():
    near = paced(None, TEMPO, is_near=True, stretch=4.0)
    assert (near.period_s, near.usual_s, near.reason) == (1.0, 2.0, "near_incident")
    assert paced(0.5, TEMPO, is_near=True, stretch=1.0).period_s == 0.5


def test_when_we_are_behind_only_cameras_without_an_incident_wait_longer():
    waiting = paced(None, TEMPO, is_near=False, stretch=1.5)
    assert (waiting.period_s, waiting.reason) == (3.0, "stretched")
    assert paced(10.0, TEMPO, is_near=False, stretch=1.5).period_s == 15.0


def test_the_list_wins_over_the_city():
    own = paced(10.0, TEMPO, is_near=False, stretch=1.0)
    assert (own.period_s, own.reason) == (10.0, "camera")
    assert paced(None, TEMPO, is_near=False, stretch=1.0).reason == "default"


@given(st.lists(st.floats(0, 60), max_size=40), st.floats(1, 8))
def test_the_stretch_is_bounded_and_comes_back_by_itself(waits, most):
    stretch = 1.0
    for waited_s in waits:
        stretch = stretched(stretch, waited_s, most)
        assert 1.0 <= stretch <= most
    for _ in range(40):
        stretch = stretched(stretch, 0.0, most)
    assert stretch == 1.0


def test_a_little_waiting_changes_nothing():
    assert stretched(1.0, 0.5, 4.0) == 1.0
    assert stretched(2.0, 0.5, 4.0) == 2.0


def test_a_stretched_camera_is_called_late_by_the_period_it_was_given():
    waiting = paced(None, TEMPO, is_near=False, stretch=4.0)
    assert promised_s(waiting, 2.0, is_stream=True) == promised_s(waiting, None, is_stream=False) == 8.0


def test_a_stream_asked_faster_than_its_keyframes_is_not_called_late_for_them():
    near = paced(None, TEMPO, is_near=True, stretch=1.0)
    assert promised_s(near, 2.0, is_stream=True) == promised_s(near, None, is_stream=True) == 2.0
    assert promised_s(near, 0.5, is_stream=True) == promised_s(near, None, is_stream=False) == 1.0


def a_camera(id_, **more):
    return Camera(id=id_, name=id_, lon=117.1, lat=-0.5, url="sim:", kind="simulated", **more)


def test_the_conductor_follows_incidents_the_list_and_the_queue():
    near = set()
    conductor = Conductor(TEMPO, lambda: frozenset(near))
    cameras = [a_camera("A"), a_camera("B", period_s=5.0)]
    a, b = map(conductor.pace_of, cameras)
    assert (a().reason, b().reason) == ("default", "camera")
    near.add("A")
    for _ in range(20):
        conductor.follow(cameras, waited_s=3.0)
    assert (a().period_s, a().reason, b().period_s, b().reason) == (1.0, "near_incident", 20.0, "stretched")
    near.clear()
    for _ in range(20):
        conductor.follow(cameras, waited_s=0.0)
    assert (a().reason, b().reason) == ("default", "camera")
    conductor.follow([a_camera("A", period_s=7.0)], waited_s=0.0)
    assert a().period_s == 7.0
