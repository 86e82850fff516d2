"""Takes callers' numbers, and columns that nobody asked for, out of the rows of a table before they are read. Pure."""

import re
from collections.abc import Sequence

from layers.caller_seal import masked, sealed_number
from layers.table_mapping import Layout
from layers.table_values import Cell, text_of

_PHONE_ID = re.compile(r"(?:\+?62|0|8)\d{8,13}")
_HAS_DIGITS = re.compile(r"\d(?:\D{0,3}\d){7}")
_TEXTS = frozenset({"category", "description", "agency", "unit", "kind", "status", "priority"})


def is_phone(said: str) -> bool:
    """Whether an id is a telephone number: some applications number callers, not reports."""
    return _PHONE_ID.fullmatch(said.replace(" ", "").replace("-", "")) is not None


def clean(said: str) -> str:
    """A text without the telephone numbers in it."""
    return masked(said) if _HAS_DIGITS.search(said) else said


def sealed_cells(cells: Sequence[Cell], layout: Layout, key: bytes) -> list[Cell]:
    """The cells of a row without any caller's number, and nothing of the columns that nobody asked for."""
    wanted = {*layout.fields.values(), *(at for _, at in layout.milestones)}
    sealed: list[Cell] = [cell if at in wanted else None for at, cell in enumerate(cells)]
    for name, at in layout.fields.items():
        if at >= len(sealed):
            continue
        if name == "caller":
            said = text_of(sealed[at])
            sealed[at] = None if said is None else sealed_number(said, key)
        elif name == "id" or name in _TEXTS:
            sealed[at] = _sealed_text(name, sealed[at], key)
    return sealed


def _sealed_text(name: str, cell: Cell, key: bytes) -> Cell:
    said = text_of(cell)
    if said is None or not _HAS_DIGITS.search(said):
        return cell
    if name == "id":
        return sealed_number(said, key) if is_phone(said) else cell
    return clean(said)
