"""Polygons that share every border."""

import numpy as np
import pytest
import shapely

from geodata import coverage

LEFT, RIGHT = shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)
OVER = shapely.box(9, 0, 20, 10)


def shapes(*these):
    return np.array(these, dtype=object)


def test_neighbours_that_fit_are_clean_and_those_that_overlap_are_not():
    assert coverage.is_clean(shapes(LEFT, RIGHT))
    assert not coverage.is_clean(shapes(LEFT, OVER))


def test_an_invalid_polygon_is_not_clean():
    assert not coverage.is_clean(shapes(shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])))


def test_cleaning_makes_an_overlap_clean_and_loses_no_land():
    clean = coverage.clean(shapes(LEFT, OVER))
    assert coverage.is_clean(clean)
    assert shapely.area(clean).sum() == pytest.approx(200)


def test_simplifying_keeps_it_clean():
    zigzag = [(10 + 0.1 * (n % 2), n / 2) for n in range(21)]
    crowded = shapes(shapely.Polygon([(0, 0), *zigzag, (0, 10)]), shapely.Polygon([(20, 0), *zigzag, (20, 10)]))
    simple = coverage.simplified(crowded, 1.0)
    assert coverage.is_clean(simple)
    assert shapely.get_num_coordinates(simple).sum() < shapely.get_num_coordinates(crowded).sum() / 2


def test_what_is_polygonal_loses_its_spikes_and_lines():
    spiked = shapely.Polygon([(0, 0), (10, 0), (10, 10), (15, 10), (10, 10), (0, 10)])
    (mended,) = coverage.polygonal(shapes(spiked))
    assert mended.is_valid
    assert mended.equals(LEFT)


def test_what_has_no_area_becomes_an_empty_polygon():
    (mended,) = coverage.polygonal(shapes(shapely.Polygon([(0, 0), (10, 0), (20, 0)])))
    assert mended.is_empty
    assert mended.geom_type == "Polygon"


def test_the_largest_part_is_filled():
    ring = LEFT.difference(shapely.box(4, 4, 6, 6))
    assert coverage.filled(shapely.union(ring, shapely.box(30, 0, 31, 1))).equals(LEFT)
