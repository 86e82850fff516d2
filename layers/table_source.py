"""Files with tables, read row by row: CSV here, workbooks in a process of their own. Bounded in every way.

A workbook is read by `layers.table_child`, which may use a bounded amount of memory: what a hostile one does to its
reader it does there. Raises BadPayload with a sentence that says what to do.
"""

import codecs
import csv
import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

import orjson

from geodata.errors import BadPayload
from layers.fields import shown
from layers.table_values import LONGEST_CELL, Cell

MOST_ROWS = 3_000_000
MOST_COLUMNS = 1_000
MOST_UNPACKED = 3_000_000_000
MOST_LINE_CHARS = 4_000_000
_MOST_PARTS = 20_000
_SNIFFED_BYTES = 262_144
_SNIFFED_CHARS = 4_000
_DELIMITERS = (";", "\t", "|", ",")
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_LAST_ROW = re.compile(rb'<dimension ref="[A-Z]+\d+:[A-Z]+(\d{1,7})"')
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class Row(NamedTuple):
    """One row of a sheet, `number` as a spreadsheet counts: from 1."""

    sheet: str
    number: int
    cells: list[Cell]


def rows_of(path: Path) -> Iterator[Row]:
    """Every row that holds anything, in the order of the file."""
    with path.open("rb") as file:
        head = file.read(_SNIFFED_BYTES)
        if head.startswith(_ZIP):
            yield from _bounded(_of_workbook(path))
        elif head.startswith(_OLE):
            raise BadPayload(_ole(head, path))
        else:
            file.seek(0)
            yield from _bounded(_of_text(file, head, path.stem))


def about_rows(path: Path) -> int:
    """About how many rows there are: for a bar of progress. At least 1."""
    with path.open("rb") as file:
        if file.read(4) != _ZIP:
            return 1 + sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
    try:
        with zipfile.ZipFile(path) as packed:
            heads = [packed.open(name).read(4_096) for name in packed.namelist() if "worksheets/" in name]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return 1
    return 1 + sum(int(found[1]) for head in heads if (found := _LAST_ROW.search(head)))


def rows_of_bytes(payload: bytes) -> Iterator[Row]:
    """The rows of a CSV in memory. Raises BadPayload for a workbook: those are read from files only."""
    if payload.startswith((_ZIP, _OLE)):
        raise BadPayload("a workbook is not read over the network: run `layar import FILE`, or send it as CSV")
    yield from _bounded(_of_text(io.BytesIO(payload), payload[:_SNIFFED_BYTES], ""))


def _bounded(rows: Iterator[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows):
        if count >= MOST_ROWS:
            raise BadPayload(f"the table has more than {MOST_ROWS} rows: split it, by year for example")
        yield row


def _ole(head: bytes, path: Path) -> str:
    with path.open("rb") as file:
        is_locked = _ENCRYPTED in head or _ENCRYPTED in file.read(_SNIFFED_BYTES * 16)
    if is_locked:
        return f"{path.name} is protected by a password: open it, save a copy without one, and import the copy"
    return f"{path.name} is a workbook of the old kind (.xls): open it, save it as .xlsx or CSV, and import that"


def _of_text(file: IO[bytes], head: bytes, sheet: str) -> Iterator[Row]:
    if b"\x00" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BadPayload("this is neither text nor a workbook: save the table as .xlsx or CSV")
    encoding = _encoding(head)
    lines = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    reader = csv.reader(_bounded_lines(lines), delimiter=_delimiter(head.decode(encoding, "replace")))
    try:
        for cells in reader:
            if len(cells) > MOST_COLUMNS:
                raise BadPayload(f"row {reader.line_num} has {len(cells)} columns, at most {MOST_COLUMNS} are read")
            if any(cells):
                yield Row(sheet, reader.line_num, _checked(cells, reader.line_num))
    except csv.Error as error:
        raise BadPayload(f"row {reader.line_num} cannot be read as CSV: {error}; save it again as CSV") from error
    finally:
        lines.detach()


def _bounded_lines(lines: IO[str]) -> Iterator[str]:
    """Raises BadPayload for a line that no row is as long as, before all of it is in memory."""
    while line := lines.readline(MOST_LINE_CHARS):
        if len(line) == MOST_LINE_CHARS:
            raise BadPayload(f"a line has more than {MOST_LINE_CHARS} characters; is this a table, one row a line?")
        yield line


def _checked(cells: list[str], number: int) -> list[Cell]:
    longest = max(map(len, cells))
    if longest > LONGEST_CELL:
        raise BadPayload(f"row {number} has a cell of {longest} characters; is a quotation mark missing?")
    return list(cells)


def _encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        head[: len(head) - 4 if len(head) == _SNIFFED_BYTES else None].decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _delimiter(text: str) -> str:
    """The one that cuts the first lines into the most equal pieces: most columns, most lines with as many."""
    lines = [line[:_SNIFFED_CHARS] for line in text.splitlines()[:40]]
    return max(_DELIMITERS, key=lambda mark: _evenness(lines, mark))


def _evenness(lines: list[str], mark: str) -> tuple[int, int]:
    widths = [len(cells) for cells in csv.reader(lines, delimiter=mark) if len(cells) > 1]
    if not widths:
        return 0, 0
    usual = max(set(widths), key=lambda width: (widths.count(width), width))
    return widths.count(usual) * usual, usual


def _of_workbook(path: Path) -> Iterator[Row]:
    _refuse_bomb(path)
    command = [sys.executable, "-m", "layers.table_child", str(path), str(LONGEST_CELL)]
    with subprocess.Popen(  # noqa: S603 — our own module
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        said: Any = None
        try:
            for line in child.stdout or ():
                said = orjson.loads(line)
                if isinstance(said, dict):
                    break
                yield from (Row(said[0], number, cells) for number, cells in said[1])
        finally:
            child.kill()
    if not isinstance(said, dict):
        raise BadPayload(
            f"{path.name} cannot be read within the memory a workbook may take: save its sheets as CSV and import those"
        )
    if said.get("error"):
        raise BadPayload(f"{path.name}: {said['error']}")


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise BadPayload(f"{path.name} is damaged: {shown(str(error))}; save it again as .xlsx or CSV") from error
    size = sum(part.file_size for part in parts)
    if len(parts) > _MOST_PARTS or size > MOST_UNPACKED:
        raise BadPayload(
            f"{path.name} unpacks to {size / 1e9:.1f} GB in {len(parts)} parts, more than is read: "
            f"save its sheets as CSV and import those"
        )
