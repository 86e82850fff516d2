"""A small SQLite file of its own beside the log, so that neither waits for the other."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData
from sqlalchemy.exc import SQLAlchemyError

from geodata.errors import StoreUnavailable
from layers.store.schema import open_engine, writing
from layers.store.writer import OPENING_S, Ticket


class SmallFile:
    """`name` stands in what it raises: StoreUnavailable, by every method, when the file cannot be read or written.

    May be used from any thread. A file of a newer `version` is refused.
    """

    def __init__(self, path: Path, tables: MetaData, version: int, name: str) -> None:
        self._name = name
        with self._translated():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._engine = open_engine(path)
            ticket = Ticket(path)  # two who open a new file at once would lock each other out
            with contextlib.closing(ticket), ticket.within(OPENING_S), self.writing() as connection:
                self._create(connection, tables, version)

    def rows(self, said: str, asked: tuple[Any, ...]) -> Sequence[Any]:
        """What a SELECT finds."""
        with self._translated(), self._engine.connect() as connection:
            return connection.exec_driver_sql(said, asked).fetchall()

    def change(self, said: str, asked: tuple[Any, ...]) -> int:
        """Do one statement; gives how many rows it touched."""
        with self.writing() as connection:
            return connection.exec_driver_sql(said, asked).rowcount

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, durable at its end."""
        with self._translated(), self._engine.connect() as connection, writing(connection).begin():
            yield connection

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def _create(self, connection: Connection, tables: MetaData, version: int) -> None:
        found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if found > version:
            raise StoreUnavailable(
                f"the {self._name} has version {found}, this program knows {version}: update the program"
            )
        tables.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {version}")

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            said = getattr(error, "orig", None) or error
            raise StoreUnavailable(f"the {self._name} is not available: {said}; check the disk") from error
