"""Signatures of webhooks, both ways, as standardwebhooks.com has them. Pure.

Signed is `id.timestamp.body` with HMAC-SHA256; the header may hold several signatures, so that a secret can be changed.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
PREFIX = "whsec_"
WINDOW_S = 300
"""A message older than that, or as far ahead, may be a replay and is refused."""

_BYTES = 32
_LONGEST_ID = 128
_MOST_SIGNATURES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A message as its headers name it."""

    id: str
    at_s: int


def new_secret() -> str:
    """Nobody can guess it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def sign(secret: str, message_id: str, at_s: int, body: bytes) -> dict[str, str]:
    """The headers of a message."""
    return {ID: message_id, TIMESTAMP: str(at_s), SIGNATURE: f"v1,{_digest(secret, message_id, at_s, body)}"}


def _digest(secret: str, message_id: str, at_s: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{at_s}.".encode() + body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def verified(secret: str, headers: Mapping[str, str], body: bytes, now_s: float) -> Sealed | None:
    """The message, if somebody who knows the secret sent it just now; else None. Takes as long either way."""
    headers = {name.casefold(): value for name, value in headers.items()}
    message_id, said_at = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    is_readable = 0 < len(message_id) <= _LONGEST_ID and message_id.isascii() and message_id.isprintable()
    at_s = int(said_at) if said_at.isascii() and said_at.isdecimal() and len(said_at) <= 12 else 0  # noqa: PLR2004 — digits of a time
    wanted = _digest(secret, message_id, at_s, body).encode()
    given = [one.partition(",") for one in headers.get(SIGNATURE, "").split(" ")[:_MOST_SIGNATURES]]
    matches = [v == "v1" and hmac.compare_digest(_plain(digest), wanted) for v, _, digest in given]
    if not any(matches) or not is_readable or abs(now_s - at_s) > WINDOW_S:
        return None
    return Sealed(id=message_id, at_s=at_s)


def _plain(digest: str) -> bytes:
    try:
        return base64.b64encode(base64.b64decode(digest, validate=True))
    except (binascii.Error, ValueError):
        return b""
