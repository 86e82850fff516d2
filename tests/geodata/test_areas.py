"""Point → kelurahan: the same answer one by one and in bulk, and none for no place."""

import json
import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.areas import Areas
from geodata.facts import read_facts
from geodata.ground import load_ground

INSIDE = (110.01, -6.99)


def areas_of(*rows, river=()):
    """Areas of (code, shape)."""
    columns = {
        "code": [code for code, _ in rows],
        "name": [f"nama {code}" for code, _ in rows],
        "kecamatan": ["Barat" for _ in rows],
        "lon": [shape.representative_point().x for _, shape in rows],
        "lat": [shape.representative_point().y for _, shape in rows],
        "area_km2": [shape.area for _, shape in rows],
    }
    frame = gpd.GeoDataFrame(columns, geometry=[shape for _, shape in rows], crs=4326)
    return Areas(frame, source="uji", is_approximate=False, river=river)


@pytest.fixture(scope="module")
def two():
    """Two squares side by side, given in the wrong order."""
    return areas_of(("B", shapely.box(110.02, -7, 110.04, -6.98)), ("A", shapely.box(110, -7, 110.02, -6.98)))


def test_the_point_of_every_kelurahan_is_found_in_it(ground):
    facts = read_facts("64.72")
    assert [ground.places.kelurahan_at(f.lon, f.lat) for f in facts] == [f.code for f in facts]


def test_areas_come_by_code_whatever_the_order_of_the_file(two):
    assert list(two.areas) == ["A", "B"]
    assert two.kelurahan_at(*INSIDE) == "A"
    assert two.kelurahan_at(110.03, -6.99) == "B"


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        (0, 0),
        (math.nan, -6.99),
        (110.01, math.nan),
        (math.inf, -6.99),
        (110.01, -math.inf),
        (109.9, -6.99),
        (110.01, 7),
    ],
)
def test_what_is_no_place_lies_in_no_kelurahan(two, lon, lat):
    assert two.kelurahan_at(lon, lat) is None
    assert two.kelurahan_at_many([lon, INSIDE[0]], [lat, INSIDE[1]]) == [None, "A"]


def test_zero_zero_is_no_place_even_where_an_area_covers_it():
    around = areas_of(("N", shapely.box(-1, -1, 1, 1)))
    assert around.kelurahan_at(0, 0) is None
    assert around.kelurahan_at_many([0, 0.5], [0, 0]) == [None, "N"]
    assert around.kelurahan_at(0, 0.5) == "N"


def test_a_point_on_a_border_belongs_to_the_first_code(two):
    assert two.kelurahan_at(110.02, -6.99) == "A"
    assert two.kelurahan_at_many([110.02], [-6.99]) == ["A"]


def test_the_outermost_corner_still_belongs_to_the_city(two):
    corners = [(110.0, -7.0), (110.04, -6.98)]
    assert [two.kelurahan_at(*corner) for corner in corners] == ["A", "B"]


def test_no_points_give_no_codes_and_lists_of_two_lengths_are_refused(two):
    assert two.kelurahan_at_many([], []) == []
    with pytest.raises(ValueError, match="2 longitudes but 1 latitudes"):
        two.kelurahan_at_many([1, 2], [1])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.floats(117.0, 117.35), st.floats(-0.75, -0.28)), max_size=60))
def test_one_by_one_and_in_bulk_agree_everywhere(ground, points):
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    one_by_one = [ground.places.kelurahan_at(lon, lat) for lon, lat in points]
    assert ground.places.kelurahan_at_many(lons, lats) == one_by_one


def test_vertices_and_edges_agree_too(ground):
    shapes = [shapely.geometry.shape(f["geometry"]) for f in ground.places.boundaries_geojson()["features"][:8]]
    corners = shapely.get_coordinates(shapes)
    middles = (corners[:-1] + corners[1:]) / 2
    for points in (corners, middles):
        bulk = ground.places.kelurahan_at_many(points[:, 0], points[:, 1])
        assert bulk == [ground.places.kelurahan_at(lon, lat) for lon, lat in points.tolist()]


def test_all_of_the_city_and_nothing_else_has_a_kelurahan(ground):
    random = np.random.default_rng(5)
    lons, lats = random.uniform(117.03, 117.32, 4000), random.uniform(-0.74, -0.29, 4000)
    whole = shapely.union_all(
        [shapely.geometry.shape(f["geometry"]) for f in ground.places.boundaries_geojson()["features"]]
    )
    found = [code is not None for code in ground.places.kelurahan_at_many(lons, lats)]
    assert found == shapely.intersects_xy(whole, lons, lats).tolist()
    assert any(found)
    assert not all(found)


def test_boundaries_say_what_they_are(two):
    first = two.boundaries_geojson()["features"][0]
    assert first["id"] == "A"
    assert first["properties"] == {
        "code": "A", "name": "nama A", "kecamatan": "Barat", "approximate": False, "source": "uji",
    }  # fmt: skip
    assert shapely.geometry.shape(first["geometry"]).equals(shapely.box(110, -7, 110.02, -6.98))


def test_boundaries_have_six_decimals_and_neighbours_share_them():
    third = 110 + 1 / 3
    areas = areas_of(("A", shapely.box(110, -7, third, -6)), ("B", shapely.box(third, -7, 111, -6)))
    shapes = [shapely.geometry.shape(f["geometry"]) for f in areas.boundaries_geojson()["features"]]
    assert shapely.coverage_is_valid(shapes)
    assert 110.333333 in shapely.get_coordinates(shapes)


def test_labels_lie_in_their_areas(ground):
    for label in ground.places.labels_geojson()["features"]:
        code = label["properties"]["code"]
        assert ground.places.kelurahan_at(*label["geometry"]["coordinates"]) == code == label["id"]
        assert label["properties"]["area_km2"] == ground.places.areas[code].area_km2


def test_a_city_without_a_river_on_file_has_none(two):
    assert two.river_geojson() == {"type": "FeatureCollection", "features": []}


def test_a_river_is_always_approximate(ground):
    (river,) = ground.places.river_geojson()["features"]
    assert river["properties"]["approximate"] is True
    assert river["geometry"]["type"] == "Polygon"


def test_everything_can_be_written_as_json(ground):
    places = ground.places
    for collection in (places.boundaries_geojson(), places.labels_geojson(), places.river_geojson()):
        assert json.loads(json.dumps(collection, allow_nan=False))["type"] == "FeatureCollection"


def test_a_city_of_one_area_without_width_is_still_searched():
    point = areas_of(("P", shapely.Polygon([(110, -7), (110.000001, -7), (110, -6.999999)])))
    assert point.kelurahan_at(110, -7) == "P"


def test_the_ground_is_loaded_the_same_twice(tmp_path, ground):
    assert load_ground(tmp_path).places is ground.places


def test_the_share_of_each_area_within_a_shape_counts_overlaps_once_and_leaves_out_what_is_not_touched(two):
    assert two.shares_within(shapely.box(110.01, -7, 110.02, -6.98)) == pytest.approx({"A": 0.5})
    twice = shapely.union_all([shapely.box(110.01, -7, 110.03, -6.98), shapely.box(110.015, -7, 110.03, -6.98)])
    assert two.shares_within(twice) == pytest.approx({"A": 0.5, "B": 0.5})
    assert two.shares_within(shapely.box(109, -8, 111, -6)) == {"A": 1, "B": 1}
    assert two.shares_within(shapely.box(100, -8, 101, -6)) == {}
    assert two.shares_within(shapely.GeometryCollection()) == {}
