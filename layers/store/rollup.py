"""How many incidents there were, by local day, kelurahan, category and end: counted as they are told.

That happens in the transaction of their events, so three years are summed up without folding them.

An incident counts once: on the day and in the place that its newest report says, under the end it has come to. When
one of them changes, its count moves. Counting needs the ground: a process that does not know it marks the counts as
old, and who knows it counts anew, from the states that the history keeps.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

from geodata.places import Ground
from layers.counts import CALLED_OFF, Count, CountBy, Counts, total_of
from layers.event import Event, Mode
from layers.incident_facts import Incident
from layers.incident_reading import category_of, kelurahan_of
from layers.intervals import NOWHERE, REAL
from layers.situation import Situation, Touched
from layers.store.reading import fact_of
from layers.store.rows import Lexicon
from layers.store.store import LayerKey
from layers.store.versions import Step, unpacked

LAYER = "incidents"
_MARK = "counted"
_DAY = timedelta(days=1)
_READ_AT_ONCE = 400
_COLUMNS = "mode, day, kelurahan, category, service, ending"
_OF_MONTH = "mode, month, face, name, service, ending"
_FACES = ("kelurahan", "category", "day")
"""What the incidents of whole months are summed up by; the finer table would be read for seconds."""
_ADD = (
    "INSERT INTO {table} ({columns}, incidents) VALUES (?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT ({columns}) DO UPDATE SET incidents = incidents + excluded.incidents"
)
_ADD_DAY = _ADD.format(table="rollup", columns=_COLUMNS)
_ADD_MONTH = _ADD.format(table="rollup_month", columns=_OF_MONTH)
_PUT = f"INSERT OR REPLACE INTO counted (incident, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
SUMS = {
    "rollup": f"SELECT {_COLUMNS}, count(*) FROM counted GROUP BY {_COLUMNS}",  # noqa: S608 — fixed words
    "rollup_month": " UNION ALL ".join(
        f"SELECT mode, day / 100, '{face}', CAST({face} AS TEXT), service, ending, count(*) "  # noqa: S608 — fixed words
        f"FROM counted GROUP BY mode, day / 100, {face}, service, ending"
        for face in _FACES
    ),
}
_NEWEST = (
    "SELECT key, body FROM version JOIN (SELECT key AS of_key, max(seen_from) AS newest FROM version "
    "WHERE layer = ? AND seen_from >= 0 GROUP BY key) ON key = of_key AND seen_from = newest WHERE layer = ?"
)
_DAYS = (
    "SELECT {by}, service, ending, sum(incidents) FROM rollup WHERE mode = ?1 AND day BETWEEN ?2 AND ?3 "
    "AND (?4 IS NULL OR category IN (SELECT value FROM json_each(?4))) GROUP BY 1, 2, 3"
)
_MONTHS = (
    "SELECT {by}, service, ending, sum(incidents) FROM rollup_month "
    "WHERE mode = ? AND month BETWEEN ? AND ? AND face = ? GROUP BY 1, 2, 3"
)
_GROUPED: Mapping[CountBy, tuple[str, str, str]] = {
    "kelurahan": ("kelurahan", "name", "kelurahan"),
    "kecamatan": ("kelurahan", "name", "kelurahan"),
    "category": ("category", "name", "category"),
    "class": ("day", "service", "service"),
    "day": ("day", "CAST(name AS INTEGER)", "day"),
    "month": ("day", "month", "day / 100"),
}
"""(face, name of a group among months, the same among days)."""


class Counted(NamedTuple):
    """Where one incident is counted. `day` is yyyymmdd by the city's clock; `ending` is empty unless called off."""

    mode: str
    day: int
    kelurahan: str
    category: str
    service: str
    ending: str


def counted(incident: Incident, before: Counted | None, ground: Ground) -> Counted | None:
    """Where it counts now. Without a report it stays where it was; it counts nowhere before the first."""
    ending = incident.status if incident.status in CALLED_OFF else ""
    if incident.report is None:
        return None if before is None else before._replace(ending=ending)
    category, day = category_of(incident, ground.city), incident.report.reported_at.astimezone(ground.city.zone)
    return Counted(
        mode=incident.mode,
        day=day.year * 10_000 + day.month * 100 + day.day,
        kelurahan=kelurahan_of(incident, ground) or "",
        category=category.id,
        service=category.service_class,
        ending=ending,
    )


