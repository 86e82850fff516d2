"""One POST to a receiver: one deadline for all of it, no redirects, only to addresses that are allowed."""

import ssl
import time
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from cctv.faults import Broken
from cctv.guard import Guard
from cctv.wire import connect

TIMEOUT_S = 10.0
_MOST_ANSWER = 4_096
_PORTS = {"http": 80, "https": 443}
_TAKEN = range(200, 300)
GONE = 410
"""A receiver that answers so wants nothing more."""


class NotTaken(Exception):
    """The receiver did not take it. The message is for people and holds no URL; `is_final`: it never will."""

    def __init__(self, message: str, *, is_final: bool = False) -> None:
        super().__init__(message)
        self.is_final = is_final


class _Pinned(HTTPConnection):
    """http.client on a connection of ours, which leads only where the guard allows."""

    def over(self, wire: Any) -> "_Pinned":  # noqa: ANN401 — a socket, plain or TLS
        self.sock = wire
        return self


def post(url: str, body: bytes, headers: dict[str, str], guard: Guard, timeout_s: float = TIMEOUT_S) -> None:
    """Raises NotTaken."""
    try:
        status = _post(url, body, headers, guard, timeout_s)
    except Broken:
        raise NotTaken("its address is not one that is allowed; see --allow") from None
    except ssl.SSLError:
        raise NotTaken("its certificate is not trusted") from None
    except TimeoutError:
        raise NotTaken(f"no answer within {timeout_s:g} s") from None
    except (OSError, HTTPException) as error:
        raise NotTaken(f"out of reach ({type(error).__name__})") from None
    if status not in _TAKEN:
        raise NotTaken(f"it answered {status}", is_final=status == GONE)


def _post(url: str, body: bytes, headers: dict[str, str], guard: Guard, timeout_s: float) -> int:
    there = urlsplit(url)
    host, is_tls = there.hostname or "", there.scheme == "https"
    began_s = time.monotonic()
    wire = connect(host, there.port or _PORTS[there.scheme], timeout_s, is_tls=is_tls, guard=guard)
    with wire:
        asked = _Pinned(host, there.port).over(wire)
        wire.settimeout(max(0.1, timeout_s - (time.monotonic() - began_s)))
        target = there.path or "/"
        asked.request("POST", f"{target}?{there.query}" if there.query else target, body, headers)
        answer = asked.getresponse()
        answer.read(_MOST_ANSWER)
        return answer.status
