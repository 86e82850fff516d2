"""Which addresses a camera may have, so that no list of cameras becomes a way into the network.

Cameras are looked for on private networks unless the city names others. This machine, link-local addresses and groups
are refused unless named themselves: `0.0.0.0/0` does not name them. What clouds keep at their metadata addresses, and
the ports of this server, are refused whatever is named.
Pure but for `is_this_machine`, which asks the kernel's routing table and sends nothing.
"""

import os
import socket
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from cctv.faults import Broken

Network = IPv4Network | IPv6Network
IpAddress = IPv4Address | IPv6Address
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
ENVIRONMENT = "LAYAR_CAMERA_ALLOW"
PORT = "LAYAR_SERVER_PORT"
"""Set by `layar serve` for the processes it starts: its port may be another than that of the settings."""
_LOOPBACK = tuple(map(ip_network, ("127.0.0.0/8", "::1/128", "0.0.0.0/8", "::/128")))
_SPECIAL = (
    *_LOOPBACK,
    *map(ip_network, ("169.254.0.0/16", "fe80::/10", "224.0.0.0/4", "ff00::/8", "240.0.0.0/4", "fec0::/10")),
)
_METADATA = frozenset(map(ip_address, ("169.254.169.254", "169.254.170.2", "fd00:ec2::254", "100.100.100.200")))
_NAT64 = IPv6Network("64:ff9b::/96")
_ANY_PORT = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """The networks in which cameras may be, and the ports of this machine that are never one.

    `is_outward`: the public Internet is meant too, as for the feeds of public agencies.
    """

    networks: tuple[Network, ...]
    own_ports: frozenset[int] = frozenset()
    is_outward: bool = False

    @property
    def inward(self) -> "Guard":
        """Without the Internet: for secrets that everybody on the way could read."""
        return replace(self, is_outward=False)

    def allows(self, address: str, port: int) -> bool:
        """Whether a camera may be there."""
        try:
            ip = _plain(ip_address(address.partition("%")[0]))
        except ValueError:
            return False
        if ip in _METADATA or not self._names(ip):
            return False
        if any(ip in special for special in _LOOPBACK):
            return port not in self.own_ports
        return not is_this_machine(ip) or (self._allows_this_machine and port not in self.own_ports)

    def refuses(self, host: str, port: int) -> bool:
        """Whether it is plain from the host itself, without asking a name server, that no camera may be there."""
        name = host.rstrip(".").casefold()
        if name == "localhost" or name.endswith(".localhost"):
            return not self.allows("127.0.0.1", port)
        address = numeric(host)
        return address is not None and not self.allows(address, port)

    @property
    def _allows_this_machine(self) -> bool:
        return self._names(ip_address("127.0.0.1")) or self._names(ip_address("::1"))

    def _names(self, ip: IpAddress) -> bool:
        if self.is_outward and ip.is_global and not ip.is_multicast:
            return True
        return any(ip in network and _is_meant(ip, network) for network in self.networks)


def _plain(ip: IpAddress) -> IpAddress:
    """The IPv4 address that an IPv6 one stands for, where it does."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


def _is_meant(ip: IpAddress, network: Network) -> bool:
    """A special address has to be named by a network that is no larger than what makes it special."""
    special = [one for one in _SPECIAL if ip in one]
    return all(network.prefixlen >= one.prefixlen for one in special)


def is_this_machine(ip: IpAddress) -> bool:
    """Whether the kernel would reach that address without leaving the machine."""
    family = socket.AF_INET if isinstance(ip, IPv4Address) else socket.AF_INET6
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((str(ip), _ANY_PORT))  # of UDP: a look at the routes, no packet
        return bool(ip_address(probe.getsockname()[0].partition("%")[0]) == ip)
    return False


def numeric(host: str) -> str | None:
    """The address that the system reads in a host that is no name: `10.1`, `0x7f000001` and `[::1]` are some too."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return None
    return str(found[0][4][0])


def networks_of(said: Iterable[str]) -> tuple[Network, ...]:
    """The networks as written. Raises ValueError that names the one that is none."""
    return tuple(_network(one.strip()) for one in said if one.strip())


def _network(said: str) -> Network:
    try:
        return ip_network(said)
    except ValueError:
        raise ValueError(f"{said[:60]!r} is no network, such as 10.0.0.0/8 or 192.168.7.20") from None


def guard_for(allow: Sequence[str] = PRIVATE, own_ports: Iterable[int] = ()) -> Guard:
    """The guard of these networks and of those that the environment adds. Raises ValueError."""
    more, port = os.environ.get(ENVIRONMENT, "").split(","), os.environ.get(PORT, "")
    ports = frozenset(own_ports) | ({int(port)} if port.isdecimal() else set())
    return Guard(networks=networks_of([*allow, *more]), own_ports=ports)


def refuse(guard: Guard, address: str, port: int) -> None:
    """Raises Broken unless a camera may be there."""
    if not guard.allows(address, port):
        raise Broken("forbidden_address")
