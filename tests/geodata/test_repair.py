"""From polygons that almost fit to a coverage."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import BadBoundaries
from geodata.plane import Plane
from geodata.repair import GAP_WIDTH_M, repaired

PLANE = Plane(32749)
KM = 1000.0
METRE = 1 / 111_000


def mended(*shapes):
    """Repaired squares, given in metres from a corner near Pekalongan."""
    origin = PLANE.points([(110.0, -7.0)])[0]
    placed = shapely.transform(np.array(shapes, dtype=object), lambda xy: xy + origin)
    return repaired(PLANE.degrees(placed), [f"area {n}" for n in range(len(shapes))], PLANE)


def is_clean(repair):
    return shapely.is_valid(repair.shapes).all() and shapely.coverage_is_valid(repair.shapes)


def test_areas_that_fit_stay_as_they_are():
    repair = mended(shapely.box(0, 0, KM, KM), shapely.box(KM, 0, 2 * KM, KM))
    assert repair.fitted == (True, True)
    assert repair.km2_after == pytest.approx(repair.km2_before, rel=1e-6)
    assert repair.km2_after == pytest.approx((1, 1), rel=1e-3)
    assert is_clean(repair)


def test_a_sliver_between_neighbours_is_closed():
    above, below = shapely.box(0, KM, 2 * KM, 2 * KM), shapely.box(0, -KM, 2 * KM, 0)
    repair = mended(shapely.box(0, 0, KM - 4, KM), shapely.box(KM + 4, 0, 2 * KM, KM), above, below)
    assert not any(repair.fitted)
    assert sum(repair.km2_after) - sum(repair.km2_before) == pytest.approx(0.008, rel=0.05)
    assert not shapely.coverage_union_all(repair.shapes).interiors
    assert is_clean(repair)


def test_an_overlap_is_given_to_one_of_the_two():
    repair = mended(shapely.box(0, 0, KM + 5, KM), shapely.box(KM - 5, 0, 2 * KM, KM))
    assert repair.fitted == (False, False)
    assert sum(repair.km2_after) == pytest.approx(2.0, rel=1e-3)
    assert is_clean(repair)


def test_a_vertex_that_the_neighbour_lacks_is_shared_afterwards():
    bent = shapely.Polygon([(KM, 0), (2 * KM, 0), (2 * KM, KM), (KM, KM), (KM + 8, KM / 2)])
    assert is_clean(mended(shapely.box(0, 0, KM, KM), bent))


def test_a_lake_wider_than_a_sliver_stays_open():
    ring = shapely.box(0, 0, 2 * KM, 2 * KM).difference(shapely.box(500, 500, 500 + 4 * GAP_WIDTH_M, 1200))
    repair = mended(ring, shapely.box(2 * KM, 0, 3 * KM, 2 * KM))
    assert len(shapely.get_parts(repair.shapes)[0].interiors) == 1


def test_a_bow_tie_is_untied():
    tie = shapely.Polygon([(0, 0), (KM, KM), (KM, 0), (0, KM)])
    repair = mended(tie, shapely.box(KM, 0, 2 * KM, KM))
    assert is_clean(repair)
    assert repair.km2_after[0] == pytest.approx(0.5, rel=0.01)


def test_an_area_without_width_is_named():
    with pytest.raises(BadBoundaries, match="area 1 has no area"):
        mended(shapely.box(0, 0, KM, KM), shapely.Polygon([(KM, 0), (2 * KM, 0), (3 * KM, 0)]))


def test_an_area_hidden_under_another_is_no_repair():
    with pytest.raises(BadBoundaries, match=r"area [01] would shrink or grow by \d+%.*one area twice"):
        mended(shapely.box(0, 0, KM, KM), shapely.box(0, 0, KM, KM))


def test_a_spike_and_crowded_vertices_are_simplified_away_on_both_sides():
    crowd = [(KM + 0.3 * (n % 2), n * KM / 200) for n in range(201)]
    left = shapely.Polygon([(0, 0), *crowd, (0, KM)])
    right = shapely.Polygon([(2 * KM, 0), *crowd, (2 * KM, KM)])
    repair = mended(left, right)
    assert repair.vertices_before > 400
    assert repair.vertices_after < 30
    assert is_clean(repair)


def test_the_label_lies_inside_even_where_the_centroid_does_not():
    horseshoe = shapely.box(0, 0, 3 * KM, 3 * KM).difference(shapely.box(500, 500, 2500, 3 * KM))
    repair = mended(horseshoe)
    assert not repair.shapes[0].contains(repair.shapes[0].centroid)
    assert repair.shapes[0].contains(shapely.Point(*repair.label_points[0]))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=16, max_size=16))
def test_however_corners_are_shaken_the_result_is_clean(shakes):
    """A chessboard of four whose 16 corners each moved by up to 9 m on their own."""
    corners = iter(shakes)
    shaken = [
        shapely.Polygon([(x * KM + dx, y * KM + dy) for x, y in square for dx, dy in [next(corners)]])
        for left in (0, 1)
        for low in (0, 1)
        for square in [((left, low), (left + 1, low), (left + 1, low + 1), (left, low + 1))]
    ]
    repair = mended(*shaken)
    assert is_clean(repair)
    assert repair.km2_after == pytest.approx(repair.km2_before, rel=0.06)
