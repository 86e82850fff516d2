"""What a forecast says of the sky, and what a shift is called, in both languages."""

import pytest

from layers.watches import shift_words
from layers.weather import sky_words


@pytest.mark.parametrize(
    ("said", "english"), [("Berawan", "Cloudy"), ("Hujan Petir", "Thunderstorm"), ("hujan lebat", "Heavy rain")]
)
def test_the_words_of_bmkg_are_told_in_english_too(said, english):
    """The Indonesian stays as it was said."""
    assert (sky_words(said).id, sky_words(said).en) == (said, english)


def test_words_that_nobody_knows_are_not_guessed():
    """Another source may say anything."""
    assert sky_words("Angin puting beliung").en == "Angin puting beliung"


def test_a_shift_of_another_name_keeps_it():
    """The city names its shifts; only the usual ones have English."""
    assert (shift_words("Malam").en, shift_words("Regu B").en) == ("Night shift", "Regu B shift")
