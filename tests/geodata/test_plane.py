"""Degrees and metres."""

import numpy as np
import pytest
import shapely

from geodata.plane import Plane, utm_epsg


@pytest.mark.parametrize(
    ("lon", "lat", "epsg"),
    [(117.15, -0.5, 32750), (109.67, -6.9, 32749), (102.27, -3.8, 32748), (116.4, 0.2, 32650), (95.3, 5.5, 32646),
     (140.7, -2.5, 32754), (117.0, 0.0, 32650), (119.9999, -1, 32750), (120.0, -1, 32751), (180.0, 1, 32601)],
)  # fmt: skip
def test_a_place_lies_in_its_utm_zone(lon, lat, epsg):
    assert utm_epsg(lon, lat) == epsg


def test_a_kilometre_is_a_kilometre():
    here, north = Plane(32750).points([(117.15, -0.5), (117.15, -0.5 + 1 / 110.574)])
    assert np.hypot(*(north - here)) == pytest.approx(1000, rel=1e-3)


def test_there_and_back_is_the_same_shape_to_a_decimetre():
    square = np.array([shapely.box(117.1, -0.6, 117.2, -0.5)])
    plane = Plane(32750)
    assert plane.degrees(plane.metres(square))[0].equals(square[0])


def test_degrees_have_six_decimals():
    plane = Plane(32750)
    corners = shapely.get_coordinates(
        plane.degrees(np.array([shapely.box(500_000, 9_940_000, 500_001.23, 9_940_001.7)]))
    )
    assert np.array_equal(corners, corners.round(6))
