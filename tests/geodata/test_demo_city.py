"""The approximate city: clean, near the facts, and the same every time."""

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from geodata import demo_city
from geodata.city import load_city
from geodata.facts import read_facts
from geodata.plane import Plane
from geodata.shares import shipped_shares

FACTS = read_facts("64.72")


@pytest.fixture(scope="module")
def shapes(ground):
    """Code → polygon, as a screen gets it."""
    return {f["id"]: shape(f["geometry"]) for f in ground.places.boundaries_geojson()["features"]}


def test_all_59_kelurahan_are_there_and_say_that_they_are_approximate(ground):
    said = [f["properties"] for f in ground.places.boundaries_geojson()["features"]]
    assert [p["code"] for p in said] == [fact.code for fact in FACTS]
    assert all(p["approximate"] and "batas perkiraan" in p["source"] for p in said)
    assert ground.places.is_approximate


def test_the_shipped_shares_are_those_that_the_facts_settle_at():
    """Else `python -m geodata.demo_city 64.72` has not been run after a change."""
    settled = demo_city.settled_shares(load_city("64.72"))
    shipped = shipped_shares("64.72", FACTS)
    assert shipped.generators == pytest.approx(np.array([settled[fact.code][:2] for fact in FACTS]), abs=5)
    assert shipped.weights == pytest.approx(np.array([settled[fact.code][2] for fact in FACTS]), rel=1e-3, abs=1e4)


def test_shares_of_other_facts_are_not_used():
    assert shipped_shares("64.72", FACTS[1:]) is None
    assert shipped_shares("00.00", FACTS) is None


def test_there_is_no_gap_and_no_overlap(shapes):
    cells = np.array(list(shapes.values()))
    assert shapely.is_valid(cells).all()
    assert shapely.coverage_is_valid(cells)
    whole = shapely.coverage_union_all(cells)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors


def test_every_point_lies_in_its_own_cell_and_not_at_its_edge(shapes):
    for fact in FACTS:
        point = shapely.Point(fact.lon, fact.lat)
        assert shapes[fact.code].contains(point), fact.name
        assert shapes[fact.code].exterior.distance(point) * 111_000 > 40, fact.name


def test_areas_are_near_the_published_ones(ground):
    built = np.array([ground.places.areas[fact.code].area_km2 for fact in FACTS])
    known = np.array([fact.area_km2 for fact in FACTS])
    assert built.sum() == pytest.approx(716, abs=3)
    assert np.abs(built / known - 1).mean() < 0.12
    assert np.abs(built / known - 1).max() < 0.65


def test_no_cell_crosses_the_river(ground, shapes):
    (river,) = (shape(f["geometry"]) for f in ground.places.river_geojson()["features"])
    south = shapely.union_all([shapes[f.code] for f in FACTS if f.bank == "selatan"])
    north = shapely.union_all([shapes[f.code] for f in FACTS if f.bank == "utara"])
    between = shapely.line_merge(north.intersection(south))
    assert between.geom_type == "LineString"
    assert between.difference(river).length < 1e-3
    for land in (north, south):
        assert shapely.get_num_geometries(land) == 1


def test_the_city_stays_within_its_extent(ground, shapes):
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    extent = ground.city.extent
    assert extent.holds(west, south)
    assert extent.holds(east, north)


def test_borders_are_not_the_straight_lines_of_a_diagram(shapes):
    cells = Plane(32750).metres(np.array(list(shapes.values())))
    thinned = shapely.coverage_simplify(cells, 150.0)
    assert shapely.get_num_coordinates(cells).sum() > 8 * shapely.get_num_coordinates(thinned).sum()


def test_building_it_again_gives_the_same(ground):
    demo_city._approximate_areas.cache_clear()
    again = demo_city.approximate_areas(load_city("64.72"))
    assert again.boundaries_geojson() == ground.places.boundaries_geojson()


def test_it_is_built_once_per_process():
    city = load_city("64.72")
    assert demo_city.approximate_areas(city) is demo_city.approximate_areas(city)
