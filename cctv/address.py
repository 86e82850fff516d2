"""Where a camera is: its URL taken apart, and put together with its credentials at the last moment."""

from dataclasses import dataclass, replace
from urllib.parse import SplitResult, quote, urlsplit

from cctv.camera import Reach
from cctv.faults import Broken
from cctv.wire import resolve

_PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443, "rtmp": 1935}
_PLAIN = "%/:=&?~+!$,;'@()*[]"
USER_PLACE = "{user}"
PASSWORD_PLACE = "{password}"  # noqa: S105 — the place of one


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What to connect to and what to ask for there. `target` may hold credentials: it is not for showing."""

    scheme: str
    host: str
    port: int
    target: str

    def __repr__(self) -> str:
        return "Address(…)"

    @property
    def is_tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.scheme in {"https", "rtsps"}

    @property
    def host_and_port(self) -> str:
        """As in a Host header: the port only where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def address_of(reach: Reach) -> Address:
    """The network address of a camera. Raises Broken when its URL has none."""
    try:
        parts = urlsplit(_filled(reach))
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise Broken("no_source") from None
    if not parts.hostname:
        raise Broken("unknown_host")
    return Address(scheme=parts.scheme, host=parts.hostname, port=port, target=_target(parts))


def pinned_url(reach: Reach) -> str:
    """The URL as FFmpeg wants it: with an address that the guard allows in the place of the name, and the credentials.

    Never to be shown, logged or raised. Raises Broken and OSError.
    """
    address = address_of(reach)
    host = resolve(address.host, address.port, reach.open_timeout_s, reach.guard)
    pinned = replace(address, host=host)
    return f"{pinned.scheme}://{_userinfo(reach)}{pinned.host_and_port}{pinned.target}"


def _userinfo(reach: Reach) -> str:
    if reach.username is None or USER_PLACE in reach.camera.url or PASSWORD_PLACE in reach.camera.url:
        return ""
    return f"{quote(reach.username, safe='')}:{quote(reach.password or '', safe='')}@"


def _filled(reach: Reach) -> str:
    user, password = quote(reach.username or "", safe=""), quote(reach.password or "", safe="")
    return reach.camera.url.replace(USER_PLACE, user).replace(PASSWORD_PLACE, password)


def _target(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe=_PLAIN)
    return f"{path}?{quote(parts.query, safe=_PLAIN)}" if parts.query else path
