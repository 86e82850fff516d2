"""Vehicles move as vehicles do, and tell it as phones do."""

from itertools import pairwise

import numpy as np
import pytest

from dashboard.demo.streets import distance_m
from dashboard.demo.units import arrived, at_post, fix_of, is_silent, next_report_s, report_of, sent


@pytest.fixture
def crew(units, streets):
    return at_post(units[0], streets)


def test_a_crew_under_way_is_turned_round_without_a_jump(crew, streets):
    away = sent(crew, streets, 40, 0.0, task="patrol")
    moment = away.route.duration_s / 2
    turned = sent(away, streets, crew.unit.home, moment, task="home")
    before, after = fix_of(away, moment), fix_of(turned, moment)
    assert distance_m((before.lon, before.lat), (after.lon, after.lat)) < 1
    path = [fix_of(turned, moment + s) for s in range(int(turned.route.duration_s) + 1)]
    assert max(distance_m((a.lon, a.lat), (b.lon, b.lat)) for a, b in pairwise(path)) < 25


def test_a_crew_that_has_arrived_stands_at_the_end_of_its_way(crew, streets):
    there = arrived(sent(crew, streets, 40, 0.0, task="incident", incident="SIM-1"))
    fix = fix_of(there, 1e6)
    assert (fix.lon, fix.lat) == pytest.approx(streets.crossings[40], abs=1e-5)
    assert fix.speed_mps == 0
    assert there.incident == "SIM-1"
    assert not there.is_free


def test_a_crew_sent_to_where_it_stands_is_there_at_once(crew, streets):
    assert sent(crew, streets, crew.unit.home, 0.0, task="incident", incident="SIM-1").route is None


def test_moving_units_report_every_few_seconds_and_parked_ones_rarely(crew, streets):
    away = sent(crew, streets, 40, 0.0, task="patrol")
    assert 2 <= next_report_s(away, 0.0) <= 3.1
    assert 15 <= next_report_s(crew, 0.0) <= 30


def test_a_coarse_phone_says_that_it_is_one(units, streets):
    coarse = next(unit for unit in units if unit.habit == "coarse")
    steady = next(unit for unit in units if unit.habit == "steady")
    dice = np.random.default_rng(1)
    said = [report_of(at_post(unit, streets), 0.0, dice).accuracy_m for unit in (coarse, steady)]
    assert said[0] > 100
    assert said[1] < 20


def test_a_silent_phone_is_silent_for_minutes_and_comes_back(units):
    phone = next(unit for unit in units if unit.habit == "silent")
    states = [is_silent(phone, second) for second in range(0, 1800, 10)]
    assert 0.3 < sum(states) / len(states) < 0.6
    assert not any(is_silent(unit, 5.0) for unit in units if unit.habit == "steady")
