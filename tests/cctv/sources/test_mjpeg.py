"""Cameras that push JPEGs over one answer, over real sockets."""

import time

import pytest
from fake_camera import PASSWORD, PICTURE, USER, bomb, garbage, gives, guarded, hang_up, mute, pushes, says

from cctv.sources.mjpeg import SOURCE
from geodata.errors import CameraLost


def take(reach, count):
    with SOURCE.open(reach) as pictures:
        return [next(pictures) for _ in range(count)]


@pytest.mark.parametrize("has_length", [True, False])
def test_the_due_pictures_are_taken_and_the_others_passed_over(fake, reach_to, has_length):
    reach = reach_to(fake(pushes(every_s=0.05, has_length=has_length)).url(), "mjpeg", period_s=0.4)
    began = time.monotonic()
    taken = take(reach, 3)
    assert time.monotonic() - began > 0.5
    assert all(snapshot.data.startswith(b"\xff\xd8") and snapshot.data.endswith(b"\xff\xd9") for snapshot in taken)
    assert len({snapshot.data for snapshot in taken}) == 3


@pytest.mark.parametrize(
    ("behaviour", "fault"),
    [
        (mute, "timed_out"),
        (garbage, "garbled"),
        (hang_up, "ended"),
        (gives(PICTURE), "garbled"),
        (says("404 Not Found"), "not_found"),
        (pushes(count=2, every_s=0.01), "ended"),
        (pushes(count=2, every_s=0.01, then=mute), "stalled"),
        (pushes(body=b"bukan gambar"), "not_a_picture"),
        (pushes(body=bomb()), "too_large"),
        (pushes(body=PICTURE * 40), "too_large"),
        (pushes(count=1, then=garbage), "garbled"),
    ],
)
def test_whatever_is_wrong_is_named_within_the_time_allowed(fake, reach_to, behaviour, fault):
    reach = reach_to(fake(behaviour).url(), "mjpeg", max_bytes=300_000)
    began = time.monotonic()
    with pytest.raises(CameraLost, match="camera CAM-07: ") as lost:
        take(reach, 4)
    assert time.monotonic() - began < 2.8
    assert lost.value.fault == fault
    assert lost.value.__context__ is None


def test_a_camera_that_wants_a_password_gets_it(fake, reach_to):
    camera = fake(guarded("digest", pushes()))
    assert take(reach_to(camera.url("/video.cgi"), "mjpeg", username=USER, password=PASSWORD), 1)


def test_it_ends_when_told_to_stop(fake, reach_to):
    reach = reach_to(fake(pushes()).url(), "mjpeg")
    with SOURCE.open(reach) as pictures:
        next(pictures)
        reach.stopping.set()
        assert next(pictures, None) is None
