"""One row of a table → what it says of an incident or a call. Pure; whatever is wrong with a row is said of that row.

A row without a readable time is refused. Everything else that cannot be used is left out, and doubted by name.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from geodata.errors import BadPayload
from geodata.places import Ground
from layers.caller_seal import UNREADABLE, Caller, caller_of
from layers.calls import KIND_SYNONYMS, CallKind
from layers.event import stable_id
from layers.fields import AHEAD, LONGEST_ID, shown
from layers.incident_facts import Status
from layers.incident_words import priority_said, status_said
from layers.table_mapping import Layout, TableMapping, plain
from layers.table_seal import clean, is_phone
from layers.table_values import (
    Cell,
    Dialect,
    clock_of,
    duration_of,
    moment_of_cell,
    number_of,
    stamp_of,
    text_of,
    unit_named_by,
)

Doubt = Literal[
    "outside", "swapped", "place", "category", "kelurahan", "kind", "status", "priority", "agency", "day_only",
    "no_duration", "milestone", "duration", "caller", "close_repeat",
]  # fmt: skip
_LINE, _PROSE = 100, 2_000
_OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
_HALF_DAY = timedelta(hours=12)
_DAY = timedelta(days=1)
_POINT = re.compile(r"POINT\s*\(\s*(-?[\d.]+)[\s,]+(-?[\d.]+)\s*\)", re.IGNORECASE)
_PAIR = re.compile(r"\(?\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*\)?")
_HAS_CLOCK = re.compile(r"\d[:.]\d\d")
Steps = Mapping[Status, datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one row says. `steps` maps a status to when it was reached; None: nobody said when."""

    id: str
    at: datetime
    kind: CallKind | None = None
    category: str | None = None
    priority: int | None = None
    lon: float | None = None
    lat: float | None = None
    kelurahan: str | None = None
    description: str | None = None
    agency: str | None = None
    caller: Caller | None = None
    steps: Steps = field(default_factory=dict)
    doubts: tuple[tuple[Doubt, str], ...] = ()


