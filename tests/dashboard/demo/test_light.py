"""Light follows the local hour."""

from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.demo.light import light_at

WITA = ZoneInfo("Asia/Makassar")


def at(hour, minute=0, *, is_raining=False):
    return light_at(datetime(2026, 11, 20, hour, minute, tzinfo=WITA), WITA, is_raining=is_raining)


def test_it_is_day_at_noon_and_night_at_ten():
    assert at(12).day == 1
    assert at(12).lamps == 0
    assert at(22).day == 0
    assert at(22).lamps == 1


def test_the_sun_sets_through_dusk():
    assert at(18, 20).dusk > 0.7 > at(12).dusk
    assert at(18, 20).horizon[2] > at(18, 20).horizon[0]  # red over blue


def test_rain_dims_the_day():
    assert sum(at(12, is_raining=True).ambient) < 0.8 * sum(at(12).ambient)


def test_light_changes_in_steps_so_that_backdrops_last():
    assert len({at(12, minute) for minute in range(30)}) == 1
    assert len({at(hour) for hour in range(24)}) > 8
