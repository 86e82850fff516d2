"""HLS from real segments: fresh, cheap, honest about their age, and never from another host."""

from datetime import timedelta
from itertools import pairwise
from typing import ClassVar

import pytest
from fake_camera import gives, says
from rtsp_farm import Clip
from stream_server import StreamServer, files

from cctv.feed import HttpFeed
from cctv.picture import renditions
from cctv.sources import hls
from cctv.sources.hls import SOURCE
from geodata.clock import utc_now
from geodata.errors import CameraLost

PATIENT = {"open_timeout_s": 10.0, "read_timeout_s": 10.0}


@pytest.fixture
def server(clip_folder):
    """A stream with a keyframe each second."""
    return StreamServer(Clip(gop=15), clip_folder)


class CountingFeed(HttpFeed):
    """Counts what is taken of each segment."""

    taken: ClassVar[list[int]] = []

    def __init__(self, *given):
        super().__init__(*given)
        self.taken.append(0)

    def read(self, size):
        """As it comes."""
        data = super().read(size)
        self.taken[-1] += len(data)
        return data


def test_of_each_new_segment_a_picture_is_shown_with_its_age_and_little_is_fetched(
    server, reach_to, tmp_path, monkeypatch
):
    monkeypatch.setattr(hls, "HttpFeed", CountingFeed)
    with server.hls(tmp_path, seconds=2) as url:
        with SOURCE.open(reach_to(url, "hls", **PATIENT)) as pictures:
            taken = [next(pictures) for _ in range(3)]
        segment_bytes = sum(path.stat().st_size for path in tmp_path.glob("*.ts")) / len([*tmp_path.glob("*.ts")])
    times = [one.captured_at for one in taken]
    assert all(timedelta(seconds=1) < after - before < timedelta(seconds=4) for before, after in pairwise(times))
    assert utc_now() - times[-1] > timedelta(seconds=1.5)  # a segment has to be whole before it is there
    assert {(renditions(one).width, one.lag_s >= 2.0, one.rung.name) for one in taken} == {(640, True, "demux")}
    assert max(CountingFeed.taken) < segment_bytes * 0.75  # a large buffer of a small stream


def test_fragmented_mp4_is_read_too(server, reach_to, tmp_path):
    options = ("-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", "init.mp4")
    with server.hls(tmp_path, *options) as url, SOURCE.open(reach_to(url, "hls", **PATIENT)) as pictures:
        assert renditions(next(pictures)).width == 640


def test_the_variant_that_a_master_playlist_names_is_read(server, reach_to, tmp_path):
    (tmp_path / "master.m3u8").write_text("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=600000\nkamera.m3u8\n")
    with server.hls(tmp_path) as url:
        master = url.replace("kamera.m3u8", "master.m3u8")
        with SOURCE.open(reach_to(master, "hls", **PATIENT)) as pictures:
            assert renditions(next(pictures)).width == 640


def test_a_stream_that_stands_still_is_lost_and_its_last_picture_keeps_its_age(server, reach_to, tmp_path, monkeypatch):
    monkeypatch.setattr(hls, "_LONGEST_STILL_S", 1.0)
    monkeypatch.setattr(hls, "_MOST_TARGETS", 0)
    with server.hls(tmp_path) as _:
        pass
    with files(tmp_path) as root, SOURCE.open(reach_to(f"{root}/kamera.m3u8", "hls", **PATIENT)) as pictures:
        first = next(pictures)
        with pytest.raises(CameraLost) as lost:
            [None for _ in pictures]
    assert lost.value.fault == "stalled"
    newest = max(path.stat().st_mtime for path in tmp_path.glob("*.m3u8"))
    assert first.captured_at.timestamp() < newest


def test_a_playlist_of_unknown_age_shows_nothing_before_it_moves(fake, reach_to, monkeypatch):
    monkeypatch.setattr(hls, "_LONGEST_STILL_S", 0.5)
    monkeypatch.setattr(hls, "_MOST_TARGETS", 0)
    camera = fake(gives(b"#EXTM3U\n#EXTINF:2,\nold.ts\n"))
    with pytest.raises(CameraLost) as lost, SOURCE.open(reach_to(camera.url("/a.m3u8"), "hls")) as pictures:
        next(pictures)
    assert lost.value.fault == "stalled"
    assert not any(b"old.ts" in asked for asked in camera.requests)


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXT-X-PROGRAM-DATE-TIME:{now}\n#EXTINF:2,\n{other}\n",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{other}\n",
        '#EXTM3U\n#EXT-X-PROGRAM-DATE-TIME:{now}\n#EXT-X-MAP:URI="{other}"\n#EXTINF:2,\nown.m4s\n',
        "#EXTM3U\n#EXT-X-PROGRAM-DATE-TIME:{now}\n#EXTINF:2,\nfile:///etc/passwd\n",
    ],
)
def test_a_playlist_leads_to_no_other_host(fake, reach_to, text):
    elsewhere = fake(says("404 Not Found"))
    body = text.format(now=utc_now().isoformat(), other=elsewhere.url("/1.ts")).encode()
    with pytest.raises(CameraLost) as lost, SOURCE.open(reach_to(fake(gives(body)).url("/a.m3u8"), "hls")) as pictures:
        next(pictures)
    assert lost.value.fault == "redirected"
    assert elsewhere.asked == 0


def test_an_encrypted_stream_says_so(reach_to, server, tmp_path):
    (tmp_path / "key.bin").write_bytes(bytes(16))
    (tmp_path / "key.txt").write_text(f"key.bin\n{tmp_path}/key.bin\n")
    with (
        server.hls(tmp_path, "-hls_key_info_file", str(tmp_path / "key.txt")) as url,
        pytest.raises(CameraLost) as lost,
        SOURCE.open(reach_to(url, "hls", **PATIENT)) as pictures,
    ):
        next(pictures)
    assert lost.value.fault == "encrypted"
