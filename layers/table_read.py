"""A table from its rows to its events: finds the header of every sheet, reads row by row, groups the rows of a call.

Nothing of it touches the log. Rows that cannot be read are told with their number, and the others stand.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, groupby, islice
from typing import Any

import orjson

from geodata.errors import BadPayload
from geodata.places import Ground
from layers.event import Event
from layers.feed import Rejected
from layers.table_events import Teller, is_contradicting
from layers.table_mapping import HEADER_WITHIN_ROWS, Layout, TableMapping, headers_of, layout_of
from layers.table_rows import RowReader, Said
from layers.table_seal import sealed_cells
from layers.table_source import Row
from layers.table_values import Cell, text_of

Mapper = Callable[[Sequence[str]], TableMapping | None]
"""The mapping for a sheet with these names of columns; None where it is no table of this kind."""

_GROUPED_WITHIN = 20_000
_SAME_CALL = timedelta(minutes=2)
REPEATS_KEPT = 5_000
"""So many rows back, the same id is looked for."""

_FURNITURE_CELLS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What became of one row, or of several rows of one call: `numbers`. `doubts`: (what, as it was said)."""

    sheet: str
    numbers: tuple[int, ...]
    events: tuple[Event, ...] = ()
    rejected: Rejected | None = None
    doubts: tuple[tuple[str, str], ...] = ()
    is_repeat: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet that was begun: with the mapping it is read by, or without a table in it (`mapping` None)."""

    name: str
    mapping: TableMapping | None
    header_row: int = 0
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """By what a table is read. `is_dated`: an id is one report only together with its time."""

    feed: str
    mapper: Mapper
    ground: Ground
    received: datetime
    key: bytes
    is_dated: bool = False


def readings_of(rows: Iterable[Row], how: How) -> Iterator[Sheet | Reading]:
    """Every sheet and every row of it, in the order of the file."""
    for name, of_sheet in groupby(rows, key=lambda row: row.sheet):
        head = list(islice(of_sheet, HEADER_WITHIN_ROWS))
        found = header_of(how.mapper, [row.cells for row in head])
        if found is None:
            yield Sheet(name=name, mapping=None)
            continue
        index, mapping, layout = found
        yield Sheet(name=name, mapping=mapping, header_row=head[index].number, missing=layout.missing)
        rest = chain(head[index + 1 :], of_sheet)  # noqa: B031 — each sheet is read to its end, once
        yield from _SheetReader(how, mapping, layout).read(rest)


def header_of(mapper: Mapper, rows: Sequence[Sequence[Cell]]) -> tuple[int, TableMapping, Layout] | None:
    """(index of the header's last row, mapping, layout): the row, or two, that name the most of the wanted columns."""
    best: tuple[int, int, TableMapping, Layout] | None = None
    for index, names in headers_of(rows):
        mapping = mapper(names)
        layout = None if mapping is None else layout_of(mapping, names)
        if mapping is None or layout is None:
            continue
        score = len(layout.fields) + len(layout.milestones)
        if best is None or score > best[0]:
            best = (score, index, mapping, layout)
    return None if best is None else best[1:]


class _SheetReader:
    def __init__(self, how: How, mapping: TableMapping, layout: Layout) -> None:
        self._how = how
        self._mapping = mapping
        self._layout = layout
        self._reader = RowReader(mapping, how.ground, how.received, is_dated=how.is_dated)
        self._teller = Teller(how.feed, how.received, is_call_log=mapping.columns.kind is not None)
        self._uids: OrderedDict[str, tuple[datetime, str]] = OrderedDict()
        self._calls: OrderedDict[str, list[tuple[Row, Said]]] = OrderedDict()
        self._told: set[str] = set()

    def read(self, rows: Iterable[Row]) -> Iterator[Reading]:
        for row in rows:
            cells = sealed_cells(row.cells, self._layout, self._how.key)
            if self._layout.is_repeated(cells) or self._is_furniture(cells):
                continue
            try:
                said = self._reader.read(cells, self._layout)
            except BadPayload as error:
                rejected = Rejected(original=self._kept(row, cells), reason=str(error), field=error.field)
                yield Reading(sheet=row.sheet, numbers=(row.number,), rejected=rejected)
                continue
            yield from self._units(row, said) if self._mapping.rows == "unit" else self._one(row, said)
        while self._calls:
            yield self._call(*self._calls.popitem(last=False))

    def _is_furniture(self, cells: Sequence[Cell]) -> bool:
        """A sum, a signature, a date of printing: no time, and hardly anything else."""
        at = self._layout.fields["time"]
        has_time = at < len(cells) and text_of(cells[at]) is not None
        return not has_time and sum(text_of(cell) is not None for cell in cells) < _FURNITURE_CELLS

    def _one(self, row: Row, said: Said) -> Iterator[Reading]:
        first = self._first_of(said) if self._how.is_dated else said.id
        known = said if first == said.id else replace(said, id=first)
        yield Reading(
            sheet=row.sheet,
            numbers=(row.number,),
            events=tuple(self._teller.of_row(known)),
            doubts=_doubts(known),
            is_repeat=known is not said,
        )

    def _first_of(self, said: Said) -> str:
        """The id of the row that this one repeats: the same number within two minutes is one call, typed twice."""
        uid, at_sign, _ = said.id.rpartition("@")
        if not at_sign:
            return said.id
        before = self._uids.get(uid)
        is_repeat = before is not None and abs(said.at - before[0]) <= _SAME_CALL
        first = before[1] if before is not None and is_repeat else said.id
        self._uids[uid] = (said.at, first)
        self._uids.move_to_end(uid)
        if len(self._uids) > REPEATS_KEPT:
            self._uids.popitem(last=False)
        return first

    def _units(self, row: Row, said: Said) -> Iterator[Reading]:
        """Rows of one call stand near each other, though seldom side by side."""
        self._calls.setdefault(said.id, []).append((row, said))
        oldest = next(iter(self._calls.values()))[-1][0]
        if row.number - oldest.number > _GROUPED_WITHIN:
            yield self._call(*self._calls.popitem(last=False))

    def _call(self, incident: str, rows: list[tuple[Row, Said]]) -> Reading:
        doubts = tuple(doubt for _, said in rows for doubt in _doubts(said))
        if incident in self._told:
            doubts = (*doubts, ("far_apart", incident))
        self._told.add(incident)
        return Reading(
            sheet=rows[0][0].sheet,
            numbers=tuple(row.number for row, _ in rows),
            events=tuple(self._teller.of_units([said for _, said in rows])),
            doubts=doubts,
        )

    def _kept(self, row: Row, cells: Sequence[Cell]) -> bytes:
        """The row by itself, as the feed reads it again from the quarantine: sealed, with its header."""
        mapping = self._mapping.model_dump(mode="json", exclude_defaults=True)
        return kept_rows(row.sheet, mapping, self._layout.names, [(row.number, cells)])


def kept_rows(
    sheet: str, mapping: Mapping[str, Any] | None, names: Sequence[str], rows: Iterable[tuple[int, Sequence[Cell]]]
) -> bytes:
    """Rows as a payload of their own, which `rows_kept` reads."""
    numbered = list(rows)
    said = {
        "sheet": sheet,
        "mapping": mapping,
        "names": names,
        "numbers": [number for number, _ in numbered],
        "rows": [cells for _, cells in numbered],
    }
    return orjson.dumps(said, default=str)


def _doubts(said: Said) -> tuple[tuple[str, str], ...]:
    return (*said.doubts, ("contradiction", said.id)) if is_contradicting(said) else said.doubts
