"""A TCP connection on which every wait counts against one deadline.

A socket's own time-out starts anew with every byte, so that a camera sending one byte a second can hold a
reader for hours. Here the clock runs until the whole thing asked for has arrived.
"""

import socket
import ssl
import time
from typing import Any


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


def connect(host: str, port: int, timeout_s: float, *, is_tls: bool = False) -> Wire:
    """A connection whose deadline is `timeout_s` from now, this call included. Raises OSError."""
    deadline_s = time.monotonic() + timeout_s
    plain = socket.create_connection((host, port), timeout_s)
    wire = DeadlineSocket(plain.family, plain.type, plain.proto, fileno=plain.detach())
    wire.settimeout(_left_s(deadline_s))
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not is_tls:
        wire.deadline_s = deadline_s
        return wire
    return _secured(wire, host, deadline_s)


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
