"""The camera's own clock, and what it is good for."""

from datetime import UTC, datetime, timedelta

import pytest
from fake_rtsp import sender_report
from hypothesis import given
from hypothesis import strategies as st

from cctv.rtsp.reports import SenderClock, reports, says_bye, seconds_between

NOW = datetime(2026, 11, 22, 11, 18, tzinfo=UTC)
AHEAD_S = 7200.0


def seconds(number):
    return timedelta(seconds=number)


@pytest.fixture
def clock():
    """A camera two hours ahead, whose report took no time; time stamp 0 is now."""
    clock = SenderClock()
    hear(clock, NOW, 0)
    return clock


def hear(clock, now, timestamp, ahead_s=AHEAD_S, delay_s=0.0):
    packet = sender_report(now.timestamp() - delay_s + ahead_s, timestamp)
    for report in reports(packet, 0, len(packet)):
        clock.hear(report, now)


def test_the_error_of_the_cameras_clock_is_known(clock):
    assert clock.error_s == pytest.approx(AHEAD_S, abs=0.001)
    assert SenderClock().error_s is None


def test_a_picture_that_was_held_up_on_its_way_is_as_old_as_it_is(clock):
    captured = clock.captured_at(2 * 90_000, NOW + seconds(9))
    assert captured == pytest.approx(NOW + seconds(2), abs=seconds(0.001))


def test_a_wrong_clock_makes_a_fresh_picture_neither_old_nor_from_the_future(clock):
    assert clock.captured_at(90_000, NOW + seconds(1)) == pytest.approx(NOW + seconds(1), abs=seconds(0.001))
    assert clock.captured_at(180_000, NOW + seconds(1)) == NOW + seconds(1)


def test_a_report_that_was_late_itself_does_not_make_pictures_younger(clock):
    hear(clock, NOW + seconds(8), 5 * 90_000, delay_s=3.0)
    assert clock.captured_at(5 * 90_000, NOW + seconds(8)) == pytest.approx(NOW + seconds(5), abs=seconds(0.001))


@pytest.mark.parametrize("ahead_s", [0.0, 2 * AHEAD_S])
def test_a_clock_that_was_set_anew_is_believed_at_once(clock, ahead_s):
    hear(clock, NOW + seconds(5), 5 * 90_000, ahead_s=ahead_s)
    assert clock.error_s == pytest.approx(ahead_s, abs=0.001)
    assert clock.captured_at(5 * 90_000, NOW + seconds(5)) == pytest.approx(NOW + seconds(5), abs=seconds(0.001))


def test_a_report_is_believed_for_a_minute(clock):
    late = NOW + seconds(61)
    assert clock.captured_at(51 * 90_000, late) == late


def test_without_a_report_or_with_a_camera_without_a_clock_the_arrival_counts():
    clock = SenderClock()
    hear(clock, NOW, 0, ahead_s=-NOW.timestamp() - 2_208_988_800)
    assert (clock.error_s, clock.captured_at(0, NOW)) == (None, NOW)


@given(st.integers(0, 2**32 - 1), st.integers(-(2**30), 2**30))
def test_time_stamps_may_wrap(timestamp, ticks):
    assert seconds_between(timestamp, (timestamp + ticks) % 2**32) == ticks / 90_000


@given(st.binary(max_size=80))
def test_junk_is_no_report(junk):
    assert [*reports(junk[:27], 0, min(len(junk), 27))] == []
    says_bye(junk, 0, len(junk))


def test_a_goodbye_is_heard_behind_a_report():
    packet = sender_report(1.0, 0) + b"\x81\xcb\x00\x01SSRC"
    assert says_bye(packet, 0, len(packet))
    assert not says_bye(packet, 0, len(packet) - 8)
