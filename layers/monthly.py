"""The monthly report to the ministry as data, and the statistics of any period. Pure.

The fields are those the published reports of 112 centers have; the ministry's own form is not public.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from geodata.city import City
from geodata.places import Ground
from layers.call_tally import BUCKET, Funnel, Tally, funnel
from layers.event import Event, Mode
from layers.incident_facts import CLOSED, Incident, IncidentReported, IncidentStatusChanged
from layers.incident_fold import fold
from layers.incident_reading import category_of
from layers.intervals import INTERVALS, Dimension, Times, grouped, nearest_rank, real_ones, times
from layers.watches import watch_at

BEFORE, AFTER = timedelta(days=1), timedelta(days=3)
"""A report may be told a day before its period, so to say, and its end up to three days after."""

FACTS = (IncidentReported, IncidentStatusChanged)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `since` to before `until`, aware. `mode`: drills and demos are never counted with the real thing."""

    since: datetime
    until: datetime
    mode: Mode = "live"


def month_of(city: City, year: int, month: int, mode: Mode = "live") -> Period:
    """A calendar month by the city's clock."""
    since = datetime(year, month, 1, tzinfo=city.zone)
    later = since + timedelta(days=32)
    return Period(since=since, until=later.replace(day=1), mode=mode)


def incidents_of(events: Iterable[Event], period: Period) -> list[Incident]:
    """The incidents reported in the period, as the events of `FACTS` from `BEFORE` it to `AFTER` it tell them."""
    known: dict[str, Incident] = {}
    for event in events:
        known.update(fold(known, event))
    chosen = [i for i in known.values() if i.mode == period.mode and i.report is not None and _is_in(i, period)]
    return sorted(chosen, key=lambda incident: incident.id)


def _is_in(incident: Incident, period: Period) -> bool:
    return incident.report is not None and period.since <= incident.report.reported_at < period.until


def statistics_said(
    ground: Ground, incidents: Sequence[Incident], tallies: Iterable[Tally], period: Period, by: Dimension | None
) -> dict[str, Any]:
    """The figures of a period as JSON; `by` adds the same for each group."""
    real = real_ones(incidents, ground.city)
    said: dict[str, Any] = {
        "from": period.since.isoformat(),
        "to": period.until.isoformat(),
        "mode": period.mode,
        "calls": funnel_said(funnel(tallies, period.since, period.until, period.mode), ground.city),
        "incidents": len(real),
        "times": times_said(real, ground.city),
    }
    if by is not None:
        groups = grouped(real, by, ground).items()
        said["by"] = by
        said["groups"] = {
            name: {"incidents": len(some), "times": times_said(some, ground.city)} for name, some in groups
        }
    return said


def monthly_report(
    ground: Ground, incidents: Sequence[Incident], tallies: Iterable[Tally], period: Period
) -> dict[str, Any]:
    """The month: calls by kind, day and shift; incidents by class, category, area, agency and end; times."""
    city, real, kept = ground.city, real_ones(incidents, ground.city), _within(tallies, period)
    return {
        "city": city.code,
        "city_name": city.name,
        "month": f"{period.since:%Y-%m}",
        **statistics_said(ground, incidents, kept, period, None),
        "calls_by_day": _calls_by_day(kept, period),
        "calls_by_shift": _calls_by_shift(city, kept, period),
        "by_class": _counted(category_of(i, city).service_class for i in incidents),
        "by_category": _sizes(grouped(real, "category", ground)),
        "by_kecamatan": _sizes(grouped(real, "kecamatan", ground)),
        "by_kelurahan": _sizes(grouped(real, "kelurahan", ground)),
        "by_agency": _sizes(grouped(real, "agency", ground)),
        "by_end": _counted(i.status if i.status in CLOSED else "masih terbuka" for i in real),
        "times_by_category": {name: times_said(some, city) for name, some in grouped(real, "category", ground).items()},
    }


def _within(tallies: Iterable[Tally], period: Period) -> tuple[Tally, ...]:
    return tuple(one for one in tallies if period.since <= one.starts_at < period.until)


def funnel_said(found: Funnel, city: City) -> dict[str, Any]:
    """A funnel as JSON; shares are null where there is nothing to share."""
    target, waits = city.answer_target_s, found.waits_s
    within = None if target is None else sum(wait <= target for wait in waits)
    return {
        "came": found.came,
        "answered": found.answered,
        "by_kind": dict(found.by_kind),
        "by_provider": dict(found.by_provider),
        "real": found.real,
        "genuine_share": found.genuine_share,
        "answer": {
            "n": len(waits),
            "median_s": nearest_rank(waits, 50),
            "p90_s": nearest_rank(waits, 90),
            "target_s": target,
            "within": within,
            "share_within": within / len(waits) if within is not None and waits else None,
            "left_out": {"untold": found.answered_untimed, "late": found.late},
        },
    }


def times_said(incidents: Sequence[Incident], city: City) -> dict[str, Any]:
    """Every interval as JSON."""
    return {interval: _said(times(incidents, interval, city)) for interval in INTERVALS}


def _said(found: Times) -> dict[str, Any]:
    return {
        "n": found.n,
        "median_s": found.median_s,
        "p90_s": found.p90_s,
        "within": found.within,
        "share_within": found.share_within,
        "records": list(found.records),
        "left_out": {reason: list(ids) for reason, ids in found.left_out.items()},
    }


def _calls_by_day(tallies: Sequence[Tally], period: Period) -> dict[str, dict[str, int]]:
    days: dict[str, dict[str, int]] = {}
    day = period.since
    while day < period.until:
        found = funnel(tallies, day, day + timedelta(days=1), period.mode)
        if found.came:
            days[f"{day:%Y-%m-%d}"] = {"came": found.came, "answered": found.answered, "real": found.real}
        day += timedelta(days=1)
    return days


def _calls_by_shift(city: City, tallies: Sequence[Tally], period: Period) -> dict[str, dict[str, int]]:
    """The calls of all shifts of a name together."""
    shifts: dict[str, Counter[str]] = {shift.name: Counter() for shift in city.shifts}
    for tally in tallies:
        if period.since <= tally.starts_at < period.until and tally.mode == period.mode:
            found = funnel((tally,), tally.starts_at, tally.starts_at + BUCKET, period.mode)
            shifts[watch_at(city, tally.starts_at).name].update(
                came=found.came, answered=found.answered, real=found.real
            )
    return {name: {key: counted[key] for key in ("came", "answered", "real")} for name, counted in shifts.items()}


def _sizes(groups: Mapping[str, Sequence[Incident]]) -> dict[str, int]:
    return {name: len(some) for name, some in sorted(groups.items(), key=lambda one: (-len(one[1]), one[0]))}


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names).most_common())
