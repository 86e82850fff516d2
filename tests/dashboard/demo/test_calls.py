"""Calls follow the published figures, and name nobody."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from dashboard.demo.calls import CALLS_PER_DAY, FLOOD_POINTS, PRIOR, Callers, hour_factor


@pytest.fixture(scope="module")
def many(demo_ground, streets):
    callers = Callers(demo_ground, streets, 3)
    return list(islice(callers.flow(datetime(2026, 11, 20, 4, tzinfo=UTC)), 20_000))


def test_categories_follow_the_published_counts(many):
    real = [call.key for call in many if call.kind == "real"]
    counts, total = Counter(real), sum(PRIOR.values())
    assert all(abs(counts[key] / len(real) - share / total) < 0.03 for key, share in PRIOR.items())
    assert set(counts) <= set(PRIOR)


def test_about_one_call_in_nine_is_real(many):
    assert 0.10 < sum(call.kind == "real" for call in many) / len(many) < 0.13


def test_real_calls_come_every_one_or_two_minutes_with_others_between(many):
    real = [call.at for call in many if call.kind == "real"]
    mean_s = (real[-1] - real[0]).total_seconds() / (len(real) - 1)
    assert 60 < mean_s < 120


def test_what_is_no_incident_has_no_place_and_no_words(many):
    noise = [call for call in many if call.kind != "real"]
    assert all(call.place is None and call.kelurahan is None and call.description is None for call in noise)


def test_some_incidents_have_a_kelurahan_only_and_a_few_come_with_zero_zero(many):
    real = [call for call in many if call.kind == "real"]
    vague = sum(call.place is None and call.kelurahan is not None for call in real) / len(real)
    nowhere = sum(call.is_at_null for call in real) / len(real)
    assert 0.08 < vague < 0.17
    assert 0.01 < nowhere < 0.05
    assert all(call.place is None for call in real if call.is_at_null)


def test_positions_lie_in_or_next_to_the_kelurahan_that_is_named(many, demo_ground):
    exact = [call for call in many if call.place and call.kelurahan][:500]
    inside = sum(demo_ground.places.kelurahan_at(*call.place) == call.kelurahan for call in exact)
    assert inside > 0.85 * len(exact)


def test_every_category_as_said_means_its_key_to_the_taxonomy(many, demo_ground):
    assert all(demo_ground.city.category(call.category).id == call.key for call in many)


def test_descriptions_say_that_they_are_simulated_and_hold_no_number_of_a_person(many):
    words = [call.description for call in many if call.description]
    assert all(text.startswith("[SIMULASI] ") for text in words)
    assert not [text for text in words if re.search(r"\d{4,}", text)]


def test_floods_are_reported_at_published_flood_points(many):
    floods = [call for call in many if call.key == "banjir"]
    assert all(any(name in call.description for name in FLOOD_POINTS) for call in floods)


def test_the_same_seed_makes_the_same_calls(demo_ground, streets, noon):
    def first(seed):
        return list(islice(Callers(demo_ground, streets, seed).flow(noon), 50))

    assert first(5) == first(5)
    assert first(5) != first(6)


def test_speed_makes_more_calls_of_the_same_kind(demo_ground, streets, noon):
    def span(speed):
        calls = list(islice(Callers(demo_ground, streets, 5).flow(noon, speed), 400))
        return calls[-1].at - calls[0].at

    assert 3.5 < span(1.0) / span(4.0) < 4.5


def test_a_day_has_the_published_number_of_calls_and_most_of_them_at_noon(demo_ground, streets, noon):
    midnight = noon - timedelta(hours=12)
    calls = list(Callers(demo_ground, streets, 2).history(midnight, midnight + timedelta(days=1)))
    assert CALLS_PER_DAY * 0.85 < len(calls) < CALLS_PER_DAY * 1.15
    hours = Counter(call.at.astimezone(demo_ground.city.zone).hour for call in calls)
    assert sum(hours[h] for h in range(11, 16)) > 3 * sum(hours[h] for h in range(5))
    assert hour_factor(noon, demo_ground.city) == pytest.approx(1.75)
