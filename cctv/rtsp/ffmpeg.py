"""RTSP read by FFmpeg, for what the tap cannot read: other codecs, other dialects, keyframes too far apart.

FFmpeg follows redirects: nobody opens this before `cctv/rtsp/tap.py` has asked the camera.
"""

import ssl
from typing import TYPE_CHECKING

import av

from cctv.address import pinned_url
from cctv.camera import Reach, Rung
from cctv.demux import Demux, fault_of, has_video
from cctv.faults import Broken

if TYPE_CHECKING:
    from av.container import InputContainer

# Default probing takes 1.2 to 1.9 s and only repeats what the SDP said. "nobuffer" would throw the probed
# keyframe away, so it is never set.
_PROBES = ("32", "1000000")
_OPTIONS = {
    "rtsp_transport": "tcp",
    "allowed_media_types": "video",
    "analyzeduration": "100000",
    "protocol_whitelist": "rtsp,rtsps,rtp,tcp,tls,crypto",
}


class RtspDemux(Demux):
    """Opens when made: raises Broken."""

    def __init__(self, reach: Reach, rung: Rung, until_s: float) -> None:
        super().__init__(reach, rung, until_s, _open(reach, rung))


def _open(reach: Reach, rung: Rung) -> "InputContainer":
    for probe in _PROBES:
        container = opened(reach, probe)
        if has_video(container):
            return container
        container.close()
    raise Broken("unknown_codec" if rung.reason == "other_codec" else "no_video")  # the tap has seen that there is one


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
