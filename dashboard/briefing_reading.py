"""Reads what a briefing shows from the log, for the screen and for paper alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dashboard.briefing import Asked, chosen, is_one_day, per_slot
from dashboard.briefing_city import Callers, Course, Leads, Stretch, callers, courses, leads, stretches
from dashboard.briefing_usual import Usual, of_days, of_hours, window_of
from geodata.city import City
from geodata.places import Ground
from layers.call_tally import Tally
from layers.disasters import Disaster
from layers.incident_facts import Incident
from layers.lifelines import LifelineReported
from layers.monthly import Period
from layers.shelters import ShelterReported
from layers.situation import Situation
from layers.store.store import Store

CALLERS_FOR = timedelta(days=30)
"""So long `layers/callers.py` remembers who called."""
LONGEST_STRETCH = timedelta(days=93)
"""Of a longer period lifelines would be lines too thin to see."""
IncidentsOf = Callable[[Period], list[Incident]]
"""Those of a period, as the log has them."""


def usual_of(store: Store, incidents_of: IncidentsOf, asked: Asked, period: Period, ground: Ground) -> Usual:
    """What the same hours or weekdays had; of filtered days only where the store counts so. Raises StoreUnavailable."""
    window, slots = window_of(period), [at for at, _ in per_slot((), period)]
    first, last = window.since.date(), window.until.date() - timedelta(days=1)
    days = store.counts(first, last, "day", period.mode).groups
    first_day = min((_day(name) for name in days), default=None)
    if is_one_day(period):
        found = chosen(incidents_of(window), asked.only, ground)
        return of_hours(found, slots, period, first_day)
    if set(asked.only) - {"category"}:
        return Usual(weeks=0)
    category = asked.only.get("category")
    some = store.counts(first, last, "day", period.mode, [category]).groups if category else days
    return of_days({_day(name): count.incidents for name, count in some.items()}, slots, period, first_day)


def _day(name: str) -> date:
    return date.fromisoformat(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What went on around the incidents of a period. `lifelines` None: the period is too long to draw them."""

    lifelines: tuple[Stretch, ...] | None
    courses: tuple[Course, ...]
    callers: Callers
    leads: Leads


def around_of(  # noqa: PLR0913, PLR0917 — where it is read, and of what
    store: Store,
    tallies: Sequence[Tally],
    situation: Situation,
    period: Period,
    incidents: list[Incident],
    now: datetime,
) -> Around:
    """Raises StoreUnavailable while the log cannot be read."""
    city: City = situation.ground.city
    return Around(
        lifelines=_lifelines(store, period),
        courses=_courses(store, tallies, situation, period),
        callers=callers(situation.of("callers").values(), period, CALLERS_FOR, now),
        leads=leads(incidents, city),
    )


def _lifelines(store: Store, period: Period) -> tuple[Stretch, ...] | None:
    if period.until - period.since > LONGEST_STRETCH:
        return None
    before = store.things("lifelines", period.since, "known")
    return stretches(before, store.told([LifelineReported.kind], period.since, period.until), period)


def _courses(store: Store, tallies: Sequence[Tally], situation: Situation, period: Period) -> tuple[Course, ...]:
    disasters: list[Disaster] = list(situation.of("disasters").values())
    begun = [one.declared.began_at for one in disasters if one.declared is not None]
    if not begun or min(begun) >= period.until:
        return ()
    since = min(begun)
    before = store.things("shelters", since, "known")
    told = store.told([ShelterReported.kind], since, period.until)
    return courses(disasters, tallies, before, told, period)
