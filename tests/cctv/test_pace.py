"""Which pictures of a stream are due."""

from hypothesis import given
from hypothesis import strategies as st

from cctv.pace import Pace


def taken(period_s, times):
    pace = Pace(period_s)
    return [now for now in times if pace.takes(now)]


def test_of_fast_keyframes_about_one_a_period_is_taken():
    assert 28 <= len(taken(2.0, [n * 0.5 for n in range(120)])) <= 42


@given(st.lists(st.floats(-0.2, 0.2), min_size=30, max_size=30))
def test_keyframes_once_a_period_are_all_taken_in_spite_of_jitter(jitters):
    times = [2.0 * n + jitter for n, jitter in enumerate(jitters)]
    assert taken(2.0, times) == times


def test_the_first_is_always_taken():
    assert taken(60.0, [5.0, 6.0]) == [5.0]
