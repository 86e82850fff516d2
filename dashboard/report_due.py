"""Which reports of the clock are due, and when one that could not be delivered is tried again. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from dashboard.report_settings import ReportSettings
from dashboard.report_wanted import Wanted
from geodata.city import City
from layers.watches import watch_at

_DAY = timedelta(days=1)
_STEP = timedelta(minutes=1)
SETTLES = timedelta(minutes=5)
"""A shift's report waits so long after its end: the last words are still being written."""
NOT_LATER = timedelta(days=3)
"""A machine that was off for a week does not send a week of reports."""
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one line of [[reports]] is doing. `done`: what it delivered last. `failed_at`: since when it fails."""

    name: str
    done: str = ""
    delivered_at: datetime | None = None
    failed_at: datetime | None = None
    reason: str | None = None
    tries: int = 0
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One report that has to be made now."""

    line: ReportSettings
    wanted: Wanted


def due(lines: Sequence[ReportSettings], standings: Mapping[str, Standing], now: datetime, city: City) -> Iterator[Due]:
    """Those whose time has come, that were not delivered yet and are not in a pause."""
    for line in lines:
        ready_at, at = newest(line, now, city)
        standing = standings.get(line.name, Standing(name=line.name))
        if now - ready_at > NOT_LATER or standing.done == at:
            continue
        if standing.not_before is None or now >= standing.not_before:
            yield Due(line=line, wanted=_wanted(line, at))


def _wanted(line: ReportSettings, at: str) -> Wanted:
    return Wanted(
        kind=line.kind,
        at=at,
        format=line.format,
        is_public=line.publishable,
        agency=line.agency or None,
        lang=line.lang,
    )


def newest(line: ReportSettings, now: datetime, city: City) -> tuple[datetime, str]:
    """(when it was to be made, of what) of the last one whose time has come.."""
    local = now.astimezone(city.zone)
    if line.kind == "shift":
        watch = watch_at(city, now - SETTLES)
        before = watch_at(city, watch.starts - _STEP)
        return before.ends + SETTLES, f"{before.starts.astimezone(city.zone):%Y-%m-%d}/{before.name}"
    clock = time.fromisoformat(line.at)
    if line.kind == "day":
        day = local.date() if local.time() >= clock else local.date() - _DAY
        return datetime.combine(day, clock, city.zone), f"{day - _DAY:%Y-%m-%d}"
    first = datetime.combine(local.date().replace(day=1), clock, city.zone)
    if local < first:
        first = datetime.combine((first - _DAY).date().replace(day=1), clock, city.zone)
    return first, f"{first - _DAY:%Y-%m}"


def delivered(standing: Standing, at: str, now: datetime) -> Standing:
    """All is well."""
    return Standing(name=standing.name, done=at, delivered_at=now)


def failed(standing: Standing, reason: str, now: datetime) -> Standing:
    """Tried again after a pause that doubles, up to an hour."""
    pause = min(_FIRST_PAUSE * 2 ** min(standing.tries, 10), _LONGEST_PAUSE)
    return replace(
        standing,
        failed_at=standing.failed_at or now,
        reason=reason,
        tries=standing.tries + 1,
        not_before=now + pause,
    )
