"""While the log cannot be written the door keeps what comes aside, says so, and catches up by itself."""

import contextlib
import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from geodata.errors import StoreUnavailable
from layers.feed import Feed, discover_feeds
from layers.ingest import Door
from layers.layer import Words
from layers.store.schema import writing
from layers.store.spool import open_spool
from layers.store.sqlite import FILE_NAME, open_store
from layers.store.transaction import Transaction
from tests.layers.small_disk import small_disk

FEEDS = discover_feeds().found
STORM = Path(__file__).with_name("spool_storm.py")
ROOT = Path(__file__).parents[2]
ROOM = 300_000


@pytest.fixture
def open_door(tmp_path, open_log, monkeypatch):
    """The door of the next process, with the same spool; a locked log is given up soon."""
    monkeypatch.setattr("layers.store.schema._BUSY_MS", 20)
    opened, store = [], open_log()

    def another(feeds=FEEDS, room=ROOM):
        while opened:
            opened.pop().close()
        opened.append(Door(store, feeds, key=b"k" * 32, spool=open_spool(tmp_path / "spool", room)))
        return opened[0]

    yield another
    while opened:
        opened.pop().close()


@pytest.fixture
def locked(open_log):
    """While it is open nobody can write: as a disk that is full, but quick."""
    stranger = open_log()

    def lock():
        connection = stranger._engine.connect()
        transaction = writing(connection).begin()

        def free():
            transaction.rollback()
            connection.close()

        return free

    return lock


def told(door, now, number, *, after_s=0, **words):
    said = {"id": "A", "category": "kebakaran", "priority": number % 4 + 1, **words}
    return door.accept(
        json.dumps(said).encode(), feed="incidents", client="cad", received=now + timedelta(seconds=after_s)
    )


def until_empty(door, within_s=60):
    deadline = time.monotonic() + within_s
    while door.waiting.count:
        assert time.monotonic() < deadline, door.waiting
        time.sleep(0.01)


def events_of(store):
    return [event for _, event in store.since(0, 10_000).events]


def test_what_comes_while_the_log_is_locked_is_kept_and_goes_in_by_itself_in_order(open_door, open_log, locked, now):
    door, store = open_door(), open_log()
    free = locked()
    receipts = [told(door, now, number, after_s=number) for number in range(40)]
    assert {item.outcome for receipt in receipts for item in receipt.items} == {"waiting"}
    assert all(receipt.is_waiting and receipt.cursor == 0 for receipt in receipts)
    assert (door.waiting.count, door.waiting.since) == (40, now)
    assert events_of(store) == []
    free()
    until_empty(door)
    events = events_of(store)
    assert [event.fact.report.priority for event in events] == [number % 4 + 1 for number in range(40)]
    assert [event.seen for event in events] == [now + timedelta(seconds=number) for number in range(40)]
    assert store.rebuild().differences == ()
    assert told(door, now, 7, after_s=99).items[0].outcome == "known"


def test_while_anything_waits_what_comes_waits_behind_it(open_door, open_log, locked, now, monkeypatch):
    monkeypatch.setattr("layers.aside._AGAIN_S", 600)
    door = open_door()
    free = locked()
    told(door, now, 1)
    free()
    assert told(door, now, 2, after_s=1).is_waiting
    door._aside._stopping.set()
    monkeypatch.setattr("layers.aside._AGAIN_S", 0.01)
    until_empty(open_door())
    assert [event.fact.report.priority for event in events_of(open_log())] == [2, 3]


def test_what_cannot_be_read_is_refused_at_once_and_quarantined_later(open_door, open_log, locked, now):
    door, store = open_door(), open_log()
    free = locked()
    receipt = door.accept(b'[{"id": "A"}, {"id": "B", "category": "x"}]', feed="incidents", client="c", received=now)
    assert [item.outcome for item in receipt.items] == ["rejected", "waiting"]
    assert door.accept(b"{", feed="incidents", client="c", received=now).is_rejected
    free()
    until_empty(door)
    assert store.quarantined_count() == 2
    assert [event.fact.incident for event in events_of(store)] == ["B"]


def test_the_next_process_brings_in_what_the_last_one_left_and_nothing_twice(open_door, open_log, locked, now):
    free = locked()
    door = open_door()
    for number in range(10):
        told(door, now, number, after_s=number)
    again = open_door()
    assert again.waiting.count == 10
    assert again.waiting.since == now
    free()
    until_empty(again)
    for _ in range(2):
        until_empty(open_door())
    assert len(events_of(open_log())) == 10


