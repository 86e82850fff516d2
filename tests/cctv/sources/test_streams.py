"""HTTP-FLV, RTMP and MPEG-TS from real servers: the due keyframe, and an end to every wait."""

import socket
import time

import pytest
from fake_camera import (
    black_hole,
    closed_port,
    drip,
    drip_body,
    endless,
    garbage,
    gives,
    hang_up,
    mute,
    picture,
    says,
)
from rtsp_farm import Clip
from stream_server import StreamServer, free_port

from cctv import pace
from cctv.camera import discover_sources
from cctv.guard import Guard, networks_of
from cctv.picture import renditions
from cctv.sources import mpegts
from geodata.errors import CameraLost

SOURCES = discover_sources().found
HALF_SECOND = Clip(gop=8)
PATIENT = {"open_timeout_s": 10.0, "read_timeout_s": 10.0}


@pytest.fixture
def server(clip_folder):
    """A server of a clip with a keyframe each half second."""
    return StreamServer(HALF_SECOND, clip_folder)


def first(reach):
    with SOURCES[reach.camera.kind].open(reach) as pictures:
        return next(pictures)


@pytest.mark.parametrize(
    ("way", "kind"),
    [("flv", "http_flv"), ("rtmp", "rtmp"), ("udp", "mpegts"), ("rtp", "mpegts"), ("ts", "mpegts")],
)
def test_the_due_keyframes_of_a_real_stream_become_pictures(server, reach_to, way, kind):
    with getattr(server, way)() as url, SOURCES[kind].open(reach_to(url, kind, period_s=1.0, **PATIENT)) as pictures:
        taken = [(next(pictures), time.monotonic()) for _ in range(2)]
    made = [renditions(snapshot) for snapshot, _ in taken]
    assert {(one.width, one.height) for one in made} == {(640, 360)}
    assert {(one.codec, one.rung.name, one.rung.reason) for one, _ in taken} == {("h264", "demux", "only_way")}
    assert taken[1][0].keyframe_spacing_s == pytest.approx(8 / 15, abs=0.3)


def test_where_keyframes_are_too_rare_every_frame_is_decoded(clip_folder, reach_to, monkeypatch):
    monkeypatch.setattr(pace, "_RAREST_S", 0.5)
    rare = StreamServer(Clip(gop=60), clip_folder)
    with rare.udp() as url:
        reach = reach_to(url, "mpegts", **PATIENT)
        with mpegts.open_mpegts(reach, held_s=60.0) as pictures:
            taken = [next(pictures) for _ in range(4)]
    assert (taken[-1].rung.name, taken[-1].rung.reason, taken[-1].codec) == ("decode", "rare_keyframes", "bmp")
    assert renditions(taken[-1]).width == 640
    assert taken[-1].said_codec == "h264"
    assert taken[-1].decoding_cpu_s > 0


@pytest.mark.parametrize("kind", ["http_flv", "hls"])
@pytest.mark.parametrize(
    ("behaviour", "faults"),
    [
        (mute, {"timed_out"}),
        (garbage, {"garbled"}),
        (drip, {"timed_out"}),
        (drip_body, {"timed_out", "garbled"}),
        (hang_up, {"garbled", "ended"}),
        (endless, {"garbled", "timed_out", "no_video", "too_large"}),
        (picture, {"garbled", "no_video"}),
        (says("404 Not Found"), {"not_found"}),
        (says("401 Unauthorized"), {"wrong_password"}),
        (says("302 Found", extra="Location: http://127.0.0.1:1/\r\n"), {"redirected"}),
    ],
)
def test_what_is_wrong_before_the_stream_is_named_and_ends_in_time(fake, reach_to, kind, behaviour, faults):
    began = time.monotonic()
    with pytest.raises(CameraLost) as lost:
        first(reach_to(fake(behaviour).url("/live"), kind))
    assert lost.value.fault in faults
    assert lost.value.__context__ is None
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("kind", ["http_flv", "mpegts", "hls", "rtmp"])
def test_a_black_hole_times_out_and_a_closed_port_refuses(reach_to, kind):
    scheme = "rtmp" if kind == "rtmp" else "http"
    with black_hole() as port, pytest.raises(CameraLost) as lost:
        first(reach_to(f"{scheme}://127.0.0.1:{port}/live/1", kind))
    assert lost.value.fault == "timed_out"
    with pytest.raises(CameraLost) as lost:
        first(reach_to(f"{scheme}://127.0.0.1:{closed_port()}/live/1", kind))
    assert lost.value.fault == "refused"


@pytest.mark.parametrize("behaviour", [mute, garbage, drip, hang_up])
def test_an_rtmp_server_that_is_none_is_given_up_in_time(fake, reach_to, behaviour):
    began = time.monotonic()
    with pytest.raises(CameraLost):
        first(reach_to(fake(behaviour).url("/live/1", "rtmp"), "rtmp"))
    assert time.monotonic() - began < 20


def then_silent(body, gone):
    """Sends so much of a stream, and stays."""

    def behave(connection, _asked):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: video/x-flv\r\n\r\n" + body)
        gone.wait(30)

    return behave


def test_a_stream_that_falls_silent_or_ends_in_mid_stream_is_noticed(server, fake, reach_to, stopping):
    body = server.as_flv()
    for behaviour, fault in ((then_silent(body, stopping), "stalled"), (gives(body), "ended")):
        with SOURCES["http_flv"].open(reach_to(fake(behaviour).url("/live.flv"), "http_flv", period_s=0.0)) as pictures:
            assert next(pictures).data
            with pytest.raises(CameraLost) as lost:
                [None for _ in pictures]
        assert lost.value.fault == fault


def test_nobody_sends_anything_to_our_port(reach_to):
    with pytest.raises(CameraLost) as lost:
        first(reach_to(f"udp://127.0.0.1:{free_port(socket.SOCK_DGRAM)}", "mpegts"))
    assert lost.value.fault == "timed_out"


def test_only_the_listed_sender_is_listened_to(server, reach_to):
    with server.udp() as url:
        port = url.rpartition(":")[2]
        with pytest.raises(CameraLost) as lost:
            first(reach_to(f"udp://127.0.0.9:{port}", "mpegts"))
    assert lost.value.fault == "timed_out"


def test_a_port_that_is_taken_is_named(reach_to):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("0.0.0.0", 0))  # noqa: S104 — as another camera's would be
        with pytest.raises(CameraLost) as lost:
            first(reach_to(f"udp://127.0.0.1:{taken.getsockname()[1]}", "mpegts"))
    assert lost.value.fault == "port_taken"


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("rtmp", "rtmp://127.0.0.1/a/b"),
        ("mpegts", "udp://127.0.0.1:5000"),
        ("http_flv", "http://127.0.0.1/a.flv"),
        ("hls", "http://127.0.0.1/a.m3u8"),
    ],
)
def test_no_stream_leads_where_the_guard_does_not_allow(reach_to, kind, url):
    with pytest.raises(CameraLost) as lost:
        first(reach_to(url, kind, guard=Guard(networks=networks_of(["10.0.0.0/8"]))))
    assert lost.value.fault == "forbidden_address"
