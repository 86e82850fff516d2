"""Signed-in browsers: Flask-Login over a signed cookie that names an account and holds no secret.

A session ends when its account is no more what it was (dashboard/accounts.py), when its days or hours are over, when a
person has done nothing for long, or when it was signed out, a copy of the cookie too. It survives a restart.
"""

import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Request, Response, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from itsdangerous import BadSignature
from pydantic import TypeAdapter

from dashboard.accounts import Account, Accounts
from dashboard.config import AccessSettings
from dashboard.secret_book import SecretBook, write_secret
from dashboard.tokens import Token
from geodata.clock import Clock, epoch_s
from geodata.errors import BadSettings

FILE_NAME = "session.key"
ENDED_NAME = "sessions-ended.json"
COOKIE = "layar"
SECURE_COOKIE = "__Host-layar"
_KEY_BYTES = 32
_ID_BYTES = 12
_MOST_ENDED = 20_000
_MOST_READ = 4_096
_OFTEN = 20
"""So many times within the time a person may do nothing does the cookie learn that something was done."""
_BY_ITSELF = ("/beat", "/tiles")
"""How the paths end that pages POST to without anybody doing anything."""
_BEGAN, _DID, _ID = "began", "did", "sid"
_UNASKED = ("_id", "_fresh")
"""What Flask-Login notes for checks that are off here: two hundred bytes less of cookie with each picture asked for."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A session that was signed out, remembered until its cookie would have ended by itself."""

    id: str
    until_s: float


_FILE = TypeAdapter(tuple[Ended, ...])


class _SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """An account, as Flask-Login wants it."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def get_id(self) -> str:
        return self.account.proof


class _Cookies(SecureCookieSessionInterface):
    """Flask's signed cookie: out of reach of scripts and of other sites; over TLS bound to the host."""

    digest_method = staticmethod(hashlib.sha256)

    def __init__(self) -> None:
        self._said = lru_cache(_MOST_READ)(self._read)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """As Flask does; a cookie that comes again every second is not taken apart every second."""
        said = request.cookies.get(self.get_cookie_name(app))
        known = self._said(app, said) if said else None
        oldest_s = time.time() - app.permanent_session_lifetime.total_seconds()
        return self.session_class(known[0] if known and known[1] >= oldest_s else None)

    def _read(self, app: Flask, said: str) -> tuple[dict[str, Any], float] | None:
        """What a cookie of ours holds and when it was signed; None for any other."""
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            return None
        try:
            held, signed_at = serializer.loads(said, return_timestamp=True)
        except BadSignature:
            return None
        return held, signed_at.timestamp()

    def get_cookie_name(self, _app: Flask) -> str:
        """Over TLS the name itself makes browsers refuse a cookie set by a neighbour host or without TLS."""
        return SECURE_COOKIE if request.is_secure else COOKIE

    def get_cookie_secure(self, _app: Flask) -> bool:
        return request.is_secure

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Only when it changed: an answer that says nothing of the session need not vary with it."""
        if session.modified:
            super().save_session(app, session, response)


def load_key(path: Path) -> bytes:
    """The installation's key; made on the first start. Raises BadSettings when it is damaged."""
    if not path.exists():
        write_secret(path, secrets.token_bytes(_KEY_BYTES))
    key = path.read_bytes()
    if len(key) != _KEY_BYTES:
        raise BadSettings(f"{path.name} is damaged; delete it, and every browser signs in again")
    return key


