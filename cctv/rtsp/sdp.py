"""What a camera says about its video in its answer to DESCRIBE (SDP: RFC 8866, for the codecs 6184 and 7798). Pure."""

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from cctv.faults import Broken

CODECS: Mapping[str, str] = {"H264": "h264", "H265": "hevc", "HEVC": "hevc"}
"""The names that we take apart ourselves, and FFmpeg's names for them."""

_STATIC = {"26": "JPEG", "32": "MPV"}
_SETS = ("sprop-vps", "sprop-sps", "sprop-pps", "sprop-parameter-sets")
_MAX_SETS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """The first video of the stream.

    `encoding` is as the camera names it ("H264"), `codec` as FFmpeg does and None where we do not read it
    ourselves. `sets` are the parameter sets it gave in advance, without start codes.
    """

    payload_type: int
    encoding: str
    codec: str | None
    control: str
    sets: tuple[bytes, ...] = ()


def video_track(sdp: bytes) -> Track:
    """Raises Broken("no_video") when there is none."""
    lines = [line.strip() for line in sdp.decode("latin-1").splitlines()]
    first = next((at for at, line in enumerate(lines) if re.match(r"m=video \d+ \S+ \d{1,3}\b", line)), None)
    if first is None:
        raise Broken("no_video")
    end = next((at for at in range(first + 1, len(lines)) if lines[at].startswith("m=")), len(lines))
    return _track(lines[first].split()[3], lines[first + 1 : end])


def _track(number: str, lines: Sequence[str]) -> Track:
    mapped = _attribute(lines, f"a=rtpmap:{number} ").partition("/")[0].upper()
    encoding = re.sub(r"[^A-Z0-9-]", "", mapped)[:20] or _STATIC.get(number, "?")
    said = _parameters(_attribute(lines, f"a=fmtp:{number} "))
    return Track(
        payload_type=int(number),
        encoding=encoding,
        codec=None if _is_interleaved(said) else CODECS.get(encoding),
        control=_attribute(lines, "a=control:"),
        sets=tuple(_sets(said)),
    )


def _attribute(lines: Sequence[str], start: str) -> str:
    return next((line[len(start) :].strip() for line in lines if line.startswith(start)), "")


def _parameters(fmtp: str) -> Mapping[str, str]:
    pairs = (part.strip().partition("=") for part in fmtp.split(";"))
    return {name.lower(): value.strip() for name, _, value in pairs}


def _is_interleaved(said: Mapping[str, str]) -> bool:
    """Whether slices may come in another order than they are decoded in: FFmpeg sorts that out, we do not."""
    return said.get("packetization-mode") == "2" or said.get("sprop-max-don-diff", "0") != "0"


def _sets(said: Mapping[str, str]) -> list[bytes]:
    words = [word for name in _SETS for word in said.get(name, "").split(",") if word]
    found = []
    for word in words[:_MAX_SETS]:
        try:
            found.append(b64decode(word + "=" * (-len(word) % 4)))
        except binascii.Error:
            continue  # they come in the stream as well
    return [one for one in found if one]


def control_url(asked: str, base: str, control: str) -> str:
    """What to SETUP: `control` may be a whole URL, a part to hang on the base, or nothing."""
    base = base or asked
    if control in {"", "*"}:
        return base
    if re.match(r"rtsps?://", control, re.IGNORECASE):
        return control
    if control.startswith("/"):
        return urljoin(re.sub(r"^rtsp", "http", base), control).replace("http", "rtsp", 1)
    return f"{base.rstrip('/')}/{control}"
