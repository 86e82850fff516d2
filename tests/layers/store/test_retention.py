"""What says who is destroyed when it is old enough, everywhere; the counts stay, the log folds to the same."""

from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from pysqlite3 import dbapi2

from layers.caller_seal import Caller
from layers.callers import CallerBlocked
from layers.calls import CallRecord, CallRecorded
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.shifts import Person, ShiftAttended, ShiftHandedOver, ShiftRostered
from layers.store import writer
from layers.store.sqlite import FILE_NAME
from layers.store.store import Refusal
from layers.store.versions import unpacked

SECRET = "Ibu-Rahasia"  # noqa: S105 — planted
HASH = "f" * 32
DAY_S = 86_400
PLANTED = (HASH, "117.1234", "Bapak-Rahasia")
KINDS = ("incidents", "calls", "blocks", "shifts", "quarantine")


@pytest.fixture
def old(store, happened, now, monkeypatch):
    """A log in which two hundred days ago much was said about people, and a little was said today."""
    monkeypatch.setattr(writer, "CHECKPOINT_EVERY", 3)

    def said(incident, at):
        return IncidentReported(
            incident=incident, report=Report(category="kebakaran", reported_at=at, description=SECRET)
        )

    person, caller = Person(name=SECRET, role="penerima"), Caller(hash=HASH, last3="890")
    record = CallRecord(came_at=now, answered_at=now, ended_at=now, kind="prank", caller=caller, lon=117.1234, lat=-0.5)
    facts = [
        said("A", now),
        IncidentStatusChanged(incident="A", status="selesai", reached_at=now),
        said("OPEN", now),
        CallRecorded(call="C", record=record),
        CallerBlocked(caller=HASH, last3="890", starts_at=now, ends_at=now + timedelta(days=1), reason=SECRET),
        ShiftRostered(shift="2026-11-22/Pagi", people=(person, Person(name="Bapak-Rahasia", role="x"))),
        ShiftAttended(shift="2026-11-22/Pagi", person=person, is_present=True),
        ShiftHandedOver(shift="2026-11-22/Pagi", note=SECRET),
    ]
    for n, fact in enumerate(facts):
        store.append([happened(fact, n)])
    store.quarantine(
        Refusal(received=now, source="x/y", feed="y", reason="?", field=None, original=SECRET.encode(), mode="live")
    )
    today = now + timedelta(days=200)
    for n, fact in enumerate((said("NEW", today), IncidentStatusChanged(incident="NEW", status="di_lokasi"))):
        store.append([happened(fact, 200 * DAY_S + n)])
    return store


@pytest.fixture
def before(now):
    return dict.fromkeys(KINDS, now + timedelta(days=100))


def found_in(folder: Path, *said: str) -> set[str]:
    """Which of these texts stand anywhere in the tables, packed or not."""
    read = {"event": "body, subject", "thing": "key, body", "version": "key, body", "checkpoint": "things"}
    with closing(dbapi2.connect(folder / FILE_NAME)) as log:
        rows = [row for table, columns in read.items() for row in log.execute(f"SELECT {columns} FROM {table}")]  # noqa: S608
        rows += log.execute("SELECT original FROM quarantine")
    cells = [unpacked(cell) if isinstance(cell, bytes) else str(cell).encode() for row in rows for cell in row]
    return {text for text in said if any(text.encode() in cell for cell in cells)}


def test_old_names_numbers_and_words_are_gone_and_new_ones_are_not(old, before, tmp_path):
    assert found_in(tmp_path, *PLANTED, SECRET) == {*PLANTED, SECRET}
    old.destroy(before)
    assert found_in(tmp_path, *PLANTED) == set()
    told = [event.fact for _, event in old.since(0).events if isinstance(event.fact, IncidentReported)]
    assert {fact.incident: fact.report.description for fact in told} == {"A": None, "OPEN": SECRET, "NEW": SECRET}


def test_nothing_of_it_is_left_in_the_file_either(old, before, tmp_path):
    old.destroy(before)
    old.close()
    assert not any(text.encode() in path.read_bytes() for text in PLANTED for path in tmp_path.glob(f"{FILE_NAME}*"))


