"""Day and night are learnt apart, by the sun's own hour; dawn and dusk are neither."""

from datetime import UTC, datetime

import pytest

from cctv.truth_aim import slot_at

SAMARINDA_LON, GREENWICH_LON = 117.15, 0.0


@pytest.mark.parametrize(
    ("utc", "lon", "slot"),
    [
        ((4, 0), SAMARINDA_LON, "day"),
        ((14, 0), SAMARINDA_LON, "night"),
        ((18, 0), SAMARINDA_LON, "night"),
        ((22, 15), SAMARINDA_LON, None),
        ((10, 15), SAMARINDA_LON, None),
        ((12, 0), GREENWICH_LON, "day"),
        ((0, 0), GREENWICH_LON, "night"),
    ],
)
def test_the_hour_is_that_of_the_sun_above_the_camera(utc, lon, slot):
    assert slot_at(datetime(2026, 11, 20, *utc, tzinfo=UTC), lon) == slot
