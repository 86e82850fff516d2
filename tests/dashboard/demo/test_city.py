"""A simulated city works as one: calls are answered in order, teams arrive, nobody flies."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import shapely

from dashboard.demo.calls import Callers
from dashboard.demo.city import City, past_records
from dashboard.demo.streets import distance_m
from layers.incidents import STATUSES


@pytest.fixture(scope="module")
def two_hours(demo_ground, streets, units):
    """(records, tracks, open incidents every minute) of two hours in steps of two seconds."""
    start = datetime(2026, 11, 20, 4, tzinfo=UTC)
    city = City(streets=streets, units=units, callers=Callers(demo_ground, streets, 1), start=start, speed=1.0, seed=1)
    records, waiting = [], []
    tracks = defaultdict(list)
    for second in range(0, 7200, 2):
        said = city.step(start + timedelta(seconds=second))
        records += said.records
        for report in said.reports:
            tracks[report.unit.id].append(report)
        if second % 60 == 0:
            waiting.append(len(city.open_cases))
    return records, tracks, waiting


def test_after_the_warm_up_a_dozen_incidents_are_open(two_hours):
    steady = two_hours[2][60:]
    assert 8 <= sum(steady) / len(steady) <= 16


def test_an_incident_goes_through_the_steps_in_order_and_in_time(two_hours):
    steps = defaultdict(list)
    for record in two_hours[0]:
        steps[record["id"]].append((STATUSES.index(record["status"]), datetime.fromisoformat(record["status_time"])))
    done = [said for said in steps.values() if len(said) >= 8]
    assert len(done) > 20
    assert all(said == sorted(said) for said in done)


def test_somebody_with_a_tracker_reaches_most_incidents_and_volunteers_often_come_first(two_hours):
    first = {}
    for record in two_hours[0]:
        if record["status"] == "di_lokasi":
            first.setdefault(record["id"], record["agency"])
    volunteers = sum(agency == "balakarcana" for agency in first.values())
    assert 0.25 < volunteers / len(first) < 0.9


def test_no_unit_drives_faster_than_a_car_or_jumps(two_hours):
    for track in two_hours[1].values():
        steady = [r for r in track if r.unit.habit != "coarse"]
        for before, after in pairwise(steady):
            metres = distance_m((before.fix.lon, before.fix.lat), (after.fix.lon, after.fix.lat))
            assert metres < 22 * (after.at_s - before.at_s) + 30, before.unit.id
            assert after.fix.speed_mps < 22


def test_no_unit_swims(two_hours, streets, demo_ground):
    river = shapely.union_all(
        [shapely.geometry.shape(f["geometry"]) for f in demo_ground.places.river_geojson()["features"]]
    )
    bridges = shapely.union_all([shapely.LineString(road.line).buffer(3e-4) for road in streets.roads if road.bridge])
    places = [(r.fix.lon, r.fix.lat) for track in two_hours[1].values() for r in track if r.unit.habit != "coarse"]
    points = shapely.points(places)
    assert not shapely.contains(river.difference(bridges), points).any()


def test_positions_come_at_a_bounded_rate(two_hours):
    per_second = defaultdict(int)
    for track in two_hours[1].values():
        for report in track:
            per_second[int(report.at_s) // 10] += 1
    assert max(per_second.values()) / 10 < 60
    assert sum(per_second.values()) / 7200 > 4


def test_units_move_and_come_home(two_hours):
    tracks = two_hours[1]
    moved = [name for name, track in tracks.items() if any(r.fix.speed_mps > 3 for r in track)]
    assert len(moved) > 40
    assert len(tracks) == 100


def test_the_same_seed_tells_the_same_story(new_city, noon):
    def story(seed):
        city = new_city(seed)
        return [city.step(noon + timedelta(seconds=s)) for s in range(0, 900, 5)]

    assert story(4) == story(4)
    assert story(4) != story(5)


def test_speed_brings_more_incidents_but_no_faster_cars(new_city, noon):
    city = new_city(speed=6.0)
    said = [city.step(noon + timedelta(seconds=s)) for s in range(0, 1800, 5)]
    reported = [r["id"] for one in said for r in one.records if r["status"] == "diterima"]
    assert len(reported) > 80
    assert max(r.fix.speed_mps for one in said for r in one.reports) < 22


def test_the_past_of_the_day_is_closed_and_told_with_its_own_times(demo_ground, streets, noon):
    callers = Callers(demo_ground, streets, 1)
    records = past_records(callers.history(noon - timedelta(hours=12), noon), noon, 1)
    last = {record["id"]: record for record in records}
    assert {record["status"] for record in last.values()} == {"selesai", "laporan_palsu"}
    assert all(datetime.fromisoformat(record["status_time"]) < noon for record in records)
    assert sum(record["status"] == "di_lokasi" for record in records) > 20