def is_old(connection: Connection, lexicon: Lexicon) -> bool:
    """Whether this process would count otherwise than it is counted; one without a ground has no opinion."""
    return lexicon.ground_mark is not None and fact_of(connection, _MARK) != lexicon.ground_mark


def put_counts(connection: Connection, lexicon: Lexicon, steps: Iterable[Step]) -> None:
    """Move the counts of the incidents that changed; in the transaction of their events."""
    changed = [step for step in steps if step.layer == LAYER and step.thing is not None and not step.is_quiet]
    if not changed:
        return
    if lexicon.ground_mark is None or is_old(connection, lexicon):
        forget_mark(connection)
        return
    before = _known(connection, sorted({step.key for step in changed}))
    after = dict(before)
    for step in changed:
        found = counted(step.thing, after.get(step.key), lexicon.ground)
        if found is not None:
            after[step.key] = found
    _move(connection, before, {key: row for key, row in after.items() if row != before.get(key)})


def _known(connection: Connection, keys: list[str]) -> dict[str, Counted]:
    found: dict[str, Counted] = {}
    for start in range(0, len(keys), _READ_AT_ONCE):
        some = keys[start : start + _READ_AT_ONCE]
        marks = ", ".join("?" * len(some))
        asked = f"SELECT incident, {_COLUMNS} FROM counted WHERE incident IN ({marks})"  # noqa: S608 — question marks
        found.update((key, Counted(*row)) for key, *row in connection.exec_driver_sql(asked, tuple(some)))
    return found


def _move(connection: Connection, before: Mapping[str, Counted], after: Mapping[str, Counted]) -> None:
    if not after:
        return
    moved = [(before[key], -1) for key in after if key in before] + [(row, 1) for row in after.values()]
    connection.exec_driver_sql(_ADD_DAY, [(*row, many) for row, many in moved])
    connection.exec_driver_sql(_ADD_MONTH, [(*said, many) for row, many in moved for said in _faces(row)])
    connection.exec_driver_sql(_PUT, [(key, *row) for key, row in after.items()])
    if len(moved) > len(after):
        for table in SUMS:
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE incidents = 0")  # noqa: S608 — our names


def _faces(row: Counted) -> Iterator[tuple[str, int, str, str, str, str]]:
    for face in _FACES:
        yield row.mode, row.day // 100, face, str(getattr(row, face)), row.service, row.ending


def forget_mark(connection: Connection) -> None:
    """Say that the counts are old."""
    connection.exec_driver_sql("DELETE FROM meta WHERE key = ?", (_MARK,))


def recount(connection: Connection, lexicon: Lexicon) -> None:
    """Count all anew from the history, which must be true; without a ground only say that they are old."""
    forget_mark(connection)
    if lexicon.ground_mark is None:
        return
    for table in ("counted", *SUMS):
        connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 — our names
    rows = [(key, *row) for key, row in _from_history(connection, lexicon)]
    if rows:
        connection.exec_driver_sql(_PUT, rows)
    for table, summed in SUMS.items():
        connection.exec_driver_sql(f"INSERT INTO {table} {summed}")
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_MARK, lexicon.ground_mark))


def _from_history(connection: Connection, lexicon: Lexicon) -> Iterator[tuple[str, Counted]]:
    newest = connection.exec_driver_sql(_NEWEST, (LAYER, LAYER)).fetchall()
    for key, body in newest:
        incident, before = lexicon.thing(LAYER, unpacked(body)), None
        if incident.report is None:
            before = _last_reported(connection, lexicon, key)
        row = counted(incident, before, lexicon.ground)
        if row is not None:
            yield key, row


def _last_reported(connection: Connection, lexicon: Lexicon, key: str) -> Counted | None:
    """Of an incident that was forgotten and then spoken of again: where its last report had counted it."""
    asked = "SELECT body FROM version WHERE layer = ? AND key = ? AND seen_from >= 0 ORDER BY seen_from DESC"
    for (body,) in connection.exec_driver_sql(asked, (LAYER, key)):
        incident = lexicon.thing(LAYER, unpacked(body))
        if incident.report is not None:
            return counted(incident, None, lexicon.ground)
    return None


