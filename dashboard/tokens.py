"""Tokens: who may bring events and who may look. Shown once, kept as SHA-256, forgotten when revoked.

A token is 32 random bytes, so one plain hash is enough: there is nothing to guess.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from dashboard.secret_book import SecretBook
from geodata.errors import BadSettings, NotFound
from layers.event import Mode

Grant = Literal["ingest", "visitor", "wall", "head", "operator", "supervisor", "admin"]
FILE_NAME = "tokens.json"
_TOKEN_BYTES = 32
_ID_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token as kept. `mode` stamps every event it brings; `id` may stand in a cookie, `sha256` may not.

    `wall` is the only named wall that a screen with it may show; None: any.
    """

    id: str
    name: str
    role: Grant
    sha256: str
    created_at: datetime
    mode: Mode = "live"
    wall: str | None = None

    @property
    def proof(self) -> str:
        """What a session holds: it is worth nothing once the token is revoked."""
        return f"t.{self.id}"

    def __repr__(self) -> str:
        return f"Token({self.name}, {self.role})"


_FILE = TypeAdapter(tuple[Token, ...])


class TokenBook:
    """`DIR/tokens.json`. Every method may be called from any thread and sees what other processes wrote."""

    def __init__(self, path: Path) -> None:
        self._book = SecretBook(path, _FILE, "put back a copy, or delete it and make new tokens")

    def tokens(self) -> tuple[Token, ...]:
        """All tokens, in order of creation. Raises BadSettings when the file cannot be read."""
        return self._book.all()

    def with_id(self, id_: str) -> Token | None:
        """The token with this id, or None once it is revoked."""
        return next((token for token in self.tokens() if hmac.compare_digest(token.id, id_)), None)

    def check(self, said: str) -> Token | None:
        """Whose token this is; looks at every one of them, so that time tells nothing."""
        digest = _digest(said)
        found = [token for token in self.tokens() if hmac.compare_digest(token.sha256, digest)]
        return found[0] if found else None

    def create(self, *, name: str, role: Grant, now: datetime, mode: Mode = "live", wall: str | None = None) -> str:
        """Make a token and keep its hash; gives the token itself, which nobody can read again."""
        if wall is not None and role != "wall":
            raise BadSettings("only a token of role wall belongs to a wall", field="wall")
        plain = secrets.token_urlsafe(_TOKEN_BYTES)
        made = Token(
            id=secrets.token_hex(_ID_BYTES),
            name=name,
            role=role,
            sha256=_digest(plain),
            created_at=now,
            mode=mode,
            wall=wall,
        )
        self._book.change(lambda known: (*_without_namesake(known, name), made))
        return plain

    def revoke(self, name: str) -> None:
        """Forget the token; sessions opened with it end too. Raises NotFound."""
        self._book.change(lambda known: _without(known, name))


def _without_namesake(known: tuple[Token, ...], name: str) -> tuple[Token, ...]:
    if any(token.name == name for token in known):
        raise BadSettings(f"there is a token named {name} already; revoke it first or choose another", field="name")
    return known


def _without(known: tuple[Token, ...], name: str) -> tuple[Token, ...]:
    kept = tuple(token for token in known if token.name != name)
    if len(kept) == len(known):
        raise NotFound(f"there is no token named {name}; `layar token list` prints those there are")
    return kept


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()
