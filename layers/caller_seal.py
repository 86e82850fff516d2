"""Callers' numbers are taken out at the door: a keyed hash and the last three digits are all that is ever kept.

The key lies beside the log, not in it: without it nobody can try all numbers against the hashes. Pure.
"""

import hmac
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson

FIELDS = frozenset({"number", "nomor", "ani", "hp", "nohp", "nomorhp", "wa", "nowa", "nomorwa"})
"""What systems call the field that holds the number; case, spaces and dashes aside."""

NUMBER_WORDS = ("caller", "phone", "ponsel", "telepon", "telpon", "telefon", "telp", "tlp", "penelepon", "pemanggil",
                "msisdn", "whatsapp", "kontak", "contact")  # fmt: skip
"""A field whose name holds one of these, anywhere, holds a number: `no_telp`, `callerId`, `phone_number`."""

ID_FIELDS = frozenset({
    "id", "uid", "uuid", "incident", "incidentid", "idkejadian", "nomorkejadian", "nomorlaporan", "call", "callid",
    "into", "disaster", "disasterid", "deviceid", "topic", "tid", "unit",
    "kelurahan", "kelurahancode", "kodekelurahan", "kecamatan", "kodekecamatan",
})  # fmt: skip
"""Ids of things, and codes of areas: kept as they come, however long."""

PLACE_WORDS = frozenset({
    "lat", "lon", "lng", "long", "latitude", "longitude", "lintang", "bujur", "x", "y",
})  # fmt: skip
TIME_WORDS = frozenset({
    "time", "at", "until", "since", "timestamp", "ts", "tst", "date", "waktu", "tanggal", "tgl", "jam",
})  # fmt: skip

UNREADABLE = "sealed:unreadable"
_SEALED = re.compile(r"sealed:([0-9a-f]{32}):(\d{3})", re.ASCII)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", re.ASCII)
_PHONE = re.compile(
    r"""
    (?=[(+068])(?<!\d)(?<!\d\.)                                   # not inside a number
    (?<!20\d\d[-/.])(?<!20\d\d[-/.]\d\d[-/.])(?<!:\d\d:)           # not inside an ISO date or time
    (?!\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d(?!\d|[-/.]\d{3}))         # 05-11-2026
    (?!\d\d?[-/.]\d\d?[-/.]\d\d[\sT,]+\d\d[:.]\d\d(?!\d))          # 05-11-26 19.18
    (?!\d\d[-/.](?:19|20)?\d\d[\sT,]+\d\d[:.]\d\d(?!\d))           # the rest of 05-01-2026 19.18
    (?!\d\d[.:]\d\d\s*[-\u2013]\s*\d\d[.:]\d\d(?!\d))                  # 07.30 - 08.15
    (?:
        (?:\(?(?:\+|00)?\s?\(?62|\(?0(?!\.\d{4}))                    # 0.5021456 is a latitude
        (?:[\s\u00a0\u202f()._\u2011\u2013/-]{0,3}\d){7,13}
      | 8[1-9]\d{7,11}
      | 8[1-9]\d[\s-]\d{3,4}[\s-]\d{3,5}
    )(?!\d)
    """,
    re.ASCII | re.VERBOSE,
)
_DECIMAL = re.compile(r"(?!\+?62[.,]8\d{7})[+-]?(?:0|[1-9]\d{0,7})[.,]\d+", re.ASCII)
_DEGREES = re.compile(r"[+-]?\d{1,3}(?:[.,]\d+)?", re.ASCII)
_LONG = re.compile(r"(?!1\d{9}$|1\d{12}$)\d{9,15}", re.ASCII)
"""As long as a number; ten or thirteen digits that begin with 1 are no number of any country, but a time."""

_ANY_DIGITS = re.compile(rb"\d(?:[\s().+-]?\d){4,}")
_MASK = "•••"
_SHORTEST, _LONGEST = 5, 15
_MOST_PAIRS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A number nobody can read: `hash` is the same for the same number in this installation, and only here."""

    hash: str
    last3: str


def seal(payload: bytes, key: bytes) -> bytes:
    """The payload without any caller's number. Sealing it again changes nothing."""
    try:
        return orjson.dumps(_sealed(orjson.loads(payload), key))
    except (orjson.JSONDecodeError, orjson.JSONEncodeError, RecursionError):
        return _ANY_DIGITS.sub(_MASK.encode(), payload)


