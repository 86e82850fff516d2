"""What visitors see of a camera: late, small, and nobody on it; nothing newer is on the shelf."""

from datetime import timedelta
from itertools import pairwise

import cv2
import numpy as np
import pytest

from cctv.late_show import LateShow
from cctv.picture import blurred
from cctv.shelf import Shelf

DELAY_S = 60.0


def street(shade=90, plate=""):
    pixels = np.full((360, 640, 3), shade, np.uint8)
    if plate:
        cv2.rectangle(pixels, (280, 160), (360, 184), (240, 240, 240), -1)
        cv2.putText(pixels, plate, (283, 179), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (10, 10, 10), 1)
    return pixels


def opened(jpeg):
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "shelf")


def played(shelf, now, seconds, period_s=2.0):
    """A camera whose picture n has the grey level n; gives (second, shade that visitors see) after each picture."""
    clock = [1000.0]
    show, seen = LateShow("CAM-07", shelf, DELAY_S, lambda: clock[0]), []
    for number in range(int(seconds / period_s)):
        show.take(street(number), now + timedelta(seconds=number * period_s))
        show.show()
        picture = shelf.get("CAM-07", "late")
        seen.append((number * period_s, None if picture is None else (picture.captured_at - now).total_seconds()))
        clock[0] += period_s
    return seen


def test_no_picture_is_shown_before_it_is_as_old_as_the_delay(shelf, now):
    seen = played(shelf, now, 200)
    assert all(captured is None or at - captured >= DELAY_S for at, captured in seen)
    assert all(captured is None for at, captured in seen if at < DELAY_S)


def test_a_new_one_comes_every_few_seconds_and_few_wait(shelf, now):
    shown = sorted({captured for _, captured in played(shelf, now, 200) if captured is not None})
    steps = [later - earlier for earlier, later in pairwise(shown)]
    assert shown[0] == 0
    assert max(steps) <= 6


def test_a_camera_that_stands_still_for_long_shows_no_picture_too_early_afterwards(shelf, now):
    clock = [0.0]
    show = LateShow("CAM-07", shelf, DELAY_S, lambda: clock[0])
    for at in (0.0, 500.0):
        clock[0] = at
        show.take(street(), now + timedelta(seconds=at))
        show.show()
    assert shelf.get("CAM-07", "late").captured_at == now


def test_it_is_small_and_of_two_plates_nobody_can_say_which_it_was():
    one, other = opened(blurred(street(plate="KT 1234 AB"))), opened(blurred(street(plate="KT 8976 XQ")))
    assert one.shape == (180, 320, 3)
    sharp = np.abs(street(plate="KT 1234 AB").astype(int) - street(plate="KT 8976 XQ")).max()
    assert sharp > 180
    assert np.abs(one.astype(int) - other).max() < 45
    assert np.abs(one.astype(int) - opened(blurred(street()))).max() > 60


@pytest.mark.parametrize("size", [(10, 10), (2000, 30), (360, 640)])
def test_any_shape_of_picture_is_bearable(size):
    small = opened(blurred(np.zeros((*size, 3), np.uint8)))
    assert small.shape[0] <= 180
    assert small.shape[1] <= 320


def test_what_visitors_saw_goes_with_new_masks_and_with_the_camera(shelf, now):
    shelf.put_late("CAM-07", blurred(street()), now)
    assert shelf.remask("CAM-07", "[[[0,0],[1,0],[1,1]]]")
    assert shelf.get("CAM-07", "late") is None
    shelf.put_late("CAM-07", blurred(street()), now)
    shelf.remove_late("CAM-07")
    shelf.remove_late("CAM-08")
    assert shelf.get("CAM-07", "late") is None
