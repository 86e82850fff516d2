"""A TCP connection on which every wait counts against one deadline.

A socket's own time-out starts anew with every byte, so that a camera sending one byte a second can hold a
reader for hours. Here the clock runs until the whole thing asked for has arrived.
"""

import socket
import ssl
import threading
import time
from queue import Empty, SimpleQueue
from typing import Any

from cctv.faults import Broken
from cctv.guard import Guard, guard_for

_Place = tuple[socket.AddressFamily, Any]
_LOOKUPS = threading.BoundedSemaphore(16)
"""Names being looked up at once: the system's resolver cannot be interrupted, so its threads are counted."""


class DeadlineSocket(socket.socket):
    """A socket whose reads fail with TimeoutError once `deadline_s` (monotonic) has passed."""

    deadline_s = float("inf")

    def recv_into(self, *args: Any, **kwargs: Any) -> int:  # noqa: ANN401 — the standard library's signature
        """Read what is there, waiting no longer than the deadline allows."""
        self.settimeout(_left_s(self.deadline_s))
        return super().recv_into(*args, **kwargs)


class DeadlineTlsSocket(ssl.SSLSocket):
    """The same over TLS."""

    deadline_s = float("inf")

    def recv_into(self, *args: Any, **kwargs: Any) -> int:  # noqa: ANN401 — the standard library's signature
        """Read what is there, waiting no longer than the deadline allows."""
        self.settimeout(_left_s(self.deadline_s))
        return super().recv_into(*args, **kwargs)


Wire = DeadlineSocket | DeadlineTlsSocket


def connect(host: str, port: int, timeout_s: float, *, is_tls: bool = False, guard: Guard | None = None) -> Wire:
    """A connection whose deadline is `timeout_s` from now, this call included. Raises OSError.

    It leads to an address that `guard` (where none is given, the usual one) allows, or Broken is raised: what is
    checked is what is connected to, so that a name cannot lead elsewhere in between.
    """
    deadline_s = time.monotonic() + timeout_s
    places = _allowed(_places(host, port, deadline_s), port, guard or guard_for())
    wire = _first_reached(places, deadline_s)
    try:
        wire.settimeout(_left_s(deadline_s))
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError:  # the time is over, or the camera has hung up already
        wire.close()
        raise
    if not is_tls:
        wire.deadline_s = deadline_s
        return wire
    return _secured(wire, host, deadline_s)


def resolve(host: str, port: int, timeout_s: float, guard: Guard) -> str:
    """The first address of a host where a camera may be. Raises OSError, and Broken when it has none such."""
    places = _places(host, port, time.monotonic() + timeout_s)
    return str(_allowed(places, port, guard)[0][1][0])


def _allowed(places: list[_Place], port: int, guard: Guard) -> list[_Place]:
    allowed = [(family, address) for family, address in places if guard.allows(str(address[0]), port)]
    if places and not allowed:
        raise Broken("forbidden_address")
    return allowed


def _places(host: str, port: int, deadline_s: float) -> list[_Place]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except socket.gaierror:
        return _looked_up(host, port, deadline_s)
    return [(family, address) for family, _, _, _, address in found]


def _looked_up(host: str, port: int, deadline_s: float) -> list[_Place]:
    """Ask the network for a name's addresses, in a thread that may be left behind."""
    if not _LOOKUPS.acquire(timeout=_left_s(deadline_s)):
        raise TimeoutError
    said = SimpleQueue[list[_Place] | OSError]()

    def look() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            said.put([(family, address) for family, _, _, _, address in found])
        except OSError as error:
            said.put(error)
        finally:
            _LOOKUPS.release()

    threading.Thread(target=look, name="name lookup", daemon=True).start()
    try:
        answer = said.get(timeout=_left_s(deadline_s))
    except Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def _first_reached(places: list[_Place], deadline_s: float) -> DeadlineSocket:
    """A connection to the first that answers; each has its share of the time that is left."""
    failure = OSError("no address")
    for number, (family, address) in enumerate(places):
        wire = DeadlineSocket(family, socket.SOCK_STREAM)
        try:
            wire.settimeout((_left_s(deadline_s) or 0.0) / (len(places) - number))
            wire.connect(address)
        except OSError as error:
            wire.close()
            failure = error
        else:
            return wire
    raise failure


def _secured(wire: DeadlineSocket, host: str, deadline_s: float) -> DeadlineTlsSocket:
    context = ssl.create_default_context()
    context.sslsocket_class = DeadlineTlsSocket
    try:
        secured = context.wrap_socket(wire, server_hostname=host)
    except OSError:
        wire.close()
        raise
    assert isinstance(secured, DeadlineTlsSocket)  # noqa: S101 — the line above says which class it makes
    secured.deadline_s = deadline_s
    return secured


def _left_s(deadline_s: float) -> float | None:
    if deadline_s == float("inf"):
        return None
    left_s = deadline_s - time.monotonic()
    if left_s <= 0:
        raise TimeoutError
    return left_s
