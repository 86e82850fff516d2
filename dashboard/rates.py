"""How often each token may send: a bucket per token that fills again with time.

It spares the machine from one sender gone mad; the others go on.
"""

import math
import threading
from collections import OrderedDict
from collections.abc import Callable

from werkzeug.exceptions import TooManyRequests

_AT_ONCE_S = 2.0
_MOST_NAMES = 10_000


class Rates:
    """`take` from any thread. A bucket holds what may come in two seconds; ten thousand buckets are kept at most."""

    def __init__(self, per_s: float, seconds: Callable[[], float]) -> None:
        self._per_s = per_s
        self._most = per_s * _AT_ONCE_S
        self._seconds = seconds
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str) -> None:
        """One request. Raises TooManyRequests, which says when to come again, for one too many."""
        with self._lock:
            now_s = self._seconds()
            left, at_s = self._buckets.pop(name, (self._most, now_s))
            left = min(self._most, left + (now_s - at_s) * self._per_s)
            is_too_many = left < 1
            self._buckets[name] = (left if is_too_many else left - 1, now_s)
            while len(self._buckets) > _MOST_NAMES:
                self._buckets.popitem(last=False)
        if is_too_many:
            raise TooManyRequests(retry_after=math.ceil((1 - left) / self._per_s))
