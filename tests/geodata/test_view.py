"""Cones of cameras."""

import math

import numpy as np
import pytest

from geodata.plane import Plane
from geodata.view import cone, cone_area_m2, sees

CAMERA = (117.1535, -0.5022)
METRE = 1 / 111_320


def north(metres):
    return CAMERA[0], CAMERA[1] + metres * METRE


def test_a_camera_sees_ahead_and_neither_behind_nor_beside_nor_too_far():
    view = cone(*CAMERA, azimuth_deg=0, fov_deg=60, range_m=250)
    assert sees(view, *north(200))
    assert not sees(view, *north(-20))
    assert not sees(view, CAMERA[0] + 200 * METRE, CAMERA[1])
    assert not sees(view, *north(260))


def test_a_camera_that_looks_east_sees_east():
    assert sees(cone(*CAMERA, azimuth_deg=90, fov_deg=40, range_m=100), CAMERA[0] + 90 * METRE, CAMERA[1])


def test_no_camera_sees_a_point_that_is_no_place():
    assert not sees(cone(*CAMERA, azimuth_deg=0, fov_deg=360, range_m=250), math.nan, math.nan)


@pytest.mark.parametrize("fov", [10, 60, 90, 180, 270, 359, 360, 400])
def test_a_cone_is_a_valid_shape_with_about_its_area(fov):
    view = cone(*CAMERA, azimuth_deg=123, fov_deg=fov, range_m=250)
    assert view.is_valid
    (metres,) = Plane(32750).metres(np.array([view]))
    assert metres.area == pytest.approx(cone_area_m2(fov, 250), rel=0.02)


def test_the_area_of_a_quarter_circle():
    assert cone_area_m2(90, 100) == pytest.approx(math.pi * 100**2 / 4)
