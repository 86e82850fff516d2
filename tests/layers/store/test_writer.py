"""The writer: many callers, few commits; bounded waits; the write-ahead log is put away when nothing happens."""

import threading
import time

import pytest

from geodata.errors import StoreUnavailable
from layers.responders import PositionReported
from layers.store import writer
from layers.store.sqlite import FILE_NAME


@pytest.fixture
def position(happened):
    return lambda number: happened(PositionReported(unit=f"U{number}", lon=117.1, lat=-0.5), number)


def test_callers_who_wait_together_share_a_commit(store, position):
    at_work, go_on = threading.Event(), threading.Event()

    def slow(_transaction):
        at_work.set()
        go_on.wait(30)

    threads = [threading.Thread(target=store._writer.submit, args=(slow,))]
    threads[0].start()
    at_work.wait(30)
    threads += [threading.Thread(target=store.append, args=([position(n)],)) for n in range(30)]
    for thread in threads[1:]:
        thread.start()
    while store._writer._jobs.qsize() < 30:
        time.sleep(0.001)
    commits = []
    store._writer._ring = commits.append
    go_on.set()
    for thread in threads:
        thread.join()
    assert commits == [0, 30]


def held_up(store, go_on):
    """Keep the writer inside a transaction until `go_on`."""
    at_work = threading.Event()

    def slow(_transaction):
        at_work.set()
        go_on.wait(30)

    thread = threading.Thread(target=store._writer.submit, args=(slow,), kwargs={"patience_s": 60})
    thread.start()
    assert at_work.wait(30)
    return thread


def test_who_waits_too_long_for_what_has_begun_is_told_that_it_may_have_been_taken(store):
    go_on = threading.Event()
    with pytest.raises(StoreUnavailable, match="may or may not have been taken; send it again, it is harmless"):
        store._writer.submit(lambda _transaction: go_on.wait(30), patience_s=3)
    go_on.set()


def test_what_had_not_begun_when_its_caller_gave_up_is_never_done(store, position):
    go_on = threading.Event()
    thread = held_up(store, go_on)
    late = [(position(1), store._lexicon.body(position(1)))]
    with pytest.raises(StoreUnavailable, match="nothing of this was taken"):
        store._writer.submit(lambda transaction: transaction.append(late), patience_s=0.01)
    go_on.set()
    thread.join()
    assert store.append([position(2)]).cursor == 1


def test_a_full_queue_refuses_in_time(open_log, monkeypatch):
    monkeypatch.setattr(writer, "_QUEUE_SIZE", 1)
    store, at_work, go_on = open_log(), threading.Event(), threading.Event()

    def slow(_transaction):
        at_work.set()
        go_on.wait(30)

    waiting = [threading.Thread(target=store._writer.submit, args=(slow,)) for _ in range(2)]
    waiting[0].start()
    at_work.wait(30)
    waiting[1].start()
    while not store._writer._jobs.full():
        time.sleep(0.001)
    with pytest.raises(StoreUnavailable, match="nothing of this was taken; send it again"):
        store._writer.submit(lambda _transaction: None, patience_s=0.01)
    go_on.set()
    for thread in waiting:
        thread.join()


def test_work_that_fails_takes_nothing_with_it(store, position):
    def fails(_transaction):
        raise ZeroDivisionError("mine alone")

    with pytest.raises(ZeroDivisionError):
        store._writer.submit(fails)
    assert store.append([position(1)]).cursor == 1


def test_the_write_ahead_log_is_put_away_when_nothing_happens(open_log, position, tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "_IDLE_S", 0.05)
    store = open_log()
    store.append([position(n) for n in range(200)])
    ahead, until = tmp_path / f"{FILE_NAME}-wal", time.monotonic() + 30
    while ahead.stat().st_size and time.monotonic() < until:
        time.sleep(0.02)
    assert ahead.stat().st_size == 0
    assert store.append([position(500)]).cursor == 201


def test_what_is_gone_for_long_is_forgotten_and_live_says_from_where_on_it_is_complete(open_log, happened, monkeypatch):
    monkeypatch.setattr(writer, "CHECKPOINT_EVERY", 10)
    monkeypatch.setattr(writer, "_KEPT_GONE", 5)
    store = open_log()
    stranger = happened(PositionReported(unit="gone", lon=117.1, lat=-0.5), source="x/feed")
    later = [
        happened(PositionReported(unit="U", lon=117.1, lat=-0.5), 13 * 3600 + n, source="x/feed") for n in range(30)
    ]
    store.append([stranger, *later[:1]])
    assert ("responders", "gone") in store.live().changed
    store.append(later[1:])
    store.release(0)  # the writer has done all that came before
    live = store.live()
    assert live.oldest == 26
    assert set(live.changed) == {("responders", "U"), ("sources", "x/feed")}
    assert store.rebuild().differences == ()


def test_the_writer_outlives_whatever_goes_wrong_after_a_commit(open_log, position, monkeypatch):
    monkeypatch.setattr(writer, "CHECKPOINT_EVERY", 1)

    def fails(_transaction):
        raise ZeroDivisionError("a checkpoint that cannot be packed")

    monkeypatch.setattr(writer, "_keep_checkpoint", fails)
    store = open_log()
    assert [store.append([position(n)]).cursor for n in range(3)] == [1, 2, 3]


def test_a_request_that_fails_in_a_way_nobody_foresaw_hears_of_it_and_the_writer_lives_on(store, position, monkeypatch):
    def fails(_jobs):
        raise ZeroDivisionError("not foreseen")

    with monkeypatch.context() as broken:
        broken.setattr(store._writer, "_commit", fails)
        with pytest.raises(ZeroDivisionError, match="not foreseen"):
            store.append([position(1)])
    assert store.append([position(1)]).cursor == 1


def test_who_sent_while_the_disk_failed_is_told_that_it_may_have_been_taken(store, position, monkeypatch):
    def fails(_jobs):
        raise StoreUnavailable("the disk is full")

    monkeypatch.setattr(store._writer, "_transact", fails)
    with pytest.raises(StoreUnavailable, match="full; what was sent may or may not have been taken; send it again"):
        store.append([position(1)])


def test_a_log_that_another_process_never_lets_go_of_is_not_waited_for_for_ever(open_log, tmp_path, monkeypatch):
    open_log().close()
    monkeypatch.setattr("layers.store.sqlite.OPENING_S", 0.2)
    hung = writer.Ticket(tmp_path / FILE_NAME)
    with hung:
        for _ in range(2):
            with pytest.raises(StoreUnavailable, match="another process has had the log to itself"):
                open_log()
    hung.close()
    monkeypatch.setattr("layers.store.sqlite.OPENING_S", 60)
    assert open_log().since(0).cursor == 0
