"""RTSP cameras: Debian's GStreamer server as the good ones, our own sockets as the bad ones."""

import time
from itertools import islice

import pytest
from fake_camera import PASSWORD, USER, black_hole, closed_port, drip, garbage, guarded, hang_up, mute, says
from rtsp_farm import Clip

from cctv import pace
from cctv.picture import renditions
from cctv.sources.rtsp import SOURCE, open_rtsp
from geodata.errors import CameraLost

SDP = b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=kamera\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
HALF_SECOND = Clip(gop=8)


def first(reach):
    with SOURCE.open(reach) as pictures:
        return next(pictures)


def test_the_due_keyframes_of_a_real_stream_become_pictures(rtsp_farm, reach_to):
    farm = rtsp_farm(1, HALF_SECOND)
    with SOURCE.open(reach_to(farm.url(0), "rtsp", period_s=1.0)) as pictures:
        taken = [(next(pictures), time.monotonic()) for _ in range(3)]
    made = [renditions(snapshot) for snapshot, _ in taken]
    assert {(one.width, one.height) for one in made} == {(640, 360)}
    assert taken[0][0].codec == "h264"
    assert taken[2][1] - taken[0][1] > 1.5  # a keyframe came every half second, a second was asked for


def test_h265_is_read_by_the_tap_too(rtsp_farm, reach_to):
    snapshot = first(reach_to(rtsp_farm(1, Clip(gop=8, codec="hevc")).url(0), "rtsp"))
    assert (snapshot.codec, snapshot.rung.name, renditions(snapshot).width) == ("hevc", "tap", 640)


def test_a_real_stream_tells_its_spacing_and_its_clock(rtsp_farm, reach_to):
    with SOURCE.open(reach_to(rtsp_farm(1, Clip(gop=10)).url(0), "rtsp", period_s=0.0)) as pictures:
        settled = islice(pictures, 3, None)
        newest = next(one for one in settled if one.clock_error_s is not None)  # a report comes every few seconds
    assert newest.keyframe_spacing_s == pytest.approx(10 / 15, abs=0.3)
    assert abs(newest.clock_error_s) < 2


def test_where_keyframes_are_too_rare_every_frame_is_decoded_and_the_tap_has_another_chance(
    rtsp_farm, reach_to, monkeypatch
):
    monkeypatch.setattr(pace, "_RAREST_S", 1.0)
    farm = rtsp_farm(1, Clip(gop=60))
    with open_rtsp(reach_to(farm.url(0), "rtsp"), held_s=1.5) as pictures:
        taken = [next(pictures) for _ in range(12)]
    names = [one.rung.name for one in taken]
    assert names[0] == "tap"
    assert "tap" in names[names.index("decode") :]
    assert {(one.width, one.height) for one in map(renditions, taken)} == {(640, 360)}
    assert {one.rung.reason for one in taken} == {"cheapest", "rare_keyframes"}


def test_a_password_is_proven_by_digest(rtsp_farm, reach_to):
    farm = rtsp_farm(1, HALF_SECOND, (USER, PASSWORD))
    assert first(reach_to(farm.url(0), "rtsp", username=USER, password=PASSWORD)).data
    for wrong in ({}, {"username": USER, "password": "salah"}):
        with pytest.raises(CameraLost) as lost:
            first(reach_to(farm.url(0), "rtsp", **wrong))
        assert lost.value.fault == "wrong_password"


def test_a_path_the_camera_does_not_know_is_named(rtsp_farm, reach_to):
    with pytest.raises(CameraLost) as lost:
        first(reach_to(rtsp_farm(1, HALF_SECOND).url(5), "rtsp"))
    assert lost.value.fault == "not_found"


def test_a_stream_that_falls_silent_is_noticed_after_one_time_out(rtsp_farm, reach_to):
    farm = rtsp_farm(1, HALF_SECOND)
    with SOURCE.open(reach_to(farm.url(0), "rtsp")) as pictures:
        next(pictures)
        farm.pause(0)
        began = time.monotonic()
        with pytest.raises(CameraLost) as lost:
            [None for _ in pictures]
    assert lost.value.fault == "stalled"
    assert time.monotonic() - began < 2.5


