"""Why something could not be read, in Indonesian too: parsers say it in English, mostly one of a few things. Pure."""

import re

from layers.layer import Words

_SAYINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"is not between (\S+) and (\S+)", r"tidak di antara \1 dan \2"),
        (r"is not a number", "bukan angka"),
        (r"is not a whole number", "bukan bilangan bulat"),
        (r"is not a finite number", "bukan angka yang terhingga"),
        (r"is not a text", "bukan teks"),
        (r"is not a list", "bukan daftar"),
        (r"is neither true nor false", "bukan true atau false"),
        (r"is no time", "bukan waktu"),
        (r"is no day", "bukan tanggal"),
        (r"is no id", "bukan id"),
        (r"is no kelurahan code", "bukan kode kelurahan"),
        (r"is no area code", "bukan kode wilayah"),
        (r"is in the future; set the sender's clock and its time zone right",
         "ada di masa depan; setel jam dan zona waktu pengirim"),
        (r"is in the year (\d+)", r"bertahun \1"),
        (r"has no offset", "tanpa zona waktu"),
        (r"; write it like ", "; tulis seperti "),
        (r"; send a text or a whole number", "; kirim teks atau bilangan bulat"),
        (r"; send seconds since 1970 or ISO 8601", "; kirim detik sejak 1970 atau ISO 8601"),
        (r"is none of:", "tidak termasuk:"),
        (r"(\d+) items rejected; the first:", r"\1 isian ditolak; yang pertama:"),
        (r"this is not JSON:.*; send UTF-8 JSON", "ini bukan JSON; kirim JSON UTF-8"),
        (r"missing; an incident is of some kind", "belum diisi; kejadian harus punya jenis"),
        (r"\bmissing\b", "belum diisi"),
        (r"the feed (\S+) failed on it", r"dialek \1 gagal membacanya"),
        (r"retry when (?:it|that) is mended", "baca ulang setelah diperbaiki"),
        (r"the payload has (\d+) bytes, at most (\d+) are read: send it in parts",
         r"kirimannya \1 byte, paling banyak \2 yang dibaca: kirim terpisah"),
        (r"the payload has more than (\d+) items: send it in parts", r"isinya lebih dari \1 hal: kirim terpisah"),
        (r"no feed (\S+); retry when it is installed", r"dialek \1 tidak terpasang; baca ulang setelah dipasang"),
        (r"this is no telephone number: send (\d+) to (\d+) digits",
         r"ini bukan nomor telepon: kirim \1 sampai \2 angka"),
    )
)  # fmt: skip


def reason_words(reason: str) -> Words:
    """Both languages; what has no saying of its own stays as the parser wrote it."""
    plain = reason
    for pattern, said in _SAYINGS:
        plain = pattern.sub(said, plain)
    return Words(id=plain, en=reason)
