"""The tables of the SQLite log, and how its file is opened: WAL, every commit on the disk, a sound SQLite."""

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2
from sqlalchemy import (
    BLOB,
    URL,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    text,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.schema import CreateIndex

from geodata.errors import StoreUnavailable

VERSION = 5
_WITH_WHO = 5
_OPENING = "layar_opening"
_BUSY_MS = 5_000
_KEPT_WAL_BYTES = 64_000_000
_NOT_LOCAL = re.compile(r"^(nfs\d?|cifs|smb\w*|ceph|glusterfs|fuse\.(sshfs|glusterfs|rclone|s3fs))$")

TABLES = MetaData()

# Times are whole microseconds since 1970 UTC: exact, and they sort.
EVENTS = Table(
    "event",
    TABLES,
    Column("cursor", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("at", Integer, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("body", BLOB, nullable=False),
    Column("subject", Text),  # of what keeps its history; else NULL
    Column("who", Text),  # whose hand it was, and why, where a person did it; else NULL
    Column("why", Text),
    Index("event_seen", "seen"),
)
# Statistics read a month of what people said; positions, a hundred times as many, stay out of their way.
NOT_MOVING = "kind <> 'position_reported'"
EVENTS_BY_SUBJECT = Index("event_subject", EVENTS.c.subject, sqlite_where=text("subject IS NOT NULL"))
EVENTS_BY_KIND = Index("event_kind_seen", EVENTS.c.kind, EVENTS.c.seen, sqlite_where=text(NOT_MOVING))
# In the order in which things happened, by a clock that is not believed when it runs ahead of ours.
_EVENTS_AS_KNOWN = f"CREATE INDEX IF NOT EXISTS event_known ON event (min(at, seen)) WHERE {NOT_MOVING}"
# Of history, statistics ask by when it happened.
HISTORIC = "source >= 'history:' AND source < 'history;'"
EVENTS_OF_HISTORY = Index("event_history", EVENTS.c.kind, EVENTS.c.at, sqlite_where=text(HISTORIC))
# The projection: the newest state of every thing; `body` NULL is a thing that is gone.
THINGS = Table(
    "thing",
    TABLES,
    Column("layer", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("cursor", Integer, nullable=False),
    Column("body", BLOB),
    sqlite_with_rowid=False,
)
# Every state that the things of some layers have had (versions.py); beside it an R*Tree over both spans.
VERSIONS = Table(
    "version",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("layer", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("at_from", Integer, nullable=False),
    Column("at_to", Integer, nullable=False),
    Column("seen_from", Integer, nullable=False),
    Column("seen_to", Integer, nullable=False),
    Column("body", BLOB, nullable=False),
)
Index("version_at", VERSIONS.c.layer, VERSIONS.c.key, VERSIONS.c.at_to)
Index("version_seen", VERSIONS.c.layer, VERSIONS.c.key, VERSIONS.c.seen_to)
_VERSION_SPANS = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS version_span USING rtree_i32(id, at_from, at_to, seen_from, seen_to)"
)
# Whole situations of the past, so that `situation(at)` need not fold from event 1.
CHECKPOINTS = Table(
    "checkpoint",
    TABLES,
    Column("cursor", Integer, primary_key=True),
    Column("seen", Integer, nullable=False),
    Column("things", BLOB, nullable=False),
)
QUARANTINE = Table(
    "quarantine",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("received", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("feed", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("field", Text),
    Column("original", BLOB, nullable=False),
    Column("digest", BLOB, nullable=False),
    Column("times", Integer, nullable=False),
    UniqueConstraint("source", "mode", "digest"),
    sqlite_autoincrement=True,
)
# Where each incident counts (rollup.py), and how many count there.
_COUNTED = {"mode": Text, "day": Integer, "kelurahan": Text, "category": Text, "service": Text, "ending": Text}
COUNTED = Table(
    "counted",
    TABLES,
    Column("incident", Text, primary_key=True),
    *(Column(name, kind, nullable=False) for name, kind in _COUNTED.items()),
    sqlite_with_rowid=False,
)
ROLLUP = Table(
    "rollup",
    TABLES,
    *(Column(name, kind, primary_key=True) for name, kind in _COUNTED.items()),
    Column("incidents", Integer, nullable=False),
    sqlite_with_rowid=False,
)
ROLLUP_OF_MONTH = Table(
    "rollup_month",
    TABLES,
    *(Column(name, Integer if name == "month" else Text, primary_key=True)
      for name in ("mode", "month", "face", "name", "service", "ending")),
    Column("incidents", Integer, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip
# `layers`: what the projections were folded by; `counted`: by what ground incidents were counted; `generation`: counts
# repairs; `oldest`: see Live.oldest.
FACTS = Table(
    "meta",
    TABLES,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)


def is_sound(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is free of the WAL-reset bug (sqlite.org/wal.html#walresetbug)."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def open_engine(path: Path) -> Engine:
    """An engine over the file, which is made when missing.

    Raises StoreUnavailable for an SQLite that loses commits, a network disk, or a file that is not ours.
    """
    if not is_sound(dbapi2.sqlite_version_info):
        raise StoreUnavailable(f"SQLite {dbapi2.sqlite_version} can lose commits in WAL mode: install pysqlite3 0.6.1")
    kind = _disk_of(path.parent.resolve())
    if _NOT_LOCAL.match(kind):
        raise StoreUnavailable(
            f"{path} lies on a network disk ({kind}); the log needs a local one: choose another --data"
        )
    with contextlib.suppress(OSError):  # SQLite says what is wrong; it gives -wal and -shm the same mode
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    engine = create_engine(
        URL.create("sqlite", database=str(path)), module=dbapi2, pool_size=16, max_overflow=48, pool_timeout=5
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def writing(connection: Connection) -> Connection:
    """The connection, whose next transaction takes the write lock at its start, not in its middle."""
    return connection.execution_options(**{_OPENING: "BEGIN IMMEDIATE"})


def bare(connection: Connection) -> Connection:
    """The connection without transactions, for pragmas that cannot stand in one."""
    return connection.execution_options(**{_OPENING: None})


@contextlib.contextmanager
def unwaiting(connection: Connection) -> Iterator[None]:
    """Inside, the `bare` connection gives up at once where it would have to wait for another."""
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {_BUSY_MS}")


def prove(path: Path) -> None:
    """Read the log through a connection of its own: others may go on from their caches when the file is no more.

    Raises StoreUnavailable when it is gone or not to be read.
    """
    try:
        with contextlib.closing(_only_to_read(path)) as fresh:
            fresh.execute("SELECT max(cursor) FROM event").fetchone()
    except dbapi2.Error as error:
        raise StoreUnavailable(f"{path.name} cannot be read: {error}; check the disk, or restore a backup") from error


def refuse_newer_log(path: Path) -> None:
    """Say at once, before any process starts, that a newer Layar made this file. Raises StoreUnavailable.

    What is missing or cannot be read is for who opens it.
    """
    with contextlib.suppress(dbapi2.Error), contextlib.closing(_only_to_read(path)) as file:
        _refuse_newer(file.execute("PRAGMA user_version").fetchone()[0])


def _only_to_read(path: Path) -> Any:  # noqa: ANN401 — the DB-API's connection
    return dbapi2.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _refuse_newer(found: int) -> None:
    if found > VERSION:
        raise StoreUnavailable(
            f"the log has version {found}, this program knows {VERSION}: update the program, or restore a backup that "
            "was made before the update"
        )


def create(connection: Connection) -> None:
    """Make the tables. Raises StoreUnavailable when a newer Layar made the file."""
    found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    _refuse_newer(found)
    if found == 1:
        _update_from_1(connection)
    if 0 < found < _WITH_WHO:
        _update_from_4(connection)
    TABLES.create_all(connection)
    for statement in (_VERSION_SPANS, _EVENTS_AS_KNOWN):
        connection.exec_driver_sql(statement)
    for index in (
        EVENTS_BY_KIND,
        EVENTS_BY_SUBJECT,
        EVENTS_OF_HISTORY,
    ):  # a log of an older version has the table without them
        connection.execute(CreateIndex(index, if_not_exists=True))
    if found != VERSION:  # else nothing is written: a log must open on a full disk too
        connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")


def _update_from_1(connection: Connection) -> None:
    """It kept no history: that is folded from the log, as after a change of the layers."""
    connection.exec_driver_sql("ALTER TABLE event ADD COLUMN subject TEXT")
    connection.exec_driver_sql("DELETE FROM meta WHERE key = 'layers'")


def _update_from_4(connection: Connection) -> None:
    """It did not say whose hand an event was."""
    known = {row[1] for row in connection.exec_driver_sql("PRAGMA table_info(event)")}
    for column in {"who", "why"} - known:
        connection.exec_driver_sql(f"ALTER TABLE event ADD COLUMN {column} TEXT")


def _prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # SQLAlchemy begins, see _begin; the driver must not
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    mode = cursor.fetchone()
    if mode is None or mode[0] != "wal":
        raise StoreUnavailable(f"the disk does not allow a write-ahead log (journal mode is {mode})")
    cursor.execute("PRAGMA synchronous = FULL")  # NORMAL loses acknowledged commits in a power cut
    cursor.execute("PRAGMA secure_delete = ON")  # what is replaced or deleted may say who: nothing of it stays behind
    cursor.execute(f"PRAGMA journal_size_limit = {_KEPT_WAL_BYTES}")
    cursor.close()


def _begin(connection: Connection) -> None:
    opening = connection.get_execution_options().get(_OPENING, "BEGIN")
    if opening:
        connection.exec_driver_sql(opening)


def _disk_of(folder: Path) -> str:
    """File system type of the folder's mount; "" where the machine does not tell."""
    try:
        mounts = Path("/proc/self/mounts").read_text("utf-8").splitlines()
    except OSError:
        return ""
    rows = [line.split()[1:3] for line in mounts]
    holding = [(len(point), kind) for point, kind in rows if folder.is_relative_to(point.replace("\\040", " "))]
    return max(holding, default=(0, ""))[1]
