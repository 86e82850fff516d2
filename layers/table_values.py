"""Single cells of tables as people and programs write them: times, durations, numbers, empties. Pure.

A cell that is empty, or a dash, says nothing. What cannot be read is a ValueError that says why.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal

from layers.fields import shown

DateOrder = Literal["dmy", "mdy", "ymd"]
Cell = object
"""str, int, float, bool, datetime, date, time, timedelta or None, as a reader of tables gives it."""

LONGEST_CELL = 32_767
"""What a spreadsheet allows."""

EMPTY = frozenset(
    {"", "-", "--", "---", "\u2013", "\u2014", ".", "n/a", "na", "#n/a", "null", "none", "nan", "nil", "kosong"}
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january", "februari feb pebruari february", "maret mar mrt march", "april apr",
            "mei may", "juni jun june", "juli jul july", "agustus agu ags agt aug august", "september sep sept",
            "oktober okt oct october", "november nov nop nopember", "desember des dec december",
        ), 1)
    for name in names.split()
}  # fmt: skip
_ZONES = {"wib": 7, "wita": 8, "wit": 9, "utc": 0, "gmt": 0, "z": 0}
_TEXT_TIME = re.compile(
    r"""
    (?:[^\W\d]+\.?,?\s+)?                                               # Senin,
    (?:(?P<year1>\d{4})[-/.](?P<month1>\d{1,2})[-/.](?P<day1>\d{1,2})   # 2024-02-01
     | (?P<first>\d{1,2})[-/.](?P<second>\d{1,2})[-/.](?P<year2>\d{4}|\d\d)  # 01/02/2024
     | (?P<day3>\d{1,2})[\s.-]*(?P<month3>[^\W\d]{3,9})\.?[\s,.-]*(?P<year3>\d{4}|\d\d)  # 1 Mei 2024
     | (?P<month4>[^\W\d]{3,9})\.?\s*(?P<day4>\d{1,2}),?\s*(?P<year4>\d{4}))  # Jan 2, 2024
    (?:[\sT,]+(?:pukul\s+|jam\s+|at\s+)?(?P<clock>\d.*))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_USUAL_TIME = re.compile(r"(\d\d)[/-](\d\d)[/-](\d{4}) (\d\d):(\d\d):(\d\d)")
