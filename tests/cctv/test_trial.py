"""Opening a camera once."""

from contextlib import contextmanager

import pytest
from fake_camera import gives, jpeg
from rtsp_farm import Clip

from cctv.camera import Rung, Snapshot, Source
from cctv.faults import camera_lost
from cctv.sources.http_jpeg import SOURCE
from cctv.sources.rtsp import SOURCE as RTSP
from cctv.trial import try_once
from geodata.errors import CameraLost


def test_the_first_picture_is_told_with_its_size_and_time(fake, reach_to):
    trial = try_once(SOURCE, reach_to(fake(gives(jpeg(800, 600))).url()))
    assert (trial.codec, trial.pictures.width, trial.pictures.height) == ("mjpeg", 800, 600)
    assert 0 < trial.first_picture_s < 1
    assert trial.keyframe_spacing_s is None


def test_of_a_stream_is_told_how_it_is_read_and_how_far_its_keyframes_are_apart(rtsp_farm, reach_to):
    trial = try_once(RTSP, reach_to(rtsp_farm(1, Clip(gop=1)).url(0), "rtsp"))
    assert (trial.codec, trial.rung.name) == ("h264", "tap")
    assert 0 < trial.keyframe_spacing_s < 0.5  # each frame is one


def test_a_camera_that_gives_none_says_why(fake, reach_to):
    with pytest.raises(CameraLost, match="whole picture"):
        try_once(SOURCE, reach_to(fake(gives(b"x")).url()))


def test_a_camera_that_ends_after_one_picture_is_shown_with_what_went_wrong(reach_to):
    @contextmanager
    def open_once(reach):
        rung = Rung(name="tap", reason="cheapest")

        def pictures():
            yield Snapshot(data=jpeg(), captured_at=reach.clock(), rung=rung)
            raise camera_lost(reach.camera.id, "stalled")

        yield pictures()

    trial = try_once(Source(schemes=("http",), open=open_once), reach_to("http://10.0.0.7/"))
    assert (trial.lost, trial.pictures.width, trial.rung.name) == ("stalled", 1280, "tap")
    assert trial.making_ms > 0
