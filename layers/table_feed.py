"""Tables as a feed: what is posted as CSV or waits in the quarantine, read and sealed as the importer does. Pure."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import orjson
from pydantic import ValidationError

from geodata.errors import BadPayload
from geodata.places import Ground
from layers.caller_seal import seal
from layers.event import Event
from layers.feed import Parse, Rejected
from layers.fields import shown
from layers.table_mapping import HEADER_WITHIN_ROWS, TableMapping, layout_of
from layers.table_read import How, Mapper, Reading, header_of, kept_rows, readings_of
from layers.table_seal import sealed_cells
from layers.table_source import MOST_COLUMNS, Row, rows_of_bytes
from layers.table_values import LONGEST_CELL

_NO_KEY = b""
_SCALARS = (str, int, float, bool, type(None))


def nowhere(_payload: bytes, _received: datetime) -> Iterator[Event | Rejected]:
    """Raises BadPayload: a table has the city's own time and names."""
    raise BadPayload("a table can only be read for a city: run `layar import FILE`")


def parse_for(feed: str, mapper: Mapper, ground: Ground, *, is_dated: bool = False) -> Parse:
    """The `parse` of a table's feed in a city."""

    def parse(payload: bytes, received: datetime) -> Iterator[Event | Rejected]:
        rows, mapping = _rows(payload)
        fixed = mapper if mapping is None else (lambda _names: mapping)
        how = How(feed=feed, mapper=fixed, ground=ground, received=received, key=_NO_KEY, is_dated=is_dated)
        is_table = False
        for reading in readings_of(rows, how):
            if not isinstance(reading, Reading):
                is_table = is_table or reading.mapping is not None
            elif reading.rejected is not None:
                yield reading.rejected
            else:
                yield from reading.events
        if not is_table:
            raise BadPayload(
                "no row names the columns of such a table; `layar map-columns FILE` proposes what they could mean"
            )

    return parse


def seal_for(mapper: Mapper) -> Callable[[bytes, bytes], bytes]:
    """The `seal` of a table's feed: each sheet is kept with the columns that are read, without callers' numbers."""

    def sealed(payload: bytes, key: bytes) -> bytes:
        try:
            rows, mapping = _rows(payload)
            found = [_sealed(list(of), mapper, mapping, key) for _, of in groupby(rows, key=lambda row: row.sheet)]
        except BadPayload:
            return seal(payload, key)
        kept = [one for one in found if one is not None]
        return kept[0] if len(kept) == 1 else seal(payload, key)

    return sealed


def _sealed(rows: Sequence[Row], mapper: Mapper, mapping: TableMapping | None, key: bytes) -> bytes | None:
    found = header_of(
        mapper if mapping is None else lambda _: mapping, [row.cells for row in rows[:HEADER_WITHIN_ROWS]]
    )
    if found is None:
        return None
    index, used, layout = found
    told = used.model_dump(mode="json", exclude_defaults=True)
    below = ((row.number, sealed_cells(row.cells, layout, key)) for row in rows[index + 1 :])
    return kept_rows(rows[0].sheet, told, layout.names, below)


def _rows(payload: bytes) -> tuple[Iterator[Row], TableMapping | None]:
    if payload.lstrip()[:1] != b"{":
        return rows_of_bytes(payload), None
    try:
        said = orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise BadPayload(f"this is neither a table nor rows of one: {error}") from error
    return iter(_kept(said)), _mapping(said)


def _mapping(said: dict[str, Any]) -> TableMapping | None:
    if said.get("mapping") is None:
        return None
    try:
        mapping = TableMapping.model_validate(said["mapping"])
    except ValidationError as error:
        raise BadPayload(f"mapping: {error.errors()[0]['msg']}", field="mapping") from error
    names = said.get("names")
    if not isinstance(names, list) or layout_of(mapping, [str(name) for name in names]) is None:
        raise BadPayload(f"names: no column is called {shown(mapping.columns.time)}", field="names")
    return mapping


def _kept(said: dict[str, Any]) -> list[Row]:
    names, numbers, rows = (said.get(name) for name in ("names", "numbers", "rows"))
    if not (isinstance(names, list) and isinstance(rows, list) and isinstance(numbers, list)):
        raise BadPayload('rows of a table are an object with "names", "numbers" and "rows"')
    if len(rows) != len(numbers) or not all(isinstance(number, int) for number in numbers):
        raise BadPayload("numbers: there is one for each of the rows", field="numbers")
    sheet = str(said.get("sheet") or "")
    return [Row(sheet, n, _cells(cells)) for n, cells in zip([0, *numbers], [names, *rows], strict=True)]


def _cells(cells: object) -> list[Any]:
    if not isinstance(cells, list) or len(cells) > MOST_COLUMNS:
        raise BadPayload(f"a row is a list of at most {MOST_COLUMNS} cells", field="rows")
    if not all(isinstance(cell, _SCALARS) and len(str(cell)) <= LONGEST_CELL for cell in cells):
        raise BadPayload(f"a cell is a text of at most {LONGEST_CELL} characters, or a number", field="rows")
    return cells
