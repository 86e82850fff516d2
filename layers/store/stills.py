"""The index of kept stills: which there are, why, and which belong to an incident. A small SQLite file of its own.

It is apart from the log, so that neither waits for the other. One process writes; a row is written once its picture
is on the disk or in the bucket, and taken out once it is gone from there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Index, Integer, MetaData, Table, Text

from cctv.archive import Reason, Still
from layers.moments import Milestone, Phase
from layers.store.rows import micros, moment
from layers.store.small import SmallFile

FILE_NAME = "stills.db"
_VERSION = 1
_RANKS: Mapping[Reason, int] = {"routine": 0, "near": 1, "pinned": 2}

_TABLES = MetaData()
_STILLS = Table(
    "still",
    _TABLES,
    Column("key", Text, primary_key=True),
    Column("camera", Text, nullable=False),
    Column("captured", Integer, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("rank", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index("still_camera", _STILLS.c.camera, _STILLS.c.captured, _STILLS.c.bytes)
Index("still_age", _STILLS.c.rank, _STILLS.c.captured)
Table(
    "pin",
    _TABLES,
    Column("incident", Text, primary_key=True),
    Column("camera", Text, primary_key=True),
    Column("milestone", Text, primary_key=True),
    Column("phase", Text, primary_key=True),
    Column("key", Text, nullable=False, index=True),
    sqlite_with_rowid=False,
)
_COLUMNS = "still.key, still.camera, still.captured, still.bytes"
_ADD = "INSERT INTO still VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET rank = max(rank, excluded.rank)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place in an incident's set: there is at most one still for it."""

    incident: str
    camera: str
    milestone: Milestone
    phase: Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A still in its place."""

    slot: Slot
    still: Still


class Stills:
    """May be used from any thread. Every method raises StoreUnavailable when the file cannot be read or written."""

    def __init__(self, path: Path) -> None:
        self._file = SmallFile(path, _TABLES, _VERSION, "index of stills")

    def add(self, still: Still, reason: Reason, slot: Slot | None = None) -> None:
        """Note a still whose picture is safe, and the place it takes. Again and for more is fine, for less is not."""
        with self._file.writing() as connection:
            row = (still.key, still.camera, micros(still.captured_at), still.bytes, _RANKS[reason])
            connection.exec_driver_sql(_ADD, row)
            if slot is not None:
                place = (slot.incident, slot.camera, slot.milestone, slot.phase, still.key)
                connection.exec_driver_sql("INSERT OR IGNORE INTO pin VALUES (?, ?, ?, ?, ?)", place)

    def forget(self, keys: Sequence[str]) -> None:
        """Take out stills whose pictures are deleted."""
        with self._file.writing() as connection:
            for key in keys:
                connection.exec_driver_sql("DELETE FROM pin WHERE key = ?", (key,))
                connection.exec_driver_sql("DELETE FROM still WHERE key = ?", (key,))

    def newest(self, camera: str, start: datetime, end: datetime) -> Still | None:
        """The newest of the camera from `start` to `end`, both included."""
        asked = (camera, micros(start), micros(end))
        return self._one("camera = ? AND captured BETWEEN ? AND ? ORDER BY captured DESC", asked)

    def oldest(self, camera: str, start: datetime, end: datetime) -> Still | None:
        """The oldest of the camera from `start` to `end`, both included."""
        asked = (camera, micros(start), micros(end))
        return self._one("camera = ? AND captured BETWEEN ? AND ? ORDER BY captured", asked)

    def of_incident(self, incident: str) -> tuple[Pinned, ...]:
        """Its stills, oldest first."""
        said = (
            f"SELECT {_COLUMNS}, pin.camera, milestone, phase FROM pin JOIN still USING (key) "  # noqa: S608 — our words
            "WHERE incident = ? ORDER BY captured, pin.camera"
        )
        return tuple(_pinned(incident, row) for row in self._file.rows(said, (incident,)))

    def slots(self) -> frozenset[Slot]:
        """Every place that is taken."""
        rows = self._file.rows("SELECT incident, camera, milestone, phase FROM pin", ())
        return frozenset(Slot(incident=i, camera=c, milestone=m, phase=p) for i, c, m, p in rows)

    def keys(self, camera: str) -> frozenset[str]:
        """The names of all stills of a camera."""
        return frozenset(key for (key,) in self._file.rows("SELECT key FROM still WHERE camera = ?", (camera,)))

    def too_old(self, oldest: Mapping[Reason, datetime], limit: int) -> tuple[Still, ...]:
        """Stills from before the oldest moment that is kept for their reason."""
        found: list[Still] = []
        for reason, moment_ in oldest.items():
            asked = (_RANKS[reason], micros(moment_), limit - len(found))
            found += self._stills("rank = ? AND captured < ? ORDER BY captured LIMIT ?", asked)
        return tuple(found)

    def too_many(self, most_bytes: int, limit: int) -> tuple[Still, ...]:
        """Stills of cameras that hold more than they may: routine ones first, then by age."""
        full = "SELECT camera FROM still GROUP BY camera HAVING sum(bytes) > ?"
        found: list[Still] = []
        for (camera,) in self._file.rows(full, (most_bytes,)):
            ranked = (
                f"SELECT key, camera, captured, bytes FROM (SELECT {_COLUMNS}, rank, "  # noqa: S608 — our words
                "sum(bytes) OVER (ORDER BY rank DESC, captured DESC, key) AS held FROM still WHERE camera = ?) "
                "WHERE held > ? ORDER BY held DESC LIMIT ?"
            )
            found += map(_still, self._file.rows(ranked, (camera, most_bytes, limit - len(found))))
        return tuple(found)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _one(self, where: str, asked: tuple[Any, ...]) -> Still | None:
        return next(iter(self._stills(f"{where} LIMIT 1", asked)), None)

    def _stills(self, where: str, asked: tuple[Any, ...]) -> list[Still]:
        return [_still(row) for row in self._file.rows(f"SELECT {_COLUMNS} FROM still WHERE {where}", asked)]  # noqa: S608


def _still(row: Sequence[Any]) -> Still:
    return Still(key=row[0], camera=row[1], captured_at=moment(row[2]), bytes=row[3])


def _pinned(incident: str, row: Sequence[Any]) -> Pinned:
    slot = Slot(incident=incident, camera=row[4], milestone=row[5], phase=row[6])
    return Pinned(slot=slot, still=_still(row))
