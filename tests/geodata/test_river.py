"""The river between the banks of real boundaries."""

import pytest
import shapely

from geodata.facts import read_facts
from geodata.plane import Plane
from geodata.river import river_of

FACTS = read_facts("64.72")
PLANE = Plane(32750)


@pytest.fixture(scope="module")
def shapes(ground):
    """Code → area; the approximate city serves as a real one."""
    return {f["id"]: shapely.geometry.shape(f["geometry"]) for f in ground.places.boundaries_geojson()["features"]}


def test_the_river_covers_the_whole_border_between_the_banks(shapes):
    (river,) = river_of(shapes, FACTS, PLANE)
    south = shapely.union_all([shapes[f.code] for f in FACTS if f.bank == "selatan"])
    north = shapely.union_all([shapes[f.code] for f in FACTS if f.bank == "utara"])
    border = shapely.intersection(north, south)
    assert river.is_valid
    assert border.difference(river).length < 0.01 * border.length


def test_it_flows_on_beyond_the_city_on_both_sides(shapes):
    (river,) = river_of(shapes, FACTS, PLANE)
    assert river.bounds[0] < 117.0
    assert river.bounds[2] > 117.35


def test_no_known_point_is_under_water(shapes):
    (river,) = river_of(shapes, FACTS, PLANE)
    assert not [fact.name for fact in FACTS if river.contains(shapely.Point(fact.lon, fact.lat))]


@pytest.mark.parametrize("bank", ["utara", "selatan"])
def test_one_bank_alone_does_not_tell_where_the_river_runs(shapes, bank):
    half = {fact.code: shapes[fact.code] for fact in FACTS if fact.bank == bank}
    assert len(river_of(half, FACTS, PLANE)) == 0


def test_banks_that_do_not_touch_do_not_tell_it_either():
    apart = {
        "64.72.01.1001": shapely.box(117.1, -0.6, 117.15, -0.55),
        "64.72.09.1001": shapely.box(117.2, -0.5, 117.25, -0.4),
    }
    assert len(river_of(apart, FACTS, PLANE)) == 0
