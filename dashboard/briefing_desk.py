"""What the briefing page shows, kept for a moment for everybody who asks the same.

The rendered answer is in the cache by what was asked and in which language; behind it the last briefings are held, so
that touching a bar reads nothing anew. Until which minute it counts is said on the page.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dashboard.briefing import Asked, Brief, asked_period, before_of, brief_of, chosen
from dashboard.briefing_reading import Around, around_of, usual_of
from dashboard.briefing_usual import Usual
from dashboard.services import Services
from layers.call_tally import funnel
from layers.monthly import Period

_MOST_HELD = 3
_NOW_S, _LATELY_S, _PAST_S = 20, 120, 600
"""How long an answer holds: of a period that goes on, of a long one that does, of one that is over."""
_LONG = timedelta(days=2)

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A briefing with all that stands around it."""

    brief: Brief
    usual: Usual
    around: Around


class BriefingDesk:
    """May be used from any thread."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._held: OrderedDict[Key, tuple[datetime, Told]] = OrderedDict()

    def told(self, asked: Asked) -> Told:
        """Raises StoreUnavailable while the log cannot be read."""
        key, now = key_of(asked), self._services.clock()
        period = asked_period(asked, now, self._services.ground.city, self._services.mode)
        with self._lock:
            held = self._held.get(key)
        if held is not None and timedelta() <= now - held[0] < timedelta(seconds=holds_s(period, now)):
            return held[1]
        found = self._read(asked, period, now)
        with self._lock:
            self._held[key] = (now, found)
            self._held.move_to_end(key)
            while len(self._held) > _MOST_HELD:
                self._held.popitem(last=False)
        return found

    def answer(self, asked: Asked, lang: str, render: Any) -> Any:  # noqa: ANN401 — whatever the page's callback gives
        """`render(told)` as it was made for the last who asked the same."""
        services, key = self._services, repr(("briefing", key_of(asked), lang, self._services.mode))
        kept = services.cache.get(key)
        if kept is not None:
            return kept
        now = services.clock()
        found = render(self.told(asked))
        period = asked_period(asked, now, services.ground.city, services.mode)
        services.cache.set(key, found, timeout=holds_s(period, now))
        return found

    def _read(self, asked: Asked, period: Period, now: datetime) -> Told:
        services, history = self._services, self._services.history
        incidents = history.incidents(period)
        calls = funnel(history.tallies(period), period.since, period.until, period.mode)
        days = before_of(period)
        before = None if days is None else services.store.counts(*days, "category", period.mode)
        brief = brief_of(incidents, period, asked, services.ground, calls, before)
        shown = chosen(incidents, asked.only, services.ground)
        situation = services.hub.situation()
        return Told(
            brief=brief,
            usual=usual_of(services.store, history, asked, period, services.ground),
            around=around_of(services.store, history, situation, period, shown, now),
        )


def key_of(asked: Asked) -> Key:
    """The same for the same question."""
    hand = (asked.since.timestamp(), asked.until.timestamp()) if asked.since and asked.until else None
    return (None if hand else asked.span, hand, asked.by, tuple(sorted(asked.only.items())))


def holds_s(period: Period, now: datetime) -> int:
    """For how many seconds its answer is as good as new."""
    if period.until < now - timedelta(minutes=2):
        return _PAST_S
    return _LATELY_S if period.until - period.since > _LONG else _NOW_S
