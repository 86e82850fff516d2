"""What a mask hides is in no picture; a mask that cannot be painted faithfully is refused."""

import json

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cctv.camera import Snapshot
from cctv.masks import MOST_CORNERS, MOST_MASKS, covered, masks_text, paint_over, read_masks
from cctv.picture import renditions
from cctv.shelf import SIZES

SQUARE = ((0.25, 0.25), (0.5, 0.25), (0.5, 0.5), (0.25, 0.5))
LEFT = ((0.0, 0.0), (0.4, 0.0), (0.4, 1.0), (0.0, 1.0))


def street(width=1280, height=720):
    """Noise everywhere; what lies in `LEFT` is pure red, which is nowhere else."""
    pixels = np.random.default_rng(7).integers(60, 120, (height, width, 3), np.uint8)
    pixels[:, : int(width * 0.4)] = (0, 0, 255)
    return pixels


def jpeg_of(pixels):
    return cv2.imencode(".jpg", pixels)[1].tobytes()


def reddest(jpeg):
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR).astype(int)
    return (pixels[..., 2] - pixels[..., 0]).max()


def test_what_is_masked_is_in_none_of_the_three_sizes(now):
    snapshot = Snapshot(data=jpeg_of(street()), captured_at=now)
    assert all(reddest(renditions(snapshot).of(size)) > 200 for size in SIZES)
    made = renditions(snapshot, (LEFT,))
    assert all(reddest(made.of(size)) < 90 for size in SIZES)
    assert (made.width, made.height) == (1280, 720)


def test_no_byte_of_a_masked_cameras_jpeg_is_passed_on(now):
    exif = b"\xff\xe1" + (2 + 20).to_bytes(2, "big") + b"Exif\0\0gambar kecil.."
    raw = jpeg_of(street())
    snapshot = Snapshot(data=raw[:2] + exif + raw[2:], captured_at=now)
    assert b"gambar kecil" in renditions(snapshot).full
    assert b"gambar kecil" not in renditions(snapshot, (SQUARE,)).full


def test_a_very_large_masked_picture_is_made_smaller(now):
    made = renditions(Snapshot(data=jpeg_of(street(4000, 3000)), captured_at=now), (LEFT,))
    assert (made.width, made.height) == (1440, 1080)
    assert reddest(made.full) < 90


def test_two_masks_that_overlap_hide_what_both_cover():
    pixels = np.full((90, 160, 3), 255, np.uint8)
    paint_over(pixels, (SQUARE, SQUARE, LEFT))
    assert pixels[35, 60].max() < 100


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=3, max_size=3), st.integers(8, 2000))
def test_the_middle_of_a_mask_is_hidden_at_any_size(corners, width):
    try:
        (mask,) = read_masks([list(corners)])
    except ValueError:
        return
    height = max(8, width * 9 // 16)
    x, y = (sum(one) / 3 for one in zip(*mask, strict=True))
    assert covered((mask,), width, height)[min(height - 1, int(y * height)), min(width - 1, int(x * width))]


def test_masks_are_read_from_json_and_written_back():
    text = "[[[0,0],[0.4,0],[0.4,1],[0,1]]]"
    assert read_masks(text) == (LEFT,)
    assert read_masks(json.loads(text)) == read_masks(masks_text((LEFT,))) == (LEFT,)
    assert read_masks([[*LEFT, LEFT[0]]]) == (LEFT,)
    assert (masks_text(()), read_masks(""), read_masks(None)) == ("", (), ())


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("kiri", "not JSON"),
        ("{}", "list of polygons"),
        ("[" * 30_000, "not JSON"),
        ("[" * 50_000, "longer than"),
        ([[[0, 0], [1, 1]]], "polygon 1 has not 3"),
        ([LEFT, [[0, 0]] * (MOST_CORNERS + 1)], "polygon 2 has not 3"),
        ([LEFT] * (MOST_MASKS + 1), "more than 32"),
        ([[[0, 0], [640, 0], [640, 360]]], "fractions of the picture"),
        ([[[0, 0], [0.1, 0], ["x", 1]]], "two numbers"),
        ([[[0, 0], [0.1, 0], [True, 1]]], "two numbers"),
        ([[[0, 0], [0.1, 0], [float("nan"), 1]]], "two numbers"),
        ([[[0, 0], [0.1, 0], [1]]], r"\[x, y\]"),
        ([[[0, 0], [0.5, 0.5], [1, 1]]], "covers nothing"),
        ([[[0, 0], [1, 1], [1, 0], [0, 1]]], "crosses itself"),
    ],
)
def test_a_mask_that_hides_nothing_for_sure_is_refused_with_the_reason(said, why):
    with pytest.raises(ValueError, match=why):
        read_masks(said)
