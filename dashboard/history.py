"""Incidents and calls of a period, read from the log for those who ask for statistics."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from geodata.clock import Clock
from geodata.errors import StoreUnavailable
from layers.call_tally import Tally, tallies_told
from layers.calls import CallRecorded
from layers.incident_facts import Incident
from layers.monthly import AFTER, BEFORE, FACTS, Period, incidents_of
from layers.situation import Situation
from layers.store.store import Store

_KEPT = timedelta(seconds=15)
_PATIENCE_S = 5.0
_MOST_WAITING = 3
_LONG = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    incidents: list[Incident]
    calls: tuple[Tally, ...]


class History:
    """Reads a period from the log: one reader at a time, and the newest answer is kept for a while.

    Few may wait for the reader, and not for long: each of them holds a thread of the server. `situation` is the newest,
    which holds the calls of the last two years.
    """

    def __init__(
        self, store: Store, situation: Callable[[], Situation], clock: Clock, patience_s: float = _PATIENCE_S
    ) -> None:
        self._store = store
        self._situation = situation
        self._clock = clock
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(_MOST_WAITING)
        self._kept: tuple[Period, datetime, _Told] | None = None

    def incidents(self, period: Period) -> list[Incident]:
        """Raises StoreUnavailable when others read for too long, or too many wait already."""
        return self._told(period).incidents

    def tallies(self, period: Period) -> list[Tally]:
        """The calls by half hours: those that came while we listened, and those brought in of a time before.

        Raises StoreUnavailable as `incidents` does.
        """
        return [*self._situation().of("call_tally").values(), *self._told(period).calls]

    def read_at(self, period: Period) -> datetime | None:
        """When the answer that is kept of that period was read."""
        kept = self._kept
        return kept[1] if kept is not None and kept[0] == period else None

    def _told(self, period: Period) -> _Told:
        if not self._lock.acquire(blocking=False) and not self._waited():
            raise StoreUnavailable("the log is being read for others; ask again in a minute")
        try:
            now = self._clock()
            if self._kept is None or self._kept[0] != period or now - self._kept[1] > _KEPT:
                self._kept = (period, now, self._read(period))
            return self._kept[2]
        finally:
            self._lock.release()

    def _waited(self) -> bool:
        """Whether the lock was got in the end."""
        if not self._places.acquire(blocking=False):
            return False
        try:
            return self._lock.acquire(timeout=self._patience_s)
        finally:
            self._places.release()

    def _read(self, period: Period) -> _Told:
        calls = self._store.past([CallRecorded.kind], period.since, period.until)
        return _Told(incidents=self._incidents(period), calls=tallies_told(calls))

    def _incidents(self, period: Period) -> list[Incident]:
        """Of a long period from the states that the history keeps: folding a year of events counts for seconds."""
        store, kinds = self._store, [fact.kind for fact in FACTS]
        since, until = period.since - BEFORE, period.until + AFTER
        began = store.began("known") if period.until - period.since > _LONG else None
        if began is None or began > since:
            return incidents_of(store.told(kinds, since, until), period)
        states = list(store.last_states("incidents", since, until))
        torn = {one.id for one, is_whole in states if not is_whole or one.report is None}
        found = [one for one, _ in states if one.id not in torn and _is_of(one, period)]
        if torn:
            found += incidents_of(store.told_of(kinds, sorted(torn)), period)
        return sorted(found, key=lambda incident: incident.id)


def _is_of(incident: Incident, period: Period) -> bool:
    report = incident.report
    return report is not None and incident.mode == period.mode and period.since <= report.reported_at < period.until
