"""The log in SQLite keeps the promises of the Store protocol: idempotent, gap-free, one truth for all processes."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from geodata.errors import StoreUnavailable
from layers.event import UnknownFact
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.layer import Layer, Words
from layers.responders import PositionReported
from layers.situation import after_all
from layers.store import bell, sqlite
from layers.store.sqlite import FILE_NAME, open_store


def position(unit="U", lon=117.1):
    return PositionReported(unit=unit, lon=lon, lat=-0.5)


@pytest.fixture
def moves(happened):
    """So many positions of one unit, a second apart."""
    return lambda count, start=0, unit="U": [
        happened(position(unit, 117 + n / 10_000), n, source=f"{unit}/feed") for n in range(start, start + count)
    ]


def test_what_was_appended_is_read_back_in_order_as_it_was(store, moves):
    events = moves(3)
    assert store.append(events).cursor == 3
    assert store.since(0).events == tuple(enumerate(events, 1))
    assert store.since(1, limit=1).cursor == 2
    assert store.since(3) == replace(store.since(0), events=(), cursor=3)


def test_times_are_kept_to_the_microsecond(store, happened, now):
    moment = now + timedelta(microseconds=123_457)
    event = replace(
        happened(IncidentStatusChanged(incident="A", status="selesai", reached_at=moment)), at=moment, seen=moment
    )
    store.append([event])
    assert store.since(0).events == ((1, event),)
    assert store.live().situation.of("incidents")["A"].status_at == moment


def test_the_same_event_again_is_not_new_alone_or_within_one_call(store, moves):
    one, two = moves(2)
    assert store.append([one, one]).is_new == (True, False)
    again = store.append([one, two])
    assert again.is_new == (False, True)
    assert again.cursor == 2


def test_the_first_word_of_a_subject_is_told_apart(store, moves, happened):
    one, two = moves(2)
    stranger = happened(position("V"), source="U/feed")
    assert store.append([one, two, stranger]).is_first == (True, False, True)


def test_seen_never_goes_back_whatever_the_clock_does(store, moves, now):
    early, late, jumped = moves(3)
    store.append([replace(late, seen=now + timedelta(days=400))])
    store.append([replace(early, seen=now - timedelta(hours=1)), replace(jumped, seen=now)])
    seen = [event.seen - now - timedelta(days=400) for _, event in store.since(0).events]
    assert seen == [timedelta(microseconds=n) for n in range(3)]


def test_nothing_appended_is_nothing(store):
    assert store.append([]).cursor == 0
    assert store.live().situation.seen is None


def test_live_is_what_the_events_add_up_to(store, moves, nothing):
    events = [*moves(5), *moves(3, unit="V")]
    store.append(events[:4])
    store.append(events[4:])
    live, (folded, _) = store.live(), after_all(nothing, store.since(0).events)
    assert live.situation == folded
    assert live.changed == {
        ("responders", "U"): 5, ("sources", "U/feed"): 5, ("responders", "V"): 8, ("sources", "V/feed"): 8,
    }  # fmt: skip


def test_a_thing_that_is_gone_is_still_known_to_have_changed(store, moves, happened):
    store.append([*moves(1), happened(position("V"), 13 * 3600)])
    live = store.live()
    assert set(live.situation.of("responders")) == {"V"}
    assert live.changed[("responders", "U")] == 2


def test_a_reopened_log_goes_on_where_it_was(open_log, moves):
    first = open_log()
    first.append(moves(3))
    before = first.live()
    first.close()
    second = open_log()
    assert second.live() == before
    assert second.append(moves(4)).is_new == (False, False, False, True)


def test_a_second_process_sees_and_continues_what_the_first_wrote(open_log, moves):
    one, other = open_log(), open_log()
    one.append(moves(2))
    assert other.append(moves(2, start=2)).cursor == 4
    one.append(moves(2, start=4))
    assert one.live() == other.live()
    assert one.rebuild().differences == ()


def test_a_writer_that_is_far_behind_catches_up(open_log, moves):
    one, other = open_log(), open_log()
    one.append(moves(1))
    other.append(moves(2_500, start=1))
    assert one.append(moves(1, start=2_501)).cursor == 2_502
    assert one.rebuild().differences == ()


def with_a_past(situation):
    """What counts everything that comes has none."""
    return situation.things.delete("sources")


def test_the_situation_of_a_moment_is_what_was_known_then(store, moves, now, nothing):
    events = moves(6)
    late = replace(events[1], seen=now + timedelta(seconds=4.5))
    store.append([events[0], *events[2:5], late, events[5]])
    then = store.situation(now + timedelta(seconds=4.2))
    assert then.cursor == 4
    assert then.things == with_a_past(after_all(nothing, store.since(0, limit=4).events)[0])
    assert store.situation(now - timedelta(seconds=1)) == nothing
    assert store.situation(now + timedelta(days=1)).things == with_a_past(store.live().situation)


def test_the_past_is_read_from_the_nearest_checkpoint(open_log, moves, now, monkeypatch):
    monkeypatch.setattr("layers.store.writer.CHECKPOINT_EVERY", 10)
    store = open_log()
    for start in range(0, 40, 4):
        store.append(moves(4, start=start))
    store.release(0)  # the writer has done all that came before
    with store._engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT cursor FROM checkpoint ORDER BY cursor").scalars().all()
    assert stored == [12, 20, 32, 40]
    for at_s in (5, 11, 12, 25, 39):
        then = store.situation(now + timedelta(seconds=at_s))
        assert then.cursor == at_s + 1
        assert then.of("responders")["U"].position.lon == 117 + at_s / 10_000


def test_wait_returns_at_once_when_the_log_is_already_further(store, moves):
    store.append(moves(3))
    assert store.wait(1, 30) == 3


def test_wait_gives_up_after_its_time(store, moves):
    store.append(moves(1))
    started = time.monotonic()
    assert store.wait(1, 0.05) == 1
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("is_other", [False, True], ids=["own", "another process"])
def test_wait_is_woken_by_an_append(open_log, moves, is_other):
    reader = open_log()
    writer = open_log() if is_other else reader
    woken = []
    waiting = threading.Thread(target=lambda: woken.append(reader.wait(0, 60)))
    waiting.start()
    writer.append(moves(2))
    waiting.join(timeout=10)
    assert woken == [2]


def test_close_wakes_who_waits_and_refuses_what_comes_after(open_log, moves):
    store = open_log()
    woken = []
    waiting = threading.Thread(target=lambda: woken.append(store.wait(0, 60)))
    waiting.start()
    store.close()
    waiting.join(timeout=10)
    assert woken == [0]
    with pytest.raises(StoreUnavailable, match="closed"):
        store.append(moves(1))
    store.close()


def test_rebuild_finds_and_mends_a_wrong_projection(open_log, moves, happened):
    store, other = open_log(), open_log()
    store.append([*moves(3), happened(IncidentStatusChanged(incident="A", status="batal"), source="U/feed")])
    other.append(moves(1, start=3))
    truth = store.live()
    with store._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM thing WHERE key = 'A'")
        connection.exec_driver_sql("UPDATE thing SET cursor = 1 WHERE layer = 'sources'")
        connection.exec_driver_sql("UPDATE thing SET body = replace(body, '117.0003', '118.5') WHERE key = 'U'")
        connection.exec_driver_sql("INSERT INTO thing VALUES ('responders', 'ghost', 2, NULL)")
    rebuilt = store.rebuild()
    assert rebuilt.events == 5
    assert rebuilt.differences == (
        ("incidents", "A"), ("responders", "U"), ("responders", "ghost"), ("sources", "U/feed"),
    )  # fmt: skip
    assert store.live() == truth
    other.append(moves(1, start=4))
    assert other.rebuild().differences == ()


def test_rebuild_goes_on_while_others_write(open_log, moves):
    store, other = open_log(), open_log()
    store.append(moves(300))
    writing = threading.Thread(target=lambda: [other.append(moves(1, start=n)) for n in range(300, 340)])
    writing.start()
    assert store.rebuild().differences == ()
    writing.join()
    assert store.rebuild().events == 340


def test_an_event_of_a_layer_that_is_not_installed_is_kept(store, happened):
    event = happened(UnknownFact(kind="tsunami_seen", body=b'{"height_m": 3}'))
    store.append([event])
    assert store.since(0).events == ((1, event),)


def test_a_stored_body_that_no_longer_fits_does_not_stop_the_log(open_log, moves):
    store = open_log()
    store.append(moves(2))
    with store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE event SET body = x'7b7d' WHERE cursor = 1")
    (_, unread), (_, read) = store.since(0).events
    assert unread.fact == UnknownFact(kind="position_reported", body=b"{}")
    assert read.fact.unit == "U"


def test_a_layer_whose_fold_fails_refuses_that_event_and_no_other(tmp_path, ground, layers, happened):
    def explosive(_things, event):
        if getattr(event.fact, "unit", "") == "BOOM":
            raise ZeroDivisionError("boom")
        return {}

    broken = Layer(title=Words(id="", en=""), fold=explosive, draw=lambda _situation, _now, _keys: [])
    store = open_store(tmp_path / FILE_NAME, {**layers, "zzz": broken}, ground)
    failed = []

    def append(unit):
        try:
            store.append([happened(position(unit))])
        except ZeroDivisionError:
            failed.append(unit)

    threads = [threading.Thread(target=append, args=(unit,)) for unit in ("A", "BOOM", "B", "C")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == ["BOOM"]
    assert sorted(event.fact.unit for _, event in store.since(0).events) == ["A", "B", "C"]
    assert store.rebuild().differences == ()
    store.close()


def test_other_layers_fold_the_log_anew_and_an_older_process_is_told(tmp_path, ground, layers, happened):
    unknown = happened(UnknownFact(kind="position_reported", body=b'{"unit": "U", "lon": 117.1, "lat": -0.5}'))
    old = open_store(tmp_path / FILE_NAME, {"sources": layers["sources"]}, ground)
    old.append([unknown])
    new = open_store(tmp_path / FILE_NAME, layers, ground)
    assert new.live().situation.of("responders")["U"].position == position()
    assert new.rebuild().differences == ()
    with pytest.raises(StoreUnavailable, match="restart"):
        old.append([happened(unknown.fact, 5)])
    old.close()
    new.close()


def test_a_busy_log_is_read_by_many_threads_at_once(store, moves):
    store.append(moves(50))
    counts = []
    threads = [threading.Thread(target=lambda: counts.append(len(store.since(0).events))) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [50] * 40


def test_a_report_is_stored_with_all_it_says(store, happened, now):
    report = Report(category="kebakaran 🔥", reported_at=now, description="a\tb\n\u0000c", lon=1e-7, lat=-0.1 - 0.2)
    event = happened(IncidentReported(incident="ü/1", report=report))
    store.append([event])
    assert store.since(0).events[0][1] == event
    assert store.live().situation.of("incidents")["ü/1"].report == report


@pytest.mark.parametrize("is_idle", [True, False])
def test_a_log_that_was_overwritten_is_told_to_who_waits(store, moves, tmp_path, is_idle):
    cursor = store.append(moves(50)).cursor
    if is_idle:
        store._writer._tidy()
    for name in (FILE_NAME, f"{FILE_NAME}-wal"):
        size = max(64_000, (tmp_path / name).stat().st_size)
        (tmp_path / name).write_bytes(b"\xde\xad" * (size // 2))
    started = time.monotonic()
    with pytest.raises(StoreUnavailable, match=r"cannot be read|not available"):
        store.wait(cursor, 60)
    assert time.monotonic() - started < 30  # at once, not when the time is up


def test_tidying_beside_a_reader_keeps_nobody_waiting(open_log, moves):
    """Seen in CI: a tidying writer held the ticket while it waited for a reader, who waited for a writer."""
    store, other, told = open_log(), open_log(), moves(3)
    store.append(told[:1])
    with store._engine.connect() as reader:
        reader.exec_driver_sql("SELECT count(*) FROM event").fetchone()
        other.append(told[1:2])
        tidying = threading.Thread(target=store._writer._tidy)
        tidying.start()
        tidying.join(timeout=4)  # SQLite would wait for the reader for five seconds
        assert not tidying.is_alive()
        assert other.append(told[2:]).cursor == 3


def test_a_log_that_is_gone_is_told_to_who_waits(store, moves, tmp_path):
    cursor = store.append(moves(5)).cursor
    (tmp_path / FILE_NAME).rename(tmp_path / "gone")
    with pytest.raises(StoreUnavailable, match="cannot be read"):
        store.wait(cursor, 60)
    (tmp_path / "gone").rename(tmp_path / FILE_NAME)


def test_a_look_that_fails_half_way_loses_no_wake_up(open_log, moves, monkeypatch):
    monkeypatch.setattr(bell, "_REST_AFTER_TROUBLE_S", 0.01)
    store, other, real, failed = open_log(), open_log(), sqlite.head_of, threading.Event()

    def fails_once(connection):
        if not failed.is_set():
            failed.set()
            raise StoreUnavailable("not now")
        return real(connection)

    monkeypatch.setattr(sqlite, "head_of", fails_once)
    cursor = other.append(moves(1)).cursor
    assert failed.wait(30)
    until = time.monotonic() + 30
    while store._bell._head < cursor and time.monotonic() < until:
        time.sleep(0.01)
    assert store._bell._head == cursor


def test_only_its_owner_may_read_a_new_log(store, moves, tmp_path):
    store.append(moves(1))
    assert {(tmp_path / f"{FILE_NAME}{part}").stat().st_mode & 0o077 for part in ("", "-wal", "-shm")} == {0}
