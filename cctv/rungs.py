"""The ways an RTSP camera is read, cheapest first, and why one is not read by the cheapest.

`Unfit` is how a rung says that it cannot go on although the camera may be well: the ladder in
`cctv/sources/rtsp.py` then steps down, and tries the cheapest again later.
"""

from collections.abc import Mapping
from types import MappingProxyType

from cctv.faults import Sentence

RUNGS: Mapping[str, Sentence] = MappingProxyType(
    {
        "tap": Sentence("bingkai kunci saja, termurah", "keyframes only, the cheapest way"),
        "demux": Sentence("bingkai kunci lewat FFmpeg", "keyframes only, taken apart by FFmpeg"),
        "decode": Sentence("setiap bingkai diurai, termahal", "every frame decoded, the dearest way"),
    }
)

REASONS: Mapping[str, Sentence] = MappingProxyType(
    {
        "cheapest": Sentence("terbaca tanpa FFmpeg", "is read without FFmpeg"),
        "other_codec": Sentence(
            "bukan H.264 atau H.265 biasa; pilih H.264 di kamera",
            "its video is not plain H.264 or H.265; choose H.264 in the camera",
        ),
        "other_dialect": Sentence(
            "kamera tidak menerima cara baca kami; FFmpeg dicoba", "does not follow RTSP as we speak it; FFmpeg may"
        ),
        "rare_keyframes": Sentence(
            "bingkai kunci terlalu jarang; atur jaraknya 2 detik di kamera",
            "its keyframes are too rare; set their interval to 2 s in the camera",
        ),
    }
)


class Unfit(Exception):
    """The rung cannot read the camera. `rung` is the next to try, `reason` a key of REASONS."""

    def __init__(self, rung: str, reason: str) -> None:
        super().__init__(reason)
        self.rung = rung
        self.reason = reason
