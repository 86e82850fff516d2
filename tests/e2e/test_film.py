"""The counter of flashes itself: what it must find, and what it must not."""

import numpy as np
import pytest

from tests.e2e.film import PLACE_PX, by_place, luminance, most_turns


def film(values, fps=20.0):
    """One place that takes these brightnesses, beside one that never changes."""
    return [(number / fps, np.array([[value, 0.5]], np.float32)) for number, value in enumerate(values)]


def blinking(per_s, fps=20.0, seconds=2):
    return [0.6 if int(number / fps * per_s * 2) % 2 else 0.1 for number in range(int(fps * seconds))]


@pytest.mark.parametrize(("per_s", "turns"), [(1, 2), (2, 4), (5, 10)])
def test_a_light_that_blinks_turns_twice_each_time(per_s, turns):
    assert abs(most_turns(film(blinking(per_s))) - turns) <= 1


def test_what_fades_in_slowly_or_comes_and_goes_once_is_no_flash():
    assert most_turns(film(np.linspace(0.1, 0.9, 40))) == 0
    assert most_turns(film([0.1] * 10 + [0.5] * 20 + [0.1] * 10)) == 1


def test_changes_too_small_to_be_seen_or_in_what_is_bright_all_the_time_do_not_count():
    assert most_turns(film([0.30, 0.36] * 20)) == 0
    assert most_turns(film([0.82, 0.98] * 20)) == 0


def test_a_flash_that_climbs_in_steps_is_found_too():
    assert most_turns(film([0.1, 0.16, 0.24, 0.16, 0.08] * 8)) > 6


def test_lines_that_glide_past_are_no_flash_and_a_lamp_as_large_as_a_place_is():
    gliding = [
        (n / 20, np.tile(np.roll([0.9, 0.9, *[0.05] * 14], 5 * n), (64, 4)).astype(np.float32)) for n in range(40)
    ]
    assert most_turns(gliding) > 6
    assert most_turns(by_place(gliding)) == 0
    lamp = [(at, shown.copy()) for at, shown in gliding]
    for number, (_, shown) in enumerate(lamp):
        shown[:PLACE_PX, :PLACE_PX] = 0.6 if number % 4 < 2 else 0.1
    assert most_turns(by_place(lamp)) > 6


def test_white_is_one_and_black_is_none():
    assert luminance(np.array([[[255, 255, 255], [0, 0, 0]]], np.uint8)).tolist() == [[pytest.approx(1, abs=1e-4), 0]]
