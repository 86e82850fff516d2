"""Pictures of simulated cameras: real JPEG of the right size, alive, and of their hour."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import cv2
import numpy as np
import pytest

from dashboard.demo.frame import Caption, Painter
from dashboard.demo.scene import scene_of

WITA = ZoneInfo("Asia/Makassar")
CAPTION = Caption(name="Simpang Muara", zone=WITA, zone_label="WITA")
NOON, NIGHT = datetime(2026, 11, 20, 4, tzinfo=UTC), datetime(2026, 11, 20, 14, tzinfo=UTC)


@pytest.fixture(scope="module", params=["street", "crossing", "river"])
def painter(request):
    return Painter(scene_of(11, request.param), CAPTION)


def decoded(jpeg):
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


def below_caption(picture):
    """Where neither time nor name is written."""
    return picture[40:320].astype(int)


def test_a_picture_is_a_jpeg_of_640_by_360(painter):
    jpeg = painter.jpeg(NOON)
    assert jpeg.startswith(b"\xff\xd8")
    assert decoded(jpeg).shape == (360, 640, 3)
    assert 15_000 < len(jpeg) < 120_000


def test_the_same_moment_is_the_same_picture_to_the_byte(painter):
    assert painter.jpeg(NOON) == painter.jpeg(NOON)


def test_a_second_later_something_has_moved(painter):
    before, after = painter.picture(NOON), painter.picture(NOON + timedelta(seconds=1))
    assert (np.abs(below_caption(after) - below_caption(before)) > 40).sum() > 200


def test_night_is_darker_than_day_but_lit(painter):
    day, night = below_caption(painter.picture(NOON)), below_caption(painter.picture(NIGHT))
    assert night.mean() < 0.65 * day.mean()
    assert night.max() > 200


def test_rain_falls_where_it_is_rainy():
    scene = scene_of(11, "street")
    dry, wet = Painter(scene, CAPTION), Painter(scene, CAPTION, is_rainy=True)
    assert below_caption(wet.picture(NOON)).mean() < 0.85 * below_caption(dry.picture(NOON)).mean()


def test_every_picture_carries_a_mark_its_name_and_its_time():
    plain = Caption(name="", zone=WITA, zone_label="WITA")
    scene = scene_of(11, "street")
    named, nameless = Painter(scene, CAPTION).picture(NOON), Painter(scene, plain).picture(NOON)
    assert (named[330:] != nameless[330:]).any()
    amber = named[30:52, 30:160].astype(int)
    assert ((amber[..., 2] > 200) & (amber[..., 0] < 160)).sum() > 60  # SIMULASI
