"""What the desk's table says of late and lost, from the very state machine that decides them."""

from datetime import UTC, datetime, timedelta

import pytest

from cctv.health import Instant, Vitals, failed, limits_for, pictured, ticked
from cctv.health_evidence import health_evidence

T0 = datetime(2026, 11, 22, 11, 18, tzinfo=UTC)
LIMITS = limits_for(2.0)


def now_at(seconds):
    return Instant(at=T0 + timedelta(seconds=seconds), s=seconds)


@pytest.fixture
def seen():
    """A camera with a picture at second 0."""
    return pictured(Vitals(since=T0, since_s=0.0), now_at(0), T0, LIMITS)


def rows(vitals, seconds):
    """(value, threshold, since when in seconds, is it told) of late and of lost."""
    return [
        (one.value, one.threshold, one.since and (one.since - T0).total_seconds(), one.is_fault)
        for one in health_evidence(vitals, now_at(seconds), LIMITS)
    ]


def test_nothing_speaks_against_a_fresh_picture(seen):
    assert rows(seen, 3) == [(3.0, 4.5, None, False), (3.0, 5.5, None, False)]


def test_a_late_camera_says_by_how_much_and_since_when(seen):
    assert rows(ticked(seen, now_at(5), LIMITS), 5) == [(5.0, 4.5, 5.0, True), (5.0, 5.5, None, False)]


def test_a_silent_camera_is_lost_since_the_moment_it_was_told(seen):
    late = ticked(seen, now_at(5), LIMITS)
    assert rows(ticked(late, now_at(6), LIMITS), 60) == [(60.0, 4.5, 4.5, False), (60.0, 5.5, 6.0, True)]


def test_an_error_speaks_against_a_camera_before_its_grace_is_over_and_is_then_told(seen):
    broken = failed(seen, now_at(1), "refused", LIMITS)
    assert rows(broken, 2)[1] == (1.0, 2.0, 1.0, False)
    assert rows(ticked(broken, now_at(3), LIMITS), 3)[1] == (2.0, 2.0, 3.0, True)


def test_a_camera_that_keeps_failing_is_measured_by_the_patience_it_is_shown_and_clears_by_steady_pictures(seen):
    lost = ticked(failed(seen, now_at(1), "refused", LIMITS), now_at(3), LIMITS)
    back = pictured(lost, now_at(10), T0 + timedelta(seconds=10), LIMITS)
    assert rows(back, 10) == [(0.0, 4.5, 10.0, True), (0.0, 30.0, None, False)]
    for second in (12, 14, 16):
        back = pictured(back, now_at(second), T0 + timedelta(seconds=second), LIMITS)
    assert [told for *_, told in rows(back, 16)] == [False, False]
