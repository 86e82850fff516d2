"""Who looks at which day of the past, told to the audit once a minute of watching and not once a moment.

A hand that scrubs through a day asks for hundreds of moments; as many rows would bury all others.
"""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from geodata.clock import Clock

Look = tuple[str, ...]
EVERY = timedelta(minutes=1)
_MOST = 1_000


class Watching:
    """May be used from any thread. Forgetting an old look costs a row more, never a row less."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._told: OrderedDict[Look, datetime] = OrderedDict()

    def is_news(self, *look: str) -> bool:
        """Whether this look (who, at what day, in which sense) is to be written down now; then it has been."""
        now = self._clock()
        with self._lock:
            told = self._told.get(look)
            if told is not None and timedelta() <= now - told < EVERY:
                return False
            self._told[look] = now
            self._told.move_to_end(look)
            while len(self._told) > _MOST:
                self._told.popitem(last=False)
        return True