_CLOCK = re.compile(
    r"(?P<h>\d{1,2})[:.](?P<m>\d\d)(?:[:.](?P<s>\d\d)(?:[.,](?P<f>\d{1,6})\d*)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>[a-z]{1,4}|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_OF_112 = re.compile(r"(\d{1,3}) Hari : (\d{1,2}) Jam : (\d{1,2}) Menit : (\d{1,2}) Detik")
_PART = re.compile(r"(-?\d+(?:[.,]\d+)?)\s*([^\W\d]+)")
_UNITS_S = {
    "hari": 86_400, "h": 3_600, "d": 86_400, "day": 86_400, "days": 86_400, "hr": 3_600, "hrs": 3_600,
    "jam": 3_600, "hour": 3_600, "hours": 3_600, "menit": 60, "mnt": 60, "min": 60, "mins": 60, "minute": 60,
    "minutes": 60, "m": 60, "detik": 1, "dtk": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "s": 1,
}  # fmt: skip
_COLONS = re.compile(r"(-)?(\d{1,5}):(\d\d)(?::(\d\d))?(?:[.,]\d+)?")
_GROUPED_EN = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_GROUPED_ID = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?")
_PLAIN = re.compile(r"[+-]?\d{1,20}(?:[.,]\d{0,20})?")
_EXCEL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 — a spreadsheet's day has no zone
_EXCEL_FIRST, _EXCEL_LAST = 36_526.0, 73_051.0
_THIS_CENTURY = 2_000
_DAY_S = 86_400
_NOON = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a table writes times: by which clock, and which number of 03/04/2024 is the day."""

    zone: tzinfo
    dates: DateOrder = "dmy"


def text_of(cell: Cell) -> str | None:
    """The words of a cell, with single spaces; None where it says nothing. A whole number has no decimals."""
    if isinstance(cell, str):
        return _clean(cell)
    if cell is None or isinstance(cell, bool):
        return None if cell is None else str(cell)
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e15 else repr(cell)  # noqa: PLR2004 — exact up to there
    return cell.isoformat(sep=" ") if isinstance(cell, datetime) else str(cell)


@lru_cache(maxsize=16_384)  # a cell is looked at several times, and most words of a table come again and again
def _clean(cell: str) -> str | None:
    text = " ".join(cell.replace("\ufeff", "").replace("\x00", "").split())
    return None if text.casefold() in EMPTY else text


def number_of(cell: Cell) -> float | None:
    """A number; in texts with a decimal point or comma, with or without groups of three."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    text = text_of(cell)
    if text is None:
        return None
    plain = text.replace("\u2212", "-").replace("°", "")
    if _GROUPED_EN.fullmatch(plain) and "." in plain:
        plain = plain.replace(",", "")
    elif _GROUPED_ID.fullmatch(plain) and "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    elif _PLAIN.fullmatch(plain):
        plain = plain.replace(",", ".")
    else:
        raise ValueError(f"{shown(text)} is not a number")
    return float(plain)


def moment_of_cell(cell: Cell, dialect: Dialect) -> datetime | None:
    """A time as UTC; what names no zone is by the table's clock. Raises ValueError for what has no date."""
    found = stamp_of(cell, dialect.dates)
    if found is None:
        return None
    local = found if found.tzinfo is not None else found.replace(tzinfo=dialect.zone)
    try:
        return local.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{shown(cell)} is no time") from error


def stamp_of(cell: Cell, dates: DateOrder) -> datetime | None:
    """A date with or without its time, as the table has it: without a zone unless it names one."""
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _of_serial(float(cell))
    text = text_of(cell) if not isinstance(cell, time | timedelta) else None
    if text is None:
        if cell is None or isinstance(cell, str):
            return None
        raise ValueError(f"{shown(str(cell))} is a time of day without a date")
    return _of_text(text, dates)


def _of_serial(days: float) -> datetime:
    """The number that a spreadsheet keeps a time as, to the nearest second."""
    if not _EXCEL_FIRST <= days < _EXCEL_LAST:
        raise ValueError(f"{days:g} is no time; a spreadsheet's day is {_EXCEL_FIRST:g} to {_EXCEL_LAST:g}")
    return _EXCEL_ZERO + timedelta(seconds=round(days * _DAY_S))


def _of_text(text: str, dates: DateOrder) -> datetime:
    usual = _USUAL_TIME.fullmatch(text)
    if usual and dates == "dmy":
        day, month, year, hour, minute, second = map(int, usual.groups())
        with suppress(ValueError):
            return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 — the table's clock has no zone
    found = _TEXT_TIME.fullmatch(text)
    if found is None:
        return _other(text)
    year, month, day = _date_of(found, dates, text)
    clock = _clock(found["clock"], text) if found["clock"] else (0, 0, 0, 0, None)
    try:
        return datetime(year, month, day, *clock[:4], tzinfo=clock[4])
    except ValueError as error:
        raise ValueError(f"{shown(text)} is no time: {error}") from error


def _other(text: str) -> datetime:
    """ISO 8601 in one word, or the number of a spreadsheet as text."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    if _PLAIN.fullmatch(text):
        return _of_serial(float(text.replace(",", ".")))
    raise ValueError(f"{shown(text)} is no time; write it like 2024-02-01 13:45 or 01/02/2024 13:45")


def _date_of(found: re.Match[str], dates: DateOrder, text: str) -> tuple[int, int, int]:
    if found["year1"]:
        return int(found["year1"]), int(found["month1"]), int(found["day1"])
    if found["first"]:
        first, second, year = int(found["first"]), int(found["second"]), _year(found["year2"])
        return (year, first, second) if dates == "mdy" else (year, second, first)
    name, day, year_ = (
        (found["month3"], found["day3"], found["year3"])
        if found["day3"]
        else (found["month4"], found["day4"], found["year4"])
    )
    month = _MONTHS.get(name.casefold())
    if month is None:
        raise ValueError(f"{shown(text)}: {shown(name)} is no month")
    return _year(year_), month, int(day)


def _year(said: str) -> int:
    return int(said) + (_THIS_CENTURY if len(said) == 2 else 0)  # noqa: PLR2004 — 24 is 2024


def _clock(said: str, text: str) -> tuple[int, int, int, int, tzinfo | None]:
    found = _CLOCK.fullmatch(said.strip())
    if found is None:
        raise ValueError(f"{shown(text)}: {shown(said)} is no time of day")
    hour, half = int(found["h"]), (found["half"] or "").casefold()[:1]
    if half:
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    micro = int((found["f"] or "0").ljust(6, "0"))
    return hour, int(found["m"]), int(found["s"] or 0), micro, _zone(found["zone"], text)


@lru_cache(maxsize=64)
def _zone(said: str | None, text: str) -> tzinfo | None:
    if not said:
        return None
    if said[0] in "+-":
        sign = -1 if said[0] == "-" else 1
        return timezone(sign * timedelta(hours=int(said[1:3]), minutes=int(said[-2:])))
    hours = _ZONES.get(said.casefold())
    if hours is None:
        raise ValueError(f"{shown(text)}: {shown(said)} is no time zone we know; WIB, WITA, WIT, UTC or +08:00 are")
    return timezone(timedelta(hours=hours))


def clock_of(cell: Cell) -> timedelta | None:
    """A time of day without a date, as the time since midnight."""
    if isinstance(cell, datetime):
        cell = cell.time()
    if isinstance(cell, time):
        return timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second, microseconds=cell.microsecond)
    if isinstance(cell, timedelta):
        return cell
    if isinstance(cell, float) and 0 <= cell < 1:
        return timedelta(seconds=round(cell * _DAY_S))
    text = text_of(cell)
    if text is None:
        return None
    hour, minute, second, micro, _ = _clock(text, text)
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro)


def duration_of(cell: Cell, unit_s: float | None = None) -> timedelta | None:
    """As in "0 Hari : 20 Jam : 41 Menit : 56 Detik", 00:07:30, 7 menit. It may be negative.

    A number alone is a duration only where the name of its column says of what: `unit_s`.
    """
    if isinstance(cell, timedelta | time):
        return clock_of(cell)
    text = text_of(cell)
    if text is None:
        return None
    usual = _OF_112.fullmatch(text)
    if usual:
        days, hours, minutes, seconds = usual.groups()
        return timedelta(days=int(days), hours=int(hours), minutes=int(minutes), seconds=int(seconds))
    if _PLAIN.fullmatch(text):
        value = float(text.replace(",", "."))
        if unit_s is None and value:
            raise ValueError(f"{shown(text)} has no unit: days, minutes or seconds? Name it in the column's header")
        return timedelta(seconds=value * (unit_s or 0))
    colons = _COLONS.fullmatch(text)
    if colons:
        sign, first, second, third = colons.groups()
        seconds = int(first) * 3_600 + int(second) * 60 + int(third or 0)
        return timedelta(seconds=-seconds if sign else seconds)
    return timedelta(seconds=_seconds_of_words(text))


def unit_named_by(header: str) -> float | None:
    """The unit of time that the name of a column says, in seconds: "durasi (menit)"."""
    words = re.findall(r"[^\W\d_]+", header.casefold())
    return next((_UNITS_S[word] for word in words if word in _UNITS_S and len(word) > 1), None)


def _seconds_of_words(text: str) -> float:
    parts = _PART.findall(text)
    rest = re.sub(r"[\s:,;.]+|dan|and", "", _PART.sub("", text))
    if not parts or rest:
        raise ValueError(f"{shown(text)} is no duration; write it like 0 Hari : 0 Jam : 12 Menit : 30 Detik")
    seconds = 0.0
    for amount, unit in parts:
        if unit.casefold() not in _UNITS_S:
            raise ValueError(f"{shown(text)}: {shown(unit)} is no unit of time")
        seconds += float(amount.replace(",", ".")) * _UNITS_S[unit.casefold()]
    if abs(seconds) > 10 * 366 * _DAY_S:
        raise ValueError(f"{shown(text)} is longer than ten years")
    return seconds