def seal_form(payload: bytes, key: bytes) -> bytes:
    """The same for a query string or a form, or JSON; what holds no number stays byte by byte as it came."""
    if payload.lstrip()[:1] in (b"{", b"["):
        return seal(payload, key)
    try:
        pairs = parse_qsl(payload.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PAIRS)
    except ValueError:
        return _ANY_DIGITS.sub(_MASK.encode(), payload)
    sealed = [(_name(name, key), _field(name.removeprefix("?"), value, key)) for name, value in pairs]
    if not pairs:
        return _text(payload.decode()).encode()
    return payload if sealed == pairs else urlencode(sealed).encode()


def sealed_number(said: object, key: bytes) -> str:
    """The text that stands for a number; the same however it is written: 0812…, +62 812-…, 62812…."""
    text = str(said) if isinstance(said, str | int) and not isinstance(said, bool) else ""
    if _SEALED.fullmatch(text):
        return text
    digits = re.sub(r"[\s().+-]", "", text)
    if not digits.isascii() or not digits.isdecimal() or not _SHORTEST <= len(digits) <= _LONGEST:
        return UNREADABLE
    plain = "0" + digits[2:] if digits.startswith("62") and len(digits) > _SHORTEST + 2 else digits
    return f"sealed:{hmac.digest(key, plain.encode(), 'sha256').hex()[:32]}:{plain[-3:]}"


def masked(text: str) -> str:
    """Free text without the telephone numbers in it."""
    return _text(text)


def caller_of(said: object) -> Caller:
    """Read a sealed number. Raises ValueError for what never was one."""
    found = _SEALED.fullmatch(said) if isinstance(said, str) else None
    if found is None:
        raise ValueError(f"this is no telephone number: send {_SHORTEST} to {_LONGEST} digits")
    return Caller(hash=found[1], last3=found[2])


def _sealed(said: Any, key: bytes) -> Any:  # noqa: ANN401 — JSON
    if isinstance(said, dict):
        return {_name(name, key): _field(name, value, key) for name, value in said.items()}
    if isinstance(said, list):
        return [_sealed(one, key) for one in said]
    if isinstance(said, str):
        return _MASK if _LONG.fullmatch(said.strip()) else _text(said)
    return _MASK if _is_long(said) else said


def _name(name: str, key: bytes) -> str:
    """A number may be a name, too: {"0812…": "prank"}. It is hashed, so that two of them stay two."""
    if _LONG.fullmatch(name.strip()) or _PHONE.fullmatch(name.strip()):
        return sealed_number(name, key)
    return _text(name)


def _text(said: str) -> str:
    """Until nothing is left: where one number is taken out, what stood behind it may be read as another."""
    if _SEALED.fullmatch(said) or _DECIMAL.fullmatch(said.strip()):
        return said
    while (less := _PHONE.sub(_MASK, said)) != said:
        said = less
    return said


def _is_long(said: object) -> bool:
    """A number as spreadsheets write it: 81234567890 or 81234567890.0."""
    is_whole = isinstance(said, int) or (isinstance(said, float) and said.is_integer())
    return is_whole and _LONG.fullmatch(f"{abs(said):.0f}") is not None  # type: ignore[arg-type]  # a number, by the line above


def _field(name: str, value: Any, key: bytes) -> Any:  # noqa: ANN401 — JSON
    plain, words = re.sub(r"[\W\d_]", "", name.casefold()), {word.casefold() for word in _WORD.findall(name)}
    if value in (None, "") or (words & PLACE_WORDS and _DEGREES.fullmatch(str(value))):
        return value
    if _holds_number(plain, words):
        return sealed_number(value, key)
    if isinstance(value, dict | list):
        return _sealed(value, key)
    if plain in ID_FIELDS:
        return value
    if words & (TIME_WORDS | PLACE_WORDS):
        return _text(value) if isinstance(value, str) else value
    return _sealed(value, key)


def _holds_number(plain: str, words: set[str]) -> bool:
    """Short words count only when they stand alone: `waktu` is no `wa`."""
    return plain in FIELDS or bool(words & {"hp", "wa", "ani"}) or any(word in plain for word in NUMBER_WORDS)
