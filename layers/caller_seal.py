"""Callers' numbers are taken out at the door: a keyed hash and the last three digits are all that is ever kept.

The key lies beside the log, not in it: without it nobody can try all numbers against the hashes. Pure.
"""

import hmac
import re
from dataclasses import dataclass
from typing import Any

import orjson

FIELDS = frozenset({"caller", "number", "phone", "msisdn", "nomor", "telepon", "telp", "hp", "nohp", "nomorhp", "ani"})
"""What systems call the field that holds the number; case, spaces and dashes aside."""

UNREADABLE = "sealed:unreadable"
_SEALED = re.compile(r"sealed:([0-9a-f]{32}):(\d{3})", re.ASCII)
_PHONE = re.compile(r"(?<![\w.])(?:\+?62|0)[\s.-]?\d(?:[\s.-]?\d){6,12}(?!\w)", re.ASCII)
_ANY_DIGITS = re.compile(rb"\d(?:[\s().+-]?\d){4,}")
_MASK = "•••"
_SHORTEST, _LONGEST = 5, 15


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


def caller_of(said: object) -> Caller:
    """Read a sealed number. Raises ValueError for what never was one."""
    found = _SEALED.fullmatch(said) if isinstance(said, str) else None
    if found is None:
        raise ValueError(f"this is no telephone number: send {_SHORTEST} to {_LONGEST} digits")
    return Caller(hash=found[1], last3=found[2])


def _sealed(said: Any, key: bytes) -> Any:  # noqa: ANN401 — JSON
    if isinstance(said, dict):
        return {name: _field(name, value, key) for name, value in said.items()}
    if isinstance(said, list):
        return [_sealed(one, key) for one in said]
    return _PHONE.sub(_MASK, said) if isinstance(said, str) and not _SEALED.fullmatch(said) else said


def _field(name: str, value: Any, key: bytes) -> Any:  # noqa: ANN401 — JSON
    if re.sub(r"[\W_]", "", name.casefold()) not in FIELDS or value in (None, ""):
        return value if name.casefold() in {"id", "incident"} else _sealed(value, key)
    return sealed_number(value, key)
