"""A copy of the log as of one moment, made while others go on writing, and the proof that it is whole.

Copying a database file in use by other means may give one that cannot be read: its newest part is in another file.
"""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pysqlite3 import dbapi2

from geodata.errors import StoreUnavailable
from geodata.places import Ground
from layers.layer import Layers
from layers.store.reading import fact_of, head_of
from layers.store.rebuild import compared
from layers.store.rows import Lexicon, moment
from layers.store.schema import NOT_MOVING, open_engine
from layers.store.store import LayerKey
from layers.store.writer import translated

_WAIT_S = 30.0
_KINDS = f"SELECT DISTINCT kind FROM event WHERE {NOT_MOVING}"  # noqa: S608 — our words; every Layar knows positions
_NEWEST = "SELECT seen FROM event ORDER BY cursor DESC LIMIT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What a log holds: `cursor` and time of its newest event, and what folding it anew gives otherwise.

    `is_folded`: False where that was not asked for, or where other layers had kept the log: then whoever opens it
    folds it anew in any case. `kinds`: of the facts in it.
    """

    cursor: int
    seen: datetime | None
    is_folded: bool
    kinds: tuple[str, ...] = ()
    differences: tuple[LayerKey, ...] = ()


def copy_database(source: Path, target: Path) -> None:
    """Copy an SQLite file, which may be in use, as of one moment; one file, durable when this returns.

    In one step: it holds up nobody, and a writer would make a copy in several steps begin anew for ever.
    """
    with _said_simply(source), _open(source, "ro") as here, _open(target, "rwc") as there:
        here.backup(there, pages=-1)
        _make_one_file(there)
    _sync(target)


def examine(path: Path, layers: Layers, ground: Ground, *, is_folded: bool = True) -> Examined:
    """Look at every page of a log nobody uses, and fold it anew. Raises StoreUnavailable when it is damaged."""
    with _said_simply(path), _open(path, "rw") as log:
        found = log.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise StoreUnavailable(f"{path.name} is damaged: {found}")
    examined = _folded(path, Lexicon(layers, ground), is_folded=is_folded)
    with _said_simply(path), _open(path, "rw") as log:
        _make_one_file(log)
    return examined


def _folded(path: Path, lexicon: Lexicon, *, is_folded: bool) -> Examined:
    with translated():
        engine = open_engine(path)
        try:
            with engine.connect() as connection:
                newest = connection.exec_driver_sql(_NEWEST).scalar()
                is_ours = is_folded and fact_of(connection, "layers") == lexicon.signature
                return Examined(
                    cursor=head_of(connection),
                    seen=None if newest is None else moment(newest),
                    is_folded=is_ours,
                    kinds=tuple(sorted(kind for (kind,) in connection.exec_driver_sql(_KINDS))),
                    differences=compared(connection, lexicon).differences if is_ours else (),
                )
        finally:
            engine.dispose()


def forget_spools(path: Path) -> None:
    """Take out how far spools were emptied that do not come along: another one begins at its own beginning."""
    with _said_simply(path), _open(path, "rw") as log, log:
        log.execute("DELETE FROM meta WHERE key = 'spool' OR key LIKE 'spool-%'")


def is_intact(path: Path) -> bool:
    """Whether an SQLite file of any kind can be read whole."""
    try:
        with _open(path, "ro") as file:
            return bool(file.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")
    except dbapi2.Error:
        return False


def _make_one_file(connection: dbapi2.Connection) -> None:
    """Without a write-ahead log beside it: it comes back when somebody opens it to write."""
    connection.execute("PRAGMA journal_mode = DELETE")


@contextlib.contextmanager
def _open(path: Path, mode: str) -> Iterator[dbapi2.Connection]:
    connection = dbapi2.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=_WAIT_S)
    with contextlib.closing(connection):
        yield connection


@contextlib.contextmanager
def _said_simply(path: Path) -> Iterator[None]:
    try:
        yield
    except (dbapi2.Error, OSError) as error:
        raise StoreUnavailable(f"{path.name} cannot be copied or read: {error}; check the disk") from error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
