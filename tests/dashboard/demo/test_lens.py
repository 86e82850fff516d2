"""Perspective: what is far is small, what is behind is not seen."""

import pytest

from dashboard.demo.lens import Lens, before_lens

LENS = Lens()


def test_far_things_are_smaller_and_nearer_to_the_horizon():
    near, far = LENS.spot((0, 20, 0)), LENS.spot((0, 200, 0))
    assert near[2] > 5 * far[2]
    assert near[1] > far[1] > LENS.horizon_px


def test_what_is_right_of_the_road_is_right_in_the_picture():
    assert LENS.spot((3, 30, 0))[0] > LENS.width / 2 > LENS.spot((-3, 30, 0))[0]


def test_what_is_behind_the_camera_is_not_seen():
    assert LENS.spot((0, -20, 0)) is None
    assert LENS.polygon([(0, -20, 0), (1, -20, 0), (1, -30, 0)]) is None


def test_a_face_that_reaches_behind_the_camera_is_cut():
    cut = before_lens([(0, 0, 5.0), (1, 0, 5.0), (1, 0, -5.0), (0, 0, -5.0)])
    assert min(depth for _, _, depth in cut) == pytest.approx(1.0)


def test_the_ground_under_a_pixel_is_the_point_that_is_drawn_there():
    x, y, is_ground = LENS.ground()
    column, row, _ = LENS.spot((2.0, 40.0, 0))
    assert x[int(row), int(column)] == pytest.approx(2.0, abs=0.2)
    assert y[int(row), int(column)] == pytest.approx(40.0, abs=1.5)
    assert not is_ground[0].any()
    assert is_ground[-1].all()


def test_an_enlarged_lens_sees_the_same():
    column, row, scale = LENS.spot((2, 40, 1))
    assert LENS.enlarged(2).spot((2, 40, 1)) == pytest.approx((column * 2, row * 2, scale * 2))
