"""Lines of the ground: drawn once, by their highest rank; the middle of a river; the graticule."""

import math
from itertools import pairwise

import pytest

from dashboard.outlines import evenly, graticule, labels, middle_line, ranked_boundaries, rings
from geodata.city import Extent
from geodata.ground import load_ground


def area(kecamatan, west, south, east, north):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"kecamatan": kecamatan},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def drawn(areas):
    """{edge: rank} of all that is drawn; an edge drawn twice fails."""
    found = {}
    for line in ranked_boundaries({"features": areas})["features"]:
        for edge in pairwise(map(tuple, line["geometry"]["coordinates"])):
            key = tuple(sorted(edge))
            assert key not in found
            found[key] = line["properties"]["rank"]
    return found


def test_a_border_is_ranked_by_what_it_divides():
    found = drawn([area("A", 0, 0, 1, 1), area("A", 1, 0, 2, 1), area("B", 2, 0, 3, 1)])
    assert found[((1, 0), (1, 1))] == "kelurahan"
    assert found[((2, 0), (2, 1))] == "kecamatan"
    assert found[((0, 0), (0, 1))] == "kota"
    assert len(found) == 10


def test_lines_of_the_real_ground_are_each_drawn_once(tmp_path):
    ground = load_ground(tmp_path)
    areas = ground.places.boundaries_geojson()["features"]
    found = drawn(areas)
    edges = {tuple(sorted(edge)) for f in areas for ring in rings(f["geometry"]) for edge in pairwise(ring)}
    assert set(found) == edges
    assert {"kelurahan", "kecamatan", "kota"} == set(found.values())


def test_the_middle_line_of_a_straight_river_is_its_axis():
    ring = [(0, 0), (5, 0), (10, 0.5), (10, 1.5), (5, 2), (0, 2), (-0.5, 1), (0, 0)]
    middle = middle_line(ring)
    assert middle[0][0] < middle[-1][0]
    assert all(abs(lat - 1) < 0.55 for _, lat in middle)


def test_places_along_a_line_are_the_same_distance_apart():
    spots = evenly([(0, 0), (1, 0), (1, 3)], 5)
    assert spots[0] == (0, 0)
    assert spots[-1] == pytest.approx((1, 3))
    assert [math.dist(a, b) for a, b in pairwise(spots)] == pytest.approx([1.0] * 4)


def test_the_graticule_covers_the_city_and_more():
    lines = graticule(Extent(west=117, south=-0.7, east=117.3, north=-0.3))["features"]
    places = [place for line in lines for place in line["geometry"]["coordinates"]]
    assert min(lon for lon, _ in places) < 117
    assert max(lat for _, lat in places) > -0.3


def test_a_river_without_a_name_gets_no_label():
    point = {
        "type": "Feature",
        "properties": {"code": "1", "name": "Jawa"},
        "geometry": {"type": "Point", "coordinates": [0, 0]},
    }
    ring = [[0, 0], [4, 0], [4, 1], [0, 1], [0, 0]]
    river = {"properties": {"name": None}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    named = {"properties": {"name": "Sungai Mahakam"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    found = labels({"features": [point]}, {"features": [river, named]})["features"]
    assert [f["properties"]["kind"] for f in found] == ["kelurahan", "water"]
    assert found[1]["geometry"]["type"] == "LineString"
