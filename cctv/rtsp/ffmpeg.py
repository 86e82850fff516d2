"""RTSP read by FFmpeg, for what the tap cannot read: other codecs, other dialects, keyframes too far apart.

FFmpeg itself connects to nothing but `cctv/rtsp/relay.py`, on this machine.
"""

from typing import TYPE_CHECKING

import av

from cctv.camera import Reach, Rung
from cctv.demux import Demux, fault_of, has_video
from cctv.faults import Broken
from cctv.rtsp.relay import Relay

if TYPE_CHECKING:
    from av.container import InputContainer

# Default probing takes 1.2 to 1.9 s and only repeats what the SDP said. "nobuffer" would throw the probed
# keyframe away, so it is never set.
_PROBES = ("32", "1000000")
_OPTIONS = {
    "rtsp_transport": "tcp",
    "allowed_media_types": "video",
    "analyzeduration": "100000",
    "protocol_whitelist": "rtsp,tcp",
}


class RtspDemux(Demux):
    """Opens when made: raises Broken or OSError."""

    def __init__(self, reach: Reach, rung: Rung, until_s: float) -> None:
        container, relay = _open(reach, rung)
        super().__init__(reach, rung, until_s, container, relay)


def _open(reach: Reach, rung: Rung) -> "tuple[InputContainer, Relay]":
    for probe in _PROBES:
        container, relay = opened(reach, probe)
        if has_video(container):
            return container, relay
        container.close()
        relay.close()
    raise Broken("unknown_codec" if rung.reason == "other_codec" else "no_video")  # the tap has seen that there is one


def opened(reach: Reach, probe: str) -> "tuple[InputContainer, Relay]":
    """The stream, looked at for so many bytes, and the line it comes by. Raises Broken and OSError."""
    relay = Relay(reach)
    options = {**_OPTIONS, "probesize": probe}
    try:
        return av.open(relay.url, options=options, timeout=(reach.open_timeout_s, reach.read_timeout_s)), relay
    except av.FFmpegError as error:
        fault = relay.fault or fault_of(error)
    relay.close()
    raise Broken(fault)
