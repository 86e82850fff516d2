"""Live video as fragments: real cameras, nothing decoded; what cannot be played or must not be is refused."""

import io
import threading
from dataclasses import replace
from itertools import islice, pairwise

import av
import pytest
from rtsp_farm import Clip

from cctv.camera import Camera, Reach
from cctv.remux import Beginning, Piece, Unplayable, pieces
from cctv.remux_times import Timeline
from geodata.errors import CameraLost

MASK = (((0.0, 0.0), (0.5, 0.0), (0.5, 1.0)),)


def reach_to(url, **more):
    camera = Camera(id="CAM-1", name="Satu", lon=117.1, lat=-0.5, url=url, kind=more.pop("kind", "rtsp"))
    return Reach(camera=replace(camera, masks=more.pop("masks", ())), **more)


def boxes(data):
    """The names of the boxes at the top of an MP4 file."""
    names, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        names.append(data[at + 4 : at + 8])
        at += size
    assert at == len(data)
    return names


def test_a_real_camera_becomes_fragments_that_play_from_their_first_byte(rtsp_farm):
    farm = rtsp_farm(1)
    beginning, *some = islice(pieces(reach_to(farm.url(0))), 16)
    assert isinstance(beginning, Beginning)
    assert beginning.codec.startswith("avc1.4d40")
    assert boxes(beginning.data) == [b"ftyp", b"moov"]
    assert all(isinstance(one, Piece) and boxes(one.data) == [b"moof", b"mdat"] for one in some)
    assert some[0].is_key
    assert sum(one.is_key for one in some) >= 2
    with av.open(io.BytesIO(beginning.data + b"".join(one.data for one in some))) as film:
        frames = list(film.decode(video=0))
    assert (frames[0].width, frames[0].height) == (640, 360)
    assert len(frames) >= 40
    assert not film.streams.audio


def test_whoever_comes_later_may_begin_with_any_piece_that_begins_with_a_keyframe(rtsp_farm):
    farm = rtsp_farm(1)
    beginning, *some = islice(pieces(reach_to(farm.url(0))), 16)
    later = next(at for at, one in enumerate(some) if one.is_key and at > 0)
    data = beginning.data + b"".join(one.data for one in some[later:])
    with av.open(io.BytesIO(data)) as film:
        first = next(film.decode(video=0))
    assert first.key_frame


def test_times_begin_at_nothing_and_only_grow(rtsp_farm):
    farm = rtsp_farm(1)
    data = b"".join(one.data for one in islice(pieces(reach_to(farm.url(0))), 12))
    with av.open(io.BytesIO(data)) as film:
        times = [packet.dts for packet in film.demux(video=0) if packet.size]
    assert times[0] == 0
    assert all(before < after for before, after in pairwise(times))
    assert times[-1] / 90_000 < 4


def test_it_ends_when_told_to(rtsp_farm):
    farm, stopping = rtsp_farm(1), threading.Event()
    for one in pieces(reach_to(farm.url(0), stopping=stopping)):
        if isinstance(one, Piece):
            stopping.set()
    assert stopping.is_set()


def test_a_camera_that_falls_silent_is_lost(rtsp_farm):
    farm = rtsp_farm(1)
    stream = pieces(reach_to(farm.url(0), read_timeout_s=0.5))
    list(islice(stream, 3))
    farm.pause(0)
    with pytest.raises(CameraLost) as lost:
        list(stream)
    assert lost.value.fault == "stalled"


def test_h265_is_named_and_refused(rtsp_farm):
    farm = rtsp_farm(1, Clip(codec="hevc"))
    with pytest.raises(Unplayable) as refused:
        pieces(reach_to(farm.url(0)))
    assert refused.value.obstacle == "h265"


def test_a_camera_with_masks_is_not_even_asked():
    with pytest.raises(Unplayable) as refused:
        pieces(reach_to("rtsp://127.0.0.1:9/1", masks=MASK))
    assert refused.value.obstacle == "masked"


def test_a_camera_without_a_stream_is_refused():
    with pytest.raises(Unplayable) as refused:
        pieces(reach_to("http://127.0.0.1:9/1.jpg", kind="http_jpeg"))
    assert refused.value.obstacle == "kind"


def test_a_wrong_password_is_said_without_the_password(rtsp_farm):
    farm = rtsp_farm(1, login=("pengawas", "rahasia"))
    with pytest.raises(CameraLost) as lost:
        pieces(reach_to(farm.url(0), username="pengawas", password="salah-sekali"))  # noqa: S106
    assert lost.value.fault == "wrong_password"
    assert "salah" not in str(lost.value)


def test_the_right_password_opens(rtsp_farm):
    farm = rtsp_farm(1, login=("pengawas", "rahasia"))
    stream = pieces(reach_to(farm.url(0), username="pengawas", password="rahasia"))  # noqa: S106
    assert isinstance(next(stream), Beginning)


def placed(*said):
    """What becomes of these (dts, pts, duration)."""
    timeline = Timeline()
    return [(times.dts, times.pts) for times in (timeline.place(*one) for one in said)]


def test_the_first_time_is_nothing_whatever_the_camera_says():
    assert placed((900_000, 900_000, 0), (903_600, 903_600, 0)) == [(0, 0), (3_600, 3_600)]


def test_packets_without_a_time_follow_by_their_duration():
    said = [(None, None, 6_000), (None, None, 6_000), (500, 500, 6_000), (6_500, 6_500, 6_000)]
    assert [dts for dts, _ in placed(*said)] == [0, 6_000, 12_000, 18_000]


def test_a_time_that_stands_still_or_goes_back_a_little_is_moved_on_by_one():
    assert [dts for dts, _ in placed((0, 0, 0), (3_600, 3_600, 0), (3_600, 3_600, 0), (3_000, 3_000, 0))] == [
        0, 3_600, 3_601, 3_602,
    ]  # fmt: skip


@pytest.mark.parametrize("leap", [10**9, -(10**9)])
def test_a_leap_of_the_cameras_clock_is_no_leap_of_the_picture(leap):
    said = [(at, at, 3_600) for at in (0, 3_600, 7_200 + leap, 10_800 + leap)]
    assert [dts for dts, _ in placed(*said)] == [0, 3_600, 7_200, 10_800]


def test_what_is_shown_later_than_it_is_decoded_stays_so():
    assert placed((0, 7_200, 0), (3_600, 3_600, 0)) == [(0, 7_200), (3_600, 3_600)]
