"""Reads one workbook and writes its rows to standard output, as JSON lines; a program of its own, see `table_source`.

Each line is [sheet, [[row number, cells], …]]; the last one is {"error": null} or says what is wrong. Lines are
bounded: a small file may say one long text in a million cells, and who reads the lines has to hold them.
"""

import resource
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import orjson
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

MOST_MEMORY_BYTES = 4_000_000_000
_ROWS_A_LINE = 500
_CHARS_A_LINE = 2_000_000
_MOST_COLUMNS = 1_000


class TooLong(Exception):
    """A cell holds more than a cell can."""


def main(path: str, longest_cell: int) -> None:
    """Write all rows of all sheets that hold anything."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _say({"error": _error(path, longest_cell)})


def _error(path: str, longest_cell: int) -> str | None:
    try:
        workbook = CalamineWorkbook.from_path(path)
        for name in workbook.sheet_names:
            _tell(name, workbook.get_sheet_by_name(name), longest_cell)
    except PasswordError:
        return "it is protected by a password: open it, save a copy without one, and import the copy"
    except TooLong as error:
        return str(error)
    except CalamineError as error:
        return f"it is no workbook that can be read ({error}): save it again as .xlsx or CSV"
    return None


def _tell(name: str, sheet: CalamineSheet, longest_cell: int) -> None:
    some, chars = [], 0
    for number, cells in _numbered(sheet):
        lengths = [len(cell) for cell in cells if isinstance(cell, str)]
        if max(lengths, default=0) > longest_cell:
            raise TooLong(f"row {number} has a cell of {max(lengths)} characters, at most {longest_cell} are read")
        some.append((number, cells))
        chars += sum(lengths)
        if len(some) >= _ROWS_A_LINE or chars >= _CHARS_A_LINE:
            _say([name, some])
            some, chars = [], 0
    if some:
        _say([name, some])


def _numbered(sheet: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    """Rows that hold anything, counted as a spreadsheet does."""
    for number, cells in enumerate(sheet.iter_rows(), 1):
        kept = cells[:_MOST_COLUMNS]
        if any(cell != "" for cell in kept):
            yield number, kept


def _say(said: object) -> None:
    sys.stdout.buffer.write(orjson.dumps(said, default=_plain) + b"\n")


def _plain(cell: object) -> str:
    """A duration is the one thing that JSON has no word for."""
    if not isinstance(cell, timedelta):
        raise TypeError
    whole = round(cell.total_seconds())
    sign, whole = ("-", -whole) if whole < 0 else ("", whole)
    return f"{sign}{whole // 3_600}:{whole // 60 % 60:02}:{whole % 60:02}"


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
