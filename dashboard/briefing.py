"""What a head of agency asks of a period: how much, where, when, how fast, who was first; and the records. Pure.

No figure without how many it rests on, and how many were left out and why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args

from geodata.city import City
from geodata.places import Ground
from layers.call_tally import Funnel
from layers.counts import Counts
from layers.incident_answer import arrivals
from layers.incident_facts import Incident
from layers.intervals import NOBODY, NOWHERE, Dimension, Times, grouped, nearest_rank, real_ones, times
from layers.monthly import Period

HOURS, WEEKDAYS = 24, 7
MOST_GROUPS = 12
LONGEST = timedelta(days=400)
_DAY_LENGTH = len("2026-11-22")
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
Span = Literal["today", "yesterday", "week", "month", "year"]
SPANS: tuple[Span, ...] = get_args(Span)
_DAYS: Mapping[Span, int] = {"week": 7, "month": 30, "year": 365}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the reader wants to see. `only` keeps one group of each named dimension.

    `since` and `until`, both aware, are a period by hand; they go before `span`.
    """

    span: Span = "today"
    by: Dimension = "kelurahan"
    only: Mapping[Dimension, str] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One group of incidents: how many, and how soon somebody was there."""

    name: str
    incidents: int
    first: Times


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadStart:
    """Where relawan and OPD both came and both said when: `ahead` times relawan were first, by `lead_s` (median)."""

    n: int
    ahead: int
    lead_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """Everything a briefing shows. `before` is what the period of the same length before it had.

    `per_slot` is (start of a local day, or of an hour where the period is a day; incidents). `heat[weekday][hour]`
    counts by local time, Monday first. `places` maps kelurahan → incidents.
    """

    period: Period
    incidents: tuple[Incident, ...]
    before: int | None
    first: Times
    head_start: HeadStart
    calls: Funnel | None
    per_slot: tuple[tuple[datetime, int], ...]
    heat: tuple[tuple[int, ...], ...]
    by: Dimension
    groups: tuple[Group, ...]
    places: Mapping[str, int]


def period_of(span: Span, now: datetime, city: City, mode: Literal["live", "drill", "demo"]) -> Period:
    """Local days; the last one, today, is as long as it is so far."""
    today = now.astimezone(city.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    until = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    if span == "yesterday":
        return Period(since=today - timedelta(days=1), until=today, mode=mode)
    since = today - timedelta(days=_DAYS.get(span, 1) - 1)
    return Period(since=since, until=until.astimezone(city.zone), mode=mode)


def asked_period(asked: Asked, now: datetime, city: City, mode: Literal["live", "drill", "demo"]) -> Period:
    """By hand where that was said, at most until now and no longer than `LONGEST`; else local days."""
    if asked.since is None or asked.until is None:
        return period_of(asked.span, now, city, mode)
    end = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    until = min(asked.until, end, asked.since + LONGEST)
    if asked.since >= until:
        return period_of("today", now, city, mode)
    return Period(since=asked.since.astimezone(city.zone), until=until.astimezone(city.zone), mode=mode)


def hand_moment(said: str | None, city: City, *, is_end: bool) -> datetime | None:
    """A day or a time as an address or a field says it, by the city's clock; the end of a day is the next midnight."""
    text = (said or "").strip()
    try:
        if len(text) == _DAY_LENGTH:
            day = datetime.combine(date.fromisoformat(text), time(), city.zone)
            return day + timedelta(days=1) if is_end else day
        at = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=city.zone)
    return at if _FIRST_YEAR <= at.year <= _LAST_YEAR else None


def is_one_day(period: Period) -> bool:
    """Whether its slots are hours."""
    return period.until - period.since <= timedelta(days=1, minutes=1)


def before_of(period: Period) -> tuple[date, date] | None:
    """First and last of as many local days before it; None for today and parts of days."""
    if period.since.hour or period.since.minute:
        return None
    days = (period.until - timedelta(microseconds=1)).date() - period.since.date()
    last = period.since.date() - timedelta(days=1)
    return None if days == timedelta(0) and _is_part(period) else (last - days, last)


