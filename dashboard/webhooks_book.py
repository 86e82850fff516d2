"""The webhooks of this city, in and out: `DIR/hook-secrets.json`, readable by its owner alone: it holds their secrets.

An HMAC needs the secret itself on both sides, so a hash of it would not do. It is shown once, when it is made.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from cctv.guard import networks_of
from dashboard.secret_book import write_secret
from dashboard.webhooks_sign import new_secret
from geodata.errors import BadSettings, NotFound
from layers.event import Mode

FILE_NAME = "hook-secrets.json"
MOST_HOOKS = 16
Form = Literal["agency", "public"]
Change = Literal["reported", "status"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InHook:
    """Who knows the secret may bring what this feed reads; `name` is part of the source of its events."""

    name: str
    feed: str
    secret: str = field(repr=False)
    created_at: datetime
    mode: Mode = "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutHook:
    """Where to tell of incidents. `allow`: networks besides the public Internet in which the receiver may be.

    `form`: what is told ("agency": all but free text; "public": what visitors see, as late as they see it).
    `changes`, `categories` (ids; none: all): of what.
    """

    name: str
    url: str = field(repr=False)
    secret: str = field(repr=False)
    created_at: datetime
    form: Form = "agency"
    changes: tuple[Change, ...] = ("reported", "status")
    categories: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    mode: Mode = "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """All of them."""

    incoming: tuple[InHook, ...] = ()
    outgoing: tuple[OutHook, ...] = ()


_FILE = TypeAdapter(Hooks)


class HookBook:
    """`DIR/hook-secrets.json`. Every method sees what other processes wrote."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE_NAME

    def hooks(self) -> Hooks:
        """All of them. Raises BadSettings when the file cannot be read."""
        try:
            return _FILE.validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return Hooks()
        except (OSError, ValidationError):
            pass  # raised out here: validation errors quote what they stumble over
        raise BadSettings(f"{FILE_NAME} is damaged; put back a copy, or delete it and make new hooks")

    def incoming(self, name: str) -> InHook | None:
        """The one of that name."""
        return next((one for one in self.hooks().incoming if one.name == name), None)

    def outgoing(self, name: str) -> OutHook | None:
        """The one of that name."""
        return next((one for one in self.hooks().outgoing if one.name == name), None)

    def add(self, hook: InHook | OutHook) -> None:
        """Raises BadSettings when there is one of that name, or too many."""
        with self._alone():
            known = self.hooks()
            _refuse(hook, known)
            kept = (
                Hooks(incoming=(*known.incoming, hook), outgoing=known.outgoing)
                if isinstance(hook, InHook)
                else Hooks(incoming=known.incoming, outgoing=(*known.outgoing, hook))
            )
            write_secret(self._path, _FILE.dump_json(kept, indent=1))

    def revoke(self, name: str) -> None:
        """Forget it, at once. Raises NotFound."""
        with self._alone():
            known = self.hooks()
            kept = Hooks(
                incoming=tuple(one for one in known.incoming if one.name != name),
                outgoing=tuple(one for one in known.outgoing if one.name != name),
            )
            if kept == known:
                raise NotFound(f"there is no hook named {name}; `layar hook list` prints those there are")
            write_secret(self._path, _FILE.dump_json(kept, indent=1))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_name(f".{FILE_NAME}.lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _refuse(hook: InHook | OutHook, known: Hooks) -> None:
    names = {one.name for one in known.incoming} | {one.name for one in known.outgoing}
    if hook.name in names:
        raise BadSettings(f"there is a hook named {hook.name} already; revoke it first or choose another", field="name")
    if len(names) >= MOST_HOOKS:
        raise BadSettings(f"there are {len(names)} hooks, at most {MOST_HOOKS} are kept", field="name")


def new_in_hook(name: str, feed: str, now: datetime, mode: Mode) -> InHook:
    """With a secret of its own."""
    return InHook(name=name, feed=feed, secret=new_secret(), created_at=now, mode=mode)


def checked_url(url: str, allow: tuple[str, ...]) -> str:
    """HTTPS; plain HTTP only where `allow` names the receiver's network, which is then the city's own.

    Raises BadSettings.
    """
    try:
        networks_of(allow)
        there = urlsplit(url)
        port = there.port
    except ValueError as error:
        raise BadSettings(f"the address or a network cannot be read: {error}", field="url") from None
    if there.scheme not in ({"https", "http"} if allow else {"https"}) or not there.hostname or port == 0:
        raise BadSettings("write the address like https://host/path (http only with --allow NETWORK)", field="url")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise BadSettings("percent-encode what is no plain letter in the address", field="url")
    if there.username is not None or there.password is not None or there.fragment:
        raise BadSettings("no user, password or # in the address: the signature proves who sends", field="url")
    return url
