"""What the columns of an unknown table could mean: by their names, and by what stands in them. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from geodata.city import City, Extent
from geodata.errors import BadPayload
from layers.calls import KIND_SYNONYMS
from layers.incident_facts import STATUSES, Status
from layers.incident_words import status_said
from layers.table_mapping import HEADER_WITHIN_ROWS, Columns, Rows, TableMapping, headers_of, plain
from layers.table_seal import clean
from layers.table_source import Row
from layers.table_values import Cell, DateOrder, clock_of, duration_of, number_of, stamp_of, text_of
from layers.table_words import columns_by_name

SAMPLE_ROWS = 2_000
_MOSTLY, _HALF = 0.8, 0.5
_LEAST_NAMES = 2
_MOST_UNKNOWN = 40
_FIRST_HALF = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is proposed for one sheet.

    `samples`: column → a few of its values. `unknown`: field → words in it that nobody here understands. `notes`: what
    a person should look at.
    """

    sheet: str
    header_row: int
    mapping: TableMapping
    unused: tuple[str, ...]
    samples: dict[str, tuple[str, ...]]
    unknown: dict[str, tuple[str, ...]]
    notes: tuple[str, ...]


def proposal_of(rows: Sequence[Row], city: City) -> Proposal:
    """Propose a mapping from the first rows of one sheet. Raises BadPayload when no row looks like a header."""
    index, names = _likely_header([row.cells for row in rows[:HEADER_WITHIN_ROWS]])
    table = _Table(names, [row.cells for row in rows[index + 1 :]])
    fields, steps = columns_by_name(names)
    notes: list[str] = []
    fields = {field: name for field, name in fields.items() if _suits(field, table.values(name), city)}
    steps = {status: name for status, name in steps.items() if _are(table.values(name), _is_step, _HALF)}
    _fill(fields, steps, table, city, notes)
    if "time" not in fields:
        raise BadPayload("no column holds times of reports; is this the right sheet? A table needs one")
    dates = _date_order([table.values(name) for name in (fields["time"], *steps.values())], notes)
    mapping = TableMapping(
        rows=_rows_are(fields, table, notes),
        zone=city.time_zone,
        dates=dates,
        columns=Columns(**fields),
        milestones=steps,
    )
    used = {*fields.values(), *steps.values()}
    return Proposal(
        sheet=rows[0].sheet,
        header_row=rows[index].number,
        mapping=mapping,
        unused=tuple(name for name in names if name and name not in used),
        samples={name: table.samples(name) for name in names if name},
        unknown=_all_unknown(fields, table, city),
        notes=tuple(notes),
    )


def _likely_header(rows: Sequence[Sequence[Cell]]) -> tuple[int, tuple[str, ...]]:
    best: tuple[tuple[int, int], int, tuple[str, ...]] | None = None
    for index, names in headers_of(rows):
        fields, steps = columns_by_name(names)
        words = sum(bool(name) and not _is_number(name) for name in names)
        score = (len(fields) + len(steps), words - index)
        if len(fields) + len(steps) >= _LEAST_NAMES and (best is None or score > best[0]):
            best = (score, index, names)
    if best is None:
        raise BadPayload(
            f"none of the first {HEADER_WITHIN_ROWS} rows names columns we know, such as waktu lapor or date"
        )
    return best[1:]


