"""The quarantine's rows: what could not be read is kept, the same bytes once, and a bounded amount of it."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from geodata.errors import NotFound
from layers.store.rows import micros, moment
from layers.store.store import Quarantined, Refusal
from layers.store.transaction import Transaction, Work

KEPT_PER_SOURCE = 500
KEPT_BYTES = 64_000_000

_SELECT = "SELECT id, received, source, feed, mode, reason, field, original, times FROM quarantine"
_BEGINNINGS = (
    "SELECT id, received, source, feed, mode, reason, field, substr(original, 1, ?), times FROM quarantine "
    "ORDER BY id DESC LIMIT ?"
)
_NUMBERS = "SELECT id FROM quarantine WHERE source = ? ORDER BY id LIMIT ?"
_BY_SOURCE = "SELECT source, count(*) FROM quarantine GROUP BY source"
_PUT = (
    "INSERT INTO quarantine (received, source, feed, mode, reason, field, original, digest, times) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT (source, mode, digest) DO UPDATE SET "
    "received = excluded.received, reason = excluded.reason, field = excluded.field, times = times + 1 RETURNING id"
)
_PRUNE_COUNT = (
    "DELETE FROM quarantine WHERE source = ? AND id <= "
    "(SELECT id FROM quarantine WHERE source = ? ORDER BY id DESC LIMIT 1 OFFSET ?)"
)
_PRUNE_BYTES = (
    "DELETE FROM quarantine WHERE id IN (SELECT id FROM "
    "(SELECT id, sum(length(original)) OVER (ORDER BY id DESC) AS total FROM quarantine) WHERE total > ?)"
)


def putting(refusal: Refusal) -> Work[int]:
    """The work of keeping a refusal; gives its id."""
    digest = hashlib.sha256(refusal.original).digest()
    row = (
        micros(refusal.received),
        refusal.source,
        refusal.feed,
        refusal.mode,
        refusal.reason,
        refusal.field,
        refusal.original,
        digest,
    )

    def put(transaction: Transaction) -> int:
        connection = transaction.connection
        number = int(connection.exec_driver_sql(_PUT, row).scalar_one())
        connection.exec_driver_sql(_PRUNE_COUNT, (refusal.source, refusal.source, KEPT_PER_SOURCE))
        connection.exec_driver_sql(_PRUNE_BYTES, (KEPT_BYTES,))
        return number

    return put


def releasing(number: int) -> Work[None]:
    """The work of taking one out."""

    def release(transaction: Transaction) -> None:
        transaction.connection.exec_driver_sql("DELETE FROM quarantine WHERE id = ?", (number,))

    return release


def newest(connection: Connection, limit: int) -> tuple[Quarantined, ...]:
    """The newest refusals."""
    rows = connection.exec_driver_sql(f"{_SELECT} ORDER BY id DESC LIMIT ?", (limit,))
    return tuple(map(_quarantined, rows))


def beginnings(connection: Connection, limit: int, kept_bytes: int) -> tuple[Quarantined, ...]:
    """The newest refusals, of each only the first bytes: a list of them stays small whatever was sent."""
    rows = connection.exec_driver_sql(_BEGINNINGS, (kept_bytes, limit))
    return tuple(map(_quarantined, rows))


def numbers_of(connection: Connection, source: str, limit: int) -> tuple[int, ...]:
    """The ids of one source, the oldest first."""
    return tuple(int(row[0]) for row in connection.exec_driver_sql(_NUMBERS, (source, limit)))


def by_source(connection: Connection) -> dict[str, int]:
    """How many of each source."""
    return {source: int(count) for source, count in connection.exec_driver_sql(_BY_SOURCE)}


def one(connection: Connection, number: int) -> Quarantined:
    """The refusal with that id. Raises NotFound."""
    row = connection.exec_driver_sql(f"{_SELECT} WHERE id = ?", (number,)).first()
    if row is None:
        raise NotFound(f"nothing with the id {number} is in quarantine")
    return _quarantined(row)


def count(connection: Connection) -> int:
    """How many are kept."""
    return int(connection.exec_driver_sql("SELECT count(*) FROM quarantine").scalar_one())


def _quarantined(row: Sequence[Any]) -> Quarantined:
    number, received, source, feed, mode, reason, field, original, times = row
    refusal = Refusal(
        received=moment(received), source=source, feed=feed, reason=reason, field=field, original=original, mode=mode
    )
    return Quarantined(id=number, refusal=refusal, times=times)
