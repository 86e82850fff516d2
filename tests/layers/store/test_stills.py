"""The index of kept stills: what is found by time, by incident, by age and by size."""

from datetime import UTC, datetime, timedelta

import pytest

from cctv.archive import Still
from geodata.errors import StoreUnavailable
from layers.store.schema import open_engine
from layers.store.stills import FILE_NAME, Slot, Stills

NOW = datetime(2026, 11, 22, 11, 18, tzinfo=UTC)
SLOT = Slot(incident="INC-1", camera="A", milestone="call", phase="at")


def still(camera="A", seconds=0.0, size=100) -> Still:
    at = NOW + timedelta(seconds=seconds)
    return Still(key=f"cam/{camera}/{at.isoformat()}.jpg", camera=camera, captured_at=at, bytes=size)


@pytest.fixture
def index(tmp_path):
    stills = Stills(tmp_path / FILE_NAME)
    yield stills
    stills.close()


def at(seconds):
    return NOW + timedelta(seconds=seconds)


def test_the_newest_and_oldest_of_a_stretch_are_found_to_the_microsecond(index):
    for seconds in (0, 60, 60.000001, 120):
        index.add(still(seconds=seconds), "routine")
    index.add(still("B", 61), "routine")
    assert index.newest("A", at(0), at(60)) == still(seconds=60)
    assert index.newest("A", at(0), at(61)) == still(seconds=60.000001)
    assert index.oldest("A", at(1), at(600)) == still(seconds=60)
    assert index.newest("A", at(121), at(600)) is None
    assert index.newest("C", at(0), at(600)) is None


def test_a_second_process_reads_what_the_first_wrote_and_it_is_there_after_a_restart(index, tmp_path):
    index.add(still(), "pinned", SLOT)
    other = Stills(tmp_path / FILE_NAME)
    assert other.slots() == {SLOT}
    assert [one.still for one in other.of_incident("INC-1")] == [still()]
    other.close()


def test_a_place_in_a_set_is_taken_once_and_a_still_may_take_several(index):
    index.add(still(), "pinned", SLOT)
    index.add(still(seconds=5), "pinned", SLOT)
    other = Slot(incident="INC-2", camera="A", milestone="call", phase="before")
    index.add(still(), "pinned", other)
    assert [one.still for one in index.of_incident("INC-1")] == [still()]
    assert [one.slot for one in index.of_incident("INC-2")] == [other]
    assert index.of_incident("INC-3") == ()


def test_each_reason_has_its_age_and_a_pinned_still_stays_pinned(index):
    for seconds, reason in ((0, "routine"), (1, "near"), (2, "pinned"), (3, "routine")):
        index.add(still(seconds=seconds), reason)
    index.add(still(seconds=2), "routine")
    limits = {"routine": at(3), "near": at(1), "pinned": at(2)}
    assert index.too_old(limits, 10) == (still(seconds=0),)
    assert index.too_old(dict.fromkeys(limits, at(9)), 2) == (still(seconds=0), still(seconds=3))
    assert len(index.too_old(dict.fromkeys(limits, at(9)), 10)) == 4


def test_a_camera_that_holds_too_much_gives_routine_ones_first_and_then_the_oldest(index):
    for seconds, reason in ((0, "pinned"), (1, "routine"), (2, "near"), (3, "routine"), (4, "near")):
        index.add(still(seconds=seconds), reason)
    index.add(still("B"), "routine")
    assert index.too_many(500, 10) == ()
    assert index.too_many(499, 10) == (still(seconds=1),)
    assert index.too_many(300, 10) == (still(seconds=1), still(seconds=3))
    assert index.too_many(100, 10) == tuple(still(seconds=s) for s in (1, 3, 2, 4))
    assert index.too_many(100, 1) == (still(seconds=1),)


def test_what_is_forgotten_is_in_no_set_any_more(index):
    index.add(still(), "pinned", SLOT)
    index.add(still(seconds=1), "routine")
    index.forget([still().key, "never heard of"])
    assert index.keys("A") == {still(seconds=1).key}
    assert index.slots() == set()


def test_an_index_of_a_newer_program_is_left_alone(tmp_path):
    engine = open_engine(tmp_path / FILE_NAME)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 99")
    engine.dispose()
    with pytest.raises(StoreUnavailable, match="update the program"):
        Stills(tmp_path / FILE_NAME)


def test_a_file_that_is_no_index_is_said(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 100)
    with pytest.raises(StoreUnavailable, match="index of stills"):
        Stills(tmp_path / FILE_NAME)
