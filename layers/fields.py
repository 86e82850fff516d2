"""Single values as outsiders write them: numbers, times, names. Read strictly.

Whatever is wrong with a value is a ValueError that says what to send: pydantic and `field_of` name the field.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import orjson

from geodata.errors import BadPayload

T = TypeVar("T")
Said = Mapping[str, Any]
"""An object as an outsider wrote it."""

AHEAD = timedelta(minutes=5)
"""How far a sender's clock may be ahead of ours: a time from the future would outlive every true one."""

LONGEST_ID = 128

MOST_ACCURACY_M = 100_000.0
"""A circle wider than the city and all around it says nothing of a place."""

MOST_SPEED_MPS = 100.0
"""360 km/h: faster than any helicopter that comes to help."""

FULL_PCT = 100.0

_MOST_HEADING_DEG = 720.0
_NUMBER = re.compile(r"[+-]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})([eE][+-]?\d{1,3})?", re.ASCII)
_OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
_NEWEST = datetime(2100, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM = 100_000_000_000
_DATE_CHARS = 10
_SHOWN_CHARS = 40


def json_of(payload: bytes) -> Any:  # noqa: ANN401 — JSON from outside
    """The payload as JSON. NaN, Infinity, broken UTF-8 and deep nesting are refused: BadPayload."""
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise BadPayload(f"this is not JSON: {error}; send UTF-8 JSON") from error


def bytes_of(item: object, payload: bytes) -> bytes:
    """One item of a JSON payload as bytes of its own; the whole payload where that cannot be done."""
    try:
        return orjson.dumps(item)
    except orjson.JSONEncodeError:  # it nests deeper than orjson writes, though not than it reads
        return payload


def field_of(said: Said, field: str, read: Callable[[Any], T]) -> T:
    """A field that must be there. Raises BadPayload naming it."""
    value = said.get(field)
    if value is None or value == "":
        raise BadPayload(f"{field}: missing", field=field)
    try:
        return read(value)
    except ValueError as error:
        raise BadPayload(f"{field}: {error}", field=field) from error


def measure_of(said: Said, field: str, most: float) -> float | None:
    """A measure that may be missing, from 0 to `most`.

    Trackers say what they do not know as a negative number, or as one that nothing on the ground can have:
    both are as good as not said, and the rest of the message still stands.
    """
    value = None if said.get(field) in (None, "") else field_of(said, field, number)
    return value if value is not None and 0 <= value <= most else None


def heading_of(said: Said, field: str) -> float | None:
    """Degrees from north, 0 to below 360; None where it is missing, negative, or more than two turns."""
    value = measure_of(said, field, _MOST_HEADING_DEG)
    return None if value is None else value % 360


def number(said: object) -> float:
    """A finite number, or the text of one with a decimal point."""
    is_text = isinstance(said, str) and _NUMBER.fullmatch(said.strip())
    if not is_text and (isinstance(said, bool) or not isinstance(said, int | float)):
        raise ValueError(f"{shown(said)} is not a number; write it like 117.1536")
    value = float(said)  # type: ignore[arg-type]  # a number, or the text of one, by the test above
    if not abs(value) < float("inf"):
        raise ValueError(f"{shown(said)} is not a finite number")
    return value


def between(low: float, high: float, said: object) -> float:
    """A number from low to high."""
    value = number(said)
    if not low <= value <= high:
        raise ValueError(f"{shown(said)} is not between {low:g} and {high:g}")
    return value


def moment_of(said: object, *, is_naive_utc: bool = False) -> datetime:
    """An ISO 8601 time with its offset, or seconds or milliseconds since 1970, as UTC.

    `is_naive_utc`: the dialect says that a time without an offset is UTC.
    """
    if isinstance(said, str) and not _NUMBER.fullmatch(said.strip()):
        moment = _iso(said.strip(), is_naive_utc=is_naive_utc)
    else:
        moment = _epoch(number(said))
    if not _OLDEST <= moment < _NEWEST:
        raise ValueError(f"{shown(said)} is in the year {moment.year}; send seconds since 1970 or ISO 8601")
    return moment


def day_of(said: str) -> date:
    """A day like 2026-11-30, in the years that a moment may lie in."""
    try:
        day = date.fromisoformat(said)
    except ValueError as error:
        raise ValueError(f"{shown(said)} is no day; write it like 2026-11-30") from error
    if not _OLDEST.date() < day < _NEWEST.date():
        raise ValueError(f"{shown(said)} is in the year {day.year}; write it like 2026-11-30")
    return day


def _epoch(value: float) -> datetime:
    seconds = value / 1000 if abs(value) >= _MILLISECONDS_FROM else value
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise ValueError(f"{value:g} is no time; send seconds since 1970 or ISO 8601") from error


def _iso(text: str, *, is_naive_utc: bool) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None and is_naive_utc and len(text) > _DATE_CHARS:
            moment = moment.replace(tzinfo=UTC)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{shown(text)} is no time; write it like 2026-11-22T19:18:00+08:00") from error
    raise ValueError(f"{shown(text)} has no offset; write it like 2026-11-22T19:18:00+08:00")


def not_ahead(moment: datetime, received: datetime) -> datetime:
    """The moment, unless it lies in the future."""
    if moment > received + AHEAD:
        raise ValueError(f"{moment.isoformat()} is in the future; set the sender's clock and its time zone right")
    return moment


def name_of(said: object) -> str:
    """An id: text or a whole number, 1 to 128 visible characters."""
    if isinstance(said, bool) or not isinstance(said, str | int):
        raise ValueError(f"{shown(said)} is no id; send a text or a whole number")  # noqa: TRY004 — see the module
    name = str(said).strip()
    if not 0 < len(name) <= LONGEST_ID or not name.isprintable():
        raise ValueError(f"an id has 1 to {LONGEST_ID} visible characters, not {shown(name)}")
    return name


def shown(said: object) -> str:
    """What was said, short enough for a message."""
    text = repr(said)
    return text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}…"
