"""A report as a workbook: its figures first, then every table and chart on its own sheet. Same report, same bytes."""

import io
import re
from datetime import datetime
from typing import Any

import xlsxwriter

from dashboard.export_files import harmless
from dashboard.report_document import Document, Figures, Map, Note, Printed, Table, tables_of
from dashboard.report_words import WATERMARKS, Tongue

_LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 — a workbook knows no zones; it must not be the time of printing


def sheets_of(document: Document, printed: Printed) -> bytes:
    """The whole file."""
    file = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": document.title, "author": document.center, "created": _CREATED})
        bold = book.add_format({"bold": True})
        _front(book, bold, document, printed)
        used = {_summary(document).casefold()}
        for table in tables_of(document):
            _sheet(book, bold, table, used)
    return file.getvalue()


def _front(book: Any, bold: Any, document: Document, printed: Printed) -> None:  # noqa: ANN401 — XlsxWriter's
    say = Tongue(document.lang)
    sheet = book.add_worksheet(_summary(document))
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 2, 44)
    mode = say.of(WATERMARKS[document.mode])
    not_real = say("bukan kejadian nyata", "nothing here is real")
    public = say("tanpa data pribadi", "without personal data")
    rows: list[tuple[str, ...]] = [(f"{mode} · {not_real}",)] if mode else []
    rows += [
        (document.title, document.period),
        (document.center, public if document.is_public else say("untuk kalangan sendiri", "for internal use")),
        (say("dibuat", "made"), printed.made),
        (say("catatan sampai nomor", "log up to number"), str(printed.cursor)),
        (say("sidik isi", "fingerprint"), document.fingerprint),
    ]
    for block in document.blocks:
        if isinstance(block, Figures):
            rows += [(one.label, one.value, one.note) for one in block.items]
        elif isinstance(block, Note):
            rows.append(("", block.text))
        elif isinstance(block, Map) and block.credit:
            rows.append((block.title, block.credit))
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write_string(number, place, harmless(cell), bold if place == 0 else None)


def _summary(document: Document) -> str:
    return Tongue(document.lang)("Ringkasan", "Summary")


def _sheet(book: Any, bold: Any, table: Table, used: set[str]) -> None:  # noqa: ANN401 — XlsxWriter's
    sheet = book.add_worksheet(_name(table.name, used))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(table.columns) - 1, 22)
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column, bold)
    for number, row in enumerate(table.rows, 1):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, place, harmless(cell))
            elif cell is not None:
                sheet.write_number(number, place, cell)


def _name(wanted: str, used: set[str]) -> str:
    """A name that a workbook takes, and no other sheet has."""
    base = _NOT_IN_NAMES.sub(" ", wanted).strip()[: _LONGEST_NAME - 3] or "Tabel"
    name, number = base, 2
    while name.casefold() in used:
        name, number = f"{base} {number}", number + 1
    used.add(name.casefold())
    return name
