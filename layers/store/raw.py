"""One statement, straight to the driver: SQLAlchemy's way costs more than SQLite's own work on a small one."""

from typing import Any

from pysqlite3 import dbapi2
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


def run(connection: Connection, statement: str, values: tuple[Any, ...] = ()) -> dbapi2.Cursor:
    """The driver's cursor, in the connection's transaction. Raises SQLAlchemy's DBAPIError, as its own way does."""
    driver: dbapi2.Connection | None = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection has been given back")
    try:
        return driver.execute(statement, values)
    except dbapi2.Error as error:
        raise DBAPIError(statement, None, error) from error
