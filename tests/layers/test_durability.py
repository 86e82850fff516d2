"""What was acknowledged stays: through kill -9, a crowd of processes and a full disk."""

import contextlib
import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from geodata.errors import StoreUnavailable
from layers.incidents import IncidentReported, Report
from layers.store.schema import writing
from layers.store.sqlite import FILE_NAME, open_store
from tests.layers.small_disk import small_disk

STORM = Path(__file__).with_name("storm.py")
ROOT = Path(__file__).parents[2]


def storm(*arguments):
    """The figures of a storm; processes are forked there, not here."""
    run = subprocess.run(  # noqa: S603 — our own script
        [sys.executable, str(STORM), *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_twenty_killed_writers_lose_nothing_they_acknowledged(tmp_path):
    figures = storm("kill", tmp_path / FILE_NAME, 20)
    assert figures["kills"] == 20
    assert figures["acknowledged"] > 20
    assert figures["events"] >= figures["acknowledged"]
    assert (figures["lost"], figures["torn"], figures["corrupt"], figures["unlike"]) == (0, 0, 0, {})


@pytest.mark.parametrize("writers", [2, 6])
def test_readers_miss_nothing_of_what_several_processes_write(tmp_path, writers):
    figures = storm("crowd", tmp_path / FILE_NAME, writers, 2)
    assert figures.pop("events") > 20
    assert not any(figures.values()), figures


@contextlib.contextmanager
def small_files(size):
    """Files of this process cannot grow over `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def told(happened, now):
    """A report as long as reports get."""

    def report(number):
        said = Report(category="kebakaran", reported_at=now, description="x" * 2000)
        return happened(IncidentReported(incident=str(number % 50), report=said), number)

    return report


def fill(store, told):
    """Append until the log refuses; gives the events it acknowledged."""
    kept = []
    try:
        for number in range(20_000):
            event = told(number)
            store.append([event])
            kept.append(event)
    except StoreUnavailable:
        return kept
    raise AssertionError("the disk was never full")


def assert_whole(store, kept):
    """Every acknowledged event is there; the file and the projections are sound."""
    ids, cursor = [], 0
    while events := store.since(cursor).events:
        ids += [event.id for _, event in events]
        cursor = events[-1][0]
    assert {event.id for event in kept} <= set(ids)
    assert len(ids) == len(set(ids)) == cursor
    assert store.rebuild().differences == ()
    with store._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_a_full_disk_refuses_and_the_log_goes_on_when_there_is_space(tmp_path, layers, ground, told):
    disk = tmp_path / "disk"
    disk.mkdir()
    with small_disk(disk):
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(1_500_000))
        store = open_store(disk / FILE_NAME, layers, ground)
        kept = fill(store, told)
        assert len(kept) > 10
        with pytest.raises(StoreUnavailable):
            store.append([told(100_000)])
        assert store.live().situation.cursor >= len(kept)
        ballast.unlink()
        again = told(200_000)
        assert store.append([*kept[-3:], again]).is_new == (False, False, False, True)
        assert_whole(store, [*kept, again])
        store.close()


def test_a_file_that_may_not_grow_refuses_and_goes_on_later(open_log, told):
    store = open_log()
    with small_files(2_000_000):
        kept = fill(store, told)
        assert len(kept) > 10
    again = told(200_000)
    store.append([again])
    assert_whole(store, [*kept, again])


def test_a_log_that_is_locked_by_a_stranger_refuses_in_time_and_goes_on_later(open_log, told, monkeypatch):
    monkeypatch.setattr("layers.store.schema._BUSY_MS", 50)
    store, stranger = open_log(), open_log()
    with (
        stranger._engine.connect() as connection,
        writing(connection).begin(),
        pytest.raises(StoreUnavailable, match="locked"),
    ):
        store.append([told(1)])
    assert store.append([told(1)]).is_new == (True,)
