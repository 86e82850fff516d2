"""Where the names in a list of cameras lead, asked of the network once and not for long.

A name nobody knows just now is no reason to refuse a camera: where it leads is checked again at each connection.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from urllib.parse import urlsplit

from cctv.camera import Camera
from cctv.faults import Broken
from cctv.guard import Guard, numeric
from cctv.wire import resolve

_AT_ONCE = 8
_ONE_S = 2.0
_ALL_S = 5.0
_ANY_PORT = 0
_NETLESS = frozenset({"file", "sim", "udp", "rtp"})


def astray(cameras: Iterable[Camera], guard: Guard) -> frozenset[str]:
    """The ids of those whose names lead only to addresses where no camera may be."""
    named = [(camera.id, host) for camera in cameras if (host := _name(camera.url))]
    forbidden = _forbidden({host for _, host in named}, guard)
    return frozenset(camera_id for camera_id, host in named if host in forbidden)


def _name(url: str) -> str | None:
    parts = urlsplit(url)
    host = None if parts.scheme in _NETLESS else parts.hostname
    return host if host and numeric(host) is None else None


def _forbidden(hosts: set[str], guard: Guard) -> frozenset[str]:
    if not hosts:
        return frozenset()
    pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="name lookup")
    asked = {pool.submit(_is_forbidden, host, guard): host for host in hosts}
    answered, _ = wait(asked, timeout=_ALL_S)
    pool.shutdown(wait=False, cancel_futures=True)
    return frozenset(asked[one] for one in answered if one.result())


def _is_forbidden(host: str, guard: Guard) -> bool:
    try:
        resolve(host, _ANY_PORT, _ONE_S, guard)
    except Broken:
        return True
    except (OSError, UnicodeError):
        return False
    return False
