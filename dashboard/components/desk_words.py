"""The words of the camera desk: what the rooms below call things, as one object that its scripts read."""

from collections.abc import Mapping
from typing import Any

from cctv.camera import discover_sources
from cctv.rungs import REASONS, RUNGS
from cctv.truth import NOTES, RULES
from geodata.places import Places
from layers.cameras import FAULT_WORDS, HEALTH_WORDS
from layers.layer import Words

KINDS = {
    "rtsp": "RTSP: aliran video kamera (rtsp://…)",
    "http_jpeg": "HTTP JPEG: satu gambar per alamat",
    "mjpeg": "MJPEG: gambar berturut-turut lewat HTTP",
    "hls": "HLS: aliran lewat web (….m3u8)",
    "rtmp": "RTMP: aliran siaran (rtmp://…)",
    "http_flv": "HTTP-FLV: aliran siaran lewat web (….flv)",
    "mpegts": "MPEG-TS: video yang dikirim ke port kita (udp://…)",
    "file": "Berkas: folder tempat kamera mengirim gambar",
    "simulated": "Simulasi: jalan yang digambar",
}
"""Kinds that nobody worded yet are shown by their own name."""

PERIOD_REASONS = {
    "default": "jarak biasa",
    "camera": "diatur untuk kamera ini",
    "near_incident": "dipercepat: dekat kejadian terbuka",
    "stretched": "diperlambat: komputer sedang sibuk",
}

_AGES: Mapping[str, Words] = {"late": HEALTH_WORDS["late"], "lost": HEALTH_WORDS["lost"]}


def desk_words(places: Places) -> dict[str, Any]:
    """Everything that a reader meets by a key: states, signs, ways of reading, kinds; and the city's kelurahan.

    `ages` are the signs that are seconds, of which its state already tells; `below` are the signs that count against
    a picture below their threshold, not above it; `notes` leave it true.
    """
    return {
        "health": {key: words.id for key, words in HEALTH_WORDS.items()},
        "signs": {key: words.id for key, words in (*_AGES.items(), *FAULT_WORDS.items())},
        "ages": sorted(_AGES),
        "below": sorted(kind for kind, rule in RULES.items() if rule.bad < rule.good),
        "notes": sorted(NOTES),
        "rungs": {key: words.id for key, words in RUNGS.items()},
        "reasons": {key: words.id for key, words in REASONS.items()},
        "kinds": {key: KINDS.get(key, key) for key in sorted(discover_sources().found)},
        "periods": PERIOD_REASONS,
        "kelurahan": {code: area.name for code, area in places.areas.items()},
    }
