"""Invented streets keep the truths of the city: two banks, two bridges, no wet roads."""

from itertools import pairwise

import pytest
import shapely

from dashboard.demo.streets import distance_m, street_graph


@pytest.fixture(scope="module")
def river(demo_ground):
    return shapely.union_all(
        [shapely.geometry.shape(f["geometry"]) for f in demo_ground.places.river_geojson()["features"]]
    )


def test_every_crossing_can_be_reached_from_every_other(streets):
    reached, waiting = {0}, [0]
    while waiting:
        for road in streets.roads_at(waiting.pop()):
            waiting += [end for end in road.ends if end not in reached]
            reached |= set(road.ends)
    assert len(reached) == len(streets.crossings) > 150


def test_only_the_two_bridges_cross_the_river(streets, river):
    wet = [road.bridge for road in streets.roads if shapely.LineString(road.line).intersects(river)]
    assert sorted(wet) == ["Jembatan Mahakam", "Jembatan Mahkota II"]


def test_a_way_to_the_other_bank_leads_over_a_bridge(streets, demo_ground, river):
    areas = demo_ground.places.areas
    ends = [(areas[code].lon, areas[code].lat) for code in ("64.72.09.1003", "64.72.02.1003")]
    route = streets.route(*(streets.nearest(end) for end in ends))
    bridges = {road.line[0] for road in streets.roads if road.bridge} | {r.line[-1] for r in streets.roads if r.bridge}
    assert len(bridges & set(route.points)) == 2
    over = shapely.LineString(route.points).intersection(river)
    assert distance_m(over.coords[0], over.coords[-1]) < 700


def test_streets_are_the_same_for_the_same_seed_only(demo_ground, streets):
    assert street_graph(demo_ground, 1).roads == streets.roads
    assert street_graph(demo_ground, 2).roads != streets.roads


def test_nobody_drives_faster_than_the_road_allows(streets):
    route = streets.route(0, 40, pace=1.0)
    speeds = [route.at(second).speed_mps for second in range(int(route.duration_s))]
    assert 6.5 < min(speeds) <= max(speeds) < 15.5


def test_a_route_is_driven_without_a_jump_and_ends_where_it_should(streets):
    route = streets.route(0, 40)
    fixes = [route.at(second) for second in range(int(route.duration_s) + 2)]
    steps = [distance_m((a.lon, a.lat), (b.lon, b.lat)) for a, b in pairwise(fixes)]
    assert max(steps) < 16
    assert (fixes[-1].lon, fixes[-1].lat) == pytest.approx(streets.crossings[40], abs=1e-5)
    assert fixes[-1].speed_mps == 0


def test_there_is_no_way_to_where_one_is(streets):
    assert streets.route(3, 3) is None


def test_crossings_are_closer_together_in_small_kelurahan(streets, demo_ground):
    def crossings_in(code):
        return sum(demo_ground.places.kelurahan_at(*place) == code for place in streets.crossings)

    areas = demo_ground.places.areas
    dense, wide = "64.72.09.1005", "64.72.05.1010"
    assert crossings_in(dense) / areas[dense].area_km2 > 5 * crossings_in(wide) / areas[wide].area_km2
