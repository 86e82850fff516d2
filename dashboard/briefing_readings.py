"""What was read of a period, held so that another group, kind or language of the same period reads nothing anew."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime

from dashboard.history import History
from geodata.clock import Clock
from layers.call_tally import Tally
from layers.incident_facts import Incident
from layers.monthly import Period

_MOST_HELD = 5
IsGood = Callable[[datetime], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Incidents and calls of a period, as they were known at `read_at`."""

    read_at: datetime
    incidents: list[Incident]
    tallies: list[Tally]


class Readings:
    """May be used from any thread. Raises StoreUnavailable as the history does."""

    def __init__(self, history: History, clock: Clock) -> None:
        self._history = history
        self._clock = clock
        self._lock = threading.Lock()
        self._held: OrderedDict[Hashable, Reading] = OrderedDict()

    def of(self, name: Hashable, period: Period, is_good: IsGood) -> Reading:
        """What is held under that name, if it `is_good` still; else what the log says now."""
        with self._lock:
            held = self._held.get(name)
        if held is not None and is_good(held.read_at):
            return held
        now, incidents = self._clock(), self._history.incidents(period)
        read_at = min(now, self._history.read_at(period) or now)
        found = Reading(read_at=read_at, incidents=incidents, tallies=self._history.tallies(period))
        with self._lock:
            self._held[name] = found
            self._held.move_to_end(name)
            while len(self._held) > _MOST_HELD:
                self._held.popitem(last=False)
        return found
