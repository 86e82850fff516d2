"""Pictures in, four JPEGs out; bombs and rubbish refused before they are decoded."""

import time

import cv2
import numpy as np
import pytest
from fake_camera import PICTURE, bomb, jpeg
from hypothesis import given
from hypothesis import strategies as st

from cctv.camera import Snapshot
from cctv.faults import Broken
from cctv.picture import decode_keyframe, encode, from_pixels, jpeg_extent, renditions, shrunk, whole_jpeg


def fault_or_none(action):
    try:
        action()
    except Broken as error:
        return error.fault
    return None


def extent(data):
    height, width = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR).shape[:2]
    return width, height


def test_a_jpeg_is_kept_as_it_is_and_made_smaller_twice(now):
    made = renditions(Snapshot(data=jpeg(1920, 1080), captured_at=now))
    assert made.full == jpeg(1920, 1080)
    assert (made.width, made.height) == (1920, 1080)
    assert extent(made.medium) == (640, 360)
    assert extent(made.thumb) == (320, 180)
    assert extent(made.tiny) == (160, 90)


@pytest.mark.parametrize(
    ("size", "medium", "thumb"),
    [
        ((704, 576), (440, 360), (220, 180)),
        ((320, 240), (320, 240), (240, 180)),
        ((5000, 1000), (640, 128), (320, 64)),
        ((100, 4000), (9, 360), (4, 180)),
        ((64, 48), (64, 48), (64, 48)),
    ],
)
def test_no_picture_changes_its_shape_or_grows(now, size, medium, thumb):
    made = renditions(Snapshot(data=jpeg(*size), captured_at=now))
    assert extent(made.medium) == medium
    assert extent(made.thumb) == thumb


def test_pixels_are_encoded_in_all_sizes():
    made = from_pixels(np.zeros((720, 1280, 3), np.uint8)).renditions
    assert [extent(one) for one in (made.full, made.medium, made.thumb)] == [(1280, 720), (640, 360), (320, 180)]


def test_what_follows_the_end_of_a_jpeg_is_cut_off():
    assert whole_jpeg(PICTURE + b"\r\n\0") == PICTURE


@pytest.mark.parametrize(
    ("data", "fault"),
    [(b"", "not_a_picture"), (b"GIF89a", "not_a_picture"), (PICTURE[:-2], "truncated"), (b"\xff\xd8", "truncated")],
)
def test_what_is_no_whole_jpeg_is_refused(data, fault):
    with pytest.raises(Broken, match=fault):
        whole_jpeg(data)


def test_a_bomb_is_refused_without_decoding(now):
    began = time.process_time()
    with pytest.raises(Broken, match="too_large"):
        renditions(Snapshot(data=bomb(), captured_at=now))
    assert time.process_time() - began < 0.5  # decoding it takes 4.6 s


@given(st.binary(max_size=400))
def test_any_bytes_have_an_extent_or_a_fault(data):
    for jpeg_like in (data, b"\xff\xd8" + data):
        assert fault_or_none(lambda jpeg_like=jpeg_like: jpeg_extent(jpeg_like)) in {None, "not_a_picture", "too_large"}


@given(st.integers(20, 300))
def test_a_jpeg_whose_inside_is_lost_is_a_fault_or_a_picture(cut):
    data = PICTURE[:cut] + b"\xff\xd9"
    snapshot = Snapshot(data=data, captured_at=None)
    assert fault_or_none(lambda: renditions(snapshot)) in {None, "not_a_picture", "too_large"}


@pytest.mark.parametrize("codec", ["h264", "hevc", "aac", "tidak-ada", ""])
@pytest.mark.parametrize("data", [b"", b"\0\0\0\1g", b"bukan video" * 50])
def test_a_keyframe_that_is_none_is_a_fault(codec, data):
    with pytest.raises(Broken):
        decode_keyframe(codec, data)


def test_a_picture_is_never_enlarged():
    assert shrunk(np.zeros((10, 10, 3), np.uint8), (640, 360)).shape == (10, 10, 3)


def test_what_is_encoded_is_a_whole_jpeg():
    assert whole_jpeg(encode(np.zeros((10, 10, 3), np.uint8)))
