"""What is usual: how many incidents there were at the same hour of the same weekday, or on that weekday, before. Pure.

Of fewer than `LEAST_WEEKS` weeks nothing is called usual, and the screen says how many there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from layers.incident_facts import Incident
from layers.intervals import nearest_rank
from layers.monthly import Period

WEEKS = 8
LEAST_WEEKS = 4
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Lower quartile, median and upper quartile, by nearest rank: each is a count there was."""

    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """`bands` per slot of the period, empty when `weeks` are too few. `yesterday` counts the slots of the day before.

    `so_far` is how many the day before had had by the same time.
    """

    weeks: int
    bands: tuple[Band, ...] = ()
    yesterday: tuple[int, ...] = ()
    so_far: int | None = None


def window_of(period: Period) -> Period:
    """The weeks before the period, of which the usual is made."""
    return Period(since=period.since - WEEKS * _WEEK, until=period.since, mode=period.mode)


def of_hours(incidents: Sequence[Incident], slots: Sequence[datetime], period: Period, first_day: date | None) -> Usual:
    """For one day: the same hours of the same weekday. `incidents` are those of `window_of`, filtered alike."""
    days = [period.since - week * _WEEK for week in range(1, WEEKS + 1)]
    known = [day for day in days if first_day is not None and day.date() >= first_day]
    told = [one.report.reported_at for one in incidents if one.report is not None]
    counted = [_per_hour(told, day, len(slots)) for day in known]
    yesterday = _per_hour(told, period.since - _DAY, len(slots))
    so_far = sum(period.since - _DAY <= at < period.until - _DAY for at in told)
    has_yesterday = first_day is not None and (period.since - _DAY).date() >= first_day
    return Usual(
        weeks=len(known),
        bands=tuple(_band([hours[slot] for hours in counted]) for slot in range(len(slots)))
        if len(known) >= LEAST_WEEKS
        else (),
        yesterday=tuple(yesterday) if has_yesterday else (),
        so_far=so_far if has_yesterday else None,
    )


def _per_hour(told: Sequence[datetime], day: datetime, hours: int) -> list[int]:
    counted = [0] * hours
    for at in told:
        place = int((at - day) / timedelta(hours=1)) if at >= day else -1
        if 0 <= place < hours:
            counted[place] += 1
    return counted


def of_days(counts: Mapping[date, int], slots: Sequence[datetime], period: Period, first_day: date | None) -> Usual:
    """For several days: the same weekday. `counts` by local day; a day that is missing had none."""
    before = [period.since.date() - number * _DAY for number in range(1, WEEKS * 7 + 1)]
    known = [day for day in before if first_day is not None and day >= first_day]
    weeks = len(known) // 7
    if weeks < LEAST_WEEKS:
        return Usual(weeks=weeks)
    by_weekday = {number: [counts.get(day, 0) for day in known if day.weekday() == number] for number in range(7)}
    return Usual(weeks=weeks, bands=tuple(_band(by_weekday[slot.weekday()]) for slot in slots))


def _band(values: Sequence[int]) -> Band:
    ordered = sorted(values)
    low, median, high = (nearest_rank(ordered, percent) or 0 for percent in (25, 50, 75))
    return Band(low=low, median=median, high=high)
