"""Which report is wanted: of a shift, a day, a month, days by hand, an incident; whole, or to be given away. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, get_args

from dashboard.report_words import LANGS, Lang
from geodata.city import City
from geodata.errors import BadInput
from layers.event import Mode
from layers.fields import day_of
from layers.monthly import Period, month_of
from layers.watches import Watch, watch_at

Kind = Literal["shift", "day", "month", "period", "incident"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Format = Literal["pdf", "png", "xlsx", "geojson"]
FORMATS: Mapping[Format, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}
MOST_DAYS = 400
_LONGEST_ID = 120
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_STEP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`at` is what `kind` makes of it: a day, a month (2026-11), an incident's id, or "" for the last that is over.

    A shift is named by its day and name (2026-11-23/Pagi); days by hand by first and last (2026-11-01/2026-11-07).
    `agency`: of its incidents alone. `lang`: what it is written in.
    """

    kind: Kind
    at: str = ""
    format: Format = "pdf"
    is_public: bool = False
    page: int = 1
    agency: str | None = None
    lang: Lang = "id"


def wanted_of(said: Mapping[str, Any]) -> Wanted:
    """What somebody asked for. Raises BadInput."""
    kind = next((one for one in KINDS if one == said.get("kind")), None)
    if kind is None:
        raise BadInput(f"kind is one of {', '.join(KINDS)}", field="kind")
    form = next((one for one in FORMATS if one == said.get("format", "pdf")), None)
    if form is None:
        raise BadInput(f"format is one of {', '.join(FORMATS)}", field="format")
    at, is_public, page = said.get("at") or "", said.get("publishable", False), said.get("page", 1)
    agency, lang = said.get("agency"), next((one for one in LANGS if one == said.get("lang", "id")), None)
    if not isinstance(at, str) or len(at) > _LONGEST_ID:
        raise BadInput(f"at is a text of at most {_LONGEST_ID} characters", field="at")
    if not isinstance(is_public, bool):
        raise BadInput("publishable is true or false", field="publishable")
    if not isinstance(page, int) or not 1 <= page <= MOST_DAYS:
        raise BadInput(f"page is a number from 1 to {MOST_DAYS}", field="page")
    if agency is not None and (not isinstance(agency, str) or len(agency) > _LONGEST_ID):
        raise BadInput("agency is the id of an agency", field="agency")
    if lang is None:
        raise BadInput(f"lang is {' or '.join(LANGS)}", field="lang")
    _refuse_what_cannot_be(kind, at, is_public=is_public)
    return Wanted(kind=kind, at=at, format=form, is_public=is_public, page=page, agency=agency, lang=lang)


def _refuse_what_cannot_be(kind: Kind, at: str, *, is_public: bool) -> None:
    if kind == "incident" and not at:
        raise BadInput("at: say the id of the incident", field="at")
    if kind == "incident" and is_public:
        raise BadInput("publishable: a report of one incident is never one for everybody", field="publishable")
    if kind == "period" and not at:
        raise BadInput("at: say the first and the last day, like 2026-11-01/2026-11-07", field="at")


def period_of(wanted: Wanted, now: datetime, city: City, mode: Mode) -> Period:
    """Which time it is of; one that is not over yet ends now. Raises BadInput."""
    if wanted.kind == "month":
        found = _month(wanted.at, now, city, mode)
    elif wanted.kind == "shift":
        found = _shift(wanted.at, now, city, mode)
    else:
        found = _days(wanted.at, now, city, mode)
    until = min(found.until, now.replace(second=0, microsecond=0).astimezone(city.zone) + _STEP)
    if found.since >= until:
        raise BadInput("at: that has not begun yet", field="at")
    return Period(since=found.since, until=until, mode=mode)


def _month(at: str, now: datetime, city: City, mode: Mode) -> Period:
    if not at:
        last = now.astimezone(city.zone).replace(day=1) - timedelta(days=1)
        return month_of(city, last.year, last.month, mode)
    match = _MONTH.fullmatch(at)
    if not match or not _FIRST_YEAR <= int(match[1]) <= _LAST_YEAR or not 1 <= int(match[2]) <= 12:  # noqa: PLR2004 — months
        raise BadInput(f"at: {at[:20]!r} is no month; write it like 2026-11", field="at")
    return month_of(city, int(match[1]), int(match[2]), mode)


def _days(at: str, now: datetime, city: City, mode: Mode) -> Period:
    if not at:
        yesterday = now.astimezone(city.zone).date() - timedelta(days=1)
        return _between(yesterday, yesterday, city, mode)
    first, _, last = at.partition("/")
    return _between(_day(first), _day(last or first), city, mode)


def _between(first: date, last: date, city: City, mode: Mode) -> Period:
    if not first <= last < first + timedelta(days=MOST_DAYS):
        raise BadInput(f"at: a period ends after it begins, at most {MOST_DAYS} days later", field="at")
    return Period(
        since=datetime.combine(first, time(), city.zone),
        until=datetime.combine(last + timedelta(days=1), time(), city.zone),
        mode=mode,
    )


def _day(said: str) -> date:
    try:
        return day_of(said)
    except ValueError as error:
        raise BadInput(f"at: {error}", field="at") from error


def _shift(at: str, now: datetime, city: City, mode: Mode) -> Period:
    """The shift that was on duty when the one of now began, or the one that is named."""
    if not at:
        watch = watch_at(city, watch_at(city, now).starts - _STEP)
    else:
        day, _, name = at.partition("/")
        watch = _watch_of(_day(day), name, city)
    return Period(since=watch.starts.astimezone(city.zone), until=watch.ends.astimezone(city.zone), mode=mode)


def _watch_of(day: date, name: str, city: City) -> Watch:
    """It begins on that day."""
    hour = datetime.combine(day, time(), city.zone)
    for number in range(24):
        watch = watch_at(city, hour + timedelta(hours=number, minutes=59))
        if watch.name.casefold() == name.casefold() and watch.starts.astimezone(city.zone).date() == day:
            return watch
    raise BadInput(f"at: no shift {name[:40]!r} begins on {day}; there are: {_names(city)}", field="at")


def _names(city: City) -> str:
    return ", ".join(shift.name for shift in city.shifts)


def file_name(wanted: Wanted, period: Period | None) -> str:
    """Such as "layar-day-2026-11-22-umum.pdf"; of an id only letters that any disk takes."""
    said = f"{period.since:%Y-%m-%d}" if period else re.sub(r"[^\w-]+", "-", wanted.at)[:60]
    if period and period.until - period.since > timedelta(days=1, minutes=1):
        said += f"-{period.until - _STEP:%Y-%m-%d}"
    if wanted.kind == "shift" and period:
        said += f"-{period.since:%H%M}"
    said += f"-{re.sub(r'[^A-Za-z0-9_-]+', '-', wanted.agency)}" if wanted.agency else ""
    public, lang = "-umum" if wanted.is_public else "", "" if wanted.lang == "id" else f"-{wanted.lang}"
    return f"layar-{wanted.kind}-{said}{public}{lang}.{wanted.format}"
