"""Opening a camera once."""

import pytest
from fake_camera import gives, jpeg

from cctv.sources.http_jpeg import SOURCE
from cctv.trial import try_once
from geodata.errors import CameraLost


def test_the_first_picture_is_told_with_its_size_and_time(fake, reach_to):
    trial = try_once(SOURCE, reach_to(fake(gives(jpeg(800, 600))).url()))
    assert (trial.codec, trial.pictures.width, trial.pictures.height) == ("mjpeg", 800, 600)
    assert 0 < trial.first_picture_s < 1


def test_a_camera_that_gives_none_says_why(fake, reach_to):
    with pytest.raises(CameraLost, match="whole picture"):
        try_once(SOURCE, reach_to(fake(gives(b"x")).url()))
