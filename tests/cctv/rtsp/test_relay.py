"""FFmpeg reads RTSP cameras, and connects to nothing but our relay, whatever they say."""

import socket
import threading
import time
from contextlib import suppress
from urllib.parse import urlsplit

import av
import pytest
from fake_camera import PASSWORD, USER, mute
from fake_rtsp import SDP, speaks
from rtsp_farm import Clip

from cctv.faults import Broken
from cctv.rtsp.ffmpeg import opened
from cctv.rtsp.relay import Relay

METHODS = ["OPTIONS", "DESCRIBE", "SETUP", "PLAY"]
PATIENT = {"open_timeout_s": 10.0, "read_timeout_s": 10.0}


def moved_to(camera):
    return f"302 Moved\r\nLocation: {camera.url('/1', 'rtsp')}"


def relays():
    return [one for one in threading.enumerate() if one.name.startswith("relay ")]


@pytest.mark.parametrize("method", METHODS)
def test_a_redirect_of_ffmpeg_is_refused_at_every_step_and_leads_nowhere(fake, reach_to, method):
    elsewhere = fake(mute)
    camera = fake(speaks(statuses={method: moved_to(elsewhere)}))
    with pytest.raises(Broken) as broken:
        opened(reach_to(camera.url("/1", "rtsp"), "rtsp", **PATIENT), "32")
    assert broken.value.fault == "redirected"
    assert elsewhere.asked == 0
    assert relays() == []


def test_left_to_itself_ffmpeg_would_follow_it(fake):
    elsewhere = fake(speaks(statuses={"OPTIONS": "500 No"}))
    camera = fake(speaks(statuses={"DESCRIBE": moved_to(elsewhere)}))
    with suppress(av.FFmpegError):
        av.open(camera.url("/1", "rtsp"), options={"rtsp_transport": "tcp"}, timeout=10.0).close()
    assert elsewhere.asked > 0


def test_no_address_that_a_camera_names_is_connected_to(fake, reach_to):
    elsewhere = fake(mute)
    there = elsewhere.url("/1", "rtsp")
    host = urlsplit(there).netloc
    named = SDP.replace(b"s=kamera\r\n", f"s=kamera\r\nc=IN IP4 {host}\r\na=control:{there}\r\n".encode())
    sdp, statuses = named.replace(b"track1", there.encode()), {"OPTIONS": f"200 OK\r\nLocation: {there}"}
    camera = fake(speaks(sdp=sdp, statuses=statuses, then=lambda connection, _: connection.shutdown(socket.SHUT_RDWR)))
    container, relay = opened(reach_to(camera.url("/1", "rtsp"), "rtsp", **PATIENT), "32")
    container.close()
    relay.close()
    assert camera.asked >= len(METHODS)
    assert elsewhere.asked == 0


def test_a_real_camera_is_read_through_it_and_ffmpeg_knows_neither_its_address_nor_its_password(rtsp_farm, reach_to):
    farm = rtsp_farm(1, Clip(gop=8), (USER, PASSWORD))
    reach = reach_to(farm.url(0), "rtsp", username=USER, password=PASSWORD, **PATIENT)
    container, relay = opened(reach, "1000000")
    try:
        assert f":{farm.port}/" not in container.name
        assert PASSWORD not in container.name
        relay.is_steady = True
        frames = container.decode(video=0)
        sizes = {(frame.width, frame.height) for frame, _ in zip(frames, range(30), strict=False)}
    finally:
        container.close()
        relay.close()
    assert sizes == {(640, 360)}
    assert relays() == []


def test_it_ends_at_once_though_the_camera_has_fallen_silent(rtsp_farm, reach_to):
    farm = rtsp_farm(1, Clip(gop=8))
    container, relay = opened(reach_to(farm.url(0), "rtsp", open_timeout_s=30.0, read_timeout_s=60.0), "1000000")
    farm.pause(0)
    container.close()
    began_s = time.monotonic()
    relay.close()
    assert time.monotonic() - began_s < 30
    assert relays() == []


def test_a_stranger_at_its_door_hears_nothing(fake, reach_to):
    camera = fake(speaks())
    relay = Relay(reach_to(camera.url("/1", "rtsp"), "rtsp"))
    with socket.create_connection(("127.0.0.1", urlsplit(relay.url).port), timeout=30) as stranger:
        stranger.sendall(f"OPTIONS rtsp://{urlsplit(relay.url).netloc}/1 RTSP/1.0\r\nCSeq: 1\r\n\r\n".encode())
        assert stranger.recv(100) == b""
    relay.close()
    assert camera.asked == 0
