"""The file is opened only where it is safe: a sound SQLite, WAL, every commit on the disk, a version we know."""

from dataclasses import replace

import pytest

from geodata.errors import StoreUnavailable
from layers.incidents import IncidentStatusChanged
from layers.store import schema
from layers.store.schema import is_sound, open_engine, refuse_newer_log
from layers.store.sqlite import FILE_NAME, open_store

STEP = IncidentStatusChanged(incident="A", status="diterima")


@pytest.mark.parametrize(
    "version", [(3, 51, 3), (3, 53, 4), (4, 0, 0), (3, 50, 7), (3, 50, 9), (3, 44, 6), (3, 44, 10)]
)
def test_an_sqlite_without_the_wal_reset_bug_is_sound(version):
    assert is_sound(version)


@pytest.mark.parametrize(
    "version", [(3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 46, 1), (3, 50, 6), (3, 51, 0), (3, 51, 2)]
)
def test_an_sqlite_with_it_is_not(version):
    assert not is_sound(version)


def test_an_unsound_sqlite_is_refused_with_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(schema.dbapi2, "sqlite_version_info", (3, 40, 1))
    with pytest.raises(StoreUnavailable, match="install pysqlite3"):
        open_engine(tmp_path / FILE_NAME)


def test_a_network_disk_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(schema, "_disk_of", lambda _folder: "nfs4")
    with pytest.raises(StoreUnavailable, match="network disk"):
        open_engine(tmp_path / FILE_NAME)


def test_every_connection_is_in_wal_and_syncs_fully(store):
    with store._engine.connect() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
        }
    assert asked == {"journal_mode": "wal", "synchronous": 2}


def test_a_log_of_a_newer_program_is_refused(tmp_path, layers, ground):
    path = tmp_path / FILE_NAME
    open_store(path, layers, ground).close()
    engine = open_engine(path)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 99")
    engine.dispose()
    with pytest.raises(StoreUnavailable, match="update the program"):
        open_store(path, layers, ground)
    with pytest.raises(StoreUnavailable, match="restore a backup"):
        refuse_newer_log(path)


def test_before_the_start_a_log_that_is_missing_or_no_log_is_left_to_who_opens_it(tmp_path):
    (tmp_path / "letter").write_bytes(b"this is no database" * 100)
    refuse_newer_log(tmp_path / "letter")
    refuse_newer_log(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_file_that_is_no_log_is_refused_and_left_alone(tmp_path, layers, ground):
    path = tmp_path / FILE_NAME
    path.write_bytes(b"this is somebody's letter, not a database" * 100)
    with pytest.raises(StoreUnavailable, match="not a database"):
        open_store(path, layers, ground)
    assert path.read_bytes().startswith(b"this is somebody's letter")


def test_a_log_from_before_hands_had_names_takes_events_that_say_who_and_why(tmp_path, layers, ground, happened):
    path = tmp_path / FILE_NAME
    old = open_store(path, layers, ground)
    old.append([happened(STEP, 1)])
    old.close()
    engine = open_engine(path)
    with engine.begin() as connection:
        for column in ("who", "why"):
            connection.exec_driver_sql(f"ALTER TABLE event DROP COLUMN {column}")
        connection.exec_driver_sql("PRAGMA user_version = 4")
    engine.dispose()
    store = open_store(path, layers, ground)
    store.append([replace(happened(STEP, 2), who="ani", why="salah ketik")])
    (_, first), (_, second) = store.since(0).events
    store.close()
    assert (first.who, first.why) == (None, None)
    assert (second.who, second.why) == ("ani", "salah ketik")