class Recounting:
    """Where every incident counts, told by a log that is folded anew."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._rows: dict[str, Counted] = {}

    def hear(self, situation: Situation, _event: Event, touched: Touched) -> None:
        """Take what one event has changed."""
        for layer, key in touched:
            incident = situation.of(layer).get(key) if layer == LAYER else None
            row = None if incident is None else counted(incident, self._rows.get(key), self._ground)
            if row is not None:
                self._rows[key] = row

    def differences(self, connection: Connection, lexicon: Lexicon) -> Iterator[LayerKey]:
        """("counts", incident or sum) of what the stored counts have wrong; nothing while they are marked as old."""
        if lexicon.ground_mark is None or is_old(connection, lexicon):
            return
        asked: Any = connection.exec_driver_sql(f"SELECT incident, {_COLUMNS} FROM counted")  # noqa: S608 — fixed words
        stored = {key: Counted(*row) for key, *row in asked}
        wrong = {key for key in {*stored, *self._rows} if stored.get(key) != self._rows.get(key)}
        yield from (("counts", key) for key in sorted(wrong))
        yield from (("counts", table) for table, summed in SUMS.items() if _differs(connection, table, summed))


def _differs(connection: Connection, table: str, summed: str) -> bool:
    true = f"SELECT * FROM ({summed})"  # noqa: S608 — our words
    asked = f"SELECT EXISTS (SELECT * FROM {table} EXCEPT {true}) OR EXISTS ({true} EXCEPT SELECT * FROM {table})"  # noqa: S608
    return bool(connection.exec_driver_sql(asked).scalar_one())


class Asked(NamedTuple):
    """From the first day to the last, both included, by the city's clock. `categories` None: all."""

    first: date
    last: date
    by: CountBy
    mode: Mode
    categories: Collection[str] | None = None


def counts_of(connection: Connection, ground: Ground, asked: Asked) -> Counts:
    """The incidents reported in the period."""
    groups: dict[str, Count] = {}
    for said, service, ending, incidents in _rows(connection, asked):
        name = _name(said, asked.by, ground)
        groups[name] = groups.get(name, Count()).plus(incidents, is_real=service in REAL, ending=ending)
    return Counts(by=asked.by, groups=dict(sorted(groups.items())), total=total_of(groups.values()))


def _rows(connection: Connection, asked: Asked) -> Iterator[Any]:
    """Whole months from their sums, the days before and after them one by one; of some categories every day."""
    face, of_months, of_days = _GROUPED[asked.by]
    months, edges = _split(asked.first, asked.last)
    only = None if asked.categories is None else orjson.dumps(list(asked.categories)).decode()
    if months is not None and only is None:
        said = _MONTHS.format(by=of_months)
        yield from connection.exec_driver_sql(said, (asked.mode, *months, face))
    for edge in edges if only is None else [(asked.first, asked.last)]:
        said = _DAYS.format(by=of_days)
        yield from connection.exec_driver_sql(said, (asked.mode, *map(_number, edge), only))


def _split(first: date, last: date) -> tuple[tuple[int, int] | None, list[tuple[date, date]]]:
    """(the first and the last whole month, the stretches of days beside them)."""
    start = first if first.day == 1 else _next_month(first)
    end = (last + _DAY).replace(day=1) - _DAY
    if start > end:
        return None, [(first, last)]
    edges = [edge for edge in ((first, start - _DAY), (end + _DAY, last)) if edge[0] <= edge[1]]
    return (_number(start) // 100, _number(end) // 100), edges


def _next_month(day: date) -> date:
    return (day.replace(day=1) + 31 * _DAY).replace(day=1)


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def _name(said: Any, by: CountBy, ground: Ground) -> str:  # noqa: ANN401 — a number or a word
    if by == "kelurahan":
        return str(said) or NOWHERE
    if by == "kecamatan":
        area = ground.places.areas.get(said)
        return area.kecamatan if area else NOWHERE
    if by == "day":
        return f"{said // 10_000:04}-{said // 100 % 100:02}-{said % 100:02}"
    return f"{said // 100:04}-{said % 100:02}" if by == "month" else str(said)
