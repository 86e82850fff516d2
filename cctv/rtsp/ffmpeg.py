"""RTSP read by FFmpeg, for what the tap cannot read: other codecs, other dialects, keyframes too far apart.

Two clocks watch the stream: FFmpeg's time-out each read, and the age of the newest picture, which also catches a
camera that drips. FFmpeg follows redirects: nobody opens this before `cctv/rtsp/tap.py` has asked the camera.
"""

import ssl
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Self

import av
import cv2

from cctv.address import pinned_url
from cctv.camera import Reach, Rung, Snapshot
from cctv.faults import Broken
from cctv.pace import Pace
from cctv.rtsp.tap import rarest_s
from cctv.rungs import Unfit

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

# Default probing takes 1.2 to 1.9 s and only repeats what the SDP said. "nobuffer" would throw the probed
# keyframe away, so it is never set.
_PROBES = ("32", "1000000")
_OPTIONS = {
    "rtsp_transport": "tcp",
    "allowed_media_types": "video",
    "analyzeduration": "100000",
    "protocol_whitelist": "rtsp,rtsps,rtp,tcp,tls,crypto",
}
_FAULTS: tuple[tuple[type[Exception], str], ...] = (
    (av.HTTPUnauthorizedError, "wrong_password"),
    (av.HTTPForbiddenError, "wrong_password"),
    (av.HTTPNotFoundError, "not_found"),
    (av.HTTPClientError, "camera_error"),
    (av.HTTPServerError, "camera_error"),
    (av.ExitError, "timed_out"),
    (TimeoutError, "timed_out"),
    (ConnectionRefusedError, "refused"),
    (ConnectionError, "ended"),
    (av.EOFError, "ended"),
    (av.InvalidDataError, "garbled"),
    (OSError, "unreachable"),
)


def fault_of(error: av.FFmpegError) -> str:
    """What FFmpeg's error means to an operator. Its text holds the URL with the password: it goes no further."""
    return next((fault for kind, fault in _FAULTS if isinstance(error, kind)), "garbled")


class Demux:
    """Opens when made: raises Broken. Gives the due keyframes undecoded, or the due frames where `rung` is "decode"."""

    def __init__(self, reach: Reach, rung: Rung, until_s: float) -> None:
        self._reach = reach
        self._rung = rung
        self._until_s = until_s
        self._pace = Pace(lambda: reach.period_s)
        self._container = _open(reach)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._container.close()

    def pictures(self) -> Iterator[Snapshot]:
        """Until `until_s` (monotonic). Raises Unfit when keyframes are too rare, Broken when the camera is lost."""
        stream = self._container.streams.video[0]
        stream.thread_count = 1
        try:
            yield from self._frames(stream) if self._rung.name == "decode" else self._keyframes(stream)
        except av.FFmpegError as error:
            fault = fault_of(error)
        else:
            return
        raise Broken("stalled" if fault == "timed_out" else fault)

    def _packets(self, stream: "VideoStream") -> "Iterator[av.Packet[VideoStream]]":
        read_s = time.monotonic()
        for packet in self._container.demux(stream):
            now_s = time.monotonic()
            if self._reach.stopping.is_set() or now_s >= self._until_s:
                return
            if now_s - read_s >= self._reach.read_timeout_s:
                raise Broken("stalled")  # after a time-out FFmpeg first gives what its parser still held
            yield packet
            read_s = time.monotonic()
        raise Broken("ended")

    def _keyframes(self, stream: "VideoStream") -> Iterator[Snapshot]:
        context, newest_s = stream.codec_context, time.monotonic()
        for packet in self._packets(stream):
            now_s = time.monotonic()
            if packet.is_keyframe and packet.size:
                newest_s = now_s
                if packet.size > self._reach.max_bytes:
                    raise Broken("too_large")
                if self._pace.takes(now_s):
                    head = b"" if context.name == "mjpeg" else context.extradata or b""
                    yield self._snapshot(head + bytes(packet), context.name)
            elif now_s - newest_s > rarest_s(self._reach.period_s):
                raise Unfit("decode", "rare_keyframes")

    def _frames(self, stream: "VideoStream") -> Iterator[Snapshot]:
        """Every frame is decoded, the due ones are given as bitmaps: a JPEG is made only once masks are painted."""
        newest_s = time.monotonic()
        for packet in self._packets(stream):
            now_s = time.monotonic()
            for frame in packet.decode():
                newest_s = now_s
                if self._pace.takes(now_s):
                    yield self._snapshot(_bitmap(frame), "bmp")
            if now_s - newest_s > rarest_s(self._reach.period_s):
                raise Broken("no_keyframes")

    def _snapshot(self, data: bytes, codec: str) -> Snapshot:
        return Snapshot(data=data, codec=codec, captured_at=self._reach.clock(), rung=self._rung)


def _bitmap(frame: av.VideoFrame) -> bytes:
    return cv2.imencode(".bmp", frame.to_ndarray(format="bgr24"))[1].tobytes()


def _open(reach: Reach) -> "InputContainer":
    for probe in _PROBES:
        container = opened(reach, probe)
        if container.streams.video and container.streams.video[0].codec_context is not None:
            return container
        container.close()
    raise Broken("no_video")


def opened(reach: Reach, probe: str) -> "InputContainer":
    """The stream, looked at for so many bytes. Raises Broken."""
    options = {**_OPTIONS, "probesize": probe}
    if reach.camera.url.startswith("rtsps:"):
        options |= {"tls_verify": "1", "ca_file": ssl.get_default_verify_paths().cafile or ""}
    try:
        return av.open(pinned_url(reach), options=options, timeout=(reach.open_timeout_s, reach.read_timeout_s))
    except av.FFmpegError as error:
        fault = fault_of(error)
    raise Broken(fault)
