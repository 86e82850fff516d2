"""The words of the camera desk: what the rooms below call things, as one object that its scripts read."""

from collections.abc import Mapping
from typing import Any

from cctv.camera import discover_sources
from cctv.faults import Sentence
from cctv.rungs import REASONS, RUNGS
from cctv.truth import NOTES, RULES
from geodata.places import Places
from layers.cameras import FAULT_WORDS, HEALTH_WORDS
from layers.layer import Words

KINDS = {
    "rtsp": Words(id="RTSP: aliran video kamera (rtsp://…)", en="RTSP: a camera's video stream (rtsp://…)"),
    "http_jpeg": Words(id="HTTP JPEG: satu gambar per alamat", en="HTTP JPEG: one picture at an address"),
    "mjpeg": Words(id="MJPEG: gambar berturut-turut lewat HTTP", en="MJPEG: pictures one after another over HTTP"),
    "hls": Words(id="HLS: aliran lewat web (….m3u8)", en="HLS: a stream over the web (….m3u8)"),
    "rtmp": Words(id="RTMP: aliran siaran (rtmp://…)", en="RTMP: a broadcast stream (rtmp://…)"),
    "http_flv": Words(id="HTTP-FLV: aliran siaran lewat web (….flv)", en="HTTP-FLV: a broadcast over the web (….flv)"),
    "mpegts": Words(
        id="MPEG-TS: video yang dikirim ke port kita (udp://…)", en="MPEG-TS: video sent to a port of ours (udp://…)"
    ),
    "file": Words(
        id="Berkas: folder tempat kamera mengirim gambar", en="Files: a folder that a camera sends pictures to"
    ),
    "simulated": Words(id="Simulasi: jalan yang digambar", en="Simulation: a drawn street"),
}
"""Kinds that nobody worded yet are shown by their own name."""

PERIOD_REASONS = {
    "default": Words(id="jarak biasa", en="as usual"),
    "camera": Words(id="diatur untuk kamera ini", en="set for this camera"),
    "near_incident": Words(id="dipercepat: dekat kejadian terbuka", en="faster: an open incident is near"),
    "stretched": Words(id="diperlambat: komputer sedang sibuk", en="slower: the computer is busy"),
}

_AGES: Mapping[str, Words] = {"late": HEALTH_WORDS["late"], "lost": HEALTH_WORDS["lost"]}


def desk_words(places: Places) -> dict[str, Any]:
    """Everything that a reader meets by a key: states, signs, ways of reading, kinds; and the city's kelurahan.

    `ages` are the signs that are seconds, of which its state already tells; `below` are the signs that count against
    a picture below their threshold, not above it; `notes` leave it true.
    """
    return {
        "health": _both(HEALTH_WORDS),
        "signs": {**_both(_AGES), **_both(FAULT_WORDS)},
        "ages": sorted(_AGES),
        "below": sorted(kind for kind, rule in RULES.items() if rule.bad < rule.good),
        "notes": sorted(NOTES),
        "rungs": _both(RUNGS),
        "reasons": _both(REASONS),
        "kinds": {kind: kind for kind in discover_sources().found} | _both(KINDS),
        "periods": _both(PERIOD_REASONS),
        "kelurahan": {code: area.name for code, area in places.areas.items()},
    }


def _both(words: Mapping[Any, Words] | Mapping[str, Sentence]) -> dict[str, dict[str, str]]:
    return {key: {"id": said.id, "en": said.en} for key, said in words.items()}
