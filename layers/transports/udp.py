"""UDP: one datagram is one payload, from whom `allow` names; also of a multicast group, as TAK devices use it."""

import socket
import struct
import threading
from contextlib import suppress
from ipaddress import ip_address
from typing import Self

from pydantic import Field, model_validator

from layers.layer import Words
from layers.listening import CANNOT_LISTEN, Backlog, ListenSettings, silent_after
from layers.transport import Line, Transport

_LARGEST = 65_535
_LOOK_S = 0.5
_AGAIN_S = 5.0
_BUFFER = 1 << 20


class UdpSettings(ListenSettings):
    """[[feeds]] transport = "udp": datagrams, one message each."""

    group: str | None = Field(default=None, max_length=45, description="IPv4 multicast group to join, as 239.2.3.1")

    @model_validator(mode="after")
    def _is_a_group(self) -> Self:
        if self.group is not None:
            try:
                is_group = ip_address(self.group).is_multicast and ":" not in self.group
            except ValueError:
                is_group = False
            if not is_group:
                raise ValueError(f"group: {self.group!r} is no IPv4 multicast group")
        return self


def open_socket(settings: UdpSettings) -> socket.socket:
    """Bound, and a member of its group. Raises OSError."""
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        if settings.group is not None:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            card = socket.inet_aton("0.0.0.0" if settings.host == "0.0.0.0" else settings.host)  # noqa: S104 — what the settings say
            membership = struct.pack("4s4s", socket.inet_aton(settings.group), card)
            listener.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
        listener.bind((settings.group or settings.host, settings.port))
        listener.settimeout(_LOOK_S)
    except OSError:
        listener.close()
        raise
    return listener


def run(settings: UdpSettings, line: Line, stopping: threading.Event) -> None:
    """Listen until told to stop."""
    backlog = Backlog(line)
    while not stopping.is_set():
        try:
            listener = open_socket(settings)
        except OSError:
            line.tell.failed(CANNOT_LISTEN)
            stopping.wait(_AGAIN_S)
            continue
        with listener:
            _listen(listener, settings, backlog, stopping)


def _listen(listener: socket.socket, settings: UdpSettings, backlog: Backlog, stopping: threading.Event) -> None:
    while not stopping.is_set():
        with suppress(TimeoutError, ConnectionError):  # an error here is about a datagram of the past
            payload, (address, *_) = listener.recvfrom(_LARGEST)
            if payload and settings.may_send(address):
                backlog.take(payload, settings.sender(address))
                continue
        backlog.flush()


TRANSPORT = Transport(
    title=Words(id="Datagram (UDP)", en="Datagrams (UDP)"), settings=UdpSettings, run=run, silent_s=silent_after
)
