"""Reads one workbook and writes its rows to standard output, as JSON lines; a program of its own, see `table_source`.

Each line is [sheet, [[row number, cells], …]]; the last one is {"error": null} or says what is wrong.
"""

import resource
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

import orjson
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

MOST_MEMORY_BYTES = 4_000_000_000
_ROWS_A_LINE = 500
_MOST_COLUMNS = 1_000


def main(path: str) -> None:
    """Write all rows of all sheets that hold anything."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _say({"error": _error(path)})


def _error(path: str) -> str | None:
    try:
        workbook = CalamineWorkbook.from_path(path)
        for name in workbook.sheet_names:
            _tell(name, workbook.get_sheet_by_name(name))
    except PasswordError:
        return "it is protected by a password: open it, save a copy without one, and import the copy"
    except CalamineError as error:
        return f"it is no workbook that can be read ({error}): save it again as .xlsx or CSV"
    return None


def _tell(name: str, sheet: CalamineSheet) -> None:
    rows = _numbered(sheet)
    while some := list(islice(rows, _ROWS_A_LINE)):
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
    main(sys.argv[1])
