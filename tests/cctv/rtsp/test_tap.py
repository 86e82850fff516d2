"""The tap on scripted cameras: what it keeps, when it gives up, and why."""

import os
import time
from datetime import timedelta

import pytest
from fake_rtsp import IDR, P_SLICE, PPS, SDP, SPS, START, fragments, rtp, sender_report, speaks, stream, woven

from cctv import pace
from cctv.faults import Broken
from cctv.pace import rarest_s
from cctv.rtsp.tap import Tap
from cctv.rungs import Unfit

SETS = [SPS, PPS]
WHOLE = START + SPS + START + PPS + START + IDR
SECOND = 90_000


def group(number, frames=4):
    """A keyframe and the frames after it, one second of stream."""
    first = number * 100
    packets = stream([*SETS, *fragments(IDR, 60)], number * SECOND, first)
    for frame in range(1, frames):
        packets += stream(fragments(P_SLICE, 40), number * SECOND + frame * SECOND // frames, first + 10 * frame)
    return packets


def taken(reach, count):
    with Tap(reach) as tap:
        pictures = tap.pictures()
        return [next(pictures) for _ in range(count)]


@pytest.fixture
def impatient(monkeypatch):
    """Keyframes half a second apart are too rare."""
    monkeypatch.setattr(pace, "_RAREST_S", 0.5)


def hold(connection, _asked):
    """Say nothing more, but stay."""
    connection.recv(1)


def test_keyframes_come_whole_with_their_spacing(fake, reach_to):
    camera = fake(speaks([packet for n in range(3) for packet in group(n)], then=hold))
    snapshots = taken(reach_to(camera.url("/1", "rtsp"), "rtsp", period_s=0.0), 3)
    assert {snapshot.data for snapshot in snapshots} == {WHOLE}
    assert [snapshot.keyframe_spacing_s for snapshot in snapshots] == [None, 1.0, 1.0]
    assert (snapshots[0].rung.name, snapshots[0].codec) == ("tap", "h264")


def test_only_the_due_keyframe_is_given(fake, reach_to):
    packets = [packet for n in range(8) for packet in group(n, frames=2)]
    camera = fake(speaks(packets, every_s=0.02, then=hold))
    began = time.monotonic()
    assert len(taken(reach_to(camera.url("/1", "rtsp"), "rtsp", period_s=0.8), 2)) == 2
    assert time.monotonic() - began > 0.6


def test_another_channel_than_the_one_asked_for_is_followed(fake, reach_to):
    assert taken(reach_to(fake(speaks(group(0), channel=4, then=hold)).url("/1", "rtsp"), "rtsp"), 1)


def test_the_camera_clock_dates_the_picture(fake, reach_to, now):
    report = woven(1, sender_report(now.timestamp() + 60, 0))
    camera = fake(speaks([report, *group(-1), *group(0), *group(1)], then=hold))
    reach = reach_to(camera.url("/1", "rtsp"), "rtsp", period_s=0.0, clock=lambda: now)
    snapshots = taken(reach, 3)
    assert [round((now - one.captured_at) / timedelta(seconds=1), 2) for one in snapshots] == [1.0, 0.0, 0.0]
    assert snapshots[0].clock_error_s == pytest.approx(60, abs=0.001)


@pytest.mark.parametrize(
    ("changed", "reason", "rung"),
    [
        ({"sdp": SDP.replace(b"H264", b"MP4V-ES")}, "other_codec", "demux"),
        ({"statuses": {"SETUP": "461 Unsupported Transport"}}, "other_dialect", "demux"),
        ({"statuses": {"PLAY": "500 Internal"}}, "other_dialect", "demux"),
    ],
)
def test_what_ffmpeg_may_know_better_is_handed_down(fake, reach_to, changed, reason, rung):
    with pytest.raises(Unfit) as unfit:
        Tap(reach_to(fake(speaks(**changed)).url("/1", "rtsp"), "rtsp"))
    assert (unfit.value.reason, unfit.value.rung) == (reason, rung)


@pytest.mark.usefixtures("impatient")
def test_frames_without_keyframes_are_handed_down(fake, reach_to):
    frames = [rtp(n, n * 6000, P_SLICE, marker=True) for n in range(100)]
    with pytest.raises(Unfit) as unfit:
        taken(reach_to(fake(speaks([*group(0), *frames], every_s=0.01)).url("/1", "rtsp"), "rtsp"), 2)
    assert (unfit.value.reason, unfit.value.rung) == ("rare_keyframes", "decode")


@pytest.mark.usefixtures("impatient")
def test_a_camera_whose_keyframes_were_near_enough_is_not_read_by_a_dearer_way_for_one_that_is_late(fake, reach_to):
    frames = [rtp(n, n * 6000, P_SLICE, marker=True) for n in range(200)]
    camera = fake(speaks([*group(0), *group(1), *group(2), *frames], every_s=0.01))
    with pytest.raises(Broken) as broken:
        taken(reach_to(camera.url("/1", "rtsp"), "rtsp", period_s=0.0), 4)
    assert broken.value.fault == "stalled"


@pytest.mark.usefixtures("impatient")
def test_a_picture_that_had_to_wait_for_its_turn_is_no_fault_of_the_camera(fake, reach_to):
    camera = fake(speaks([*group(0), *group(1)[:3]], then=hold))
    with Tap(reach_to(camera.url("/1", "rtsp"), "rtsp")) as tap:
        pictures = tap.pictures()
        next(pictures)
        time.sleep(0.8)  # longer than a keyframe may take
        with pytest.raises(Broken) as broken:
            next(pictures)
    assert broken.value.fault == "stalled"  # and not "truncated" at once


@pytest.mark.usefixtures("impatient")
def test_keyframes_that_never_come_whole_are_a_fault_of_the_network(fake, reach_to):
    holed = [rtp(n * 9, n * 6000, fragments(IDR, 60)[0]) for n in range(200)]
    with pytest.raises(Broken) as broken:
        taken(reach_to(fake(speaks([*group(0), *holed], every_s=0.01)).url("/1", "rtsp"), "rtsp"), 2)
    assert broken.value.fault == "truncated"


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("drop", [b"$\0\0\x0d" + b"\x80" * 13, b"$\5\0\1a", rtp(0, 0, P_SLICE)])
def test_a_stream_that_only_drips_is_lost_and_not_handed_down(fake, reach_to, drop):
    camera = fake(speaks([*group(0), *[drop] * 50], every_s=0.05))
    with pytest.raises(Broken) as broken:
        taken(reach_to(camera.url("/1", "rtsp"), "rtsp"), 2)
    assert broken.value.fault == "stalled"


@pytest.mark.parametrize(
    ("then", "fault"),
    [
        (hold, "stalled"),
        (lambda connection, _asked: connection.close(), "ended"),
        (lambda connection, _asked: connection.sendall(woven(1, b"\x81\xcb\0\1SSRC")), "ended"),
        (lambda connection, _asked: connection.sendall(b"\xff" * 100_000), "garbled"),
        (lambda connection, _asked: connection.sendall(os.urandom(8) * 20_000), None),
    ],
)
def test_what_happens_in_mid_stream_is_named(fake, reach_to, then, fault):
    camera = fake(speaks(group(0), then=then))
    began = time.monotonic()
    with pytest.raises((Broken, OSError)) as broken:
        taken(reach_to(camera.url("/1", "rtsp"), "rtsp"), 2)
    assert fault in {None, getattr(broken.value, "fault", "ended")}
    assert time.monotonic() - began < 2.0


def test_a_keyframe_larger_than_allowed_ends_the_stream(fake, reach_to):
    with pytest.raises(Broken, match="too_large"):
        taken(reach_to(fake(speaks(group(0))).url("/1", "rtsp"), "rtsp", max_bytes=100), 1)


def test_it_ends_when_told_to(fake, reach_to, stopping):
    camera = fake(speaks([*group(0), *group(1)], every_s=0.01, then=hold))
    with Tap(reach_to(camera.url("/1", "rtsp"), "rtsp", stopping=stopping)) as tap:
        pictures = tap.pictures()
        next(pictures)
        stopping.set()
        assert [*pictures] == []


def test_a_camera_is_given_as_long_as_would_make_its_picture_late():
    assert (rarest_s(2.0), rarest_s(5.0)) == (4.5, 11.25)
