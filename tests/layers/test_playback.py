"""The moments at which a player shows a picture, and the dead time it leaves out."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.playback import Beat, Pace, Stretch, next_beat


def seconds(moment, now):
    return (moment - now).total_seconds()


def played(now, hours=1.0, speed=60.0, *, skips=False):
    return Stretch(since=now, until=now + timedelta(hours=hours), pace=Pace(speed=speed, skips=skips))


def walked(stretch, news=()):
    """Every beat of a player who starts at the beginning; `news` in seconds."""
    moments = [stretch.since + timedelta(seconds=second) for second in sorted(news)]
    at = quiet_since = stretch.since
    beats = []
    while at < stretch.until:
        upcoming = next((moment for moment in moments if moment > at), None)
        beats.append(next_beat(stretch, at, quiet_since, upcoming))
        at = beats[-1].at
        quiet_since = max([moment for moment in moments if moment <= at], default=quiet_since)
    return beats


@pytest.mark.parametrize(("speed", "step_s"), [(1, 1), (2, 1), (60, 30), (120, 60)])
def test_half_a_second_of_play_passes_between_two_pictures_and_never_less_than_one_of_the_past(now, speed, step_s):
    beats = walked(played(now, 0.1, speed))
    assert seconds(beats[0].at, now) == step_s
    assert {
        b - a
        for a, b in zip([0, *(seconds(b.at, now) for b in beats)], [seconds(b.at, now) for b in beats], strict=False)
    } == {step_s}


def test_the_last_picture_is_that_of_the_end_even_off_the_grid(now):
    assert walked(played(now, 100 / 3600, 60))[-1] == Beat(at=now + timedelta(seconds=100))


def test_without_skipping_every_moment_is_shown(now):
    assert sum((beat.skipped for beat in walked(played(now), [1_800])), timedelta()) == timedelta()


def test_dead_time_is_left_out_and_it_is_said_how_much(now):
    beats = walked(played(now, skips=True), [10, 3_000])
    skipped = [beat for beat in beats if beat.skipped]
    assert [seconds(beat.at, now) for beat in skipped] == [2_940, 3_600]
    before = beats[beats.index(skipped[0]) - 1]
    assert seconds(before.at, now) >= 10 + 6 * 60
    assert skipped[0].at - before.at - skipped[0].skipped == played(now).pace.step


def test_after_news_the_play_goes_on_for_a_while(now):
    beats = walked(played(now, skips=True), [600])
    shown = [seconds(beat.at, now) for beat in beats]
    assert {600, 630, 900, 960} <= set(shown)


@given(
    news=st.lists(st.integers(1, 7_200), max_size=12),
    speed=st.sampled_from([1.0, 7.5, 60.0, 120.0]),
    skips=st.booleans(),
)
def test_who_goes_on_in_the_middle_meets_the_same_moments(news, speed, skips, now):
    stretch = played(now, 0.2 if speed == 1 else 2, speed, skips=skips)
    beats = walked(stretch, news)
    assert [beat.at for beat in beats] == sorted({beat.at for beat in beats})
    assert beats[-1].at == stretch.until
    total = sum((beat.skipped for beat in beats), timedelta())
    assert timedelta() <= total < stretch.until - stretch.since
    for second in news:  # what happens is never left out: a picture comes at most a step after it
        moment = now + timedelta(seconds=second)
        if moment <= stretch.until:
            first = next(beat for beat in beats if beat.at >= moment)
            assert first.at - moment <= stretch.pace.step
