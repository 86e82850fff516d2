"""The bend that makes straight lines look grown."""

import numpy as np
import pytest

from geodata.wobble import bent, unbent

CITY = np.random.default_rng(3).uniform([505_000, 9_920_000], [535_000, 9_966_000], (3000, 2))


def test_unbending_finds_the_place_again_to_a_centimetre():
    assert np.abs(bent(unbent(CITY)) - CITY).max() < 0.02


def test_it_moves_places_by_hundreds_of_metres_and_not_by_kilometres():
    moved = np.hypot(*(bent(CITY) - CITY).T)
    assert 100 < np.median(moved) < 1000
    assert moved.max() < 2000


def growth() -> np.ndarray:
    """How much larger a small square gets, at each place."""
    step = 0.5
    along, across = (bent(CITY + np.array(move)) - bent(CITY) for move in ((step, 0), (0, step)))
    return (along[:, 0] * across[:, 1] - along[:, 1] * across[:, 0]) / step**2


def test_it_never_folds_the_plane():
    assert growth().min() > 0.3


def test_it_keeps_areas_on_the_whole():
    assert growth().mean() == pytest.approx(1, abs=0.02)


def test_a_place_always_goes_to_the_same_place():
    assert np.array_equal(bent(CITY[:7]), bent(CITY)[:7])
