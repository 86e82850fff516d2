"""Numbers read as Indonesians write them, and as readers of English do."""

from layers.layer import Words
from layers.numbers import count_words, decimal_words, joined, share_words


def test_thousands_are_parted_by_points_and_in_english_by_commas():
    assert count_words(10265) == Words(id="10.265", en="10,265")
    assert count_words(7) == Words(id="7", en="7")


def test_decimals_follow_a_comma_and_in_english_a_point():
    assert decimal_words(7.75, 2, "m") == Words(id="7,75 m", en="7.75 m")
    assert decimal_words(12345.6) == Words(id="12.345,6", en="12,345.6")


def test_a_level_above_zero_may_say_so():
    assert decimal_words(0.4, 1, "m", is_signed=True) == Words(id="+0,4 m", en="+0.4 m")


def test_a_share_is_per_cent():
    assert share_words(0.0475) == Words(id="4,8 %", en="4.8 %")


def test_parts_are_joined_in_each_language_apart():
    assert joined(count_words(1284), " ", Words(id="panggilan", en="calls")) == Words(
        id="1.284 panggilan", en="1,284 calls"
    )
