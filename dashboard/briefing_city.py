"""What went on around the incidents of a period: lifelines, disasters, callers who call again, who was first. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from geodata.city import City
from layers.call_tally import Tally, funnel
from layers.callers import REPEATS, Number
from layers.disasters import Disaster
from layers.event import Event
from layers.incident_answer import arrivals
from layers.incident_facts import Incident
from layers.lifelines import Lifeline, LifelineReported, State
from layers.monthly import Period
from layers.shelters import Shelter, ShelterReported

_DAY = timedelta(days=1)
_MINUTE_S = 60
LEAD_STEPS_MIN = (0, 2, 5, 10, 15, 30)
"""By how many minutes relawan were first: from each of these to before the next one."""
_MOST_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One lifeline (provider and area) was in one state from `since` to `until`."""

    lifeline: str
    provider: str
    area: str
    state: State
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FloodDay:
    """One day of a disaster, the first is 1. `occupants` None: no shelter had said anything by its end."""

    number: int
    day: date
    calls: int
    occupants: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How a disaster went, day by day, as far as it lies before the end of the period."""

    disaster: str
    title: str
    days: tuple[FloodDay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Callers:
    """Numbers by how often they called in the period; `remembered_from`: of what was before nothing is kept.

    `groups` are (least calls, most calls or None, numbers, calls, pranks).
    """

    numbers: int
    groups: tuple[tuple[int, int | None, int, int, int], ...]
    repeats: int
    remembered_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Leads:
    """Where relawan and OPD both came: how often by how much relawan were first; `behind`: OPD was, or both at once."""

    n: int
    steps: tuple[tuple[int, int | None, int], ...]
    behind: int


def stretches(before: Mapping[str, Lifeline], told: Iterable[Event], period: Period) -> tuple[Stretch, ...]:
    """How every lifeline stood during the period; nothing is drawn before somebody said how it stands."""
    known: dict[str, tuple[LifelineReported, datetime]] = {
        key: (lifeline.fact, period.since) for key, lifeline in before.items() if lifeline.told.mode == period.mode
    }
    found: list[Stretch] = []
    for at, fact in sorted(_lifelines(told, period), key=lambda one: one[0]):
        earlier = known.get(fact.lifeline)
        if earlier is not None and earlier[0].state == fact.state:
            continue
        if earlier is not None and earlier[1] < at:
            found.append(_stretch(earlier[0], earlier[1], at))
        known[fact.lifeline] = (fact, at)
    found += [_stretch(fact, since, period.until) for fact, since in known.values() if since < period.until]
    return tuple(sorted(found, key=lambda one: (one.provider.casefold(), one.area, one.since)))


def _lifelines(told: Iterable[Event], period: Period) -> Iterable[tuple[datetime, LifelineReported]]:
    for event in told:
        if isinstance(event.fact, LifelineReported) and event.mode == period.mode:
            at = event.fact.since or event.at
            if at < period.until:
                yield max(at, period.since).astimezone(period.since.tzinfo), event.fact


def _stretch(fact: LifelineReported, since: datetime, until: datetime) -> Stretch:
    return Stretch(
        lifeline=fact.lifeline, provider=fact.provider, area=fact.area, state=fact.state, since=since, until=until
    )


def courses(
    disasters: Iterable[Disaster],
    tallies: Sequence[Tally],
    shelters: Mapping[str, Shelter],
    told: Iterable[Event],
    period: Period,
) -> tuple[Course, ...]:
    """Every disaster that had begun before the period ended and was not over before it began."""
    words = [event for event in told if isinstance(event.fact, ShelterReported) and event.mode == period.mode]
    found = []
    for disaster in disasters:
        declared = disaster.declared
        if declared is None or disaster.told.mode != period.mode or declared.began_at >= period.until:
            continue
        if disaster.ended_at is not None and disaster.ended_at < period.since:
            continue
        days = _days(disaster, declared.began_at, tallies, (shelters, words), period)
        found.append(Course(disaster=disaster.id, title=declared.title, days=tuple(days)))
    return tuple(sorted(found, key=lambda one: one.disaster))


def _days(
    disaster: Disaster,
    began_at: datetime,
    tallies: Sequence[Tally],
    said: tuple[Mapping[str, Shelter], Sequence[Event]],
    period: Period,
) -> list[FloodDay]:
    first = began_at.astimezone(period.since.tzinfo).replace(hour=0, minute=0, second=0, microsecond=0)
    last = min(period.until, (disaster.ended_at or period.until) + _DAY)
    found: list[FloodDay] = []
    for number in range(_MOST_DAYS):
        day = first + number * _DAY
        if day >= last:
            break
        came = funnel(tallies, day, day + _DAY, period.mode).came
        occupants = _occupants(disaster.id, *said, min(day + _DAY, period.until))
        found.append(FloodDay(number=number + 1, day=day.date(), calls=came, occupants=occupants))
    return found


def _occupants(disaster: str, before: Mapping[str, Shelter], told: Sequence[Event], until: datetime) -> int | None:
    """In all its shelters at that moment, by the newest word of each."""
    newest = {key: (one.told.at, one.fact) for key, one in before.items()}
    for event in told:
        fact = event.fact
        if not isinstance(fact, ShelterReported) or event.at >= until:
            continue
        if fact.shelter not in newest or newest[fact.shelter][0] <= event.at:
            newest[fact.shelter] = (event.at, fact)
    counted = [fact.occupants for at, fact in newest.values() if at < until and fact.disaster in {disaster, None}]
    return sum(counted) if counted else None


def callers(numbers: Iterable[Number], period: Period, remembered: timedelta, now: datetime) -> Callers:
    """Counts only: no number, no digit of one."""
    per_number = []
    for number in numbers:
        heard = [one for one in number.calls.values() if period.since <= one.at < period.until]
        if heard:
            per_number.append((len(heard), sum(one.kind == "prank" for one in heard)))
    bounds: tuple[tuple[int, int | None], ...] = ((1, 1), (2, REPEATS - 1), (REPEATS, 9), (10, None))
    groups = []
    for least, most in bounds:
        some = [one for one in per_number if one[0] >= least and (most is None or one[0] <= most)]
        groups.append((least, most, len(some), sum(calls for calls, _ in some), sum(pranks for _, pranks in some)))
    return Callers(
        numbers=len(per_number),
        groups=tuple(groups),
        repeats=sum(calls >= REPEATS for calls, _ in per_number),
        remembered_from=now - remembered,
    )


def leads(incidents: Iterable[Incident], city: City) -> Leads:
    """By how much relawan were there before OPD, in steps of minutes."""
    counted: dict[int, int] = defaultdict(int)
    behind = both = 0
    for incident in incidents:
        came = arrivals(incident, city)
        if came.lead_s is None:
            continue
        both += 1
        if came.first != "relawan":
            behind += 1
            continue
        place = max(n for n, least in enumerate(LEAD_STEPS_MIN) if came.lead_s >= least * _MINUTE_S)
        counted[place] += 1
    ends: tuple[int | None, ...] = (*LEAD_STEPS_MIN[1:], None)
    steps = tuple((least, ends[n], counted[n]) for n, least in enumerate(LEAD_STEPS_MIN))
    return Leads(n=both, steps=steps, behind=behind)
