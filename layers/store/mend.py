"""The remedy for a machine clock that ran ahead: arrivals it wrote into the future are brought back, in their order.

The order of the log holds whatever the clock does: what arrives after the clock was put right is written a
microsecond after the last, still in the future, for as long as the clock had jumped. Nobody can know the true arrivals
any more; the sender's time, where it is not from the same future, is the nearest to them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from geodata.places import Ground
from layers.layer import Layers
from layers.store.rows import micros
from layers.store.schema import create, open_engine, writing
from layers.store.sealing import unseal
from layers.store.sqlite import open_store
from layers.store.writer import OPENING_S, Ticket, translated

AHEAD = timedelta(minutes=1)
"""A log whose newest arrival lies further in the future than this was written by a wrong clock."""

_UPDATE = "UPDATE event SET seen = ?, at = ? WHERE cursor = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """How many events had an arrival in the future, and how far the furthest was ahead."""

    events: int
    ahead: timedelta


def is_ahead(seen: datetime | None, now: datetime) -> bool:
    """Whether the newest arrival lies so far in the future that only a wrong clock explains it."""
    return seen is not None and seen - now > AHEAD


def look(path: Path, now: datetime) -> Mended:
    """What there is to mend; changes nothing."""
    with translated():
        engine = open_engine(path)
        try:
            with engine.connect() as connection:
                return _found(connection, now)
        finally:
            engine.dispose()


def mend(path: Path, layers: Layers, ground: Ground, now: datetime) -> Mended:
    """Bring the arrivals back and fold everything anew. Nobody else may have the log open; keep a copy."""
    with translated():
        engine = open_engine(path)
        ticket = Ticket(path)
        try:
            with ticket.within(OPENING_S), engine.connect() as connection, writing(connection).begin():
                create(connection)
                unseal(connection, micros(now))
                found = _found(connection, now)
                rows = list(_mended(connection, micros(now)))
                if rows:
                    connection.exec_driver_sql(_UPDATE, rows)
                    connection.exec_driver_sql("DELETE FROM meta WHERE key = 'layers'")  # who opens it folds it anew
        finally:
            ticket.close()
            engine.dispose()
    open_store(path, layers, ground).close()
    return found


def _found(connection: Connection, now: datetime) -> Mended:
    counted = "SELECT count(*), coalesce(max(seen), 0) FROM event WHERE seen > ?"
    events, furthest = connection.exec_driver_sql(counted, (micros(now),)).one()
    return Mended(events=events, ahead=timedelta(microseconds=furthest - micros(now)) if events else timedelta(0))


def _mended(connection: Connection, now: int) -> Iterator[tuple[int, int, int]]:
    """(seen, at, cursor) of every event from the first one on that came from the future."""
    first = connection.exec_driver_sql("SELECT min(cursor) FROM event WHERE seen > ?", (now,)).scalar()
    if first is None:
        return
    last = connection.exec_driver_sql(
        "SELECT coalesce(max(seen), 0) FROM event WHERE cursor < ?", (first,)
    ).scalar_one()
    rows = connection.exec_driver_sql("SELECT cursor, at FROM event WHERE cursor >= ? ORDER BY cursor", (first,))
    for cursor, at in rows:
        last = max(last + 1, at) if at <= now else last + 1
        yield last, min(at, last), cursor
