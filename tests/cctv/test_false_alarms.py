"""What only looks like a fault, before a camera that knows its street by day and by night."""

import shutil
from datetime import timedelta

import cv2
import numpy as np
import pytest
from streets import DAY, NIGHT, Watching, dazzled, noisy, street, with_clock

from cctv.truth_aim import AimBook

MORNING = DAY + timedelta(hours=20)


def seed_of(at):
    return int(at.timestamp())


def dark(at):
    """The street at night, with the grain of a cheap sensor."""
    return noisy(street(at), 8, seed_of(at))


def infrared(at):
    """Lit by the camera's own lamp: grey, bright in the middle, dark at the edge."""
    grey = cv2.cvtColor(street(at), cv2.COLOR_BGR2GRAY).astype(np.float32)
    y, x = np.mgrid[-1 : 1 : grey.shape[0] * 1j, -1 : 1 : grey.shape[1] * 1j]
    lit = np.clip(grey * 0.6 + 70 * np.exp(-2.5 * (x * x + y * y)), 0, 255).astype(np.uint8)
    return noisy(cv2.cvtColor(lit, cv2.COLOR_GRAY2BGR), 6, seed_of(at))


def lightning(at):
    """Every half minute one picture is washed out."""
    pixels = dark(at)
    return np.clip(pixels.astype(np.int16) + 120, 0, 255).astype(np.uint8) if seed_of(at) // 4 % 8 == 0 else pixels


def served_twice(at):
    """Each keyframe twice, under a clock that runs on."""
    return with_clock(street(DAY + timedelta(seconds=(at - DAY).total_seconds() // 8 * 8)), at)


@pytest.fixture(scope="module")
def taught(tmp_path_factory):
    """A folder in which the camera knows its street by day and by night."""
    folder = tmp_path_factory.mktemp("taught")
    watching = Watching(folder, period_s=4)
    watching.watches(street, 126)
    watching.at = NIGHT
    watching.watches(dark, 126)
    assert AimBook(folder / "aim").load("CAM-07", "").references.keys() == {"day", "night"}
    return folder


@pytest.mark.parametrize(
    ("begins", "look"),
    [
        (NIGHT, lambda at: noisy(street(at), 22, seed_of(at))),
        (NIGHT, lambda at: dark(at) if seed_of(at) // 60 % 2 else noisy(street(at, is_rainy=True), 8, seed_of(at))),
        (DAY, lambda at: street(at, is_rainy=True)),
        (NIGHT, lambda at: dazzled(dark(at), at)),
        (NIGHT, lightning),
        (NIGHT, infrared),
        (DAY, infrared),
        (DAY, lambda at: infrared(at) if seed_of(at) // 20 % 2 else street(at)),
        (DAY, lambda at: with_clock(street(at), at)),
        (DAY, served_twice),
    ],
    ids=[
        "a night of much noise", "rain that comes and goes at night", "rain by day", "headlights", "lightning",
        "infrared at night", "infrared by day, in a storm", "a camera that cannot decide between day and night",
        "a running clock over a living picture", "one keyframe served twice under a running clock",
    ],
)  # fmt: skip
def test_it_is_no_alarm(taught, tmp_path, begins, look):
    shutil.copytree(taught / "aim", tmp_path / "aim")
    watching = Watching(tmp_path, begins=begins + timedelta(minutes=5), period_s=4)
    watching.watches(look, 200)
    assert watching.ever == set()


def test_through_dusk_and_dawn_with_the_switch_to_infrared_and_back_nothing_is_said(taught, tmp_path):
    shutil.copytree(taught / "aim", tmp_path / "aim")
    watching = Watching(tmp_path, begins=DAY, period_s=4)
    for minutes in range(300, 500, 10):  # 17:00 to 20:20 in Samarinda
        watching.at = DAY + timedelta(minutes=minutes)
        watching.watches(street if minutes < 380 else infrared, 10)
    for minutes in range(0, 200, 10):  # and back in the morning, from 08:00 the day after at the latest
        watching.at = MORNING - timedelta(hours=3) + timedelta(minutes=minutes)
        watching.watches(infrared if minutes < 80 else street, 10)
    assert watching.ever == set()