class RowReader:
    """Reads the rows of one table for one city. `is_dated`: one id may be used again at another time."""

    def __init__(self, mapping: TableMapping, ground: Ground, received: datetime, *, is_dated: bool = False) -> None:
        self.mapping = mapping
        self._city = ground.city
        self._ground = ground
        self._latest = received + AHEAD
        self._is_dated = is_dated
        zone = ground.city.zone if mapping.zone is None else ZoneInfo(mapping.zone)
        self._dialect = Dialect(zone=zone, dates=mapping.dates)
        self._areas = _areas_of(ground)
        self._category = lru_cache(2_048)(self._category_of)
        self._agency = lru_cache(8_192)(self._agency_of)

    def read(self, cells: Sequence[Cell], layout: Layout) -> Said:
        """Raises BadPayload, naming the column, for a row without a time that can be."""
        row = _Row(cells, layout)
        at = self._time(row)
        lon, lat = self._place(row)
        kind = self._kind(row)
        category = self._category(row.line("category")) if row.has("category") else None
        if category is not None and category[1]:
            row.doubt("category", category[0])
        return Said(
            id=self._id(row, at),
            at=at,
            kind=kind,
            category=None if category is None else category[0],
            priority=self._priority(row),
            lon=lon,
            lat=lat,
            kelurahan=self._kelurahan(row),
            description=_prose(row.text("description")),
            agency=self._answering(row),
            caller=_caller(row),
            steps=self._steps(row, at),
            doubts=tuple(row.doubts),
        )

    def _time(self, row: "_Row") -> datetime:
        column = row.column("time")
        try:
            stamp = stamp_of(row.cell("time"), self._dialect.dates)
            at = None if stamp is None else moment_of_cell(self._with_clock(row, stamp), self._dialect)
        except ValueError as error:
            raise BadPayload(f"{column}: {error}", field=column) from error
        if at is None:
            raise BadPayload(f"{column}: missing; every row needs the time of its report", field=column)
        if not _OLDEST <= at <= self._latest:
            when = "is in the future" if at > self._latest else "is before 2000"
            raise BadPayload(f"{column}: {shown(row.text('time'))} {when}", field=column)
        return at

    def _with_clock(self, row: "_Row", stamp: datetime) -> datetime:
        clock = clock_of(row.cell("clock")) if row.has("clock") else None
        if clock is not None:
            return stamp.replace(hour=0, minute=0, second=0, microsecond=0) + clock
        if stamp.hour == stamp.minute == stamp.second == 0:
            text = row.text("time") or ""
            if not _HAS_CLOCK.search(text) and not isinstance(row.cell("time"), datetime):
                row.doubt("day_only", text)
        return stamp

    def _id(self, row: "_Row", at: datetime) -> str:
        said = row.text("id")
        if said is None:
            return f"T-{stable_id(*map(str, row.known()))[:13].upper()}"
        if is_phone(said):
            said = "•••"  # an unsealed number: nobody may keep it
        name = "".join(c for c in said.removeprefix("sealed:") if c.isprintable())
        name = f"{name}@{at:%Y%m%dT%H%M%SZ}" if self._is_dated else name
        if not 0 < len(name) <= LONGEST_ID:
            raise BadPayload(f"{row.column('id')}: an id has 1 to {LONGEST_ID} characters", field=row.column("id"))
        return name

    def _place(self, row: "_Row") -> tuple[float | None, float | None]:
        """As it was said; 0,0 is none. What lies outside the city is kept, and doubted."""
        try:
            lon, lat = self._degrees(row)
        except ValueError as error:
            row.doubt("place", str(error))
            return None, None
        if lon is None or lat is None or (lon == 0 and lat == 0):
            if (lon is None) != (lat is None):
                row.doubt("place", "half of a place")
            return None, None
        if not self._city.extent.holds(lon, lat):
            row.doubt("swapped" if self._city.extent.holds(lat, lon) else "outside", f"{lon:g}, {lat:g}")
            if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # noqa: PLR2004 — the Earth
                return None, None
        return lon, lat

    def _degrees(self, row: "_Row") -> tuple[float | None, float | None]:
        point = row.text("point")
        if point is None:
            return number_of(row.cell("lon")), number_of(row.cell("lat"))
        found = _POINT.fullmatch(point)
        if found:
            return float(found[1]), float(found[2])
        found = _PAIR.fullmatch(point)
        if found is None:
            raise ValueError(f"{shown(point)} is no place")
        return float(found[2]), float(found[1])

    def _kind(self, row: "_Row") -> CallKind | None:
        said = row.text("kind")
        if said is None:
            return None
        words = self.mapping.words.kind
        name = plain(said)
        kind = next((ours for theirs, ours in words.items() if plain(theirs) == name), None) if words else None
        found = KIND_SYNONYMS.get(kind or name.replace(" ", "_"))
        if found is None:
            row.doubt("kind", said)
        return found  # type: ignore[return-value]  # the values of KIND_SYNONYMS are kinds

    def _category_of(self, said: str | None) -> tuple[str, bool] | None:
        """(as it is kept, whether the city's taxonomy does not know it)."""
        if said is None:
            return None
        name = plain(said)
        ours = next((to for theirs, to in self.mapping.words.category.items() if plain(theirs) == name), said)
        ours = clean(ours)[:_LINE]
        is_unknown = self._city.category(ours).id == "lainnya" and plain(ours) != "lainnya"
        return ours, is_unknown

    def _priority(self, row: "_Row") -> int | None:
        said = row.text("priority")
        if said is None:
            return None
        words = {plain(word): value for word, value in self.mapping.words.priority.items()}
        try:
            return words.get(plain(said)) or priority_said(said)
        except ValueError:
            row.doubt("priority", said)
            return None

    def _kelurahan(self, row: "_Row") -> str | None:
        """Its code, where the name is one of this city's; never of another one's."""
        said, within = row.text("kelurahan"), row.text("kecamatan")
        if said is None:
            return None
        code = self._areas.get((plain(within or ""), plain(said))) or self._areas.get(("", plain(said)))
        if code is None:
            row.doubt("kelurahan", said if within is None else f"{said}, {within}")
        return code

    def _answering(self, row: "_Row") -> str | None:
        """The agency; where only the unit is known, the agency that the mapping gives it, else the unit itself."""
        for name in ("unit", "agency"):
            said = row.line(name)
            ours = self._agency(said) if said else None
            if ours is not None:
                return ours
        said = row.line("agency") or row.line("unit")
        if said is not None and row.has("agency"):
            row.doubt("agency", said)
        return said

    def _agency_of(self, said: str) -> str | None:
        name = plain(said)
        for theirs, ours in self.mapping.words.agency.items():
            if plain(theirs) == name:
                return ours
        return next((a.id for a in self._city.agencies if name in {plain(a.id), plain(a.name), plain(a.short)}), None)

    def _steps(self, row: "_Row", at: datetime) -> Steps:
        steps: dict[Status, datetime | None] = {}
        status = self._status(row)
        if status is not None and status != "diterima":
            steps[status] = None
        for step, column in row.layout.milestones:
            if row.text_at(column) is not None:
                steps[step] = self._reached(row, column, at)
        length = row.text("duration")
        if length is not None and steps.get("selesai") is None:
            steps["selesai"] = self._ended(row, at)
        return steps

    def _status(self, row: "_Row") -> Status | None:
        said = row.text("status")
        if said is None:
            return None
        words = {plain(word): status for word, status in self.mapping.words.status.items()}
        try:
            return words.get(plain(said)) or status_said(said)  # type: ignore[return-value]  # it gives one of ours
        except ValueError:
            row.doubt("status", said)
            return None

    def _reached(self, row: "_Row", column: int, at: datetime) -> datetime | None:
        """A time, a time of day on the day of the report or the next one, or how long after the report."""
        cell = row.cells[column]
        try:
            found = moment_of_cell(cell, self._dialect)
        except ValueError:
            found = self._relative(cell, at, unit_named_by(row.layout.names[column]))
        if found is None or not _OLDEST <= found <= self._latest:
            row.doubt("milestone", f"{row.layout.names[column]}: {row.text_at(column)}")
            return None
        return found

    def _relative(self, cell: Cell, at: datetime, unit_s: float | None) -> datetime | None:
        try:
            clock = clock_of(cell) if unit_s is None else None
        except ValueError:
            clock = None
        if clock is not None and timedelta() <= clock < _DAY:
            local = at.astimezone(self._dialect.zone).replace(hour=0, minute=0, second=0, microsecond=0) + clock
            found = local.astimezone(UTC)
            return found + _DAY if found < at - _HALF_DAY else found
        try:
            length = duration_of(cell, unit_s)
            return None if length is None else at + length
        except (ValueError, OverflowError):
            return None

    def _ended(self, row: "_Row", at: datetime) -> datetime | None:
        """None where it took no time at all: then nobody measured it."""
        try:
            length = duration_of(row.cell("duration"), unit_named_by(row.column("duration")))
        except (ValueError, OverflowError) as error:
            row.doubt("duration", str(error))
            return None
        if not length:
            row.doubt("no_duration", row.text("duration") or "")
            return None
        return at + length


