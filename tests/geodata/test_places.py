"""Positions that are no place."""

import math

import pytest

from geodata.places import place_or_none


def test_a_position_in_the_city_is_a_place(ground):
    assert place_or_none(ground.city, 117.15, -0.5) == (117.15, -0.5)


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(0, 0), (None, -0.5), (117.15, None), (math.nan, -0.5), (117.15, math.nan), (math.inf, -0.5), (-0.5, 117.15),
     (116.9, -0.5), (117.15, 0.5)],
)  # fmt: skip
def test_everything_else_is_no_place(ground, lon, lat):
    assert place_or_none(ground.city, lon, lat) is None
