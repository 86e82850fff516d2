"""The state of a camera, by hand and by hypothesis."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cctv.health import Instant, Vitals, failed, has_changed, limits_for, pictured, ticked

T0 = datetime(2026, 11, 22, 11, 18, tzinfo=UTC)
LIMITS = limits_for(2.0)


def at(seconds):
    return T0 + timedelta(seconds=seconds)


def now_at(seconds, set_by_s=0.0):
    """So long after the beginning, by a clock that somebody has set meanwhile."""
    return Instant(at=at(seconds + set_by_s), s=seconds)


def story(*happenings, until=None, limits=LIMITS):
    """Play (second, what) with a tick each half second; gives [(second, health, fault)] of every change.

    `what` is "picture", a fault, or the age of a picture in seconds.
    """
    vitals, changes, pending = Vitals(since=T0, since_s=0.0), [], sorted(happenings)
    end = until if until is not None else max(second for second, _ in happenings)
    half = 0
    while half <= end * 2:
        second = half / 2
        before, vitals = vitals, ticked(vitals, now_at(second), limits)
        for what in [what for when, what in pending if when == second]:
            vitals = told(vitals, second, what, limits)
        vitals = ticked(vitals, now_at(second), limits)
        if has_changed(before, vitals):
            changes.append((second, vitals.health, vitals.fault))
        half += 1
    return changes


def told(vitals, second, what, limits):
    if what == "picture":
        return pictured(vitals, now_at(second), at(second), limits)
    if isinstance(what, int):
        return pictured(vitals, now_at(second), at(second - what), limits)
    return failed(vitals, now_at(second), what, limits)


def every(step, start, end):
    return [(start + step * n, "picture") for n in range(int((end - start) / step) + 1)]


def test_a_camera_is_ok_from_its_first_picture_and_stays_so():
    assert story(*every(2, 1, 61)) == [(1, "ok", None)]


def test_a_camera_that_falls_silent_is_late_and_within_six_seconds_lost():
    assert story(*every(2, 0, 40), until=50) == [(0, "ok", None), (45, "late", "slow"), (46, "lost", "silent")]


def test_a_camera_that_never_gave_a_picture_is_lost_after_six_seconds():
    assert story(until=8) == [(6, "lost", "silent")]


def test_an_error_counts_once_its_grace_is_over():
    told_so = story(*every(2, 0, 40), (41, "refused"), until=50)
    assert told_so == [(0, "ok", None), (43, "lost", "refused")]


def test_an_error_that_heals_within_its_grace_is_no_news():
    assert story(*every(2, 0, 40), (40.5, "ended"), *every(2, 42, 60)) == [(0, "ok", None)]


def test_repeated_errors_do_not_renew_the_grace():
    assert story(*every(2, 0, 40), *[(41 + n * 0.5, "refused") for n in range(8)])[1] == (43, "lost", "refused")


def test_a_lost_camera_is_ok_with_its_first_fresh_picture():
    told_so = story(*every(2, 0, 40), (41, "refused"), (60, "picture"), *every(2, 62, 80))
    assert told_so[-1] == (60, "ok", None)


def test_a_better_reason_for_being_lost_is_news_and_a_worse_one_not():
    told_so = story((8, "timed_out"), (30, "wrong_password"), until=60)
    assert told_so == [(6, "lost", "silent"), (8, "lost", "timed_out"), (30, "lost", "wrong_password")]


def test_another_reason_does_not_make_the_outage_younger():
    lost = ticked(Vitals(since=T0, since_s=0.0), now_at(7), LIMITS)
    later = failed(failed(lost, now_at(8), "refused", LIMITS), now_at(12), "refused", LIMITS)
    assert later.fault == "refused"
    assert timedelta(0) < later.since - lost.since < timedelta(milliseconds=1)


def test_reasons_that_take_turns_do_not_fill_the_log():
    turns = [(10 + 5 * n, ("refused", "timed_out")[n % 2]) for n in range(40)]
    assert len(story(*turns)) == 3


def test_a_camera_with_a_keyframe_every_five_seconds_is_late_without_flicker():
    assert story(*every(5, 0, 300)) == [(0, "ok", None), (5.0, "late", "slow")]


def test_a_camera_with_a_keyframe_every_ten_seconds_does_not_fill_the_log():
    assert [health for _, health, _ in story(*every(10, 0, 600))] == ["ok", "late", "lost", "late"]


def test_a_restless_camera_has_to_be_steady_before_it_is_ok_again():
    told_so = story((0, "picture"), *every(2, 10, 30))
    assert told_so[-2:] == [(10, "late", "slow"), (16, "ok", None)]


def test_a_restless_camera_is_calm_again_after_half_a_minute():
    told_so = story((0, "picture"), *every(2, 10, 60), until=70)
    assert told_so[-1] == (66, "lost", "silent")


def test_a_picture_that_the_camera_says_is_old_heals_nothing():
    assert story((0, 600), (2, 598), until=4) == [(0, "lost", "silent")]


def test_the_same_picture_again_is_no_new_picture():
    same = pictured(Vitals(since=T0, since_s=0.0), now_at(0), at(0), LIMITS)
    for second in range(1, 10):
        same = pictured(same, now_at(second), at(0), LIMITS)
    assert same.health == "lost"


def test_a_picture_from_the_future_is_as_old_as_its_arrival():
    assert pictured(Vitals(since=T0, since_s=0.0), now_at(0), at(3600), LIMITS).captured_at == at(0)


@pytest.mark.parametrize("period_s", [0.2, 1, 2, 5, 60])
def test_late_comes_before_lost_for_every_period(period_s):
    limits = limits_for(period_s)
    assert timedelta(seconds=period_s) < limits.late < limits.lost
    assert limits.lost >= timedelta(seconds=5.5)


happenings = st.lists(
    st.tuples(st.floats(0.05, 20), st.sampled_from(["picture", "tick", "refused", "ended"])), min_size=1, max_size=80
)


@given(happenings)
def test_whatever_happens_the_state_is_never_better_than_the_picture_is_fresh(steps):
    vitals, second = Vitals(since=T0, since_s=0.0), 0.0
    for wait, what in steps:
        second += wait
        now = now_at(second)
        if what == "tick":
            vitals = ticked(vitals, now, LIMITS)
        else:
            vitals = ticked(told(vitals, second, what, LIMITS), now, LIMITS)
        age = timedelta(seconds=now.s - vitals.newest_s)
        if vitals.health == "ok":
            assert vitals.captured_at is not None
            assert age <= LIMITS.late
            assert vitals.fault is None
        if vitals.health == "late":
            assert age <= LIMITS.restless_lost
        if vitals.health in {"late", "lost"}:
            assert vitals.fault


@given(happenings)
def test_whatever_happened_a_steady_camera_becomes_ok_and_a_dead_one_lost(steps):
    vitals, second = Vitals(since=T0, since_s=0.0), 0.0
    for wait, what in steps:
        second += wait
        vitals = ticked(vitals, now_at(second), LIMITS) if what == "tick" else told(vitals, second, what, LIMITS)
    healed = vitals
    for n in range(1, 6):
        healed = pictured(healed, now_at(second + 2 * n), at(second + 2 * n), LIMITS)
    assert healed.health == "ok"
    assert ticked(healed, now_at(second + 10 + 31), LIMITS).health == "lost"


def test_only_what_the_log_should_know_is_a_change():
    ok = pictured(Vitals(since=T0, since_s=0.0), now_at(0), at(0), LIMITS)
    assert has_changed(Vitals(since=T0, since_s=0.0), ok)
    assert not has_changed(ok, replace(ok, captured_at=at(2), in_time=1))


@pytest.mark.parametrize("set_by_s", [-3600, 3600])
def test_a_clock_that_was_set_keeps_no_silent_camera_fresh_and_no_living_one_lost(set_by_s):
    vitals = pictured(Vitals(since=T0, since_s=0.0), now_at(0), at(0), LIMITS)
    silent = ticked(vitals, now_at(7, set_by_s), LIMITS)
    assert (silent.health, silent.fault) == ("lost", "silent")
    living = pictured(vitals, now_at(2, set_by_s), at(2 + set_by_s), LIMITS)
    assert living.health == ticked(living, now_at(4, set_by_s), LIMITS).health == "ok"
    assert living.captured_at == at(2 + set_by_s)


def test_a_picture_from_the_future_is_fresh_once_and_not_each_time_it_is_seen():
    vitals = Vitals(since=T0, since_s=0.0)
    for second in range(10):
        vitals = pictured(vitals, now_at(second), at(7200), LIMITS)
    assert vitals.health == "lost"
