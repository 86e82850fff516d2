"""The spool: in order, whole, within its room, and nothing of it comes twice."""

import os
import threading

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from geodata.errors import StoreUnavailable
from layers.store import spool as module
from layers.store.spool import open_spool

ROOM = 200_000


@pytest.fixture
def path(tmp_path):
    return tmp_path / "spool"


@pytest.fixture
def reopen(path):
    """Opens the spool as the next process would."""
    opened = []

    def again():
        if opened:
            opened.pop().close()
        opened.append(open_spool(path, ROOM))
        return opened[0]

    yield again
    opened.pop().close()


def said(spool):
    return [record.said for record in spool.next(1_000)]


def test_what_waits_is_there_in_order_when_the_next_process_opens_it(reopen):
    spool = reopen()
    for number in range(50):
        spool.put(b"%d" % number)
    again = reopen()
    assert said(again) == [b"%d" % number for number in range(50)]
    assert again.waiting == 50


def test_what_was_taken_out_is_not_read_again_by_who_knows_the_place(reopen):
    spool = reopen()
    for number in range(9):
        spool.put(b"%d" % number)
    place = spool.next(4)[-1].place
    again = reopen()
    again.forget(place)
    assert said(again) == [b"4", b"5", b"6", b"7", b"8"]
    again.forget(again.next(99)[-1].place)
    assert (said(again), again.waiting) == ([], 0)


def test_an_empty_spool_begins_anew_and_never_reads_what_an_older_run_left_behind(reopen):
    spool = reopen()
    for number in range(20):
        spool.put(b"old %02d" % number)
    spool.forget(spool.next(99)[-1].place)
    spool.put(b"new 20")
    assert said(reopen()) == [b"new 20"]


def test_a_place_of_another_run_forgets_nothing(reopen):
    spool = reopen()
    spool.put(b"x")
    for place in (None, "", "00:5", "nonsense", f"{'0' * 16}:0"):
        spool.forget(place)
    assert said(spool) == [b"x"]


def test_a_record_that_a_power_cut_tore_is_not_read_and_those_before_it_are(reopen, path):
    spool = reopen()
    spool.put(b"whole")
    start = spool._end
    spool.put(b"torn" * 300)
    with path.open("r+b") as file:
        file.seek(start + 700)
        file.write(bytes(512))
    again = reopen()
    assert said(again) == [b"whole"]
    again.put(b"next")
    assert said(reopen()) == [b"whole", b"next"]


def test_a_full_spool_refuses_and_takes_again_when_it_is_empty(reopen):
    spool = reopen()
    with pytest.raises(StoreUnavailable, match="the spool is full"):  # noqa: PT012 — whichever it is
        for kept in range(100):  # noqa: B007
            spool.put(bytes(10_000))
    assert kept > 15
    assert spool.is_refusing
    spool.forget(spool.next(99, ROOM)[-1].place)
    assert not spool.is_refusing
    spool.put(b"again")
    assert said(spool) == [b"again"]


def test_a_disk_that_fails_is_never_said_to_have_kept_anything(reopen, monkeypatch):
    spool = reopen()
    spool.put(b"before")

    def fails(_descriptor):
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(module.os, "fdatasync", fails)
        with pytest.raises(StoreUnavailable, match="Input/output error"):
            spool.put(b"lost")
    with pytest.raises(StoreUnavailable):
        spool.put(b"who knows what the disk still does")
    assert spool.is_refusing


def test_two_processes_never_have_the_same_spool(reopen, path):
    reopen()
    assert open_spool(path, ROOM) is None


def test_who_waits_gets_the_spool_once_the_process_before_has_ended(reopen, path):
    spool = reopen()
    spool.put(b"left")
    closing = threading.Timer(0.3, spool.close)
    closing.start()
    later = open_spool(path, ROOM, patience_s=60)
    closing.join()
    assert said(later) == [b"left"]
    spool._file = os.open(path, os.O_RDONLY)  # for the fixture to close
    later.close()


def test_the_room_is_really_set_aside_and_never_more_than_half_of_what_is_free(reopen, path, monkeypatch, tmp_path):
    reopen()
    assert path.stat().st_blocks * 512 >= ROOM
    nearly_full = module.shutil.disk_usage(tmp_path)._replace(free=300_000)
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _path: nearly_full)
    small = open_spool(tmp_path / "small", 64_000_000)
    assert os.stat(tmp_path / "small").st_size == 150_000  # noqa: PTH116 — beside the line above
    small.close()


class SpoolModel(RuleBasedStateMachine):
    """Whatever is put, taken out and reopened in between: the waiting records are those of a plain list."""

    def __init__(self):
        super().__init__()
        self.path = module.Path(f"/dev/shm/spool-{os.getpid()}-{id(self)}")  # noqa: S108 — fast, and removed below
        self.spool = open_spool(self.path, ROOM)
        self.model, self.place, self.count = [], None, 0

    @rule(size=st.integers(0, 3_000))
    def put(self, size):
        """A record comes; without room it is refused."""
        said = b"%d:" % self.count + bytes(size)
        self.count += 1
        try:
            self.spool.put(said)
        except StoreUnavailable:
            return
        self.model.append(said)

    @precondition(lambda self: self.model)
    @rule(most=st.integers(1, 9), remembers=st.booleans())
    def take(self, most, remembers):
        """The oldest go into the log; who took them may be killed before saying so here."""
        records = self.spool.next(most)
        assert [one.said for one in records] == self.model[: len(records)]
        self.place = records[-1].place
        if remembers:
            self.spool.forget(self.place)
        del self.model[: len(records)]
        if not remembers:
            self.reopen()

    @rule()
    def reopen(self):
        """The next process."""
        self.spool.close()
        self.spool = open_spool(self.path, ROOM)
        self.spool.forget(self.place)

    @invariant()
    def holds_what_waits(self):
        """What the list holds."""
        assert self.spool.waiting == len(self.model)
        assert [one.said for one in self.spool.next(10_000, 10**9)] == self.model

    def teardown(self):
        """Leave nothing behind."""
        self.spool.close()
        self.path.unlink()


TestSpoolModel = SpoolModel.TestCase
TestSpoolModel.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)


def test_closed_twice_it_closes_no_file_of_another(path):
    spool = open_spool(path, ROOM)
    spool.close()
    reading, writing = os.pipe()  # the system gives the lowest free number: that of the spool
    spool.close()
    os.close(reading)
    os.close(writing)


def test_what_was_taken_out_is_not_left_in_the_file(reopen, path):
    spool = reopen()
    for _ in range(9):
        spool.put(b"Ibu-Rahasia" * 1_000)
    assert b"Ibu-Rahasia" in path.read_bytes()
    spool.forget(spool.next(99)[-1].place)
    assert (path.stat().st_size, path.read_bytes().strip(b"\0")) == (ROOM, b"")
    spool.put(b"next")
    assert said(reopen()) == [b"next"]
