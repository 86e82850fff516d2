"""Users: people who sign in by name and password, or through the city's own sign-in (dashboard/oidc.py).

Passwords are kept as Argon2id. `stamp` is made anew by whatever must end a person's sessions: another password, role or
state, or signing out everywhere.
"""

import hmac
import re
import secrets
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY
from pydantic import TypeAdapter

from dashboard.secret_book import SecretBook
from dashboard.tokens import Grant
from geodata.errors import BadInput, NotFound, StoreUnavailable

FILE_NAME = "users.json"
ROLES: tuple[Grant, ...] = ("admin", "supervisor", "operator", "head", "visitor")
"""What a person may be; `wall` and `ingest` are for screens and machines, by token."""
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 256
MOST_USERS = 2_000
_ID_BYTES = 8
_MADE_BYTES = 15
_NAME = re.compile(r"[\w][\w.@+-]{0,63}")
_AT_ONCE = 2
_WAIT_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """One person. `hash` is empty, and `subject` said, for who comes through the city's own sign-in.

    `agency` is the only one whose figures a head is shown; None: all.
    """

    id: str
    name: str
    role: Grant
    hash: str
    stamp: str
    created_at: datetime
    agency: str | None = None
    is_disabled: bool = False
    subject: str | None = None

    @property
    def proof(self) -> str:
        """What a session holds: it is worth nothing once the stamp is another one."""
        return f"u.{self.id}.{self.stamp}"

    def __repr__(self) -> str:
        return f"User({self.name}, {self.role})"


_FILE = TypeAdapter(tuple[User, ...])


