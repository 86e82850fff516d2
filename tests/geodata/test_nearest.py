"""The k nearest things."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.nearest import distances_m, nearest

HERE = (117.1535, -0.5022)
THINGS = {"jauh": (117.25, -0.5022), "dekat": (117.1545, -0.5022), "tengah": (117.16, -0.5022)}


def test_the_nearest_come_first_with_their_distance():
    found = nearest(*HERE, THINGS, 2)
    assert [near.key for near in found] == ["dekat", "tengah"]
    assert found[0].distance_m == pytest.approx(111.2, abs=0.2)


def test_a_degree_of_latitude_is_111_kilometres():
    assert distances_m(117, 0, np.array([[117.0, 1.0]]))[0] == pytest.approx(111_195, rel=1e-4)


def test_equally_far_things_come_by_key():
    assert [near.key for near in nearest(*HERE, {"b": (117, 0), "a": (117, 0)}, 2)] == ["a", "b"]


@pytest.mark.parametrize("place", [(0.0, 0.0), (math.nan, -0.5), (117.0, math.nan)])
def test_a_thing_without_a_place_is_never_near(place):
    assert [near.key for near in nearest(*HERE, {"hilang": place, **THINGS}, 9)] == ["dekat", "tengah", "jauh"]


@pytest.mark.parametrize("point", [(0.0, 0.0), (math.nan, -0.5), (117.0, math.nan), (math.inf, 0.0)])
def test_nothing_is_near_to_no_place(point):
    assert nearest(*point, THINGS, 2) == []


@pytest.mark.parametrize("k", [0, -1])
def test_none_may_be_asked_for(k):
    assert nearest(*HERE, THINGS, k) == []


def test_no_candidates_no_answer():
    assert nearest(*HERE, {}, 3) == []


@given(
    st.dictionaries(st.text(max_size=3), st.tuples(st.floats(95, 141), st.floats(-11, 6)), max_size=30),
    st.integers(1, 9),
)
def test_nothing_left_out_is_nearer_than_what_was_found(things, k):
    found = nearest(*HERE, things, k)
    assert len(found) == min(k, len(things))
    distances = [near.distance_m for near in found]
    assert distances == sorted(distances)
    left = set(things) - {near.key for near in found}
    assert all(nearest(*HERE, {key: things[key]}, 1)[0].distance_m >= distances[-1] for key in left)
