"""From packets to keyframes: whatever way they are cut, and nothing false when one is missing."""

import pytest
from fake_rtsp import IDR, LATER_IDR_SLICE, P_SLICE, PPS, SPS, START, aggregate, fragments, rtp, stream
from hypothesis import given
from hypothesis import strategies as st

from cctv.faults import Broken
from cctv.rtsp.packets import Depacketiser

HEVC_SETS = [bytes((kind << 1, 1)) + bytes((0x80 + kind,)) * 6 for kind in (32, 33, 34)]
HEVC_IDR = bytes((19 << 1, 1)) + b"\xaf" + bytes(range(200))
HEVC_P = bytes((1 << 1, 1)) + b"\xd0" + bytes(90)
WHOLE = START + SPS + START + PPS + START + IDR


def keyframes(packets, codec="h264", sets=(SPS, PPS), max_bytes=10_000):
    taker = Depacketiser(codec, 96, sets, max_bytes)
    return [found.data for packet in packets if (found := taker.take(packet, 0, len(packet)))]


def test_a_keyframe_in_one_packet_gets_its_parameter_sets_before_it():
    assert keyframes(stream([IDR])) == [WHOLE]


def test_parameter_sets_in_the_stream_are_used_from_then_on():
    assert keyframes(stream([SPS, PPS, IDR]), sets=()) == [WHOLE]
    assert keyframes(stream([aggregate([SPS, PPS]), IDR]), sets=()) == [WHOLE]
    newer = PPS[:1] + b"\xcf\x01"
    assert keyframes(stream([newer, IDR])) == [START + SPS + START + newer + START + IDR]


def test_two_picture_parameter_sets_are_kept_beside_each_other():
    second = b"\x68\x53\x01"  # number 1
    assert keyframes(stream([second, IDR])) == [START + SPS + START + PPS + START + second + START + IDR]


def test_a_keyframe_without_any_parameter_set_is_none():
    assert keyframes(stream([IDR]), sets=()) == []


@given(st.integers(1, 250), st.integers(0, 2**32 - 1), st.integers(0, 65535))
def test_h264_fragments_of_any_size_become_the_keyframe_they_were(size, timestamp, sequence):
    payloads = [*fragments(IDR, size), *fragments(LATER_IDR_SLICE, size)]
    assert keyframes(stream(payloads, timestamp, sequence)) == [WHOLE + START + LATER_IDR_SLICE]


@given(st.integers(1, 250))
def test_h265_fragments_of_any_size_become_the_keyframe_they_were(size):
    payloads = [aggregate(HEVC_SETS, header=2), *fragments(HEVC_IDR, size, header=2)]
    expected = b"".join(START + one for one in [*HEVC_SETS, HEVC_IDR])
    assert keyframes([*stream(payloads), *stream([HEVC_P], 3000, 900)], "hevc", sets=()) == [expected]


@given(st.integers(5, 100), st.data())
def test_a_keyframe_with_a_hole_in_it_is_never_shown(size, data):
    packets = stream([*fragments(IDR, size), *fragments(LATER_IDR_SLICE, size)])
    lost = data.draw(st.integers(0, len(packets) - 1))
    after = stream([P_SLICE], 3000, len(packets))
    assert keyframes([*packets[:lost], *packets[lost + 1 :], *after]) == []


def test_other_frames_are_counted_and_nothing_of_them_is_kept():
    taker = Depacketiser("h264", 96, (SPS, PPS), 10_000)
    for packet in [*stream(fragments(P_SLICE, 30)), *stream([P_SLICE], 3000), *stream([P_SLICE, P_SLICE], 6000)]:
        assert taker.take(packet, 0, len(packet)) is None
        assert not taker.is_collecting
    assert taker.frames == 3


def test_a_camera_that_never_sets_the_marker_is_understood_by_its_time_stamps():
    packets = [rtp(0, 0, IDR), rtp(1, 0, LATER_IDR_SLICE), rtp(2, 3000, P_SLICE)]
    assert keyframes(packets) == [WHOLE + START + LATER_IDR_SLICE]


def test_the_second_field_of_a_keyframe_belongs_to_it():
    assert keyframes(stream([IDR, P_SLICE])) == [WHOLE + START + P_SLICE]


def test_what_is_not_of_this_video_is_passed_over():
    assert keyframes([rtp(0, 0, IDR, marker=True, kind=97)]) == []


def test_header_extension_sources_and_padding_are_no_part_of_the_picture():
    plain = stream([IDR])[0]
    extended = bytes((0x80 | 0x30 | 2,)) + plain[1:12] + b"CSRCCSRC" + b"\xbe\xde\0\1EXTE" + plain[12:] + b"\0\0\3"
    assert keyframes([extended]) == [WHOLE]


def test_a_keyframe_larger_than_allowed_is_refused():
    with pytest.raises(Broken) as broken:
        keyframes(stream(fragments(IDR, 20)), max_bytes=100)
    assert broken.value.fault == "too_large"


@pytest.mark.parametrize("codec", ["h264", "hevc"])
@given(packets=st.lists(st.binary(max_size=60) | st.builds(rtp, st.integers(0, 9), st.integers(0, 2), st.binary())))
def test_junk_is_no_keyframe_and_no_crash(codec, packets):
    for data in keyframes(packets, codec, sets=[b"\x67\x42"], max_bytes=10_000):
        assert data.startswith(START)


@given(st.binary(max_size=40), st.integers(0, 30))
def test_a_unit_that_says_it_is_longer_than_its_packet_ends_the_packet(tail, length):
    packet = rtp(
        0, 0, b"\x18" + (len(IDR)).to_bytes(2, "big") + IDR + (60 + length).to_bytes(2, "big") + tail, marker=True
    )
    assert keyframes([packet]) == [WHOLE]