def test_without_room_it_is_refused_and_nobody_is_told_that_it_was_kept(open_door, open_log, locked, now):
    door = open_door(room=70_000)
    free = locked()
    with pytest.raises(StoreUnavailable, match="the spool is full"):  # noqa: PT012 — whichever it is
        for kept in range(100):
            told(door, now, kept, after_s=kept, description="x" * 1500)
    assert kept > 20
    assert door.waiting.is_refusing
    free()
    until_empty(door)
    assert len(events_of(open_log())) == kept
    assert not door.waiting.is_refusing


def test_one_delivery_that_no_layer_can_fold_does_not_hold_up_the_others(open_door, open_log, locked, now, monkeypatch):
    door, store = open_door(), open_log()
    free = locked()
    for number in range(5):
        told(door, now, number, after_s=number, id=f"I{number}")
    append = Transaction.append

    def refuses(transaction, prepared):
        if any(event.fact.incident == "I2" for event, _ in prepared):
            raise ZeroDivisionError("no layer can do that")
        return append(transaction, prepared)

    monkeypatch.setattr(Transaction, "append", refuses)
    free()
    until_empty(door)
    assert [event.fact.incident for event in events_of(store)] == ["I0", "I1", "I3", "I4"]
    (kept,) = store.quarantined()
    assert "ZeroDivisionError: no layer can do that" in kept.refusal.reason
    assert json.loads(kept.refusal.original)["id"] == "I2"


def test_what_waits_for_a_feed_that_is_gone_is_quarantined(open_door, open_log, locked, now):
    free = locked()
    door = open_door({**FEEDS, "fake": Feed(title=Words(id="", en=""), parse=FEEDS["incidents"].parse)})
    door.accept(b'{"id": "A", "category": "x"}', feed="fake", client="c", received=now)
    again = open_door()
    free()
    until_empty(again)
    assert "no feed 'fake'" in open_log().quarantined()[0].refusal.reason


def test_no_telephone_number_waits_in_the_spool(open_door, locked, now, tmp_path):
    locked()
    told(open_door(), now, 1, description="hubungi 081234567890", caller="081234567890")
    assert b"34567" not in (tmp_path / "spool").read_bytes()


def test_on_a_full_disk_the_door_keeps_taking_survives_a_restart_and_catches_up(tmp_path, layers, ground, now):
    disk = tmp_path / "disk"
    disk.mkdir()
    with small_disk(disk):

        def opened():
            store = open_store(disk / FILE_NAME, layers, ground)
            return store, Door(store, FEEDS, key=b"k" * 32, spool=open_spool(disk / "spool", ROOM))

        store, door = opened()
        ballast = disk / "ballast"
        assert told(door, now, 0).is_created
        fill(ballast)
        count = 1
        while not told(door, now, count, after_s=count, description="x" * 900).is_waiting:
            count += 1
        for _ in range(60):
            count += 1
            assert told(door, now, count, after_s=count, description="x" * 900).is_waiting
        assert store.live().situation.of("incidents")["A"]
        door.close()
        store.close()
        store, door = opened()
        assert door.waiting.count == 61
        assert store.live().situation.of("incidents")["A"]
        ballast.unlink()
        freed_s = time.monotonic()
        until_empty(door)
        caught_up_s = time.monotonic() - freed_s
        events = events_of(store)
        assert [event.fact.report.priority for event in events] == [number % 4 + 1 for number in range(count + 1)]
        assert store.rebuild().differences == ()
        door.close()
        store.close()
    assert caught_up_s < 60  # five seconds on a machine at rest: `python -m tests.bench durability`


def fill(ballast):
    """Take all the room there is."""
    descriptor = os.open(ballast, os.O_WRONLY | os.O_CREAT)
    with contextlib.suppress(OSError):
        while True:
            os.write(descriptor, bytes(4096))
    os.close(descriptor)


def test_killed_while_the_disk_fills_and_empties_nothing_acknowledged_is_lost_doubled_or_disordered(tmp_path):
    run = subprocess.run(  # noqa: S603 — our own script
        [sys.executable, str(STORM), str(tmp_path / FILE_NAME), "6"],
        cwd=ROOT, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    figures = json.loads(run.stdout.splitlines()[-1])
    assert figures.pop("kills") == 6
    assert figures.pop("acknowledged") >= 180
    assert figures.pop("spooled") > 0
    assert not any(figures.values()), figures
