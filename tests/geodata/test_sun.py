"""The sun: known moments of the year."""

from datetime import UTC, datetime, timedelta

import pytest

from geodata.sun import is_dark, sun_elevation_deg

SAMARINDA = (117.15, -0.5)


def test_at_the_solstice_the_sun_stands_overhead_on_the_tropic():
    noon = datetime(2024, 6, 20, 12, 1, 45, tzinfo=UTC)  # 12:00 and the equation of time of that day
    assert sun_elevation_deg(0, 23.437, noon) == pytest.approx(90, abs=0.1)
    assert sun_elevation_deg(0, -66.563, noon) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize(
    ("day", "noon"),
    [
        (datetime(2026, 11, 3, tzinfo=UTC), timedelta(hours=12, minutes=-16, seconds=-25)),
        (datetime(2026, 2, 11, tzinfo=UTC), timedelta(hours=12, minutes=14, seconds=13)),
    ],
    ids=["earliest", "latest"],
)
def test_noon_at_greenwich_is_off_by_the_equation_of_time(day, noon):
    heights = {s: sun_elevation_deg(0, 51.48, day + noon + timedelta(seconds=s)) for s in (-600, -20, 0, 20, 600)}
    assert heights[-600] == pytest.approx(heights[600], abs=0.02)
    assert heights[0] > max(heights[-600], heights[600])


def test_samarinda_is_dark_by_night_and_not_by_day():
    midnight = datetime(2026, 11, 22, 16, tzinfo=UTC)  # WITA is UTC+8
    assert is_dark(*SAMARINDA, midnight)
    assert not is_dark(*SAMARINDA, midnight + timedelta(hours=12))


def test_at_dusk_it_is_not_yet_dark():
    dusk = datetime(2026, 11, 22, 10, 5, tzinfo=UTC)  # the sun has set at 17:57 local time
    assert -6 < sun_elevation_deg(*SAMARINDA, dusk) < 0
    assert not is_dark(*SAMARINDA, dusk)
    assert is_dark(*SAMARINDA, dusk + timedelta(minutes=30))
