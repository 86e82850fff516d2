"""Which ONVIF cameras answer on the network: WS-Discovery, asked over UDP, heard for some seconds.

Who answers from outside the guard's networks is not told of. An answer leads nowhere by itself: only the sender's own
address and the path of its device service are kept of it.
"""

import socket
import struct
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from onveef.wsdiscovery import DiscoveredDevice, build_probe, parse_probe_matches

from cctv.guard import Guard
from cctv.onvif_words import GROUP, PORT, USUAL_PATH, Found, Place

WITHIN_S = 4.0
_AGAIN_S = 1.0
_LEAST_S = 0.001
_ECHO_S = 0.5
"""How long after its first answer one host alone is still heard."""
_MOST_FOUND = 500
_MOST_HEARD = 2_000
_ONE_ANSWER = 65_535
_LONGEST = 200
_TTL = 2
_USUAL_PORTS = {"http": 80, "https": 443}


def discover(
    guard: Guard, to: Place = (GROUP, PORT), within_s: float = WITHIN_S, cards: Sequence[int] | None = None
) -> tuple[Found, ...]:
    """Who answers within that time, by address; `to` may be one host. Raises OSError where there is no network.

    `cards` are the numbers of the network cards on which the group is asked; all but the machine's own loop.
    """
    found: dict[tuple[bytes, int], Found] = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ears:
        ears.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, _TTL)
        for sender, answer in _heard(ears, to, within_s, _cards() if cards is None else cards):
            one = _told(sender, answer, guard)
            if one and len(found) < _MOST_FOUND:
                found[socket.inet_aton(one.host), one.port] = one
    return tuple(found[place] for place in sorted(found))


def _heard(ears: socket.socket, to: Place, within_s: float, cards: Sequence[int]) -> Iterator[tuple[str, bytes]]:
    """Each answer with its sender; the question is asked twice, for UDP loses some."""
    began_s = time.monotonic()
    until_s, turns_s = began_s + within_s, [began_s, began_s + _AGAIN_S]
    for _ in range(_MOST_HEARD):
        now_s = time.monotonic()
        if now_s >= until_s:
            return
        if turns_s and now_s >= turns_s[0]:
            turns_s.pop(0)
            _ask(ears, to, cards)
        ears.settimeout(max(_LEAST_S, min([until_s, *turns_s[:1]]) - now_s))
        with suppress(TimeoutError, ConnectionError):
            answer, sender = ears.recvfrom(_ONE_ANSWER)
            yield sender[0], answer
            until_s = until_s if to[0] == GROUP else min(until_s, now_s + _ECHO_S)


def _ask(ears: socket.socket, to: Place, cards: Sequence[int]) -> None:
    question = build_probe(message_id=f"urn:uuid:{uuid.uuid4()}").encode()
    if to[0] != GROUP:
        ears.sendto(question, to)
        return
    for card in cards:
        ears.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, struct.pack("4s4si", bytes(4), bytes(4), card))
        with suppress(OSError):  # a card without an address
            ears.sendto(question, to)


def _cards() -> Sequence[int]:
    """Every network card but the machine's own loop."""
    return [number for number, name in socket.if_nameindex() if name != "lo"]


def _told(sender: str, answer: bytes, guard: Guard) -> Found | None:
    for device in parse_probe_matches(answer.decode("utf-8", "replace"))[:1]:
        with suppress(ValueError):
            return _found(sender, device, guard)
    return None


def _found(sender: str, device: DiscoveredDevice, guard: Guard) -> Found | None:
    """The camera at the address that it answered from."""
    service = next((parts for one in device.xaddrs if (parts := urlsplit(one)).hostname == sender), None)
    service = service or urlsplit(device.xaddrs[0] if device.xaddrs else f"http://{sender}{USUAL_PATH}")
    port = service.port or _USUAL_PORTS.get(service.scheme, 0)
    if service.scheme not in _USUAL_PORTS or not guard.allows(sender, port):
        return None
    return Found(
        host=sender,
        port=port,
        path=service.path[:_LONGEST] or USUAL_PATH,
        name=_word(device.name),
        hardware=_word(device.hardware),
        location=_word(device.location),
    )


def _word(said: str) -> str | None:
    return unquote(said)[:_LONGEST] or None
