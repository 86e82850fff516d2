"""The tables of positions that have left the table `event`, and how far they have.

A *range* is a run of the log, from after `cursor_from` to `cursor_to`, all whose positions are in blocks. Ranges
follow one another without gaps; up to the last one's end (`sealed_to`) a position is read from its block, and a row
of it that is still in `event` is a leftover that the sealer takes away. Each range has one block for each hundred
units that spoke in it, or several: what came late has blocks of its own, so that the time of the others is narrow.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BLOB, Column, Connection, Index, Integer, Table, Text

from layers.store.raw import run
from layers.store.schema import TABLES

UNITS_PER_BLOCK = 100
LONGEST_RANGE = 3_600_000_000
"""No range reaches over a full hour by arrival, so none is longer (µs)."""

ANCHOR = 3
"""The kind of a block that repeats the newest places of its units, so that reading back has an end."""

LATENESS: Mapping[int, int | None] = {0: 120_000_000, 1: 86_400_000_000, 2: None}
"""Kind of a block → how far the time of what it holds may lie from its arrival (µs)."""

TRACKS = Table(
    "track",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("range_to", Integer, nullable=False),
    Column("kind", Integer, nullable=False),
    Column("shard", Integer, nullable=False),
    Column("units", BLOB, nullable=False),  # which of its hundred units speak in it, a bit each
    Column("seen_from", Integer, nullable=False),
    Column("seen_to", Integer, nullable=False),
    Column("at_from", Integer, nullable=False),
    Column("at_to", Integer, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("body", BLOB, nullable=False),
)
Index("track_shard", TRACKS.c.shard, TRACKS.c.kind, TRACKS.c.seen_to)
Index("track_kind", TRACKS.c.kind, TRACKS.c.seen_to)
Index("track_range_to", TRACKS.c.range_to)
# `others`: the cursors in it that are no position in a block; `odd`: positions that no layer could read, as rows.
RANGES = Table(
    "track_range",
    TABLES,
    Column("cursor_to", Integer, primary_key=True),
    Column("cursor_from", Integer, nullable=False),
    Column("seen_from", Integer, nullable=False),
    Column("seen_to", Integer, nullable=False),
    Column("others", BLOB, nullable=False),
    Column("odd", BLOB, nullable=False),
)
Index("track_range_seen", RANGES.c.seen_from)
TRACK_UNITS = Table(
    "track_unit",
    TABLES,
    Column("unit", Text, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    sqlite_with_rowid=False,
)


def rows_of(connection: Connection, asked: str, values: Sequence[Any] = ()) -> list[Any]:
    """All rows of a question."""
    rows: list[Any] = run(connection, asked, tuple(values)).fetchall()
    return rows


def sealed_to(connection: Connection) -> int:
    """Up to which cursor positions are in blocks; 0 where none are."""
    return int(connection.exec_driver_sql("SELECT coalesce(max(cursor_to), 0) FROM track_range").scalar_one())


def shards_in(connection: Connection) -> list[int]:
    """Every shard that has a unit."""
    most = connection.exec_driver_sql("SELECT max(number) FROM track_unit").scalar()
    return [] if most is None else list(range(int(most) // UNITS_PER_BLOCK + 1))


def numbers_in(connection: Connection, shard: int) -> dict[str, int]:
    """Unit → its place among the hundred of the shard."""
    start = shard * UNITS_PER_BLOCK
    asked = "SELECT unit, number - ? FROM track_unit WHERE number >= ? AND number < ?"
    return dict(map(tuple, rows_of(connection, asked, (start, start, start + UNITS_PER_BLOCK))))
