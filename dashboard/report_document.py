"""A report before it is paper: headings, figures, tables, charts, maps and pictures as plain data. Pure.

The same document becomes PDF, pictures and a workbook; its fingerprint is of what it says, not of when it was printed.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import orjson

from dashboard.report_words import Lang, Tongue
from layers.event import Mode

Shape = Literal["columns", "bars", "heat"]
Mood = Literal["plain", "good", "late"]
_PRINT = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Begins a section."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A sentence."""

    text: str
    is_small: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number that must be seen first. `note` says on how many it rests."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Several of them, side by side."""

    items: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`widths` are shares of the page; columns in `numeric` stand to the right. `name` is that of its sheet."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | float | None, ...], ...]
    widths: tuple[float, ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar or cell. `text` stands on it where there is room; `low` to `high` is what was usual."""

    label: str
    value: float
    text: str = ""
    mood: Mood = "plain"
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Columns over time, lying bars, or rows of cells (heat: `rows` bars of `per_row`). `note` says n and source."""

    title: str
    shape: Shape
    bars: tuple[Bar, ...]
    note: str
    target: float | None = None
    per_row: int = 24
    row_labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One area of a map: rings of (lon, lat), and in which of five steps it is painted."""

    name: str
    rings: tuple[tuple[tuple[float, float], ...], ...]
    step: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """Areas, and a point where something happened. `credit`: whose boundaries they are."""

    title: str
    areas: tuple[Outline, ...]
    note: str
    credit: str = ""
    steps: tuple[str, ...] = ()
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A still of a camera, masked as it was kept."""

    jpeg: bytes = field(repr=False)
    caption: str


Block = Heading | Note | Figures | Table | Chart | Map | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report. `areas` are the rows of its GeoJSON: code of a kelurahan → what was counted there."""

    title: str
    period: str
    center: str
    mode: Mode
    is_public: bool
    lang: Lang = "id"
    blocks: tuple[Block, ...]
    areas: Mapping[str, Mapping[str, str | float | None]] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """The same for the same content, on every machine and at every time."""
        blocks = [_hashable(block) for block in self.blocks]
        said = orjson.dumps([replace(self, blocks=()), blocks], option=orjson.OPT_SORT_KEYS, default=_plain)
        return hashlib.sha256(said).hexdigest()[:_PRINT]


def _hashable(block: Block) -> list[Any]:
    name = type(block).__name__
    if isinstance(block, Picture):
        return [name, hashlib.sha256(block.jpeg).hexdigest(), block.caption]
    return [name, block]


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(type(value).__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """When it was made, and up to where the log had been read; beside the content, and not part of its fingerprint."""

    made: str
    cursor: int


def tables_of(document: Document) -> tuple[Table, ...]:
    """What a workbook holds: every table, and every chart as one."""
    say = Tongue(document.lang)
    return tuple(
        block if isinstance(block, Table) else _of_chart(block, say)
        for block in document.blocks
        if isinstance(block, Table | Chart)
    )


def _of_chart(chart: Chart, say: Tongue) -> Table:
    rows = tuple((bar.label, bar.value, bar.text or None) for bar in chart.bars)
    columns = ("", say("jumlah", "count"), say("keterangan", "note"))
    return Table(name=chart.title, columns=columns, rows=rows, widths=(2, 1, 2), numeric=frozenset({1}))
