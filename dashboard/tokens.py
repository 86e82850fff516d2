"""Tokens: who may bring events and who may look. Shown once, kept as SHA-256, forgotten when revoked.

A token is 32 random bytes, so one plain hash is enough: there is nothing to guess. The file is written
whole and renamed into place; a running server reads it again as soon as it has changed.
"""

import fcntl
import hashlib
import hmac
import os
import secrets
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from geodata.errors import BadSettings, NotFound
from layers.event import Mode

Grant = Literal["ingest", "visitor", "wall", "head", "operator", "supervisor", "admin"]
FILE_NAME = "tokens.json"
_TOKEN_BYTES = 32
_ID_BYTES = 8
_Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token as kept. `mode` stamps every event it brings; `id` may stand in a cookie, `sha256` may not."""

    id: str
    name: str
    role: Grant
    sha256: str
    created_at: datetime
    mode: Mode = "live"

    def __repr__(self) -> str:
        return f"Token({self.name}, {self.role})"


_FILE = TypeAdapter(tuple[Token, ...])


class TokenBook:
    """`DIR/tokens.json`. Every method may be called from any thread and sees what other processes wrote."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._read_at: _Stamp | None = None
        self._tokens: tuple[Token, ...] = ()

    def tokens(self) -> tuple[Token, ...]:
        """All tokens, in order of creation. Raises BadSettings when the file cannot be read."""
        with self._lock:
            stamp = _stamp(self._path)
            if stamp != self._read_at:
                self._tokens = _read(self._path) if stamp else ()
                self._read_at = stamp
            return self._tokens

    def named(self, id_: str) -> Token | None:
        """The token with this id, or None once it is revoked."""
        return next((token for token in self.tokens() if hmac.compare_digest(token.id, id_)), None)

    def check(self, said: str) -> Token | None:
        """Whose token this is; looks at every one of them, so that time tells nothing."""
        digest = _digest(said)
        found = [token for token in self.tokens() if hmac.compare_digest(token.sha256, digest)]
        return found[0] if found else None

    def create(self, *, name: str, role: Grant, now: datetime, mode: Mode = "live") -> str:
        """Make a token and keep its hash; gives the token itself, which nobody can read again."""
        with self._alone():
            return self._create(name, role, now, mode)

    def _create(self, name: str, role: Grant, now: datetime, mode: Mode) -> str:
        known = self.tokens()
        if any(token.name == name for token in known):
            raise BadSettings(f"there is a token named {name} already; revoke it first or choose another", field="name")
        plain = secrets.token_urlsafe(_TOKEN_BYTES)
        made = Token(
            id=secrets.token_hex(_ID_BYTES), name=name, role=role, sha256=_digest(plain), created_at=now, mode=mode
        )
        self._write((*known, made))
        return plain

    def revoke(self, name: str) -> None:
        """Forget the token; sessions opened with it end too. Raises NotFound."""
        with self._alone():
            self._revoke(name)

    def _revoke(self, name: str) -> None:
        known = self.tokens()
        kept = tuple(token for token in known if token.name != name)
        if len(kept) == len(known):
            raise NotFound(f"there is no token named {name}; `layar token list` prints those there are")
        self._write(kept)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process and no other thread changes the file meanwhile; what is read inside is the newest."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_name(f".{self._path.name}.lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with self._lock:
                self._read_at = None
            yield

    def _write(self, tokens: tuple[Token, ...]) -> None:
        write_secret(self._path, _FILE.dump_json(tokens, indent=1))
        with self._lock:
            self._read_at = None


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()


def _stamp(path: Path) -> _Stamp | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _read(path: Path) -> tuple[Token, ...]:
    try:
        return _FILE.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise BadSettings(f"{path.name} is damaged; put back a copy, or delete it and make new tokens") from error


def write_secret(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all, even when the power fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp makes it 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