def _is_part(period: Period) -> bool:
    """Whether its last day is not over."""
    return (period.until.hour, period.until.minute) != (0, 0)


def chosen(incidents: Sequence[Incident], only: Mapping[Dimension, str], ground: Ground) -> list[Incident]:
    """Those real ones that lie in every group named."""
    found = real_ones(incidents, ground.city)
    for by, name in only.items():
        found = grouped(found, by, ground).get(name, [])
    return found


def brief_of(  # noqa: PLR0913, PLR0917 — what happened, and what is asked of it
    incidents: Sequence[Incident],
    period: Period,
    asked: Asked,
    ground: Ground,
    calls: Funnel | None = None,
    before: Counts | None = None,
) -> Brief:
    """`incidents` are all of the period, `calls` its funnel where nothing is filtered, `before` counts by category."""
    found, city = chosen(incidents, asked.only, ground), ground.city
    return Brief(
        period=period,
        incidents=tuple(found),
        before=None if before is None or asked.only else before.total.incidents,
        first=times(found, "first_on_scene", city),
        head_start=head_start(found, city),
        calls=None if asked.only else calls,
        per_slot=per_slot(found, period),
        heat=heat(found, city),
        by=asked.by,
        groups=groups_of(found, asked.by, ground),
        places={code: len(some) for code, some in grouped(found, "kelurahan", ground).items()},
    )


def head_start(incidents: Sequence[Incident], city: City) -> HeadStart:
    """By how much relawan were there before OPD."""
    came = [arrivals(incident, city) for incident in incidents]
    both = [one for one in came if one.lead_s is not None]
    leads = sorted(one.lead_s for one in both if one.first == "relawan" and one.lead_s is not None)
    return HeadStart(n=len(both), ahead=len(leads), lead_s=nearest_rank(leads, 50))


def per_slot(incidents: Sequence[Incident], period: Period) -> tuple[tuple[datetime, int], ...]:
    """Incidents per local hour of one day, else per local day; empty ones too."""
    step = timedelta(hours=1) if is_one_day(period) else timedelta(days=1)
    starts, slot = [], period.since
    while slot < period.until:
        starts.append(slot)
        slot += step
    counted = [0] * len(starts)
    for incident in incidents:
        if incident.report is not None:
            place = int((incident.report.reported_at - period.since) / step)
            counted[min(max(place, 0), len(starts) - 1)] += 1
    return tuple(zip(starts, counted, strict=True))


def heat(incidents: Sequence[Incident], city: City) -> tuple[tuple[int, ...], ...]:
    """How many per weekday and hour."""
    counted = [[0] * HOURS for _ in range(WEEKDAYS)]
    for incident in incidents:
        if incident.report is not None:
            local = incident.report.reported_at.astimezone(city.zone)
            counted[local.weekday()][local.hour] += 1
    return tuple(map(tuple, counted))


def groups_of(incidents: Sequence[Incident], by: Dimension, ground: Ground) -> tuple[Group, ...]:
    """The largest first."""
    found = [
        Group(name=name, incidents=len(some), first=times(some, "first_on_scene", ground.city))
        for name, some in grouped(incidents, by, ground).items()
    ]
    return tuple(sorted(found, key=lambda group: (-group.incidents, group.name)))


def name_of(by: Dimension, group: str, ground: Ground, lang: Literal["id", "en"] = "id") -> str:
    """A group as people call it."""
    if by == "kelurahan" and group in ground.places.areas:
        return ground.places.areas[group].name
    if by == "category":
        category = ground.city.category(group)
        return category.en_name if lang == "en" else category.id_name
    if by == "agency":
        group = next((agency.short for agency in ground.city.agencies if agency.id == group), group)
    return {NOWHERE: "no place", NOBODY: "no agency"}.get(group, group) if lang == "en" else group
