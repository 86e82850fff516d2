"""Wrong tries to sign in: how many of late, by address and by name. Bounded memory, and nothing about who exists."""

import ipaddress
import threading
from collections import OrderedDict, deque
from collections.abc import Callable

_MOST_KEYS = 10_000
_V6_NETWORK = 64


class Attempts:
    """At most `most` wrong tries per key within `within_s`; remembers at most ten thousand keys."""

    def __init__(self, clock_s: Callable[[], float], most: int = 5, within_s: float = 60.0) -> None:
        self._clock_s = clock_s
        self._most = most
        self.within_s = within_s
        self._lock = threading.Lock()
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()

    def are_spent(self, key: str) -> bool:
        """Whether this key has to wait."""
        with self._lock:
            return len(self._recent(key)) >= self._most

    def add(self, key: str) -> None:
        """A wrong try."""
        with self._lock:
            self._recent(key).append(self._clock_s())
            while len(self._tries) > _MOST_KEYS:
                self._tries.popitem(last=False)

    def forget(self, key: str) -> None:
        """A right one: what was mistyped before does not count any more."""
        with self._lock:
            self._tries.pop(key, None)

    def _recent(self, key: str) -> deque[float]:
        tries = self._tries.setdefault(key, deque(maxlen=self._most))
        self._tries.move_to_end(key)
        while tries and self._clock_s() - tries[0] > self.within_s:
            tries.popleft()
        return tries


def network_of(address: str | None) -> str:
    """Whose tries count together: one IPv4 address, or the IPv6 network that one subscriber has to himself."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "?"
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(ipaddress.ip_network(f"{found}/{_V6_NETWORK}", strict=False))
