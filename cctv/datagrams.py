"""MPEG-TS that is sent to us by UDP, plain or in RTP: a port of ours is opened, nobody is asked for anything.

`udp://10.0.0.7:5000` takes what that camera sends to port 5000, `udp://239.1.1.7:5000` what anybody sends to that
group; nothing else is listened to.
"""

import socket
import struct
import time
from ipaddress import ip_address
from urllib.parse import urlsplit

from cctv.camera import Reach
from cctv.faults import Broken
from cctv.faults import fault_of as fault_of_system
from cctv.wire import resolve

_BUFFER_BYTES = 2_000_000
_LARGEST = 65_536
_NAP_S = 0.05
_RTP_HEADER = 12
_SYNC = 0x47


class UdpFeed:
    """Raises Broken or OSError when made; see `cctv/feed.py: Feed`."""

    def __init__(self, reach: Reach) -> None:
        self.fault: str | None = None
        self.is_steady = False
        self._deadline_s = float("inf")
        self._left = b""
        parts = urlsplit(reach.camera.url)
        host, port = parts.hostname or "", parts.port or 0
        if port in reach.guard.own_ports:
            raise Broken("forbidden_address")
        group = _group(host)
        self._sender = None if group else resolve(host, port, reach.open_timeout_s, reach.guard)
        self._socket = _listening(group, port, self._sender)

    def read(self, size: int) -> bytes:
        """Whole datagrams as far as they fit; what is left of the last comes first the next time."""
        if self.fault:
            return b""  # FFmpeg asks once more
        try:
            parts = [self._left or self._first()]
            if self.is_steady:
                time.sleep(_NAP_S)
            total = len(parts[0])
            while total < size and (more := self._waiting()):
                parts.append(more)
                total += len(more)
        except OSError as error:
            self.fault = fault_of_system(error)
            return b""
        data = b"".join(parts)
        self._left = data[size:]
        return data[:size]

    def within(self, timeout_s: float) -> None:
        """Give what is read from now on a new deadline."""
        self._deadline_s = time.monotonic() + timeout_s

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()

    def _first(self) -> bytes:
        while True:
            left_s = self._deadline_s - time.monotonic()
            if left_s <= 0:
                raise TimeoutError
            self._socket.settimeout(left_s)
            if data := self._received():
                return data

    def _waiting(self) -> bytes:
        """One more that has come already, or nothing."""
        self._socket.settimeout(0)
        try:
            while not (data := self._received()):
                pass
        except BlockingIOError:
            return b""
        return data

    def _received(self) -> bytes:
        """One datagram; nothing where a stranger sent it."""
        data, sender = self._socket.recvfrom(_LARGEST)
        if self._sender is not None and sender[0].removeprefix("::ffff:") != self._sender:
            return b""
        return carried(data)


def carried(datagram: bytes) -> bytes:
    """The MPEG-TS in a datagram: plain, or after an RTP header with its lists and extension; nothing in any other."""
    if datagram[:1] == bytes((_SYNC,)):
        return datagram
    if len(datagram) < _RTP_HEADER or datagram[0] >> 6 != 2:  # noqa: PLR2004 — RTP's version
        return b""
    at = _RTP_HEADER + 4 * (datagram[0] & 0x0F)
    if datagram[0] & 0x10:
        at += 4 + 4 * int.from_bytes(datagram[at + 2 : at + 4], "big")
    end = len(datagram) - (datagram[-1] if datagram[0] & 0x20 else 0)
    return datagram[at:end] if datagram[at : at + 1] == bytes((_SYNC,)) else b""


def _group(host: str) -> str | None:
    """The multicast group a host is, if it is one."""
    try:
        return host if ip_address(host).is_multicast else None
    except ValueError:
        return None


def _listening(group: str | None, port: int, sender: str | None) -> socket.socket:
    is_v6 = ":" in (group or sender or "")
    one = socket.socket(socket.AF_INET6 if is_v6 else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
        if group:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _bind(one, (group or ("::" if is_v6 else "0.0.0.0"), port))  # noqa: S104 — strangers' datagrams are dropped
        if group:
            _join(one, group, is_v6=is_v6)
    except (Broken, OSError):
        one.close()
        raise
    return one


def _bind(one: socket.socket, place: tuple[str, int]) -> None:
    try:
        one.bind(place)
    except OSError:
        raise Broken("port_taken") from None


def _join(one: socket.socket, group: str, *, is_v6: bool) -> None:
    if is_v6:
        wanted = socket.inet_pton(socket.AF_INET6, group) + struct.pack("@I", 0)
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, wanted)
        return
    wanted = socket.inet_aton(group) + struct.pack("!I", socket.INADDR_ANY)
    one.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, wanted)
