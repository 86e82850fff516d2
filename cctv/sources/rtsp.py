"""RTSP cameras over TCP: FFmpeg takes the stream apart, and only the keyframe that is due is kept.

Nothing is decoded here, and nothing but keyframes anywhere: at 1080p that is a twentieth of the work of reading
every frame. Two clocks watch the stream: FFmpeg's time-out each read, and the age of the newest keyframe, which
also catches a camera that drips.
"""

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import av

from cctv.address import signed_url
from cctv.camera import Reach, Snapshot, Source
from cctv.faults import Broken, each_lost_as, lost_as
from cctv.knock import knock
from cctv.pace import Pace

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
_RAREST_S = 10.0
_MIN_PERIODS = 5
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


def _open(reach: Reach) -> "InputContainer":
    knock(reach)
    for probe in _PROBES:
        container = _opened(reach, probe)
        if container.streams.video and container.streams.video[0].codec_context is not None:
            return container
        container.close()
    raise Broken("no_video")


def _opened(reach: Reach, probe: str) -> "InputContainer":
    options = {**_OPTIONS, "probesize": probe}
    if reach.camera.url.startswith("rtsps:"):
        options |= {"tls_verify": "1", "ca_file": ssl.get_default_verify_paths().cafile or ""}
    try:
        return av.open(signed_url(reach), options=options, timeout=(reach.open_timeout_s, reach.read_timeout_s))
    except av.FFmpegError as error:
        fault = fault_of(error)
    raise Broken(fault)


def _keyframes(container: "InputContainer", stream: "VideoStream", reach: Reach) -> Iterator[bytes]:
    """Every keyframe as it arrives."""
    rarest_s = max(_RAREST_S, _MIN_PERIODS * reach.period_s)
    newest_s = read_s = time.monotonic()
    for packet in container.demux(stream):
        now_s = time.monotonic()
        if reach.stopping.is_set():
            return
        if now_s - read_s >= reach.read_timeout_s:
            raise Broken("stalled")  # after a time-out FFmpeg first gives what its parser still held
        if packet.is_keyframe and packet.size:
            newest_s = now_s
            if packet.size > reach.max_bytes:
                raise Broken("too_large")
            yield bytes(packet)
        elif now_s - newest_s > rarest_s:
            raise Broken("no_keyframes")
        read_s = time.monotonic()
    raise Broken("ended")


def _pictures(container: "InputContainer", reach: Reach) -> Iterator[Snapshot]:
    stream = container.streams.video[0]
    pace = Pace(reach.period_s)
    context = stream.codec_context
    try:
        for keyframe in _keyframes(container, stream, reach):
            if pace.takes(time.monotonic()):
                head = b"" if context.name == "mjpeg" else context.extradata or b""
                yield Snapshot(data=head + keyframe, codec=context.name, captured_at=reach.clock())
    except av.FFmpegError as error:
        fault = fault_of(error)
    else:
        return
    raise Broken("stalled" if fault == "timed_out" else fault)


@contextmanager
def open_rtsp(reach: Reach) -> Iterator[Iterator[Snapshot]]:
    """One connection, until it breaks."""
    camera = reach.camera.id
    with lost_as(camera, lambda: _open(reach)) as container:
        yield each_lost_as(camera, _pictures(container, reach))


SOURCE = Source(schemes=("rtsp", "rtsps"), open=open_rtsp)
