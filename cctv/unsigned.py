"""Take the credentials out of a camera's URL, wherever they hide in it. Pure; no message ever repeats the URL.

`rtsp://admin:rahasia@10.0.0.7/1` hides them before the host; `…/snapshot.cgi?user=admin&pwd=rahasia` and
`…/user=admin_password=rahasia_channel=1` further down, where `{user}` and `{password}` then keep their places.
"""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from cctv.address import PASSWORD_PLACE, USER_PLACE
from cctv.secrets import Credentials

_NAMED = re.compile(
    r"(?i)(?<![a-z])(?P<name>user(?:name)?|usr|login(?:use|pas)?|account|p(?:ass)?wd|pass(?:word)?|psw|token|key|auth|secret)"
    r"=(?P<value>[^&/;?#]*?)(?=[&/;?#]|_(?:user|pass|channel|stream)|$)"
)
_USER_NAMES = frozenset({"user", "username", "usr", "login", "loginuse", "account"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsigned:
    """A URL that may be shown, and what was taken out of it; `why` says what makes it unreadable instead."""

    url: str = ""
    credentials: Credentials | None = None
    why: str | None = None


def unsigned(url: str) -> Unsigned:
    """The URL without its credentials."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return Unsigned(why="the address cannot be read; write / ? # @ : in a password as %2F %3F %23 %40 %3A")
    if parts.fragment or ("@" in parts.path + parts.query and "@" not in parts.netloc):
        return Unsigned(why="has a # or a late @; write / ? # @ : in a password as %2F %3F %23 %40 %3A")
    return _without_named(parts)


def _without_named(parts: SplitResult) -> Unsigned:
    users, passwords = set[str](), set[str]()
    if "@" in parts.netloc:
        users.add(unquote(parts.username or ""))
        passwords.add(unquote(parts.password or ""))

    def place(found: re.Match[str]) -> str:
        is_user = found["name"].lower() in _USER_NAMES
        place = USER_PLACE if is_user else PASSWORD_PLACE
        if found["value"] != place:
            (users if is_user else passwords).add(unquote(found["value"]))
        return f"{found['name']}={place}"

    bare = parts._replace(
        netloc=parts.netloc.rpartition("@")[2], path=_NAMED.sub(place, parts.path), query=_NAMED.sub(place, parts.query)
    )
    if len(users) > 1 or len(passwords) > 1:
        return Unsigned(why="holds two different users or passwords; put them into the columns user and password")
    if not users and not passwords:
        return Unsigned(url=urlunsplit(bare))
    credentials = Credentials(user=next(iter(users), ""), password=next(iter(passwords), ""))
    return Unsigned(url=urlunsplit(bare), credentials=credentials)