class Sessions:
    """Opens, reads and ends sessions of one server."""

    def __init__(self, data_dir: Path, accounts: Accounts, clock: Clock, settings: AccessSettings) -> None:
        self._key = load_key(data_dir / FILE_NAME)
        self._ended = SecretBook(data_dir / ENDED_NAME, _FILE, "delete it")
        self._known: tuple[tuple[Ended, ...], frozenset[str]] = ((), frozenset())
        self._accounts = accounts
        self._clock = clock
        self._of_screens = timedelta(days=settings.session_days)
        self._of_people = timedelta(hours=settings.person_hours)
        self._idle = timedelta(minutes=settings.idle_min)

    def register(self, server: Flask) -> None:
        """Let Flask-Login read and write the cookie of this server."""
        server.secret_key = self._key
        server.session_interface = _Cookies()
        server.config.update(
            SESSION_COOKIE_HTTPONLY=True,
            SESSION_COOKIE_SAMESITE="Strict",
            SESSION_COOKIE_PATH="/",
            PERMANENT_SESSION_LIFETIME=max(self._of_screens, self._of_people),
        )
        manager = LoginManager()
        manager.session_protection = None  # wall PCs change their address with every lease; the cookie is signed
        manager.user_loader(self._signed_in)
        server.login_manager = manager  # type: ignore[attr-defined]  # not init_app: nobody is remembered by a second cookie

    def account(self, *, is_deed: bool) -> Account | None:
        """Whose session the present request belongs to; None without one, and for one that has ended.

        `is_deed`: somebody did something, the page did not ask by itself.
        """
        signed = current_user._get_current_object()  # noqa: SLF001 — the way Flask's own proxies are opened
        if not isinstance(signed, _SignedIn):
            return None
        now_s = epoch_s(self._clock())
        if self._has_ended(signed.account, now_s):
            return None
        if is_deed and now_s - session[_DID] > self._idle.total_seconds() / _OFTEN:
            session[_DID] = int(now_s)
        return signed.account

    def id(self) -> str | None:
        """The name of the session that the present request belongs to; it says nothing of whose it is."""
        id_ = session.get(_ID)
        return id_ if isinstance(id_, str) else None

    def is_ended(self, id_: str | None) -> bool:
        """Whether somebody has signed out of it."""
        return id_ in self._ids_of_ended()

    def open(self, account: Account) -> None:
        """Let the browser keep a new session."""
        session.clear()
        now_s = int(epoch_s(self._clock()))
        session.update({_BEGAN: now_s, _DID: now_s, _ID: secrets.token_hex(_ID_BYTES)})
        session.permanent = True
        login_user(_SignedIn(account))
        for name in _UNASKED:
            session.pop(name, None)

    def end(self) -> None:
        """Let the browser forget the session, and let no copy of it live."""
        id_, began_s = session.get(_ID), session.get(_BEGAN)
        logout_user()
        session.clear()
        if isinstance(id_, str) and isinstance(began_s, float | int):
            now_s = epoch_s(self._clock())
            ended = Ended(id_, began_s + self._of_screens.total_seconds())
            self._ended.change(lambda known: (*_still(known, now_s), ended)[-_MOST_ENDED:])

    def _signed_in(self, proof: str) -> _SignedIn | None:
        account = self._accounts.of(proof)
        return None if account is None else _SignedIn(account)

    def _has_ended(self, account: Account, now_s: float) -> bool:
        began_s, did_s, id_ = session.get(_BEGAN), session.get(_DID), session.get(_ID)
        if not isinstance(began_s, float | int) or not isinstance(did_s, float | int):
            return True
        if self.is_ended(id_):
            return True
        if isinstance(account, Token):
            return now_s - began_s > self._of_screens.total_seconds()
        return now_s - began_s > self._of_people.total_seconds() or now_s - did_s > self._idle.total_seconds()

    def _ids_of_ended(self) -> frozenset[str]:
        """Made anew only when the file changed: the book gives the same tuple until then."""
        ended, ids = self._known
        if (now := self._ended.all()) is not ended:
            ids = frozenset(one.id for one in now)
            self._known = (now, ids)
        return ids


def _still(known: tuple[Ended, ...], now_s: float) -> tuple[Ended, ...]:
    return tuple(one for one in known if one.until_s > now_s)


def is_deed(asked: Request) -> bool:
    """Whether somebody did something, as far as a server can tell: a page was opened or something was changed."""
    if asked.path.endswith(_BY_ITSELF):
        return False
    return asked.method not in {"GET", "HEAD", "OPTIONS"} or asked.headers.get("Sec-Fetch-Mode") == "navigate"
