"""Answer a camera's WWW-Authenticate challenge, Basic or Digest (RFC 7617, RFC 7616), for HTTP and for RTSP alike."""

import hashlib
import re
import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_WORD = re.compile(r'([\w-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+)))?')
_HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What the camera wants to see proven. `scheme` is "basic" or "digest"."""

    scheme: str
    realm: str = ""
    nonce: str = ""
    opaque: str | None = None
    algorithm: str = "MD5"
    has_qop: bool = False


def strongest(headers: Sequence[str]) -> Challenge | None:
    """The best challenge we can answer among the camera's WWW-Authenticate lines."""
    said = (each for line in headers for each in _split(line))
    known = [challenge for scheme, pairs in said if (challenge := _challenge(scheme, pairs))]
    return max(known, key=lambda c: (c.scheme == "digest", c.algorithm == "SHA-256"), default=None)


def _split(line: str) -> list[tuple[str, dict[str, str]]]:
    """Each challenge of a line, which may hold several: its scheme, and what it says. A word without "=" begins one."""
    found: list[tuple[str, dict[str, str]]] = []
    for word in _WORD.finditer(line):
        name, quoted, plain = word.groups()
        if quoted is None and plain is None:
            found.append((name.lower(), {}))
        elif found:
            found[-1][1][name.lower()] = quoted if plain is None else plain
    return found


def _challenge(scheme: str, said: Mapping[str, str]) -> Challenge | None:
    if scheme == "basic":
        return Challenge(scheme="basic")
    algorithm = said.get("algorithm", "MD5").upper()
    if scheme != "digest" or algorithm not in _HASHES:
        return None
    return _digest_challenge(said, algorithm)


def _digest_challenge(said: Mapping[str, str], algorithm: str) -> Challenge:
    offered = [word.strip() for word in said.get("qop", "").split(",")]
    return Challenge(
        scheme="digest",
        realm=said.get("realm", ""),
        nonce=said.get("nonce", ""),
        opaque=said.get("opaque"),
        algorithm=algorithm,
        has_qop="auth" in offered,
    )


def authorization(  # noqa: PLR0913 — the parts that RFC 7616 hashes
    challenge: Challenge, method: str, uri: str, username: str, password: str, *, count: int = 1, cnonce: str = ""
) -> str:
    """The value of the Authorization header. `count` rises with each use of one nonce."""
    if challenge.scheme == "basic":
        return "Basic " + b64encode(f"{username}:{password}".encode()).decode()
    cnonce = cnonce or secrets.token_hex(8)
    fields = {
        "username": re.sub(r'(["\\])', r"\\\1", username),
        "realm": challenge.realm,
        "nonce": challenge.nonce,
        "uri": uri,
    }
    proof = _hash(challenge, username, challenge.realm, password)
    asked = _hash(challenge, method, uri)
    if challenge.has_qop:
        fields["response"] = _hash(challenge, proof, challenge.nonce, f"{count:08x}", cnonce, "auth", asked)
    else:
        fields["response"] = _hash(challenge, proof, challenge.nonce, asked)
    return "Digest " + ", ".join([*_quoted(fields, challenge), *_unquoted(challenge, count, cnonce)])


def _quoted(fields: Mapping[str, str], challenge: Challenge) -> list[str]:
    opaque = {"opaque": challenge.opaque} if challenge.opaque is not None else {}
    return [f'{name}="{value}"' for name, value in {**fields, **opaque}.items()]


def _unquoted(challenge: Challenge, count: int, cnonce: str) -> list[str]:
    qop = [f'qop=auth, nc={count:08x}, cnonce="{cnonce}"'] if challenge.has_qop else []
    return [f"algorithm={challenge.algorithm}", *qop]


def _hash(challenge: Challenge, *parts: str) -> str:
    return _HASHES[challenge.algorithm](":".join(parts).encode()).hexdigest()
