"""Tables of the city's events for others to count with: without personal data, and unable to hold any. Pure.

A table takes numbers, times, and texts that are a `Word`: picked from a list that we know (a category, a kelurahan, a
status), or made opaque. Whatever people have typed (names, notes, titles, ids, numbers) is none and cannot get in: a
table that tries is refused by `checked`, not only by whoever reviews it.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from geodata.places import Ground, place_or_none
from layers.event import Event, Mode

OTHER = "lain"
"""Something was said that is on no list of ours."""

CELL_DEG = 0.0025
"""Where somebody needed help is told as the middle of a cell of some 280 m: many doors lie in it."""

Kind = Literal["text", "number", "time", "flag"]


class Word(str):
    """A text that was picked from a list or made opaque: the only one that a table takes."""

    __slots__ = ()


Cell = Word | float | datetime | bool | None
Row = tuple[Cell, ...]
Tell = Callable[[Sequence[str], datetime, datetime], Iterable[Event]]
"""As `Store.told`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `words` says in Indonesian what stands in it."""

    name: str
    kind: Kind
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From `since` to before `until`, aware."""

    since: datetime
    until: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether it lies in it."""
        return self.since <= moment < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """By what texts are judged. `alias` makes an id opaque, the same id always alike; `feeds` are those installed."""

    ground: Ground
    alias: Callable[[str], str]
    feeds: frozenset[str]

    def opaque(self, said: str | None) -> Word | None:
        """A key that says nothing, to join tables by."""
        return None if said is None else Word(self.alias(said))

    def area(self, code: str | None) -> Word | None:
        """The code of a kelurahan."""
        return picked(code, self.ground.places.areas)

    def agency(self, said: str | None) -> Word | None:
        """An agency of the city."""
        return picked(said, {agency.id for agency in self.ground.city.agencies})

    def provenance(self, event: Event) -> Row:
        """The cells of `PROVENANCE`."""
        return self.provenance_of(event.source, event.mode, event.at, event.seen)

    def provenance_of(self, source: str, mode: Mode, at: datetime | None, seen: datetime | None) -> Row:
        """The same of what several events add up to."""
        return picked(source.rpartition("/")[2], self.feeds), Word(mode), at, seen

    def cell(self, lon: float | None, lat: float | None) -> tuple[float | None, float | None]:
        """The middle of the cell that holds the place; of none nothing."""
        where = place_or_none(self.ground.city, lon, lat)
        return (_middle(where[0]), _middle(where[1])) if where else (None, None)

    def spot(self, lon: float | None, lat: float | None) -> tuple[float | None, float | None]:
        """The place itself, of what stands there for all to see."""
        return place_or_none(self.ground.city, lon, lat) or (None, None)


PROVENANCE = (
    Column(name="source", kind="text", words="jenis umpan yang melaporkan"),
    Column(name="mode", kind="text", words="live = nyata; drill = latihan; demo = simulasi: bukan kejadian nyata"),
    Column(name="observed_at", kind="time", words="waktu menurut pengirim"),
    Column(name="received_at", kind="time", words="waktu diterima Layar"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One kind of export. `rows(events, span, frame)` gives those whose time lies in the span.

    It is told the events of these kinds from `before` the span to `after` it.
    """

    title: str
    columns: tuple[Column, ...]
    kinds: tuple[str, ...]
    rows: Callable[[Iterable[Event], Span, Frame], Iterator[Row]]
    before: timedelta = timedelta(0)
    after: timedelta = timedelta(0)


def picked(said: str | None, known: Container[str]) -> Word | None:
    """The text if it is on the list, "lain" if it is not, None of nothing."""
    if said is None:
        return None
    return Word(said) if said in known else Word(OTHER)


def _middle(degrees: float) -> float:
    return round((degrees // CELL_DEG + 0.5) * CELL_DEG, 6)


def rows_of(table: Table, tell: Tell, span: Span, frame: Frame) -> Iterator[Row]:
    """Every row of the table, a month at a time, so that years need no more memory than a month."""
    for month in months_of(span):
        events = tell(table.kinds, month.since - table.before, month.until + table.after)
        for row in table.rows(events, month, frame):
            yield checked(table, row)


def months_of(span: Span) -> Iterator[Span]:
    """The span in pieces of at most thirty days."""
    since = span.since
    while since < span.until:
        until = min(since + timedelta(days=30), span.until)
        yield Span(since=since, until=until)
        since = until


def checked(table: Table, row: Row) -> Row:
    """The row, if nothing in it may be what somebody typed. Raises TypeError."""
    for column, cell in zip(table.columns, row, strict=True):
        if cell is not None and not _fits(column.kind, cell):
            raise TypeError(f"{table.title}: {column.name} may not hold a {type(cell).__name__}")
    return row


def _fits(kind: Kind, cell: Cell) -> bool:
    if kind == "text":
        return type(cell) is Word
    if kind == "time":
        return isinstance(cell, datetime)
    return isinstance(cell, bool) if kind == "flag" else type(cell) in {int, float}
