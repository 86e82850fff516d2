"""Retention by the settings: what is destroyed is proved in the audit, a dry run destroys nothing, it runs daily."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from dashboard.audit import Audit
from dashboard.backup_process import Turns
from dashboard.commands.retention import retention
from dashboard.config import LayarSettings, RetentionSettings
from dashboard.retention import limits
from geodata.ground import load_ground
from layers.bookmarks import BookmarkSet
from layers.event import Event, stable_id
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.layer import discover_layers
from layers.responders import PositionReported
from layers.store.sqlite import FILE_NAME, open_store

NOW = datetime.now(UTC)
OLD = NOW - timedelta(days=800)
LAYERS = discover_layers().found


@pytest.fixture
def folder(tmp_path):
    """A city whose log holds an old report in somebody's own words, long closed."""
    data_dir = tmp_path / "city"
    store = open_store(data_dir / FILE_NAME, LAYERS, load_ground(data_dir))
    report = Report(category="kebakaran", reported_at=OLD, description="Ibu Rahasia")
    closed = IncidentStatusChanged(incident="A", status="selesai", reached_at=OLD)
    for n, (at, fact) in enumerate(
        (
            (OLD, IncidentReported(incident="A", report=report)),
            (OLD, closed),
            (NOW, IncidentReported(incident="B", report=Report(category="banjir", reported_at=NOW))),
        )
    ):
        store.append([Event(id=stable_id(n), at=at, seen=at, source="cad/incidents", fact=fact)])
    store.close()
    return data_dir


def words(folder):
    store = open_store(folder / FILE_NAME, LAYERS, load_ground(folder))
    try:
        return store.since(0).events[0][1].fact.report.description
    finally:
        store.close()


def run(folder, *options):
    return CliRunner().invoke(retention, ["--data", str(folder), *options])


def test_a_dry_run_says_what_would_go_and_leaves_it(folder):
    said = run(folder, "--dry-run")
    assert said.exit_code == 0, said.output
    assert f"incidents: 1 of {OLD:%Y-%m-%d} to {OLD:%Y-%m-%d} would be destroyed" in said.output
    assert (words(folder), Audit(folder).newest(1)) == ("Ibu Rahasia", ())


def test_what_is_destroyed_has_a_row_in_the_audit_that_does_not_say_what(folder):
    assert "incidents: 1" in run(folder).output
    [row] = Audit(folder).newest(5)
    assert (row.action, row.target, row.details["count"]) == ("retention", "incidents", 1)
    assert "Rahasia" not in str(row)
    assert words(folder) is None


def test_a_kind_with_no_days_is_kept_for_ever():
    kept = limits(RetentionSettings(incidents_days=0, calls_days=1), NOW)
    assert "incidents" not in kept
    assert kept["calls"] == NOW - timedelta(days=1)


def test_by_itself_it_runs_once_a_day_and_only_when_asked_to(folder):
    clock = [NOW]
    for daily, expected in ((False, "Ibu Rahasia"), (True, None)):
        settings = LayarSettings(retention=RetentionSettings(daily=daily))
        turns = Turns(folder, settings, LAYERS, lambda: clock[0])
        turns.turn()
        assert words(folder) == expected
    turns.turn()
    assert len(Audit(folder).newest(5)) == 1


def append(folder, *told):
    store = open_store(folder / FILE_NAME, LAYERS, load_ground(folder))
    for n, (at, fact) in enumerate(told):
        store.append([Event(id=stable_id("more", n), at=at, seen=at, source="a/b", fact=fact)])
    store.close()


def test_bookmarks_of_that_age_end_and_nothing_of_them_is_left_but_the_newer_ones(folder):
    later = NOW + timedelta(seconds=1)
    append(
        folder,
        (OLD, BookmarkSet(bookmark="old", name="Ibu Bintang", at=OLD, note="lewat dapur", by="admin")),
        (later, BookmarkSet(bookmark="new", name="Banjir", at=NOW, by="admin")),
    )
    assert "bookmarks: 1" in run(folder).output
    store = open_store(folder / FILE_NAME, LAYERS, load_ground(folder))
    assert set(store.live().situation.of("bookmarks")) == {"new"}
    assert store.rebuild().differences == ()
    assert set(store.situation(later).of("bookmarks")) == {"new"}
    store.close()
    assert not any(
        b"Bintang" in path.read_bytes() or b"dapur" in path.read_bytes() for path in folder.glob("layar.db*")
    )


def test_old_positions_are_destroyed_and_the_audit_says_how_many_and_of_which_time(tmp_path):
    other = tmp_path / "positions"
    told = [(OLD + timedelta(seconds=n), PositionReported(unit="RELAWAN-7", lon=117.1 + n / 1e3, lat=-0.5))
            for n in range(5)]  # fmt: skip
    append(other, *told, (NOW, IncidentReported(incident="B", report=Report(category="banjir", reported_at=NOW))))
    assert "positions: 5 of" in run(other).output
    [row] = Audit(other).newest(1)
    assert (row.target, row.details["count"], row.details["first"][:10]) == ("positions", 5, f"{OLD:%Y-%m-%d}")
    assert "RELAWAN" not in str(row)
    assert run(other).output.count("positions: 0") == 1
