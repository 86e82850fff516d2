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
from layers.event import Event, stable_id
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.layer import discover_layers
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