class _Row:
    """The cells of a row by the names of fields, and what is doubted of them."""

    def __init__(self, cells: Sequence[Cell], layout: Layout) -> None:
        self.cells = cells
        self.layout = layout
        self.doubts: list[tuple[Doubt, str]] = []

    def has(self, name: str) -> bool:
        return name in self.layout.fields

    def column(self, name: str) -> str:
        return self.layout.names[self.layout.fields[name]]

    def cell(self, name: str) -> Cell:
        at = self.layout.fields.get(name)
        return None if at is None or at >= len(self.cells) else self.cells[at]

    def text(self, name: str) -> str | None:
        return text_of(self.cell(name))

    def text_at(self, column: int) -> str | None:
        return text_of(self.cells[column]) if column < len(self.cells) else None

    def line(self, name: str) -> str | None:
        """A short text, without numbers of callers."""
        said = self.text(name)
        return None if said is None else clean(said)[:_LINE]

    def known(self) -> list[str | None]:
        """What the wanted columns say, in a fixed order."""
        return [self.text(name) for name in sorted(self.layout.fields)]

    def doubt(self, what: Doubt, said: str) -> None:
        self.doubts.append((what, said[:_LINE]))


def _prose(said: str | None) -> str | None:
    return None if said is None else clean(said)[:_PROSE]


def _caller(row: _Row) -> Caller | None:
    said = row.text("caller")
    if said is None or said == UNREADABLE:
        return None
    try:
        return caller_of(said)
    except ValueError:
        row.doubt("caller", "•••")
        return None


def _areas_of(ground: Ground) -> Mapping[tuple[str, str], str]:
    """(kecamatan, kelurahan) → code; and ("", kelurahan) where the name is the only one of its kind in the city."""
    found: dict[tuple[str, str], str] = {}
    alone: dict[str, list[str]] = {}
    for code, area in ground.places.areas.items():
        found[plain(area.kecamatan), plain(area.name)] = code
        found["", code] = found["", plain(code)] = found["", code.replace(".", "")] = code
        alone.setdefault(plain(area.name), []).append(code)
    return {**found, **{("", name): codes[0] for name, codes in alone.items() if len(codes) == 1}}
