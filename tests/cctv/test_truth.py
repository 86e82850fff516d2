"""From signs to faults: told late enough, cleared by themselves, never flickering."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cctv.truth import FAULT_KINDS, RULES, Rule, Sign, Truth, judged

LIVE, SAME = 12.0, 0.0
NOW = datetime(2026, 11, 22, 11, 18, tzinfo=UTC)


def after(now, values, kind="frozen", period_s=2.0, truth=None):
    """The truth, and what was told, after a capture per value."""
    truth, told = truth or Truth(), []
    for number, value in enumerate(values):
        truth = judged(truth, [Sign(kind=kind, value=value)], now + timedelta(seconds=number * period_s))
        told.append([fault.kind for fault in truth.faults])
    return truth, told


def test_three_captures_of_one_picture_are_a_freeze_and_one_other_clears_it(now):
    truth, told = after(now, [LIVE, SAME, SAME])
    assert told == [[], [], ["frozen"]]
    (fault,) = truth.faults
    assert (fault.value, fault.threshold, fault.since) == (0.0, RULES["frozen"].bad, now + timedelta(seconds=2))
    assert after(now, [LIVE], truth=truth)[1] == [[]]


def test_one_keyframe_served_twice_is_not_a_freeze(now):
    _, told = after(now, [LIVE, SAME] * 50)
    assert not any(told)


def test_a_camera_that_serves_each_picture_several_times_is_learnt_and_still_found_frozen(now):
    truth, told = after(now, [LIVE, SAME, SAME, SAME] * 3)
    assert told.count(["frozen"]) == 2  # only the first time
    assert after(now + timedelta(minutes=1), [LIVE, *[SAME] * 4], truth=truth)[1][-1] == ["frozen"]


def test_pictures_taken_fast_must_stand_still_for_as_long(now):
    assert not any(after(now, [SAME] * 6, period_s=0.25)[1])
    assert after(now, [SAME] * 7, period_s=0.25)[1][-1] == ["frozen"]


@pytest.mark.parametrize("kind", FAULT_KINDS)
def test_every_fault_needs_several_captures_and_its_time(now, kind):
    rule = RULES[kind]
    worst = rule.bad - 1 if rule.bad < rule.good else rule.bad + 1
    _, told = after(now, [worst] * 200, kind)
    first = told.index([kind])
    assert first + 1 >= rule.captures
    assert first * 2 >= rule.after.total_seconds()
    assert first * 2 <= rule.after.total_seconds() + 4


@pytest.mark.parametrize("kind", FAULT_KINDS)
def test_a_clock_set_back_an_hour_delays_a_fault_by_no_hour(now, kind):
    rule = RULES[kind]
    worst = rule.bad - 1 if rule.bad < rule.good else rule.bad + 1
    doubted, _ = after(now, [worst], kind)
    _, told = after(now - timedelta(hours=1), [worst] * 200, kind, truth=doubted)
    assert told.index([kind]) * 2 <= rule.after.total_seconds() + 4


@pytest.mark.parametrize("kind", FAULT_KINDS)
def test_between_bad_and_good_nothing_changes(now, kind):
    rule = RULES[kind]
    worst = rule.bad - 1 if rule.bad < rule.good else rule.bad + 1
    truth, _ = after(now, [worst] * 200, kind)
    assert after(now, [(rule.bad + rule.good) / 2] * 50, kind, truth=truth)[1][-1] == [kind]
    best = rule.good + 1 if rule.bad < rule.good else rule.good - 1
    assert after(now, [best] * rule.clear, kind, truth=truth)[1][-1] == []


def test_what_no_sign_speaks_of_stays(now):
    truth, _ = after(now, [0.0] * 9, "black")
    assert [fault.kind for fault in judged(truth, [], now).faults] == ["black"]
    assert [fault.kind for fault in judged(truth, [Sign(kind="frozen", value=9)], now).faults] == ["black"]


def test_what_is_no_longer_claimed_is_gone_and_the_rest_stays(now):
    truth, _ = after(now, [86_400.0] * 40, "clock")
    assert truth.is_sound  # a wrong clock says nothing against the picture
    assert not truth.without("clock").faults


def test_a_row_of_bad_signs_that_is_broken_begins_anew(now):
    rule = Rule(bad=10, good=20, captures=3, after=timedelta(0))
    truth = Truth()
    for value in (5, 5, 30, 5, 5):
        truth = judged(truth, [Sign(kind="black", value=value)], now, {"black": rule})
    assert not truth.faults
    assert not truth.is_sound


@given(st.lists(st.floats(0, 300), max_size=60), st.sampled_from(FAULT_KINDS))
def test_it_never_goes_and_comes_back_within_its_own_time(values, kind):
    rule, truth = RULES[kind], Truth()
    begin, cleared_at = None, None
    for number, value in enumerate(values):
        at = NOW + timedelta(seconds=2 * number)
        truth = judged(truth, [Sign(kind=kind, value=value)], at)
        if truth.faults and begin is None:
            assert cleared_at is None or at - cleared_at >= rule.after
            begin = at
        elif not truth.faults and begin is not None:
            begin, cleared_at = None, at
