"""What is still to be told to others, and what could not be: a bounded queue in a small SQLite file of its own.

It is apart from the log, so that neither waits for the other. One process works on it; commands may look and retry.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text

from layers.store.rows import micros, moment
from layers.store.small import SmallFile

FILE_NAME = "outbox.db"
MOST_WAITING = 10_000
MOST_DEAD = 10_000
FULL = "the queue was full"
_VERSION = 1

_TABLES = MetaData()
_MESSAGES = Table(
    "message",
    _TABLES,
    Column("number", Integer, primary_key=True),
    Column("hook", Text, nullable=False),
    Column("id", Text, nullable=False, unique=True),
    Column("subject", Text, nullable=False),
    Column("change", Text, nullable=False),
    Column("cursor", Integer, nullable=False),
    Column("at", Integer, nullable=False),
    Column("due", Integer),
    Column("tries", Integer, nullable=False),
    Column("error", Text),
    Column("body", LargeBinary),
)
Index("message_due", _MESSAGES.c.hook, _MESSAGES.c.due, _MESSAGES.c.number)
Table("place", _TABLES, Column("hook", Text, primary_key=True), Column("cursor", Integer, nullable=False))
_COLUMNS = "number, hook, id, subject, change, cursor, at, due, tries, error, body"
_ADD = (
    "INSERT INTO message (hook, id, subject, change, cursor, at, due, tries) VALUES (?, ?, ?, ?, ?, ?, ?, 0) "
    "ON CONFLICT (id) DO NOTHING"
)
_TOO_MANY = (
    "UPDATE message SET due = NULL, error = ? WHERE number IN (SELECT number FROM message WHERE hook = ? "
    "AND due IS NOT NULL ORDER BY number DESC LIMIT -1 OFFSET ?)"
)
_TOO_DEAD = (
    "DELETE FROM message WHERE number IN (SELECT number FROM message WHERE hook = ? AND due IS NULL "
    "ORDER BY number DESC LIMIT -1 OFFSET ?)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """That something changed: `id` of the message to be, about which thing, at which place of the log."""

    id: str
    subject: str
    change: str
    cursor: int
    at: datetime
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One row. `due` None: it is dead, `error` says why. `body` None: not written yet."""

    number: int
    hook: str
    id: str
    subject: str
    change: str
    cursor: int
    at: datetime
    due: datetime | None
    tries: int
    error: str | None
    body: bytes | None


class Outbox:
    """May be used from any thread. Every method raises StoreUnavailable when the file cannot be read or written."""

    def __init__(self, path: Path) -> None:
        self._file = SmallFile(path, _TABLES, _VERSION, "outbox")

    def place(self, hook: str) -> int | None:
        """Up to where of the log this hook has been told of; None for a new one."""
        found = self._file.rows("SELECT cursor FROM place WHERE hook = ?", (hook,))
        return int(found[0][0]) if found else None

    def add(self, hook: str, news: Sequence[News], cursor: int) -> None:
        """Queue them and remember the place, both or neither. When too many wait, the oldest are dead."""
        with self._file.writing() as connection:
            for one in news:
                row = (hook, one.id, one.subject, one.change, one.cursor, micros(one.at), micros(one.due))
                connection.exec_driver_sql(_ADD, row)
            if news:
                connection.exec_driver_sql(_TOO_MANY, (FULL, hook, MOST_WAITING))
                connection.exec_driver_sql(_TOO_DEAD, (hook, MOST_DEAD))
            connection.exec_driver_sql("INSERT OR REPLACE INTO place VALUES (?, ?)", (hook, cursor))

    def next_due(self, hook: str, now: datetime) -> Message | None:
        """The oldest that is due."""
        where = "hook = ? AND due IS NOT NULL AND due <= ? ORDER BY number LIMIT 1"
        return next(iter(self._messages(where, (hook, micros(now)))), None)

    def write(self, number: int, body: bytes) -> None:
        """From now on this is what is said, in every try."""
        self._file.change("UPDATE message SET body = ? WHERE number = ?", (body, number))

    def done(self, number: int) -> None:
        """It has arrived, or there is nothing to say."""
        self._file.change("DELETE FROM message WHERE number = ?", (number,))

    def failed(self, message: Message, error: str, again_at: datetime | None) -> None:
        """It did not arrive. `again_at` None: it is dead."""
        due = micros(again_at) if again_at else None
        said = "UPDATE message SET tries = tries + 1, error = ?, due = ? WHERE number = ?"
        with self._file.writing() as connection:
            connection.exec_driver_sql(said, (error, due, message.number))
            connection.exec_driver_sql(_TOO_DEAD, (message.hook, MOST_DEAD))

    def dead(self, hook: str | None = None, limit: int = 1_000) -> tuple[Message, ...]:
        """What could not be told, newest first."""
        where = "due IS NULL AND (? IS NULL OR hook = ?) ORDER BY number DESC LIMIT ?"
        return tuple(self._messages(where, (hook, hook, limit)))

    def counts(self) -> dict[str, tuple[int, int]]:
        """Hook → how many wait, how many are dead."""
        said = "SELECT hook, count(due), count(*) - count(due) FROM message GROUP BY hook"
        return {hook: (waiting, dead) for hook, waiting, dead in self._file.rows(said, ())}

    def retry(self, hook: str | None, now: datetime) -> int:
        """Try the dead of a hook (None: of all) once more from the beginning; gives how many."""
        said = "UPDATE message SET due = ?, tries = 0 WHERE due IS NULL AND (? IS NULL OR hook = ?)"
        return self._file.change(said, (micros(now), hook, hook))

    def forget(self, hook: str) -> None:
        """The hook is gone, and with it all that was for it."""
        with self._file.writing() as connection:
            connection.exec_driver_sql("DELETE FROM message WHERE hook = ?", (hook,))
            connection.exec_driver_sql("DELETE FROM place WHERE hook = ?", (hook,))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _messages(self, where: str, asked: tuple[Any, ...]) -> list[Message]:
        return [_message(row) for row in self._file.rows(f"SELECT {_COLUMNS} FROM message WHERE {where}", asked)]  # noqa: S608 — our words


def _message(row: Sequence[Any]) -> Message:
    number, hook, id_, subject, change, cursor, at, due, tries, error, body = row
    return Message(
        number=number,
        hook=hook,
        id=id_,
        subject=subject,
        change=change,
        cursor=cursor,
        at=moment(at),
        due=None if due is None else moment(due),
        tries=tries,
        error=error,
        body=body,
    )
