"""What cameras say about their video."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cctv.faults import Broken
from cctv.rtsp.sdp import control_url, video_track

HIKVISION = b"""v=0\r
s=Media Presentation\r
a=control:rtsp://10.0.0.7/Streaming/Channels/102/\r
m=audio 0 RTP/AVP 0\r
a=control:rtsp://10.0.0.7/Streaming/Channels/102/trackID=2\r
m=video 0 RTP/AVP 96\r
b=AS:512\r
a=control:rtsp://10.0.0.7/Streaming/Channels/102/trackID=1\r
a=rtpmap:96 H264/90000\r
a=fmtp:96 profile-level-id=42001E;packetization-mode=1;sprop-parameter-sets=Z0IAHqs=,aM44gA\r
m=application 0 RTP/AVP 107\r
a=control:rtsp://10.0.0.7/Streaming/Channels/102/trackID=3\r
"""
H265 = b"m=video 0 RTP/AVP 98\na=rtpmap:98 h265/90000\na=fmtp:98 sprop-vps=QAE=; sprop-sps=QgE=; sprop-pps=RAE=\n"


def test_the_video_is_found_among_other_tracks_with_its_parameter_sets():
    track = video_track(HIKVISION)
    assert (track.codec, track.payload_type) == ("h264", 96)
    assert track.control.endswith("trackID=1")
    assert track.sets == (b"\x67\x42\x00\x1e\xab", b"\x68\xce\x38\x80")


def test_h265_is_known_by_its_three_sets():
    track = video_track(H265)
    assert (track.codec, track.sets) == ("hevc", (b"\x40\x01", b"\x42\x01", b"\x44\x01"))


@pytest.mark.parametrize(
    ("sdp", "encoding"),
    [
        (b"m=video 0 RTP/AVP 26\r\n", "JPEG"),
        (b"m=video 0 RTP/AVP 97\r\na=rtpmap:97 MP4V-ES/90000\r\n", "MP4V-ES"),
        (HIKVISION.replace(b"packetization-mode=1", b"packetization-mode=2"), "H264"),
        (H265.replace(b"sprop-vps=QAE=", b"sprop-max-don-diff=3"), "H265"),
    ],
)
def test_what_we_do_not_read_ourselves_is_named(sdp, encoding):
    track = video_track(sdp)
    assert (track.codec, track.encoding) == (None, encoding)


@given(st.binary(max_size=300))
def test_an_answer_without_video_says_so(junk):
    with pytest.raises(Broken) as broken:
        video_track(junk.replace(b"m=video", b"m=audio"))
    assert broken.value.fault == "no_video"


def test_a_parameter_set_that_cannot_be_read_is_left_for_the_stream_to_bring():
    assert video_track(HIKVISION.replace(b"Z0IAHqs=", b"!")).sets[-1] == b"\x68\xce\x38\x80"


@pytest.mark.parametrize(
    ("control", "url"),
    [
        ("", "rtsp://10.0.0.7:8554/live/"),
        ("*", "rtsp://10.0.0.7:8554/live/"),
        ("track1", "rtsp://10.0.0.7:8554/live/track1"),
        ("/other/track1", "rtsp://10.0.0.7:8554/other/track1"),
        ("rtsp://10.0.0.7/x", "rtsp://10.0.0.7/x"),
    ],
)
def test_the_track_is_asked_for_where_the_camera_says(control, url):
    assert control_url("rtsp://10.0.0.7:8554/live", "rtsp://10.0.0.7:8554/live/", control) == url
