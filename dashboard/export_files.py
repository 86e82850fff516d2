"""Tables as files: CSV, XLSX, GeoJSON and GeoParquet, written row by row: years need no more memory than days."""

import csv
import importlib
import io
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import xlsxwriter

from geodata.errors import BadInput
from layers.export import Cell, Column, Row, Table

FORMATS: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "geoparquet": "application/vnd.apache.parquet",
}
"""Format → content type. A file's name ends in the format; GeoParquet also in .parquet."""

_MOST_SHEET_ROWS = 1_048_575
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_ROWS_AT_ONCE = 20_000
_WKB_POINT = struct.Struct("<BIdd")

Rows = Iterable[Row]


def write(table: Table, rows: Rows, format_: str, file: BinaryIO) -> int:
    """Write the rows; gives how many. Raises BadInput for a format there is none of, or that cannot hold so many."""
    if format_ not in _WRITERS:
        raise BadInput(f"format: {format_[:20]!r} is none of: {', '.join(FORMATS)}", field="format")
    count = [0]

    def counted() -> Iterator[Row]:
        for row in rows:
            count[0] += 1
            yield row

    _WRITERS[format_](table, counted(), file)
    return count[0]


def format_of(path: Path) -> str:
    """The format that a file's name ends in."""
    ending = path.suffix.removeprefix(".").lower()
    return "geoparquet" if ending == "parquet" else ending


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv(table: Table, rows: Rows, file: BinaryIO) -> None:
    """With a byte order mark: without one spreadsheets guess the letters."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([column.name for column in table.columns])
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    text.flush()
    text.detach()


def _csv_cell(cell: Cell) -> str | float | None:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return _iso(cell)
    return harmless(cell) if isinstance(cell, str) else cell


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _xlsx(table: Table, rows: Rows, file: BinaryIO) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    with xlsxwriter.Workbook(file, options) as book:
        date, bold = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}), book.add_format({"bold": True})
        sheet = book.add_worksheet(table.title[:31])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(table.columns) - 1, 20)
        sheet.write_row(0, 0, [column.name for column in table.columns], bold)
        for number, row in enumerate(rows, 1):
            if number > _MOST_SHEET_ROWS:
                raise BadInput("a sheet holds a million rows: ask for fewer days, or for csv", field="format")
            for place, cell in enumerate(row):
                _xlsx_cell(sheet, (number, place), cell, date)
        _explain(book, table.columns, bold)


def _xlsx_cell(sheet: Any, place: tuple[int, int], cell: Cell, date: Any) -> None:  # noqa: ANN401 — XlsxWriter's
    if isinstance(cell, datetime):
        sheet.write_datetime(*place, cell.astimezone(UTC), date)
    elif isinstance(cell, str):
        sheet.write_string(*place, harmless(cell))
    elif isinstance(cell, bool):
        sheet.write_boolean(*place, cell)
    elif cell is not None:
        sheet.write_number(*place, cell)


def _explain(book: Any, columns: Sequence[Column], bold: Any) -> None:  # noqa: ANN401 — XlsxWriter's
    sheet = book.add_worksheet("Keterangan")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 70)
    sheet.write_row(0, 0, ["kolom", "isi (semua waktu dalam UTC)"], bold)
    for number, column in enumerate(columns, 1):
        sheet.write_row(number, 0, [column.name, column.words])


def _geojson(table: Table, rows: Rows, file: BinaryIO) -> None:
    names, at = [column.name for column in table.columns], _places(table)
    file.write(b'{"type":"FeatureCollection","features":[')
    for number, row in enumerate(rows):
        where = _place(row, at)
        geometry = None if where is None else {"type": "Point", "coordinates": where}
        said = {name: _json_cell(cell) for name, cell in zip(names, row, strict=True)}
        file.write(b"," if number else b"")
        file.write(orjson.dumps({"type": "Feature", "geometry": geometry, "properties": said}))
    file.write(b"]}")


def _json_cell(cell: Cell) -> str | float | bool | None:
    if isinstance(cell, datetime):
        return _iso(cell)
    return str(cell) if isinstance(cell, str) else cell


def _places(table: Table) -> tuple[int, int] | None:
    names = [column.name for column in table.columns]
    return (names.index("lon"), names.index("lat")) if "lon" in names else None


def _place(row: Row, at: tuple[int, int] | None) -> tuple[float, float] | None:
    lon, lat = (None, None) if at is None else (row[at[0]], row[at[1]])
    return (float(lon), float(lat)) if isinstance(lon, float | int) and isinstance(lat, float | int) else None


def _geoparquet(table: Table, rows: Rows, file: BinaryIO) -> None:
    """GeoParquet 1.1: points as WKB in the column `geometry`."""
    arrow, parquet = _arrow()
    types = {
        "text": arrow.string(),
        "number": arrow.float64(),
        "time": arrow.timestamp("us", tz="UTC"),
        "flag": arrow.bool_(),
    }
    fields = [arrow.field(c.name, types[c.kind], metadata={"words": c.words}) for c in table.columns]
    schema = arrow.schema([*fields, arrow.field("geometry", arrow.binary())], metadata={"geo": _geo_metadata()})
    at, left = _places(table), iter(rows)
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while True:
            some = list(islice(left, _ROWS_AT_ONCE))
            columns = [[_arrow_cell(row[place], c) for row in some] for place, c in enumerate(table.columns)]
            points = [_wkb(_place(row, at)) for row in some]
            arrays = [arrow.array(cells, field.type) for cells, field in zip([*columns, points], schema, strict=True)]
            writer.write_table(arrow.table(arrays, schema=schema))
            if len(some) < _ROWS_AT_ONCE:
                return


def _arrow() -> tuple[Any, Any]:
    try:
        return importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise BadInput("GeoParquet needs more: pip install 'layar112[parquet]'", field="format") from error


def _arrow_cell(cell: Cell, column: Column) -> Cell:
    return float(cell) if column.kind == "number" and isinstance(cell, int) else cell


def _geo_metadata() -> bytes:
    column = {"encoding": "WKB", "geometry_types": ["Point"]}
    return orjson.dumps({"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}})


def _wkb(where: tuple[float, float] | None) -> bytes | None:
    return None if where is None else _WKB_POINT.pack(1, 1, *where)


_WRITERS: Mapping[str, Callable[[Table, Rows, BinaryIO], None]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "geojson": _geojson,
    "geoparquet": _geoparquet,
}