def test_a_camera_without_power_is_noticed_at_once(rtsp_farm, reach_to):
    farm = rtsp_farm(1, HALF_SECOND)
    with SOURCE.open(reach_to(farm.url(0), "rtsp")) as pictures:
        next(pictures)
        farm.kill()
        with pytest.raises(CameraLost) as lost:
            [None for _ in pictures]
    assert lost.value.fault in {"ended", "stalled"}


def endless_sdp(connection, _asked):
    head = "RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Type: application/sdp\r\nContent-Length: 2000000000\r\n\r\n"
    connection.sendall(head.encode())
    while True:
        connection.sendall(b"a=x:" + b"A" * 65_000 + b"\r\n")


@pytest.mark.parametrize(
    ("behaviour", "fault"),
    [
        (mute, "timed_out"),
        (garbage, "garbled"),
        (drip, "timed_out"),
        (hang_up, "ended"),
        (says("404 Not Found", protocol="RTSP/1.0"), "not_found"),
        (says("401 Unauthorized", protocol="RTSP/1.0"), "wrong_password"),
        (says("500 Internal Server Error", protocol="RTSP/1.0"), "camera_error"),
        (says("200 OK", protocol="HTTP/1.1"), "garbled"),
        (guarded("digest", says("404 Not Found", protocol="RTSP/1.0"), protocol="RTSP/1.0"), "not_found"),
    ],
)
def test_what_is_wrong_before_the_stream_is_named_exactly(fake, reach_to, behaviour, fault):
    reach = reach_to(fake(behaviour).url("/1", "rtsp"), "rtsp", username=USER, password=PASSWORD)
    began = time.monotonic()
    with pytest.raises(CameraLost, match="camera CAM-07: ") as lost:
        first(reach)
    assert time.monotonic() - began < 2.8
    assert lost.value.fault == fault
    assert lost.value.__context__ is None


@pytest.mark.parametrize(
    "behaviour",
    [
        endless_sdp,
        says("200 OK", protocol="RTSP/1.0", extra="Content-Type: application/sdp\r\n", body=SDP),
        says("200 OK", protocol="RTSP/1.0", extra="Content-Type: application/sdp\r\n", body=b"\x00\xff" * 100),
        says(
            "200 OK",
            protocol="RTSP/1.0",
            extra="Content-Type: application/sdp\r\n",
            body=SDP.replace(b"video", b"audio"),
        ),
    ],
)
def test_a_stream_that_cannot_be_opened_ends_within_the_time_allowed(fake, reach_to, behaviour):
    began = time.monotonic()
    with pytest.raises(CameraLost, match="camera CAM-07: "):
        first(reach_to(fake(behaviour).url("/1", "rtsp"), "rtsp"))
    assert time.monotonic() - began < 4


def test_a_redirect_is_not_followed(fake, reach_to):
    elsewhere = fake(mute)
    sent = says("302 Moved", protocol="RTSP/1.0", extra=f"Location: {elsewhere.url('/1', 'rtsp')}\r\n")
    with pytest.raises(CameraLost) as lost:
        first(reach_to(fake(sent).url("/1", "rtsp"), "rtsp"))
    assert lost.value.fault == "redirected"
    assert elsewhere.asked == 0


def test_a_black_hole_times_out_and_a_closed_port_refuses(reach_to):
    with black_hole() as port, pytest.raises(CameraLost) as lost:
        first(reach_to(f"rtsp://127.0.0.1:{port}/1", "rtsp"))
    assert lost.value.fault == "timed_out"
    with pytest.raises(CameraLost) as lost:
        first(reach_to(f"rtsp://127.0.0.1:{closed_port()}/1", "rtsp"))
    assert lost.value.fault == "refused"