class _Table:
    """The columns of the sample by name."""

    def __init__(self, names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        self._at = {name: at for at, name in reversed(list(enumerate(names))) if name}
        self._rows = list(rows)

    def values(self, name: str) -> list[Cell]:
        at = self._at[name]
        return [cells[at] for cells in self._rows if at < len(cells) and text_of(cells[at]) is not None]

    def names(self) -> Iterable[str]:
        return self._at

    def samples(self, name: str) -> tuple[str, ...]:
        distinct = dict.fromkeys(clean(str(text_of(cell)))[:40] for cell in self.values(name)[:200])
        return tuple(distinct)[:3]

    def words(self, name: str) -> Counter[str]:
        return Counter(str(text_of(cell)) for cell in self.values(name))


def _are(cells: Sequence[Cell], is_one: Callable[[Cell], bool], share: float = _MOSTLY) -> bool:
    return not cells or sum(map(is_one, cells)) >= share * len(cells)


def _is_number(cell: Cell) -> bool:
    try:
        return number_of(cell) is not None
    except ValueError:
        return False


def _is_stamp(cell: Cell) -> bool:
    return any(_reads(cell, order) for order in ("dmy", "mdy"))


def _reads(cell: Cell, order: str) -> bool:
    try:
        return stamp_of(cell, "mdy" if order == "mdy" else "dmy") is not None
    except ValueError:
        return False


def _is_step(cell: Cell) -> bool:
    return _is_stamp(cell) or _is_clock(cell) or _is_duration(cell) or _is_number(cell)


def _is_clock(cell: Cell) -> bool:
    try:
        return clock_of(cell) is not None
    except ValueError:
        return False


def _is_duration(cell: Cell) -> bool:
    try:
        return duration_of(cell, 60.0) is not None
    except ValueError:
        return False


def _suits(field: str, cells: Sequence[Cell], city: City) -> bool:
    """Whether a column that is named so holds what it should."""
    if field == "time":
        return _are(cells, _is_stamp, _HALF)
    if field == "clock":
        return _are(cells, _is_clock, _HALF)
    if field == "duration":
        return _are(cells, _is_duration, _HALF)
    if field in {"lon", "lat"}:
        return _are(cells, _is_number, _HALF)
    return field != "kind" or not cells or _kinds(cells) or not _categories(cells, city)


def _kinds(cells: Sequence[Cell]) -> bool:
    return any(plain(str(text_of(cell))).replace(" ", "_") in KIND_SYNONYMS for cell in cells)


def _categories(cells: Sequence[Cell], city: City) -> bool:
    return _are(cells, lambda cell: city.category(str(text_of(cell))).id != "lainnya")


def _fill(fields: dict[str, str], steps: dict[Status, str], table: _Table, city: City, notes: list[str]) -> None:
    """Find by their values what the names did not tell: places, times."""
    free = [name for name in table.names() if name not in {*fields.values(), *steps.values()} and table.values(name)]
    for field, low, high in _spans(city.extent):
        if field not in fields and "point" not in fields:
            found = next((name for name in free if _lie(table.values(name), low, high)), None)
            if found is not None:
                fields[field] = found
                free.remove(found)
                notes.append(f"{found!r} is taken as {field} by its values alone")
    if "time" not in fields:
        stamps = [name for name in free if _are(table.values(name), _is_stamp)]
        if stamps:
            fields["time"] = stamps[0]
            notes.append(f"{stamps[0]!r} is taken as the time of the report by its values alone")
    if {"lon", "lat"} <= set(fields) and _are_exchanged(table, fields, city.extent):
        fields["lon"], fields["lat"] = fields["lat"], fields["lon"]
        notes.append("the columns of longitude and latitude hold each other's values; they are exchanged here")


def _spans(extent: Extent) -> tuple[tuple[str, float, float], ...]:
    return ("lon", extent.west, extent.east), ("lat", extent.south, extent.north)


def _lie(cells: Sequence[Cell], low: float, high: float) -> bool:
    numbers = [number_of(cell) for cell in cells if _is_number(cell)]
    known = [number for number in numbers if number]
    return bool(known) and len(numbers) == len(cells) and all(low <= number <= high for number in known)


def _are_exchanged(table: _Table, fields: dict[str, str], extent: Extent) -> bool:
    lons, lats = table.values(fields["lon"]), table.values(fields["lat"])
    return _lie(lons, extent.south, extent.north) and _lie(lats, extent.west, extent.east)


def _date_order(columns: Sequence[Sequence[Cell]], notes: list[str]) -> DateOrder:
    """Month first only where a value proves it; where nothing proves anything, that is said."""
    cells = [cell for column in columns for cell in column if isinstance(cell, str)]
    fails = {order: sum(not _reads(cell, order) for cell in cells) for order in ("dmy", "mdy")}
    if fails["mdy"] < fails["dmy"]:
        return "mdy"
    slashed = [cell for cell in cells if _reads(cell, "dmy") and stamp_of(cell, "dmy") != _or_none(cell)]
    if slashed and fails["mdy"] == fails["dmy"]:
        notes.append(f"no date tells whether the day or the month comes first ({slashed[0]}): look at `dates`")
    return "dmy"


def _or_none(cell: Cell) -> object:
    return stamp_of(cell, "mdy") if _reads(cell, "mdy") else None


def _rows_are(fields: dict[str, str], table: _Table, notes: list[str]) -> Rows:
    if "id" not in fields or "unit" not in fields:
        return "incident"
    ids = table.words(fields["id"])
    if sum(ids.values()) <= len(ids):
        return "incident"
    notes.append("ids are repeated and there is a column of units: a row is taken as one unit of an incident")
    return "unit"


def _all_unknown(fields: dict[str, str], table: _Table, city: City) -> dict[str, tuple[str, ...]]:
    """Words that nobody here understands, by field, the commonest first: for a person to fill in."""
    agencies = {plain(name) for agency in city.agencies for name in (agency.id, agency.name, agency.short)}
    tests: dict[str, Callable[[str], bool]] = {
        "kind": lambda word: plain(word).replace(" ", "_") in KIND_SYNONYMS,
        "category": lambda word: city.category(word).id != "lainnya",
        "status": _is_status,
        "agency": lambda word: plain(word) in agencies,
    }
    found = {field: _unknown(fields, field, table, is_known) for field, is_known in tests.items()}
    return {field: words for field, words in found.items() if words}


def _unknown(fields: dict[str, str], field: str, table: _Table, is_known: Callable[[str], bool]) -> tuple[str, ...]:
    if field not in fields:
        return ()
    return tuple(word for word, _ in table.words(fields[field]).most_common(_MOST_UNKNOWN) if not is_known(word))


def _is_status(word: str) -> bool:
    try:
        return status_said(word) in STATUSES
    except ValueError:
        return False
