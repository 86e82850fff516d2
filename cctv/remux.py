"""A camera's H.264 as pieces of fragmented MP4, for browsers: taken apart and put together anew, never decoded.

Nothing can be hidden in it: a camera with masks must not be opened here. Sound is left out. It does one session and
fails; whoever calls it tries again.
"""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

import av

from cctv.camera import Reach
from cctv.demux import fault_of
from cctv.faults import Broken, lost_as
from cctv.remux_times import Timeline
from cctv.rtsp.ffmpeg import opened
from cctv.rtsp.relay import Relay
from cctv.rtsp.session import Session
from geodata.errors import LayarError

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.video.stream import VideoStream

_PROBES = ("32", "200000", "2000000")
_MOVFLAGS = "frag_keyframe+empty_moov+default_base_moof"
_FRAGMENT_US = 200_000
_LATEST_KEYFRAME_S = 15.0
_SPS = 7
_START = b"\0\0\1"


Obstacle = Literal["masked", "kind", "h265", "codec"]


class Unplayable(LayarError):
    """The camera may be well, but its video must not or cannot be shown in a browser."""

    def __init__(self, camera_id: str, obstacle: Obstacle) -> None:
        super().__init__(f"camera {camera_id}: no live video: {obstacle}")
        self.obstacle = obstacle


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a player needs before any piece; `codec` is as browsers name it, avc1.64001f."""

    codec: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Piece:
    """Some frames, about a fifth of a second. A player may begin with one that begins with a keyframe.

    `arrived_at` is when its last frame came to this machine.
    """

    data: bytes
    is_key: bool
    arrived_at: datetime


def pieces(reach: Reach) -> Iterator[Beginning | Piece]:
    """One Beginning, then pieces until `reach.stopping` is set. Raises Unplayable or CameraLost, on any failure."""
    _refuse_unplayable(reach)
    return _each_lost_as(reach.camera.id, _remuxed(reach))


def _refuse_unplayable(reach: Reach) -> None:
    """Ask the camera by our own client first: it follows no redirect, and its answer says the codec."""
    camera = reach.camera
    if camera.masks:
        raise Unplayable(camera.id, "masked")
    if camera.kind != "rtsp":
        raise Unplayable(camera.id, "kind")

    def encoding() -> str:
        with Session(reach) as session:
            return session.describe().encoding

    said = lost_as(camera.id, encoding)
    if said in {"H265", "HEVC"}:
        raise Unplayable(camera.id, "h265")
    if said != "H264":
        raise Unplayable(camera.id, "codec")


def _each_lost_as(camera_id: str, found: Iterator[Beginning | Piece]) -> Iterator[Beginning | Piece]:
    while (one := lost_as(camera_id, lambda: next(found, None))) is not None:
        yield one


def _remuxed(reach: Reach) -> Iterator[Beginning | Piece]:
    container, stream, relay = _source(reach)
    relay.is_steady = True
    try:
        with closing(relay), closing(container):
            yield from _Remux(reach, stream, relay).run(container)
    except av.FFmpegError as error:
        fault = fault_of(error)
    else:
        return
    raise Broken("stalled" if fault == "timed_out" else fault)  # out here: FFmpeg's own words hold the URL


def _source(reach: Reach) -> "tuple[InputContainer, VideoStream, Relay]":
    """The camera, opened with as little probing as gives what a player must know in advance."""
    for probe in _PROBES:
        container, relay = opened(reach, probe)
        stream = container.streams.video[0] if container.streams.video else None
        if stream is not None and stream.codec_context.width and _sps(bytes(stream.codec_context.extradata or b"")):
            return container, stream, relay
        container.close()
        relay.close()
    raise Broken("no_video")


class _Remux:
    """One session's packets on their way."""

    def __init__(self, reach: Reach, stream: "VideoStream", relay: Relay) -> None:
        self._reach = reach
        self._relay = relay
        self._stream = stream
        self._sps = _sps(bytes(stream.codec_context.extradata or b""))
        self._sink = _Sink()
        self._timeline = Timeline()
        self._is_key = True

    def run(self, container: "InputContainer") -> Iterator[Beginning | Piece]:
        options = {"movflags": _MOVFLAGS, "frag_duration": str(_FRAGMENT_US), "flush_packets": "1"}
        output = av.open(self._sink, "w", format="mp4", options=options)
        try:
            track = output.add_stream_from_template(self._stream)
            output.start_encoding()
            yield Beginning(codec=f"avc1.{self._sps[1:4].hex()}", data=self._sink.take())
            for packet in self._packets(container):
                yield from self._taken(packet, output, track)
        finally:
            output.close()

    def _taken(
        self, packet: "av.Packet[VideoStream]", output: "OutputContainer", track: "VideoStream"
    ) -> Iterator[Piece]:
        """A piece is written when the packet that begins the next one comes."""
        is_key = packet.is_keyframe
        times = self._timeline.place(packet.dts, packet.pts, packet.duration)
        packet.dts, packet.pts, packet.stream = times.dts, times.pts, track
        arrived_at = self._reach.clock()
        output.mux(packet)
        if data := self._sink.take():
            yield Piece(data=data, is_key=self._is_key, arrived_at=arrived_at)
            self._is_key = is_key

    def _packets(self, container: "InputContainer") -> "Iterator[av.Packet[VideoStream]]":
        """From the first keyframe on. Raises Broken when they stop, grow too large, or begin to look otherwise."""
        began_s = read_s = time.monotonic()
        has_begun = False
        for packet in container.demux(self._stream):
            now_s = time.monotonic()
            if self._reach.stopping.is_set():
                return
            if now_s - read_s >= self._reach.read_timeout_s:
                raise Broken("stalled")
            if not has_begun and now_s - began_s >= _LATEST_KEYFRAME_S:
                raise Broken("no_keyframes")
            read_s = now_s
            if not packet.size:
                continue
            if packet.is_keyframe:
                has_begun = True
                self._refuse_change(bytes(packet))
            if packet.size > self._reach.max_bytes:
                raise Broken("too_large")
            if has_begun:
                yield packet
        raise Broken("stalled" if self._relay.fault == "timed_out" else self._relay.fault or "ended")

    def _refuse_change(self, keyframe: bytes) -> None:
        """A camera that was given another resolution needs another beginning."""
        now = _sps(keyframe)
        if now and now != self._sps:
            raise Broken("ended")


class _Sink:
    """What the muxer has written since it was last taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Called by PyAV."""
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """All of it."""
        taken, self._parts = b"".join(self._parts), []
        return taken


def _sps(data: bytes) -> bytes:
    """The first sequence parameter set in an H.264 byte stream, or nothing."""
    at = data.find(_START)
    while at >= 0 and at + 3 < len(data):
        end = data.find(_START, at + 3)
        kind = data[at + 3] & 31
        if kind == _SPS:
            return data[at + 3 : end if end >= 0 else len(data)].rstrip(b"\0")
        if kind in {1, 5}:
            return b""  # the picture itself: no parameter set comes after it
        at = end
    return b""
