"""The sign-in form looks like the room's other screens."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from dashboard.plain_page import theme_at

WITA = ZoneInfo("Asia/Makassar")


@pytest.mark.parametrize(("hour_utc", "theme"), [(21, "night"), (22, "day"), (9, "day"), (10, "night")])
def test_an_automatic_theme_goes_by_the_clock_of_the_city(hour_utc, theme):
    """Day from 06.00 to 18.00 WITA."""
    assert theme_at("auto", datetime(2026, 11, 20, hour_utc, 30, tzinfo=UTC), WITA) == theme


def test_the_form_takes_the_theme_of_its_address_and_else_that_of_the_room(city):
    """By day a room of night screens can still be signed in to by day."""
    assert b'data-theme="night"' in city.get("/login").data
    assert b'data-theme="day"' in city.get("/login?theme=day").data
