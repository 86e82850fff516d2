"""Cones of cameras, and what houses leave of them."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from geodata.obstacles import NO_OBSTACLES, Obstacles
from geodata.plane import Plane
from geodata.view import Sight, cone, cone_area_m2, distance_m, look, sees, view_of

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


def sight(**said):
    return Sight(**{"lon": CAMERA[0], "lat": CAMERA[1], "azimuth_deg": 0.0, "fov_deg": 60.0, "range_m": 250.0, **said})


def house(lon, lat, size_m):
    return shapely.box(lon, lat, lon + size_m * METRE, lat + size_m * METRE)


def test_a_camera_says_how_it_stands_to_a_place():
    city = Obstacles([house(CAMERA[0] - 10 * METRE, CAMERA[1] + 100 * METRE, 20)])
    assert look(sight(), *north(90), city) == "in_view"
    assert look(sight(), *north(150), city) == "hidden"
    assert look(sight(), *north(150), NO_OBSTACLES) == "in_view"
    assert look(sight(), *north(-20), city) == "turned_away"
    assert look(sight(), *north(260), city) == "too_far"
    assert look(sight(), *north(-260), city) == "too_far"
    assert look(sight(azimuth_deg=None), *north(90), city) == "direction_unknown"
    assert look(sight(), math.nan, math.nan, city) == "too_far"


def test_a_camera_sees_its_own_place_and_all_round_when_it_looks_all_round():
    assert look(sight(), *CAMERA, NO_OBSTACLES) == "in_view"
    assert look(sight(fov_deg=360.0), *north(-200), NO_OBSTACLES) == "in_view"


def test_a_wall_across_the_street_cuts_the_view_behind_it():
    wall = shapely.box(
        CAMERA[0] - 500 * METRE, CAMERA[1] + 100 * METRE, CAMERA[0] + 500 * METRE, CAMERA[1] + 101 * METRE
    )
    view = view_of(sight(), Obstacles([wall]))
    reach = (view.bounds[3] - CAMERA[1]) / METRE
    assert reach == pytest.approx(100, abs=0.01)
    assert view.area == pytest.approx(100**2 * math.tan(math.radians(30)) * METRE**2, rel=1e-3)


def test_without_a_direction_there_is_no_view():
    assert view_of(sight(azimuth_deg=None), NO_OBSTACLES) is None


def test_a_courtyard_is_closed_by_the_house_around_it():
    ring = house(CAMERA[0] - 20 * METRE, CAMERA[1] + 50 * METRE, 40)
    yard = shapely.difference(ring, house(CAMERA[0] - 10 * METRE, CAMERA[1] + 60 * METRE, 20))
    assert look(sight(), *north(70), Obstacles([yard])) == "hidden"
    inside = view_of(sight(lat=CAMERA[1] + 70 * METRE, fov_deg=360.0), Obstacles([yard]))
    assert inside.area == pytest.approx((20 * METRE) ** 2, rel=1e-3)


BEARING = st.floats(0, 360, exclude_max=True)
SIGHTS = st.builds(sight, azimuth_deg=BEARING, fov_deg=st.floats(5, 360), range_m=st.floats(50, 400))
SPOTS = st.tuples(st.floats(-300, 300), st.floats(-300, 300)).map(
    lambda xy: (CAMERA[0] + xy[0] * METRE, CAMERA[1] + xy[1] * METRE)
)
CITIES = st.lists(st.tuples(SPOTS, st.floats(2, 60)), max_size=8).map(lambda all_: [house(*at, m) for at, m in all_])


@given(seen_by=SIGHTS, along=st.floats(0, 0.99), aside=st.floats(-0.49, 0.49))
def test_every_point_within_angle_and_range_is_seen(seen_by, along, aside):
    bearing = math.radians(seen_by.azimuth_deg + aside * seen_by.fov_deg)
    far = along * seen_by.range_m * METRE
    spot = (
        CAMERA[0] + far * math.sin(bearing) / math.cos(math.radians(CAMERA[1])),
        CAMERA[1] + far * math.cos(bearing),
    )
    assert look(seen_by, *spot, NO_OBSTACLES) == "in_view"


@given(seen_by=SIGHTS, spot=SPOTS)
def test_what_lies_in_the_drawn_cone_is_seen(seen_by, spot):
    if sees(view_of(seen_by, NO_OBSTACLES), *spot):
        assert look(seen_by, *spot, NO_OBSTACLES) == "in_view"


@given(seen_by=SIGHTS, spot=SPOTS, houses=CITIES, more=CITIES)
def test_more_houses_never_show_more(seen_by, spot, houses, more):
    few, many = Obstacles(houses), Obstacles([*houses, *more])
    assert view_of(seen_by, many).area <= view_of(seen_by, few).area * (1 + 1e-9)
    if look(seen_by, *spot, many) == "in_view":
        assert look(seen_by, *spot, few) == "in_view"


@given(seen_by=SIGHTS, spot=SPOTS, houses=CITIES)
def test_the_drawn_view_and_the_line_of_sight_agree(seen_by, spot, houses):
    """Two ways to the same answer: shadows of walls, and one line per place. Not at the very edge of either."""
    city, cut, whole = Obstacles(houses), view_of(seen_by, Obstacles(houses)), view_of(seen_by, NO_OBSTACLES)
    edge = shapely.union_all([cut.boundary, whole.boundary, *(one.boundary for one in houses)])
    inside = any(shapely.intersects_xy(one, *spot) for one in houses)
    hung_on = any(shapely.dwithin(one, shapely.Point(CAMERA), 1.1 * METRE) for one in houses)
    at_rim = 0.999 < distance_m(CAMERA, spot) / seen_by.range_m < 1.001  # the rim is drawn with straight pieces
    assume(not inside and not hung_on and not at_rim and shapely.distance(edge, shapely.Point(spot)) > 1e-3 * METRE)
    assert (look(seen_by, *spot, city) == "in_view") == sees(cut, *spot)


def test_a_degree_of_latitude_is_111_kilometres():
    assert distance_m((117.0, 0.0), (117.0, 1.0)) == pytest.approx(111_320)
    assert distance_m((117.0, 60.0), (118.0, 60.0)) == pytest.approx(55_660)