def test_what_is_still_going_on_keeps_its_words_until_it_is_over(old, before, happened):
    [incidents, *_] = old.destroy(before)
    assert (incidents.kind, incidents.count, incidents.still_needed) == ("incidents", 1, 1)
    assert old.live().situation.of("incidents")["OPEN"].report.description == SECRET
    for hours, incident in enumerate(("OPEN", "NEW", "LATER")):
        closed = IncidentStatusChanged(incident=incident, status="selesai")
        old.append([happened(closed, 201 * DAY_S + hours * 60 * 3600)])
    [later] = old.destroy({"incidents": before["incidents"] + timedelta(days=150)})
    assert (later.count, later.still_needed) == (2, 0)
    assert old.rebuild().differences == ()


def test_the_log_goes_on_without_a_gap_and_folds_to_what_is_shown(old, before, now, happened):
    live, head = old.live().situation, old.since(0).cursor
    counted = old.counts(date(2026, 1, 1), date(2027, 12, 31), "category")
    past = [set(old.situation(now + timedelta(seconds=s)).of("incidents")) for s in (2, 5, 7)]
    old.destroy(before)
    assert old.live().situation == live
    assert [cursor for cursor, _ in old.since(0).events] == list(range(1, head + 1))
    assert old.counts(date(2026, 1, 1), date(2027, 12, 31), "category") == counted
    assert [set(old.situation(now + timedelta(seconds=s)).of("incidents")) for s in (2, 5, 7)] == past
    assert old.rebuild().differences == ()
    old.append([happened(IncidentStatusChanged(incident="A", status="laporan_palsu"), 205 * DAY_S)])
    assert old.rebuild().differences == ()


def test_a_moment_of_the_past_shows_no_more_than_the_log_still_says(old, before, now):
    old.destroy(before)
    then = old.situation(now + timedelta(seconds=7))
    assert SECRET not in str({key: thing for key, thing in then.of("incidents").items() if key == "A"})
    assert SECRET not in str(then.of("shifts"))
    assert HASH not in str(then.of("calls"))
    assert len(then.of("shifts")["2026-11-22/Pagi"].present) == 1
    assert old.things("incidents", now + timedelta(seconds=1), "known")["A"].report.description is None


def test_a_dry_run_counts_the_same_and_destroys_nothing(old, before, tmp_path):
    said = old.destroy(before, is_dry=True)
    assert found_in(tmp_path, *PLANTED) == set(PLANTED)
    assert old.destroy(before) == said
    assert {one.kind: one.count for one in said} == {
        "incidents": 1,
        "calls": 1,
        "blocks": 1,
        "shifts": 3,
        "quarantine": 1,
    }
    assert {one.kind: one.count for one in old.destroy(before)} == dict.fromkeys(KINDS, 0)


def test_a_run_that_broke_off_leaves_no_whole_situation_with_old_words(old, before, tmp_path):
    with closing(dbapi2.connect(tmp_path / FILE_NAME)) as log, log:
        assert log.execute("SELECT count(*) FROM checkpoint").fetchone()[0] > 0
        log.execute("INSERT INTO meta VALUES ('retention', 'open')")
    old.destroy(before)
    with closing(dbapi2.connect(tmp_path / FILE_NAME)) as log:
        assert log.execute("SELECT count(*) FROM checkpoint").fetchone()[0] == 0
        assert log.execute("SELECT count(*) FROM meta WHERE key = 'retention'").fetchone()[0] == 0


def test_long_words_that_were_replaced_long_ago_are_not_left_in_free_pages(store, happened, now, tmp_path):
    secret = "Ibu-Rahasia-tinggal-di-sana " * 400
    report = Report(category="kebakaran", reported_at=now, description=secret)
    store.append([happened(IncidentReported(incident="A", report=report), 0)])
    store.append([happened(IncidentStatusChanged(incident="A", status="di_lokasi", reached_at=now), 1)])
    store.append([happened(IncidentStatusChanged(incident="A", status="selesai", reached_at=now), 2)])
    later = Report(category="kebakaran", reported_at=now + timedelta(days=200))
    store.append([happened(IncidentReported(incident="B", report=later), 200 * DAY_S)])
    store.destroy({"incidents": now + timedelta(days=100)})
    store.close()
    assert not any(b"Ibu-Rahasia" in path.read_bytes() for path in tmp_path.glob(f"{FILE_NAME}*"))
