"""When a lost camera is tried again: its return is noticed within five seconds, and nothing is hammered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cctv.faults import FAULTS
from cctv.retry import NEVER, SHUT, Failure, wait_after

A_KNOCK_S = 1.0
chances = st.floats(0, 1)


def noticed_s(wait):
    """How long after its return a camera is tried at the latest, by a knock that finds the door open or without."""
    return min(wait.longest_s, wait.knock_s + A_KNOCK_S if wait.is_shut else NEVER)


@given(st.sampled_from(sorted(FAULTS)), st.integers(1, 10_000), chances, st.booleans())
def test_however_long_it_was_away_the_next_try_comes_within_four_seconds_of_its_return(fault, count, chance, has_door):
    assert noticed_s(wait_after(Failure(fault=fault, count=count, has_door=has_door), chance)) <= 4


@given(st.sampled_from(sorted(FAULTS)), st.integers(1, 10_000), st.floats(0, 30), chances)
def test_nothing_is_tried_more_often_than_once_a_second(fault, count, took_s, chance):
    wait = wait_after(Failure(fault=fault, count=count, took_s=took_s), chance)
    assert min(wait.longest_s, wait.knock_s) >= 1


@pytest.mark.parametrize("fault", sorted(SHUT))
def test_behind_a_shut_door_it_opens_ever_more_seldom_and_knocks_meanwhile(fault):
    waits = [wait_after(Failure(fault=fault, count=n), 0.5) for n in range(1, 7)]
    assert [wait.longest_s for wait in waits] == [1, 2, 4, 8, 16, 30]
    assert {(wait.knock_s, wait.is_shut) for wait in waits} == {(2.0, True)}


def test_a_camera_that_answers_nonsense_is_tried_every_three_seconds_without_knocking():
    waits = [wait_after(Failure(fault="garbled", count=n), 0) for n in (1, 2, 3, 50)]
    assert [wait.longest_s for wait in waits] == [1, 2, 3, 3]
    assert {wait.knock_s for wait in waits} == {NEVER}


def test_the_time_that_a_try_took_is_part_of_the_wait():
    assert wait_after(Failure(fault="garbled", count=9, took_s=2.9), 0).longest_s == 1


def test_a_try_that_costs_much_waits_so_long_that_it_takes_no_more_than_a_twentyfifth_of_a_core():
    dear = wait_after(Failure(fault="unknown_codec", count=9, cpu_s=0.4), 0)
    assert dear.longest_s == pytest.approx(10)
    assert dear.knock_s < dear.longest_s
    assert wait_after(Failure(fault="unknown_codec", count=9, cpu_s=100), 0).longest_s == 30


@given(st.lists(chances, min_size=60, max_size=60), st.sampled_from([1, 2]))
def test_a_refused_password_is_shown_at_most_four_times_in_half_an_hour(chances, ways):
    at_s, tries_s = 0.0, []
    for number, chance in enumerate(chances, 1):
        tries_s += [at_s] * ways
        refused = Failure(fault="wrong_password", count=number, passwords=number, ways=ways)
        at_s += wait_after(refused, chance).longest_s
    assert max(sum(begin <= one < begin + 1800 for one in tries_s) for begin in tries_s) <= 4


def test_while_a_password_is_not_tried_a_door_that_shuts_and_opens_again_is_noticed():
    wait = wait_after(Failure(fault="wrong_password", count=5, passwords=5), 0.5)
    assert not wait.is_shut
    assert wait.knock_s < 5


def test_no_two_waits_are_quite_the_same():
    for fault in ("refused", "garbled", "ended"):
        assert wait_after(Failure(fault=fault, count=9), 0.1) != wait_after(Failure(fault=fault, count=9), 0.9)
