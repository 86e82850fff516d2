"""The hand-drawn river against the facts it was drawn from."""

import numpy as np
import pytest
import shapely

from geodata import mahakam
from geodata.facts import read_facts
from geodata.plane import Plane

PLANE = Plane(32750)
FACTS = read_facts("64.72")
COURSE = shapely.LineString(mahakam.smooth(PLANE.points(mahakam.COURSE)))
POINTS = PLANE.points([(fact.lon, fact.lat) for fact in FACTS])


def test_smoothing_keeps_the_ends_and_has_no_sharp_corner():
    smooth = mahakam.smooth(np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]]))
    assert smooth[0].tolist() == [0, 0]
    assert smooth[-1].tolist() == [10, 10]
    headings = np.unwrap(np.arctan2(*np.diff(smooth, axis=0).T[::-1]))
    assert np.abs(np.diff(headings)).max() < 0.2


def test_every_kelurahan_lies_on_the_bank_the_facts_say():
    south = shapely.Polygon([*COURSE.coords, (COURSE.coords[-1][0], 9_900_000), (COURSE.coords[0][0], 9_900_000)])
    drawn = shapely.contains(south, shapely.points(POINTS))
    assert drawn.tolist() == [fact.bank == "selatan" for fact in FACTS]


def test_no_point_of_a_kelurahan_lies_in_the_water():
    assert not shapely.contains(mahakam.water(COURSE, POINTS), shapely.points(POINTS)).any()


def test_the_river_is_one_polygon_of_a_plausible_width_all_along():
    water = mahakam.water(COURSE, POINTS)
    assert water.geom_type == "Polygon"
    assert water.is_valid
    assert not water.interiors
    assert water.area / COURSE.length == pytest.approx(450, abs=80)
    inside = shapely.line_interpolate_point(COURSE, np.linspace(500, COURSE.length - 500, 200))
    widths = 2 * shapely.distance(inside, water.boundary)
    assert 250 < widths.min() < widths.max() < 620


def test_it_flows_in_from_outside_the_city_and_out_again():
    west, east = mahakam.COURSE[0][0], mahakam.COURSE[-1][0]
    assert west < 117.0540
    assert east > 117.2982
