"""How many incidents there were, by local day, kelurahan, category and end: counted as they are told.

That happens in the transaction of their events, so three years are summed up without folding them.

An incident counts once: on the day and in the place that its newest report says, under the end it has come to. When
one of them changes, its count moves. Counting needs the ground: a process that does not know it marks the counts as
old, and who knows it counts anew, from the states that the history keeps.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

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
from layers.store.versions import Step

LAYER = "incidents"
_MARK = "counted"
_READ_AT_ONCE = 400
_COLUMNS = "mode, day, kelurahan, category, service, ending"
_ADD = (
    f"INSERT INTO rollup ({_COLUMNS}, incidents) VALUES (?, ?, ?, ?, ?, ?, ?) "  # noqa: S608 — fixed words
    f"ON CONFLICT ({_COLUMNS}) DO UPDATE SET incidents = incidents + excluded.incidents"
)
_PUT = f"INSERT OR REPLACE INTO counted (incident, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_SUM_UP = f"INSERT INTO rollup SELECT {_COLUMNS}, count(*) FROM counted GROUP BY {_COLUMNS}"  # noqa: S608
_NEWEST = (
    "SELECT key, body FROM version JOIN (SELECT key AS of_key, max(seen_from) AS newest FROM version "
    "WHERE layer = ? AND seen_from >= 0 GROUP BY key) ON key = of_key AND seen_from = newest WHERE layer = ?"
)
_ASKED = (
    "SELECT {by}, service, ending, sum(incidents) FROM rollup WHERE mode = ? AND day BETWEEN ? AND ? GROUP BY 1, 2, 3"
)
_GROUPED: Mapping[CountBy, str] = {
    "kelurahan": "kelurahan",
    "kecamatan": "kelurahan",
    "category": "category",
    "class": "service",
    "day": "day",
    "month": "day / 100",
}


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
    left = [(*before[key], -1) for key in after if key in before]
    connection.exec_driver_sql(_ADD, left + [(*row, 1) for row in after.values()])
    connection.exec_driver_sql(_PUT, [(key, *row) for key, row in after.items()])
    if left:
        connection.exec_driver_sql("DELETE FROM rollup WHERE incidents = 0")


def forget_mark(connection: Connection) -> None:
    """Say that the counts are old."""
    connection.exec_driver_sql("DELETE FROM meta WHERE key = ?", (_MARK,))


def recount(connection: Connection, lexicon: Lexicon) -> None:
    """Count all anew from the history, which must be true; without a ground only say that they are old."""
    forget_mark(connection)
    if lexicon.ground_mark is None:
        return
    connection.exec_driver_sql("DELETE FROM counted")
    connection.exec_driver_sql("DELETE FROM rollup")
    rows = [(key, *row) for key, row in _from_history(connection, lexicon)]
    if rows:
        connection.exec_driver_sql(_PUT, rows)
        connection.exec_driver_sql(_SUM_UP)
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_MARK, lexicon.ground_mark))


def _from_history(connection: Connection, lexicon: Lexicon) -> Iterator[tuple[str, Counted]]:
    newest = connection.exec_driver_sql(_NEWEST, (LAYER, LAYER)).fetchall()
    for key, body in newest:
        incident, before = lexicon.thing(LAYER, plain(body)), None
        if incident.report is None:
            before = _last_reported(connection, lexicon, key)
        row = counted(incident, before, lexicon.ground)
        if row is not None:
            yield key, row


def _last_reported(connection: Connection, lexicon: Lexicon, key: str) -> Counted | None:
    """Of an incident that was forgotten and then spoken of again: where its last report had counted it."""
    asked = "SELECT body FROM version WHERE layer = ? AND key = ? AND seen_from >= 0 ORDER BY seen_from DESC"
    for (body,) in connection.exec_driver_sql(asked, (LAYER, key)):
        incident = lexicon.thing(LAYER, plain(body))
        if incident.report is not None:
            return counted(incident, None, lexicon.ground)
    return None


def plain(body: bytes) -> bytes:
    """A state as JSON; a long one is packed."""
    return zlib.decompress(body) if body.startswith(b"\x78") else body


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
        if _sums_differ(connection):
            yield "counts", "(sums)"


def _sums_differ(connection: Connection) -> bool:
    summed = f"SELECT {_COLUMNS}, count(*) FROM counted GROUP BY {_COLUMNS}"  # noqa: S608 — fixed words
    asked = (
        f"SELECT EXISTS (SELECT * FROM rollup EXCEPT {summed}) "  # noqa: S608 — fixed words
        f"OR EXISTS ({summed} EXCEPT SELECT * FROM rollup)"
    )
    return bool(connection.exec_driver_sql(asked).scalar_one())


def counts_of(connection: Connection, ground: Ground, days: tuple[date, date], by: CountBy, mode: Mode) -> Counts:
    """The incidents reported from the first day to the last, both included, by the city's clock."""
    asked = _ASKED.format(by=_GROUPED[by])
    rows = connection.exec_driver_sql(asked, (mode, *map(_number, days)))
    groups: dict[str, Count] = {}
    for said, service, ending, incidents in rows:
        name = _name(said, by, ground)
        groups[name] = groups.get(name, Count()).plus(incidents, is_real=service in REAL, ending=ending)
    return Counts(by=by, groups=dict(sorted(groups.items())), total=total_of(groups.values()))


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
