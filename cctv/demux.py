"""Streams taken apart by FFmpeg, for what our own client cannot read: other protocols, other codecs, rare keyframes.

Only the due keyframes are given on, undecoded; on the rung "decode" every frame is decoded. Two clocks watch the
stream: one each read, and the age of the newest picture, which also catches a camera that drips.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

import av
import cv2
from av.bitstream import BitStreamFilterContext

from cctv.camera import Reach, Rung, Snapshot
from cctv.faults import Broken
from cctv.feed import Feed, Line
from cctv.pace import Pace, rarest_s
from cctv.rungs import Unfit

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

    Packet = av.Packet[VideoStream]

_PROBE = "1000000"
_LONGEST_SPACING_S = 60.0
_LONGEST_FIRST_S = 30.0
_RECORD = 1
"""The first byte of parameter sets as FLV and MP4 keep them; elsewhere they begin with a start code."""

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


def has_video(container: "InputContainer") -> bool:
    """Whether there is a video of which FFmpeg knows the codec."""
    return bool(container.streams.video) and container.streams.video[0].codec_context is not None


def opened_feed(feed: Feed, form: str) -> "InputContainer":
    """The stream that comes through `feed`, in FFmpeg's format of that name. Raises Broken."""
    options = {"probesize": _PROBE, "analyzeduration": "100000", "protocol_whitelist": "none"}
    try:
        container = av.open(feed, "r", format=form, options=options)
    except av.EOFError:
        fault = feed.fault or "garbled"  # it took it for its format to the end
    except av.FFmpegError as error:
        fault = feed.fault or fault_of(error)
    else:
        if has_video(container):
            return container
        container.close()
        fault = feed.fault or "no_video"
    raise Broken(fault)


def feed_step(make: Callable[[Reach], Feed], form: str) -> Callable[[Reach, Rung, float], "Demux"]:
    """A rung that reads what `make` gives; opens when called."""

    def step(reach: Reach, rung: Rung, until_s: float) -> Demux:
        feed = make(reach)
        try:
            feed.within(reach.open_timeout_s + reach.read_timeout_s)
            return Demux(reach, rung, until_s, opened_feed(feed, form), feed)
        except BaseException:
            feed.close()
            raise

    return step


