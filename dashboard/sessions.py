"""Signed-in browsers: a cookie that names a token by its id, signed with a key of this installation.

The cookie holds no token. It ends when the token is revoked or its days are over, and survives a restart.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta
from pathlib import Path

from flask import Request, Response

from dashboard.tokens import Token, TokenBook, write_secret
from geodata.clock import Clock, epoch_s
from geodata.errors import BadSettings

FILE_NAME = "session.key"
COOKIE = "layar"
SECURE_COOKIE = "__Host-layar"
_KEY_BYTES = 32


def load_key(path: Path) -> bytes:
    """The installation's key; made on the first start. Raises BadSettings when it is damaged."""
    if not path.exists():
        write_secret(path, secrets.token_bytes(_KEY_BYTES))
    key = path.read_bytes()
    if len(key) != _KEY_BYTES:
        raise BadSettings(f"{path.name} is damaged; delete it, and every browser signs in again")
    return key


class Sessions:
    """Opens, reads and ends sessions. Holds no state but the key."""

    def __init__(self, key: bytes, tokens: TokenBook, clock: Clock, days: float) -> None:
        self._key = key
        self._tokens = tokens
        self._clock = clock
        self._length = timedelta(days=days)

    def value_for(self, token: Token) -> str:
        """What the cookie of a browser signed in with this token holds."""
        ends = int(epoch_s(self._clock() + self._length))
        said = f"{token.id}.{ends}"
        return f"{said}.{self._seal(said)}"

    def token_of(self, request: Request) -> Token | None:
        """Whose session the request belongs to; None without one, and for one that has ended."""
        said, _, seal = request.cookies.get(_name(request), "").rpartition(".")
        id_, _, ends = said.partition(".")
        if not hmac.compare_digest(self._seal(said).encode(), seal.encode()):
            return None
        if not ends.isascii() or not ends.isdecimal() or self._has_passed(int(ends)):
            return None
        return self._tokens.named(id_)

    def open(self, request: Request, response: Response, token: Token) -> None:
        """Let the browser keep the session."""
        response.set_cookie(
            _name(request),
            self.value_for(token),
            max_age=self._length,
            path="/",
            secure=request.is_secure,
            httponly=True,
            samesite="Strict",
        )

    def end(self, request: Request, response: Response) -> None:
        """Let the browser forget the session."""
        response.delete_cookie(_name(request), path="/", secure=request.is_secure, httponly=True, samesite="Strict")

    def _seal(self, said: str) -> str:
        return hmac.new(self._key, said.encode(), hashlib.sha256).hexdigest()

    def _has_passed(self, ends: int) -> bool:
        return epoch_s(self._clock()) > ends


def _name(request: Request) -> str:
    """Over TLS the name itself makes browsers refuse a cookie set by a neighbour host or without TLS."""
    return SECURE_COOKIE if request.is_secure else COOKIE
