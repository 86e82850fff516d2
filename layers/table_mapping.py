"""What the columns of a table mean: a mapping that is written as TOML, and how it finds its columns. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from geodata.settings import Settings
from layers.incident_facts import STATUSES, Status
from layers.table_values import Cell, DateOrder, text_of

HEADER_WITHIN_ROWS = 40
"""So many rows may stand above the names of the columns: titles, dates, logos."""

Rows = Literal["incident", "unit"]
ColumnName = str


class Columns(Settings):
    """Which column holds what, by the name in its header; case, spaces and punctuation aside."""

    id: ColumnName | None = Field(default=None, description="the id of the incident")
    time: ColumnName = Field(description="when it was reported")
    clock: ColumnName | None = Field(default=None, description="the time of day, where it stands apart from the date")
    kind: ColumnName | None = Field(default=None, description="what kind of call it was: normal, prank, ghost, …")
    category: ColumnName | None = Field(default=None, description="what happened")
    priority: ColumnName | None = Field(default=None, description="1 (worst) to 4, or a word")
    status: ColumnName | None = Field(default=None, description="how far it came, or how it ended")
    lon: ColumnName | None = Field(default=None, description="longitude, degrees")
    lat: ColumnName | None = Field(default=None, description="latitude, degrees")
    point: ColumnName | None = Field(default=None, description="both in one cell: POINT (lon lat), or lat, lon")
    kecamatan: ColumnName | None = Field(default=None, description="district, by name")
    kelurahan: ColumnName | None = Field(default=None, description="kelurahan, by name or code")
    description: ColumnName | None = Field(
        default=None, description="free text; numbers are masked, only admins read it"
    )
    agency: ColumnName | None = Field(default=None, description="who answered")
    unit: ColumnName | None = Field(default=None, description="which unit of it, where a row is one unit")
    duration: ColumnName | None = Field(default=None, description="from the report to the end")
    caller: ColumnName | None = Field(default=None, description="the caller's number; sealed before anything else")


class Words(Settings):
    """Words of this table → ours, where they are not understood by themselves."""

    kind: Mapping[str, str] = Field(default={}, description="word → normal, prank, ghost, informasi, …")
    category: Mapping[str, str] = Field(default={}, description="word → id of the city's taxonomy")
    priority: Mapping[str, int] = Field(default={}, description="word → 1 (worst) to 4")
    status: Mapping[str, Status] = Field(default={}, description="word → one of our statuses")
    agency: Mapping[str, str] = Field(default={}, description="word, or unit → id of the city's agency")


class TableMapping(Settings):
    """How a table becomes incidents and calls."""

    rows: Rows = Field(default="incident", description="what one row is: an incident, or one unit of an incident")
    zone: str | None = Field(
        default=None, description="whose clock wrote the times, e.g. Asia/Makassar; else the city's"
    )
    dates: DateOrder = Field(default="dmy", description="how 03/04/2024 is read: dmy, mdy or ymd")
    columns: Columns
    milestones: Mapping[Status, ColumnName] = Field(
        default={}, description="status → the column with the time it was reached, or how long after the report"
    )
    words: Words = Words()

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, said: str | None) -> str | None:
        if said is not None and said not in available_timezones():
            raise ValueError(f"{said!r} is no time zone; write it like Asia/Makassar")
        return said

    @model_validator(mode="after")
    def _units_have_ids(self) -> "TableMapping":
        if self.rows == "unit" and self.columns.id is None:
            raise ValueError("where a row is one unit, columns.id must say which incident it belongs to")
        return self

    @property
    def named(self) -> frozenset[str]:
        """The plain names of all columns it wants."""
        said = [*self.columns.model_dump(exclude_none=True).values(), *self.milestones.values()]
        return frozenset(map(plain, said))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where in a sheet each field stands, from 0. `header` is the plain name of every column."""

    header: tuple[str, ...]
    fields: Mapping[str, int]
    milestones: tuple[tuple[Status, int], ...] = ()
    missing: tuple[str, ...] = ()
    names: tuple[str, ...] = field(default=(), compare=False)

    def is_repeated(self, cells: Sequence[Cell]) -> bool:
        """Whether the row is the header once more, as printed at the top of every page."""
        wanted = {*self.fields.values(), *(at for _, at in self.milestones)}
        return all(at < len(cells) and _said(cells[at]) == self.header[at] for at in wanted)


@lru_cache(maxsize=4_096)
def plain(name: str) -> str:
    """A name of a column without what differs from year to year: case, accents, spaces, punctuation."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[\W_]+", " ", bare.casefold()).split())


def _said(cell: Cell) -> str:
    text = text_of(cell)
    return plain(text) if text else ""


def headers_of(rows: Sequence[Sequence[Cell]]) -> list[tuple[int, tuple[str, ...]]]:
    """(index of its last row, names) of everything that may be the header: a row, or two where cells are merged."""
    texts = [[text_of(cell) or "" for cell in cells] for cells in rows]
    found: list[tuple[int, tuple[str, ...]]] = []
    for index, row in enumerate(texts):
        found.append((index, tuple(row)))
        if index + 1 < len(texts):
            found.append((index + 1, _joined(row, texts[index + 1])))
    return found


def _joined(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    width = max(len(upper), len(lower))
    both = ((row[at] if at < len(row) else "" for row in (upper, lower)) for at in range(width))
    return tuple(below or above for above, below in both)


def layout_of(mapping: TableMapping, names: Sequence[str]) -> Layout | None:
    """The layout of a sheet with these names of columns; None without the time, which every row needs."""
    header = tuple(map(plain, names))
    places: dict[str, int] = {}
    for at, name in enumerate(header):
        places.setdefault(name, at)
    wanted = mapping.columns.model_dump(exclude_none=True)
    if plain(mapping.columns.time) not in places:
        return None
    steps = [(status, plain(name)) for status, name in mapping.milestones.items()]
    return Layout(
        header=header,
        fields={name: places[plain(said)] for name, said in wanted.items() if plain(said) in places},
        milestones=tuple((s, places[name]) for s, name in sorted(steps, key=_step) if name in places),
        missing=tuple(said for said in (*wanted.values(), *mapping.milestones.values()) if plain(said) not in places),
        names=tuple(names),
    )


def _step(step: tuple[Status, str]) -> int:
    return STATUSES.index(step[0])