class Demux:
    """A step of a ladder (`cctv/ladder.py`) over a container; `feed` is the line it comes by, where that is ours."""

    def __init__(
        self, reach: Reach, rung: Rung, until_s: float, container: "InputContainer", feed: Line | None = None
    ) -> None:
        self._reach = reach
        self._rung = rung
        self._until_s = until_s
        self._container = container
        self._feed = feed
        self._pace = Pace(lambda: reach.period_s)
        self._newest_pts: int | None = None
        self._spacing_s: float | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with ExitStack() as both:
            if self._feed is not None:
                both.callback(self._feed.close)
            self._container.close()

    def pictures(self) -> Iterator[Snapshot]:
        """Until `until_s` (monotonic). Raises Unfit when keyframes are too rare, Broken when the camera is lost."""
        stream = self._container.streams.video[0]
        stream.thread_count = 1
        try:
            yield from self._frames(stream) if self._rung.name == "decode" else self._keyframes(stream)
        except av.FFmpegError as error:
            fault = self._feed_fault() or fault_of(error)
        else:
            return
        raise Broken("stalled" if fault == "timed_out" else fault)

    def _feed_fault(self) -> str | None:
        return self._feed.fault if self._feed is not None else None

    def _packets(self, stream: "VideoStream") -> "Iterator[Packet]":
        read_s = self._allow()
        if self._feed is not None:
            self._feed.is_steady = True
        for packet in self._container.demux(stream):
            now_s = time.monotonic()
            if self._reach.stopping.is_set() or now_s >= self._until_s:
                return
            if now_s - read_s >= self._reach.read_timeout_s:
                raise Broken("stalled")  # after a time-out FFmpeg first gives what its parser still held
            yield packet
            read_s = self._allow()
        fault = self._feed_fault() or "ended"
        raise Broken("stalled" if fault == "timed_out" else fault)

    def _allow(self) -> float:
        """From now on the next packet has its time; using a picture may have taken some."""
        if self._feed is not None:
            self._feed.within(self._reach.read_timeout_s)
        return time.monotonic()

    def _keyframes(self, stream: "VideoStream") -> Iterator[Snapshot]:
        whole, name = _whole(stream), stream.codec_context.name
        newest_s = time.monotonic()
        for packet in self._packets(stream):
            now_s = time.monotonic()
            if packet.is_keyframe and packet.size:
                newest_s = now_s
                if packet.size > self._reach.max_bytes:
                    raise Broken("too_large")
                self._measure(packet, stream)
                if self._pace.takes(now_s):
                    yield self._snapshot(whole(packet), codec=name)
                    newest_s = time.monotonic()  # a picture may wait long for its turn
            elif now_s - newest_s > rarest_s(self._reach.period_s):
                raise Unfit("decode", "rare_keyframes")

    def _measure(self, packet: "Packet", stream: "VideoStream") -> None:
        if self._newest_pts is not None and packet.pts is not None and stream.time_base is not None:
            spacing_s = float((packet.pts - self._newest_pts) * stream.time_base)
            self._spacing_s = spacing_s if 0 < spacing_s < _LONGEST_SPACING_S else None
        self._newest_pts = packet.pts

    def _frames(self, stream: "VideoStream") -> Iterator[Snapshot]:
        """Every frame is decoded, the due ones are given as bitmaps: a JPEG is made only once masks are painted.

        Whoever comes in between two keyframes has to wait for the next, however rare they are.
        """
        late_s = time.monotonic() + max(_LONGEST_FIRST_S, rarest_s(self._reach.period_s))
        name, spent_s = stream.codec_context.name, 0.0
        for packet in self._packets(stream):
            now_s, began_s = time.monotonic(), time.thread_time()
            if packet.is_keyframe and packet.size:
                self._measure(packet, stream)
            frames = _decoded(packet)
            spent_s += time.thread_time() - began_s
            for frame in frames:
                late_s = now_s + rarest_s(self._reach.period_s)
                if self._pace.takes(now_s):
                    yield self._snapshot(_bitmap(frame), codec="bmp", stream_codec=name, decoding_cpu_s=spent_s)
                    spent_s = 0.0
            if now_s > late_s:
                raise Broken("no_keyframes")

    def _snapshot(
        self, data: bytes, codec: str, stream_codec: str | None = None, decoding_cpu_s: float = 0.0
    ) -> Snapshot:
        return Snapshot(
            data=data,
            codec=codec,
            captured_at=self._reach.clock(),
            rung=self._rung,
            keyframe_spacing_s=self._spacing_s,
            stream_codec=stream_codec,
            decoding_cpu_s=decoding_cpu_s,
        )


def _whole(stream: "VideoStream") -> "Callable[[Packet], bytes]":
    """What makes of a packet a keyframe with its parameter sets before it, as a decoder takes it by itself."""
    context = stream.codec_context
    sets = bytes(context.extradata or b"")
    if context.name in {"h264", "hevc"} and sets[:1] == bytes((_RECORD,)):
        rewriting = BitStreamFilterContext(f"{context.name}_mp4toannexb", stream)
        return lambda packet: b"".join(map(bytes, rewriting.filter(packet)))
    head = b"" if context.name == "mjpeg" else sets
    return lambda packet: head + bytes(packet)


def first_keyframe(container: "InputContainer", max_bytes: int) -> tuple[bytes, str] | None:
    """(keyframe, codec) of the first that comes; None where none does. Raises Broken and FFmpeg's errors."""
    stream = container.streams.video[0]
    whole = _whole(stream)
    for packet in container.demux(stream):
        if packet.is_keyframe and packet.size:
            if packet.size > max_bytes:
                raise Broken("too_large")
            return whole(packet), stream.codec_context.name
    return None


def _decoded(packet: "Packet") -> "Sequence[av.VideoFrame]":
    """Its frames; none where it builds on one that was before our time."""
    try:
        return packet.decode()
    except av.InvalidDataError:
        return ()


def _bitmap(frame: av.VideoFrame) -> bytes:
    return cv2.imencode(".bmp", frame.to_ndarray(format="bgr24"))[1].tobytes()
