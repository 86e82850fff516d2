"""A trial in a process of its own: told in time, and nothing of the password."""

import json
from base64 import b64decode

import cv2
import numpy as np
import pytest
from fake_camera import PASSWORD, USER, guarded, mute, picture, says
from rtsp_farm import Clip

from cctv.guard import guard_for
from cctv.trial_bounded import try_within
from cctv.trial_job import JOB, job_for


@pytest.fixture
def job(camera_at, tmp_path):
    """`job(url, kind)` → the bytes of a job."""

    def make(url, kind="http_jpeg", login=None, **more):
        return job_for(camera_at(url, kind, **more), login, tmp_path, guard_for(), is_live=True)

    return make


def test_the_first_picture_is_told_with_its_masks_painted(fake, job):
    mask = (((0.0, 0.0), (1.0, 0.0), (1.0, 0.5), (0.0, 0.5)),)
    answer = try_within(job(fake(guarded("digest", picture)).url(), login=(USER, PASSWORD), masks=mask), within_s=60)
    assert (answer["codec"], answer["width"], answer["height"]) == ("mjpeg", 1280, 720)
    assert answer["cost_ms"] > 0
    assert answer["first_picture_s"] > 0
    shown = cv2.imdecode(np.frombuffer(b64decode(answer["picture"]), np.uint8), cv2.IMREAD_COLOR)
    assert shown[: shown.shape[0] // 3].std(axis=(0, 1)).max() < 2 < shown.std(axis=(0, 1)).max()
    assert PASSWORD not in json.dumps(answer)


def test_of_a_stream_is_told_how_it_is_read(rtsp_farm, job):
    answer = try_within(job(rtsp_farm(1, Clip(gop=5)).url(0), "rtsp"), within_s=60)
    assert (answer["codec"], answer["rung"], answer["rung_reason"]) == ("h264", "tap", "cheapest")
    assert 0 < answer["keyframe_spacing_s"] < 2


def test_what_the_ladder_logs_while_it_steps_down_is_no_answer(rtsp_farm, fake, job):
    nowhere = fake(says("404 Not Found")).url()
    answer = try_within(job(rtsp_farm(1, Clip(gop=5)).url(0), "rtsp", snapshot_url=nowhere), within_s=60)
    assert (answer["codec"], answer["rung"], answer["rung_reason"]) == ("h264", "tap", "no_snapshot")


def test_a_camera_that_says_nothing_is_given_up_in_time(fake, job):
    assert try_within(job(fake(mute).url()), within_s=0.2) == {"fault": "timed_out"}


def test_what_is_wrong_is_told_and_a_redirect_is_not_followed(fake, job):
    other = fake(picture)
    camera = fake(says("302 Found", extra=f"Location: {other.url()}\r\n"))
    assert try_within(job(camera.url()), within_s=60) == {"fault": "redirected"}
    assert other.asked == 0


def test_a_process_that_dies_is_told_as_such():
    assert try_within(b"no job") == {"fault": "broken"}


def test_a_job_shows_no_password(job):
    assert "rahasia" not in repr(JOB.validate_json(job("http://10.0.0.7/", login=("u", "rahasia"))))
