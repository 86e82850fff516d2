"""Priorities and states of health stay apart for eyes that see fewer colours, by night and by day.

The matrices are those of Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color
Vision Deficiency" (IEEE TVCG 15(6), 2009), table of severity 1.0, on linear RGB. The distance is CIE76 in CIELAB;
2.3 is what can just be told apart side by side, so ten stand apart across a room.
"""

from itertools import combinations

import numpy as np
import pytest

from dashboard.style import THEMES, tokens

EYES = {
    "all": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])
APART = 10


def linear(colour):
    said = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(said <= 0.04045, said / 12.92, ((said + 0.055) / 1.055) ** 2.4)


def lab(colour, eye):
    seen = np.clip(EYES[eye] @ linear(colour), 0, 1)
    x, y, z = (value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in (TO_XYZ @ seen) / WHITE)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def nearest(names, theme, eye):
    """The two of these colours that look most alike to such an eye, and how far they are apart."""
    seen = {name: lab(tokens(theme)[name], eye) for name in names}
    return min((np.linalg.norm(seen[a] - seen[b]), a, b) for a, b in combinations(names, 2))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eye", EYES)
def test_priorities_differ_in_colour_for_every_eye(theme, eye):
    """Shape (test_sprite.py) and word (02-time.js) stand beside it; colour alone is never asked to tell."""
    assert nearest([f"--priority-{priority}" for priority in (1, 2, 3, 4)], theme, eye)[0] >= APART


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eye", EYES)
def test_the_kinds_of_units_differ_in_colour_for_every_eye(theme, eye):
    assert nearest(["--unit-vehicle", "--unit-volunteer", "--unit-unknown"], theme, eye)[0] >= APART


def test_to_eyes_without_red_a_pure_red_and_a_dark_olive_come_close():
    """The simulation takes something away: without it they are far apart."""
    red, olive = "#c00000", "#4a4300"
    plain, without = (np.linalg.norm(lab(red, eye) - lab(olive, eye)) for eye in ("all", "protanopia"))
    assert without < plain / 2
