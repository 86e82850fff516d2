"""What the briefing page shows, kept for everybody who asks the same, and renewed behind their backs.

The last answer is given at once with the time at which it was counted; when it is no longer as good as new, another one
is counted meanwhile. None is given that is older than `oldest`. Answers lie in the cache by what was asked, in which
language and theme; behind them the last briefings and readings are held: another language, group or kind and a touched
bar read nothing anew.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from dashboard.briefing import Asked, Brief, asked_period, before_of, brief_of, chosen
from dashboard.briefing_reading import Around, around_of, usual_of
from dashboard.briefing_readings import IsGood, Readings
from dashboard.briefing_renewal import Renewal
from dashboard.briefing_usual import Usual
from dashboard.replay_routes import Readers
from dashboard.services import Services
from layers.call_tally import funnel
from layers.incident_facts import Incident
from layers.monthly import Period

_MOST_HELD, _MOST_SHOWN = 3, 24
_PATIENCE_S, _MOST_WAITING = 5.0, 4
_NOW, _LATELY, _PAST = timedelta(seconds=20), timedelta(minutes=2), timedelta(minutes=10)
_OLDEST = 15
"""So many times as long as it is as good as new an answer may still be given."""
_LONG = timedelta(days=2)

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A briefing with all that stands around it."""

    brief: Brief
    usual: Usual
    around: Around


Render = Callable[[Told], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is shown, and when it was counted. `is_renewed`: another one is being counted."""

    shown: Any
    counted_at: datetime
    is_renewed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What is asked at `now`; of another day or period it is another question."""

    asked: Asked
    period: Period
    now: datetime

    @property
    def key(self) -> Key:
        return (*key_of(self.asked), self.period.since.isoformat(), self.period.mode)

    @property
    def period_key(self) -> Key:
        """The same for the same period, whatever is asked of it."""
        return (*key_of(self.asked)[:2], self.period.since.isoformat(), self.period.mode)

    def may_use(self, counted_at: datetime) -> bool:
        """Whether what was counted then may still be given."""
        return timedelta() <= self.now - counted_at < oldest(self.period, self.now)

    def is_new(self, counted_at: datetime) -> bool:
        """Whether it is as good as counted now."""
        return timedelta() <= self.now - counted_at < holds(self.period, self.now)


class BriefingDesk:
    """May be used from any thread."""

    def __init__(self, services: Services, renewal: Renewal | None = None) -> None:
        self._services = services
        self._renewal = renewal or Renewal()
        self._readers = Readers(at_once=1, patience_s=_PATIENCE_S, most_waiting=_MOST_WAITING)
        self._readings = Readings(services.history, services.clock)
        self._lock = threading.Lock()
        self._held: OrderedDict[Key, tuple[datetime, Told]] = OrderedDict()
        self._shown: OrderedDict[str, None] = OrderedDict()

    def told(self, asked: Asked) -> Told:
        """What stands behind the answer. Raises StoreUnavailable while the log cannot be read."""
        question = self._question(asked)
        return (self._held_of(question, question.may_use) or self._counted(question, question.may_use))[1]

    def answer(self, asked: Asked, reader: str, render: Render) -> Answer:
        """`render(told)` as it was made for the last who asked the same. Raises StoreUnavailable, as `told`."""
        question = self._question(asked)
        name = repr(("briefing", question.key, reader))
        kept: tuple[datetime, Any] | None = self._services.cache.get(name)
        if kept is None or not question.may_use(kept[0]):
            held = self._held_of(question, question.may_use)
            kept = self._rendered(name, question, held or self._counted(question, question.may_use), render)
        if question.is_new(kept[0]):
            return Answer(shown=kept[1], counted_at=kept[0])
        self._renewal.soon(name, partial(self._renew, name, asked, render))
        return Answer(shown=kept[1], counted_at=kept[0], is_renewed=True)

    def _question(self, asked: Asked) -> _Question:
        now = self._services.clock()
        period = asked_period(asked, now, self._services.ground.city, self._services.mode)
        return _Question(asked=asked, period=period, now=now)

    def _renew(self, name: str, asked: Asked, render: Render) -> None:
        question = self._question(asked)
        held = self._held_of(question, question.is_new) or self._counted(question, question.is_new)
        self._rendered(name, question, held, render)

    def _held_of(self, question: _Question, is_good: IsGood) -> tuple[datetime, Told] | None:
        with self._lock:
            held = self._held.get(question.key)
        return held if held is not None and is_good(held[0]) else None

    def _counted(self, question: _Question, is_good: IsGood) -> tuple[datetime, Told]:
        """Counted now, or by whom we waited for."""
        with self._readers.one():
            held = self._held_of(question, is_good)
            if held is None:
                held = self._read(question, is_good)
                self._hold(question.key, held)
            return held

    def _hold(self, key: Key, held: tuple[datetime, Told]) -> None:
        with self._lock:
            self._held[key] = held
            self._held.move_to_end(key)
            while len(self._held) > _MOST_HELD:
                self._held.popitem(last=False)

    def _rendered(
        self, name: str, question: _Question, held: tuple[datetime, Told], render: Render
    ) -> tuple[datetime, Any]:
        found, cache = (held[0], render(held[1])), self._services.cache
        cache.set(name, found, timeout=int(oldest(question.period, question.now) / timedelta(seconds=1)))
        with self._lock:
            self._shown[name] = None
            self._shown.move_to_end(name)
            gone = [self._shown.popitem(last=False)[0] for _ in range(len(self._shown) - _MOST_SHOWN)]
        for one in gone:
            cache.delete(one)
        return found

    def _read(self, question: _Question, is_good: IsGood) -> tuple[datetime, Told]:
        services, asked, period = self._services, question.asked, question.period
        read = self._readings.of(question.period_key, period, is_good)
        calls = funnel(read.tallies, period.since, period.until, period.mode)
        days = before_of(period)
        before = None if days is None else services.store.counts(*days, "category", period.mode)
        brief = brief_of(read.incidents, period, asked, services.ground, calls, before)
        shown, situation = chosen(read.incidents, asked.only, services.ground), services.hub.situation()
        usual = usual_of(services.store, partial(self._before, question), asked, period, services.ground)
        around = around_of(services.store, read.tallies, situation, period, shown, question.now)
        return read.read_at, Told(brief=brief, usual=usual, around=around)

    def _before(self, question: _Question, window: Period) -> list[Incident]:
        """Incidents of the weeks before: what is over."""
        name = (window.since.isoformat(), window.until.isoformat(), window.mode)
        return self._readings.of(name, window, lambda read_at: question.now - read_at < _PAST).incidents


def key_of(asked: Asked) -> Key:
    """The same for the same question."""
    hand = (asked.since.timestamp(), asked.until.timestamp()) if asked.since and asked.until else None
    return (None if hand else asked.span, hand, asked.by, tuple(sorted(asked.only.items())))


def holds(period: Period, now: datetime) -> timedelta:
    """For how long its answer is as good as new: of a period that goes on, of a long one that does, of one over."""
    if period.until < now - timedelta(minutes=2):
        return _PAST
    return _LATELY if period.until - period.since > _LONG else _NOW


def oldest(period: Period, now: datetime) -> timedelta:
    """How old an answer may be that is still given: 5 minutes, 30 minutes, 2.5 hours."""
    return _OLDEST * holds(period, now)
