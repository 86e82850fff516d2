"""The ways a camera is read, cheapest first, and why one is not read by the cheapest.

`Unfit` is how a rung says that it cannot go on although the camera may be well: the ladder in `cctv/ladder.py` then
steps down, and tries the cheapest again later.
"""

from collections.abc import Mapping
from types import MappingProxyType

from cctv.faults import Sentence

RUNGS: Mapping[str, Sentence] = MappingProxyType(
    {
        "snapshot": Sentence("gambar tunggal, tanpa diurai", "single JPEGs, nothing is decoded"),
        "split": Sentence("aliran JPEG dipotong, tanpa diurai", "a stream of JPEGs cut up, nothing is decoded"),
        "tap": Sentence("bingkai kunci saja, termurah", "keyframes only, the cheapest way"),
        "demux": Sentence("bingkai kunci lewat FFmpeg", "keyframes only, taken apart by FFmpeg"),
        "decode": Sentence("setiap bingkai diurai, termahal", "every frame decoded, the dearest way"),
    }
)

REASONS: Mapping[str, Sentence] = MappingProxyType(
    {
        "cheapest": Sentence("terbaca tanpa FFmpeg", "is read without FFmpeg"),
        "gives_jpegs": Sentence("kamera memberi gambar jadi", "the camera gives whole pictures"),
        "only_way": Sentence("cara termurah untuk jenis ini", "the cheapest way for its kind"),
        "no_snapshot": Sentence(
            "alamat gambar tunggal tidak berhasil; periksa snapshot_url",
            "its snapshot address does not work; check snapshot_url",
        ),
        "same_snapshot": Sentence(
            "gambar tunggal tidak berganti; periksa snapshot_url", "its snapshot stays the same; check snapshot_url"
        ),
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

FIRST_REASONS: Mapping[str, str] = MappingProxyType(
    {"snapshot": "gives_jpegs", "split": "gives_jpegs", "tap": "cheapest", "demux": "only_way", "decode": "only_way"}
)
"""Why a camera is read by that rung where nothing cheaper was tried."""


class Unfit(Exception):
    """The rung cannot read the camera. `rung` is what to try instead, None for the next; `reason` a key of REASONS."""

    def __init__(self, rung: str | None, reason: str) -> None:
        super().__init__(reason)
        self.rung = rung
        self.reason = reason