class UserBook:
    """`DIR/users.json`. Every method may be called from any thread and sees what other processes wrote."""

    def __init__(self, path: Path, hasher: PasswordHasher | None = None) -> None:
        self._book = SecretBook(path, _FILE, "put back a copy, or delete it and add the users anew")
        self._hasher = hasher or PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._seats = threading.BoundedSemaphore(_AT_ONCE)
        self._of_nobody = _hash_of_nobody(self._hasher)

    def users(self) -> tuple[User, ...]:
        """All users, in order of creation. Raises BadSettings when the file cannot be read."""
        return self._book.all()

    def named(self, name: str) -> User | None:
        """The user of this name, in whatever case it is typed."""
        return next((user for user in self.users() if user.name.casefold() == name.casefold()), None)

    def with_proof(self, id_: str, stamp: str) -> User | None:
        """The user a session speaks of, while it is worth something."""
        found = next((user for user in self.users() if hmac.compare_digest(user.id, id_)), None)
        if found is None or found.is_disabled or not hmac.compare_digest(found.stamp, stamp):
            return None
        return found

    def check(self, name: str, password: str) -> User | None:
        """The user, if the password is theirs and they may come in.

        The same work is done for a name that nobody has. Raises StoreUnavailable while others are being looked at.
        """
        user = self.named(name)
        is_right = self._matches(user.hash if user and user.hash else self._of_nobody, password)
        if user is None or not user.hash or user.is_disabled or not is_right:
            return None
        if self._hasher.check_needs_rehash(user.hash):
            self._replace(user.name, hash=self._hashed(password))
        return user

    def create(self, *, name: str, role: Grant, password: str, now: datetime, agency: str | None = None) -> User:
        """Add a person. Raises BadInput."""
        _refuse_bad_password(name, password)
        return self._add(name, role, self._hashed(password), now, agency, None)

    def fits(self, name: str) -> bool:
        """Whether somebody may be called so."""
        return _NAME.fullmatch(name) is not None

    def with_subject(self, subject: str) -> User | None:
        """Who is this person of the city's own sign-in here."""
        return next((user for user in self.users() if user.subject == subject), None)

    def of_subject(self, *, subject: str, name: str, role: Grant, agency: str | None, now: datetime) -> User:
        """Who comes from the city's own sign-in, as it knows them today. Raises BadInput.

        A name that a local user has already is refused: nobody becomes another by a name chosen elsewhere.
        """
        known = self.with_subject(subject)
        if known is None:
            return self._add(name, role, "", now, agency, subject)
        if (known.role, known.agency) != (role, agency):
            return self._replace(known.name, role=role, agency=agency, stamp=_new_stamp())
        return known

    def set_password(self, name: str, password: str) -> User:
        """Another password; every session ends. Raises BadInput, NotFound."""
        user = self._known(name)
        if user.subject is not None:
            raise BadInput(f"{user.name} signs in elsewhere and has no password here", field="name")
        _refuse_bad_password(user.name, password)
        return self._replace(user.name, hash=self._hashed(password), stamp=_new_stamp())

    def set_role(self, name: str, role: Grant, agency: str | None) -> User:
        """Another post; every session ends. Raises BadInput, NotFound."""
        _refuse_bad_role(role)
        return self._replace(self._known(name).name, role=role, agency=agency, stamp=_new_stamp())

    def set_disabled(self, name: str, *, is_disabled: bool) -> User:
        """Keep a person out, or let them in again; every session ends. Raises NotFound."""
        return self._replace(self._known(name).name, is_disabled=is_disabled, stamp=_new_stamp())

    def sign_out_everywhere(self, name: str) -> User:
        """End every session of a person. Raises NotFound."""
        return self._replace(self._known(name).name, stamp=_new_stamp())

    def remove(self, name: str) -> None:
        """Forget a person; every session ends. Raises NotFound."""
        gone = self._known(name).id
        self._book.change(lambda known: tuple(user for user in known if user.id != gone))

    def _known(self, name: str) -> User:
        user = self.named(name)
        if user is None:
            raise NotFound(f"there is no user {name[:64]!r}; `layar user list` prints those there are")
        return user

    def _add(  # noqa: PLR0913, PLR0917 — what a user is
        self, name: str, role: Grant, hashed: str, now: datetime, agency: str | None, subject: str | None
    ) -> User:
        _refuse_bad_role(role)
        if not _NAME.fullmatch(name):
            raise BadInput("name: 1 to 64 letters, digits, . _ @ + -", field="name")
        made = User(
            id=secrets.token_hex(_ID_BYTES),
            name=name,
            role=role,
            hash=hashed,
            stamp=_new_stamp(),
            created_at=now,
            agency=agency,
            subject=subject,
        )
        self._book.change(lambda known: (*_without_namesake(known, name), made))
        return made

    def _replace(self, name: str, **changes: Any) -> User:  # noqa: ANN401 — fields of User
        changed: list[User] = []

        def to(known: tuple[User, ...]) -> tuple[User, ...]:
            changed[:] = [replace(user, **changes) for user in known if user.name == name]
            return tuple(changed[0] if changed and user.name == name else user for user in known)

        self._book.change(to)
        if not changed:
            raise NotFound(f"there is no user {name!r} any more")
        return changed[0]

    def _hashed(self, password: str) -> str:
        with self._seat():
            return self._hasher.hash(password)

    def _matches(self, hashed: str, password: str) -> bool:
        with self._seat():
            try:
                return self._hasher.verify(hashed, password[:LONGEST_PASSWORD])
            except (VerificationError, InvalidHashError):
                return False

    @contextmanager
    def _seat(self) -> Iterator[None]:
        """Each try takes 64 MB, so few are made at once, and the next ones wait not for ever."""
        if not self._seats.acquire(timeout=_WAIT_S):
            raise StoreUnavailable("too many people sign in just now; try again in a moment")
        try:
            yield
        finally:
            self._seats.release()


def new_password() -> str:
    """One that nobody guesses and that can be read out: 24 letters and digits in groups of four."""
    said = secrets.token_hex(_MADE_BYTES)[:24]
    return "-".join(said[at : at + 4] for at in range(0, len(said), 4))


def _hash_of_nobody(hasher: PasswordHasher) -> str:
    """One that no password has, and that costs what any other costs."""
    salt, hashed = (b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${hashed}"


def _new_stamp() -> str:
    return secrets.token_hex(_ID_BYTES)


def _refuse_bad_role(role: Grant) -> None:
    if role not in ROLES:
        raise BadInput(f"role: a person is {', '.join(ROLES)}; screens and machines have tokens", field="role")


def _refuse_bad_password(name: str, password: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadInput(
            f"password: {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; a few words in a row do", field="password"
        )
    if name.casefold() == password.casefold() or len(set(password)) < SHORTEST_PASSWORD // 3:
        raise BadInput("password: not the name, and not the same few characters again and again", field="password")


def _without_namesake(known: tuple[User, ...], name: str) -> tuple[User, ...]:
    if any(user.name.casefold() == name.casefold() for user in known):
        raise BadInput(f"there is a user {name} already", field="name")
    if len(known) >= MOST_USERS:
        raise BadInput(f"there are {MOST_USERS} users already; remove some first", field="name")
    return known
