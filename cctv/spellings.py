"""How cities spell the columns of a camera list, and how a cell becomes a value. Pure."""

import math
import re
from collections.abc import Mapping

from cctv.camera import Audience

_FIELDS: Mapping[str, str] = {
    "id": "id kode code kode_cctv id_cctv id_kamera camera_id camera kamera no nomor",
    "name": "name nama nama_cctv nama_kamera nama_lokasi lokasi location title judul",
    "lon": "lon lng long longitude bujur x",
    "lat": "lat latitude lintang y",
    "url": "url stream stream_url link tautan alamat_stream rtsp",
    "snapshot_url": "snapshot_url snapshot url_snapshot snapshot_address still_url foto tautan_foto",
    "kind": "kind jenis tipe type",
    "azimuth": "azimuth azimuth_deg azimut arah heading bearing direction",
    "fov": "fov fov_deg field_of_view sudut sudut_pandang",
    "range": "range range_m jangkauan jangkauan_m jarak jarak_m",
    "period": "period period_s periode periode_s interval interval_s selang selang_s",
    "owner": "owner pemilik instansi opd dinas",
    "kelurahan": "kelurahan desa kelurahan_desa village kode_kelurahan",
    "group": "group grup kelompok tiang pole switch provider penyedia jaringan",
    "night": "night malam inframerah infrared ir",
    "masks": "masks mask masker topeng area_privasi privacy_masks",
    "audience": "audience penonton boleh_lihat",
    "purpose": "purpose tujuan maksud",
    "legal_basis": "legal_basis dasar_hukum",
    "contact": "contact kontak narahubung teknisi",
    "notice": "notice pemberitahuan papan_pemberitahuan rambu",
    "retention": "retention retensi masa_simpan",
    "user": "user username pengguna",
    "password": "password sandi kata_sandi pass pwd",
}
_SPELLINGS = {spelling: field for field, spellings in _FIELDS.items() for spelling in spellings.split()}

_KINDS: Mapping[str, str] = {
    "rtsp": "rtsp", "rtsps": "rtsp", "h264": "rtsp",
    "http_jpeg": "http_jpeg", "jpeg": "http_jpeg", "jpg": "http_jpeg", "snapshot": "http_jpeg", "still": "http_jpeg",
    "mjpeg": "mjpeg", "mjpg": "mjpeg", "motion_jpeg": "mjpeg",
    "file": "file", "folder": "file", "berkas": "file",
    "hls": "hls", "m3u8": "hls",
    "http_flv": "http_flv", "flv": "http_flv",
    "rtmp": "rtmp",
    "mpegts": "mpegts", "mpeg_ts": "mpegts", "ts": "mpegts", "udp": "mpegts", "multicast": "mpegts",
    "simulated": "simulated", "sim": "simulated", "simulasi": "simulated",
}  # fmt: skip
_ANSWERS: Mapping[str, bool] = {
    **dict.fromkeys(("yes", "ya", "y", "true", "1", "ada"), True),
    **dict.fromkeys(("no", "tidak", "n", "t", "false", "0", "tanpa"), False),
}
_AUDIENCES: Mapping[str, Audience] = {
    "operator": "operator", "petugas": "operator", "internal": "operator",
    "wall": "wall", "dinding": "wall",
    "visitor": "visitor", "public": "visitor", "publik": "visitor", "umum": "visitor", "tamu": "visitor",
}  # fmt: skip
_SCHEME_KINDS: Mapping[str, str] = {
    "rtsp": "rtsp", "rtsps": "rtsp", "file": "file", "sim": "simulated",
    "rtmp": "rtmp", "udp": "mpegts", "rtp": "mpegts",
}  # fmt: skip
_ENDING_KINDS: Mapping[str, str] = {".m3u8": "hls", ".flv": "http_flv", ".ts": "mpegts"}
_PUSHED = re.compile(r"(?i)mjpe?g|faststream|action=stream|video\.cgi|videostream")


def field_of(header: str) -> str | None:
    """The field that a column header means; None for a column that is not ours."""
    return _SPELLINGS.get(_plain(header))


def _plain(word: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", word.casefold()).strip("_")


def number(cell: object) -> float | None:
    """A finite number, decimal comma allowed. Raises ValueError; an empty cell is None."""
    if cell is None or isinstance(cell, bool):
        return None
    text = str(cell).strip().rstrip("°m").strip()
    if text in {"", "-"}:
        return None
    value = float(text.replace(",", ".") if text.count(",") == 1 else text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def yes_or_no(cell: object) -> bool | None:
    """What a cell says to a question; None for an empty one. Raises ValueError."""
    said = _plain(str(cell)) if cell is not None else ""
    if not said:
        return None
    if said not in _ANSWERS:
        raise ValueError(said)
    return _ANSWERS[said]


def audience_of(said: str) -> Audience | None:
    """Who may see a camera, in our words; None when nobody knows the word."""
    return _AUDIENCES.get(_plain(said)) if said else "wall"


def kind_of(said: str, url: str) -> str:
    """The kind a list says, else the one its URL looks like. A kind nobody knows is given back as it is."""
    if said:
        return _KINDS.get(_plain(said), said)
    scheme, _, rest = url.partition(":")
    if by_scheme := _SCHEME_KINDS.get(scheme.lower()):
        return by_scheme
    path = re.split(r"[?#]", rest)[0].lower()
    by_ending = next((kind for ending, kind in _ENDING_KINDS.items() if path.endswith(ending)), None)
    return by_ending or ("mjpeg" if _PUSHED.search(rest) else "http_jpeg")
