"""HLS playlists: the variant to take, the newest segment, and what is refused."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cctv.faults import Broken
from cctv.playlist import read_playlist

URL = "http://10.0.0.7/live/cam/index.m3u8?token=x"
LIVE = """#EXTM3U
#EXT-X-VERSION:3
#EXT-X-TARGETDURATION:2
#EXT-X-PROGRAM-DATE-TIME:2026-11-23T11:00:00.500+08:00
#EXTINF:2.000,
s1.ts
#EXTINF:1.5,
../other/s2.ts?k=1
"""


def test_the_newest_segment_and_when_it_was_taken():
    playlist = read_playlist(LIVE, URL)
    assert playlist.newest.url == "http://10.0.0.7/live/other/s2.ts?k=1"
    assert playlist.newest.began_at == datetime(2026, 11, 23, 3, 0, 2, 500_000, tzinfo=UTC)
    assert (playlist.newest.duration_s, playlist.target_s) == (1.5, 2.0)


def test_of_several_variants_the_cheapest_that_is_wide_enough_comes_first():
    playlist = read_playlist(
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=3000000,RESOLUTION=1920x1080\nhigh.m3u8\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=90000,RESOLUTION=320x180\ntiny.m3u8\n"
        '#EXT-X-STREAM-INF:BANDWIDTH=50000,CODECS="mp4a.40.2"\nsound.m3u8\n'
        '#EXT-X-STREAM-INF:BANDWIDTH=600000,RESOLUTION=640x360,CODECS="avc1.4d401e,mp4a.40.2"\nlow.m3u8\n',
        URL,
    )
    assert playlist.variants[0] == "http://10.0.0.7/live/cam/low.m3u8"
    assert len(playlist.variants) == 3


def test_fragmented_mp4_names_what_comes_before_its_segments():
    playlist = read_playlist('#EXTM3U\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:2,\n1.m4s\n', URL)
    assert playlist.newest.head_url == "http://10.0.0.7/live/cam/init.mp4"


def test_an_empty_playlist_has_no_newest():
    assert read_playlist("#EXTM3U\n", URL).newest is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "garbled"),
        ("<html>", "garbled"),
        ('#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="k"\n#EXTINF:2,\n1.ts\n', "encrypted"),
        ("#EXTM3U\n#EXTINF:2,\n#EXT-X-BYTERANGE:100@0\n1.ts\n", "garbled"),
    ],
)
def test_what_is_no_stream_of_segments_is_refused(text, fault):
    with pytest.raises(Broken) as broken:
        read_playlist(text, URL)
    assert broken.value.fault == fault


@given(st.text() | st.lists(st.sampled_from([*LIVE.splitlines(), "#EXTINF:-1", "#EXT-X-MAP:", ":"])).map("\n".join))
def test_junk_is_a_playlist_or_one_fault(text):
    with suppress(Broken):
        assert read_playlist("#EXTM3U\n" + text, URL)
