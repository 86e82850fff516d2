"""What our own JSON dialects have in common: an object, a list or GeoJSON of them, read strictly, field by field.

A dialect is a pydantic model and a function that makes events of one record; `reader` makes the feed's `parse` of
them. A record that cannot be read is rejected with the field to mend, and the others stand.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from geodata.errors import BadPayload
from layers.event import Event, stable_id
from layers.feed import Rejected
from layers.fields import between, bytes_of, json_of, moment_of, name_of, not_ahead, number, shown
from layers.geojson import record_of, records_in

MISNAMED: Mapping[str, str] = {
    "latitude": "lat", "longitude": "lon", "lng": "lon", "long": "lon", "keterangan": "description",
    "kelurahancode": "kelurahan", "kodekelurahan": "kelurahan",
}  # fmt: skip
_KELURAHAN = re.compile(r"(\d\d)\.?(\d\d)\.?(\d\d)\.?(\d{4})", re.ASCII)
_AREA = re.compile(r"\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?", re.ASCII)
_SHORTEST_TYPO = 4
MOST_LISTED = 500


class Record(BaseModel):
    """One object of a payload. Fields nobody knows are ignored, so a system may send all it has."""

    model_config = ConfigDict(extra="ignore", frozen=True)


R = TypeVar("R", bound=Record)
Parse = Callable[[bytes, datetime], Iterator[Event | Rejected]]


def kelurahan_code(said: object) -> str:
    """A Kemendagri code of a kelurahan, with or without its points."""
    found = _KELURAHAN.fullmatch(said if isinstance(said, str) else "")
    if found is None:
        raise ValueError(f"{shown(said)} is no kelurahan code; write it like 64.72.09.1003")
    return ".".join(found.groups())


def area_code(said: object) -> str:
    """A Kemendagri code of a city, kecamatan or kelurahan."""
    if not isinstance(said, str) or not _AREA.fullmatch(said):
        raise ValueError(f"{shown(said)} is no area code; write it like 64.72, 64.72.09 or 64.72.09.1003")
    return said


def text(longest: int, said: object) -> str:
    """Visible characters, tabs and line breaks; at most so many."""
    if not isinstance(said, str):
        raise ValueError(f"{shown(said)} is not a text")  # noqa: TRY004 — pydantic wants a ValueError
    if len(said) > longest:
        raise ValueError(f"it has {len(said)} characters, at most {longest} are taken: shorten it")
    return "".join(c for c in said if c.isprintable() or c in "\n\t")


def whole(low: int, high: int, said: object) -> int:
    """A whole number from low to high."""
    value = between(low, high, said)
    if value != int(value):
        raise ValueError(f"{shown(said)} is not a whole number")
    return int(value)


def one_of(words: Mapping[str, str], said: object) -> str:
    """One of our words, or a synonym of it: case, spaces and dashes aside. `words` maps plain spelling → ours."""
    plain = re.sub(r"[\s_-]+", "_", said.strip().casefold()) if isinstance(said, str) else ""
    if plain not in words:
        raise ValueError(f"{shown(said)} is none of: {', '.join(dict.fromkeys(words.values()))}")
    return words[plain]


def fact_or_not(said: object) -> bool:
    """True or false, and nothing that only looks like it."""
    if not isinstance(said, bool):
        raise ValueError(f"{shown(said)} is neither true nor false")  # noqa: TRY004 — pydantic wants a ValueError
    return said


def listed(read: Callable[[object], Any], said: object) -> tuple[Any, ...]:
    """A list, each item read in the same way."""
    if not isinstance(said, list | tuple):
        raise ValueError(f"{shown(said)} is not a list")  # noqa: TRY004 — pydantic wants a ValueError
    if len(said) > MOST_LISTED:
        raise ValueError(f"it has {len(said)} items, at most {MOST_LISTED} are taken")
    return tuple(read(one) for one in said)


Id = Annotated[str, BeforeValidator(name_of, json_schema_input_type=str | int)]
Name = Annotated[str | None, BeforeValidator(name_of, json_schema_input_type=str | int | None)]
Time = Annotated[datetime, BeforeValidator(moment_of, json_schema_input_type=datetime | float)]
Moment = Annotated[datetime | None, BeforeValidator(moment_of, json_schema_input_type=datetime | float | None)]
Longitude = Annotated[
    float | None, BeforeValidator(partial(between, -180, 180), json_schema_input_type=float | str | None)
]
Latitude = Annotated[
    float | None, BeforeValidator(partial(between, -90, 90), json_schema_input_type=float | str | None)
]
Number = Annotated[float | None, BeforeValidator(number, json_schema_input_type=float | str | None)]
Count = Annotated[int | None, BeforeValidator(partial(whole, 0, 10_000_000), json_schema_input_type=int | str | None)]
Flag = Annotated[bool | None, BeforeValidator(fact_or_not, json_schema_input_type=bool | None)]
Code = Annotated[str | None, BeforeValidator(kelurahan_code)]
Area = Annotated[str, BeforeValidator(area_code)]
Areas = Annotated[tuple[str, ...], BeforeValidator(partial(listed, area_code), json_schema_input_type=list[str])]
Line = Annotated[str | None, BeforeValidator(partial(text, 100))]
Text = Annotated[str, BeforeValidator(partial(text, 100))]
Prose = Annotated[str | None, BeforeValidator(partial(text, 2000))]


def reader(
    noun: str,
    model: type[R],
    events: Callable[[R, datetime], Iterable[Event]],
    *,
    misnamed: Mapping[str, str] = MISNAMED,
    may_lie_ahead: frozenset[str] = frozenset(),
) -> Parse:
    """A feed's `parse`. `noun` is what one record is ("an incident"); `events` may raise BadPayload.

    Times in the future are refused, but for the fields of `may_lie_ahead`.
    """

    def parse(payload: bytes, received: datetime) -> Iterator[Event | Rejected]:
        said = json_of(payload)
        items = records_in(said)
        if items is None:
            raise BadPayload(f"send one object, a list of objects or GeoJSON, not {shown(said)}")
        for item in items:
            try:
                record = _record(noun, model, misnamed, record_of(item, model.model_fields.keys()))
                _refuse_future(record, received, may_lie_ahead)
                yield from tuple(events(record, received))
            except BadPayload as error:
                yield Rejected(original=bytes_of(item, payload), reason=str(error), field=error.field)

    return parse


def _record(noun: str, model: type[R], misnamed: Mapping[str, str], item: object) -> R:
    """Raises BadPayload naming the field."""
    if not isinstance(item, dict):
        raise BadPayload(f"{noun} is an object, not {shown(item)}")
    said = {field: value.strip() if isinstance(value, str) else value for field, value in item.items()}
    said = {field: value for field, value in said.items() if value is not None and value != ""}
    _refuse_misnamed(said, frozenset(model.model_fields), misnamed)
    try:
        return model.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = str(first["loc"][0]) if first["loc"] else None
        reason = "missing" if first["type"] == "missing" else first["msg"].removeprefix("Value error, ")
        raise BadPayload(f"{field}: {reason}" if field else reason, field=field) from error


def _refuse_future(record: Record, received: datetime, may_lie_ahead: frozenset[str]) -> None:
    for field, value in record:
        if isinstance(value, datetime) and field not in may_lie_ahead:
            try:
                not_ahead(value, received)
            except ValueError as error:
                raise BadPayload(f"{field}: {error}", field=field) from error


def _refuse_misnamed(said: Mapping[str, object], known: frozenset[str], misnamed: Mapping[str, str]) -> None:
    """A field that is nearly one of ours would be lost without a word; truly unknown ones are ignored."""
    for field in said:
        meant = None if field in known else _meant(field, known, misnamed)
        if meant is not None and meant not in said:
            raise BadPayload(f"{field}: there is no such field; did you mean {meant!r}?", field=field)


def _meant(field: str, known: frozenset[str], misnamed: Mapping[str, str]) -> str | None:
    plain = re.sub(r"[\W_]", "", field.casefold())
    by_plain = {name.replace("_", ""): name for name in sorted(known)}
    other = misnamed.get(plain)
    exact = by_plain.get(plain) or (other if other in known else None)
    if exact or len(plain) < _SHORTEST_TYPO:
        return exact
    return next(
        (name for ours, name in by_plain.items() if len(ours) >= _SHORTEST_TYPO and _is_typo(plain, ours)), None
    )


def _is_typo(said: str, meant: str) -> bool:
    """Whether one letter is wrong, missing, too many, or two neighbours are swapped."""
    if abs(len(said) - len(meant)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(said, meant, strict=False)) if a != b), min(len(said), len(meant)))
    left, right = said[start:], meant[start:]
    is_swap = left[:2] == right[:2][::-1] and left[2:] == right[2:]
    return is_swap or left[1:] == right[1:] or left[1:] == right or left == right[1:]


def both_or_neither(lon: float | None, lat: float | None) -> tuple[float | None, float | None]:
    """The place; 0,0 is none. Raises BadPayload for half of one."""
    if (lon is None) != (lat is None):
        field = "lon" if lon is None else "lat"
        raise BadPayload(f"{field}: missing; send lon and lat, or neither", field=field)
    return (None, None) if lon == 0 and lat == 0 else (lon, lat)


def said_by(feed: str, fact: Any, at: datetime | None, received: datetime) -> Event:  # noqa: ANN401 — any fact
    """The event of a fact that has a time, or is as old as its arrival: then every arrival is another event."""
    return Event(
        id=stable_id(feed, str(fact), at or received), at=at or received, seen=received, source=feed, fact=fact
    )
