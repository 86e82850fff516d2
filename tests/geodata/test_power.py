"""Land shared out among points."""

import numpy as np
import pytest
import shapely

from geodata.power import HalfPlane, clip, power_cells, shared_out

FRAME = (0.0, 0.0, 100.0, 100.0)
UNIT = [(0.0, 0.0, -1), (1.0, 0.0, -1), (1.0, 1.0, -1), (0.0, 1.0, -1)]


def shape(corners):
    return shapely.Polygon([(x, y) for x, y, _ in corners])


def test_a_half_plane_keeps_what_lies_on_its_side():
    left = clip(UNIT, HalfPlane(a=1, b=0, c=0.25, beyond=7))
    assert shape(left).equals(shapely.box(0, 0, 0.25, 1))
    assert [beyond for x, _, beyond in left if x == 0.25] == [7, -1]


def test_a_half_plane_that_holds_all_changes_nothing_and_one_that_holds_none_leaves_nothing():
    assert clip(UNIT, HalfPlane(a=1, b=0, c=2, beyond=0)) == UNIT
    assert clip(UNIT, HalfPlane(a=1, b=0, c=-1, beyond=0)) == []


def test_equal_weights_part_the_land_half_way():
    left, right = power_cells(np.array([[25.0, 50.0], [75.0, 50.0]]), np.zeros(2), FRAME)
    assert shape(left).equals(shapely.box(0, 0, 50, 100))
    assert shape(right).equals(shapely.box(50, 0, 100, 100))


def test_a_heavier_generator_takes_more():
    left, _ = power_cells(np.array([[25.0, 50.0], [75.0, 50.0]]), np.array([1000.0, 0.0]), FRAME)
    assert shape(left).area == pytest.approx(6000)


def test_a_generator_that_is_too_light_has_no_cell():
    assert power_cells(np.array([[25.0, 50.0], [75.0, 50.0]]), np.array([0.0, 1e6]), FRAME)[0] == []


def test_everybody_gets_the_wished_area_where_the_points_allow_it():
    points = np.array([[25.0, 25.0], [75.0, 25.0], [25.0, 75.0], [75.0, 75.0]])
    wished = np.array([1500.0, 3500.0, 2500.0, 2500.0])
    cells = shared_out(points, wished, shapely.box(*FRAME))
    assert shapely.area(cells) == pytest.approx(wished, rel=0.02)


def test_nobody_loses_their_own_point_however_much_the_neighbour_wants():
    points = np.array([[48.0, 50.0], [52.0, 50.0]])
    cells = shared_out(points, np.array([9990.0, 10.0]), shapely.box(*FRAME))
    assert shapely.contains(cells, shapely.points(points)).all()


def test_the_cells_fill_their_land_whatever_its_shape():
    land = shapely.box(*FRAME).difference(shapely.box(40, 40, 100, 60))
    points = np.array([[20.0, 20.0], [80.0, 20.0], [20.0, 50.0], [80.0, 80.0]])
    cells = shared_out(points, np.full(4, land.area / 4), land)
    assert shapely.union_all(cells).area == pytest.approx(land.area)
    assert shapely.area(cells).sum() == pytest.approx(land.area)
