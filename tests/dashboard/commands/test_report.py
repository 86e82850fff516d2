"""`layar report make`: a file of the last day that is over, noted in the audit; what cannot be is said in a line."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from dashboard.cli import main
from dashboard.commands.systemd import _other_folders
from dashboard.config import LayarSettings
from dashboard.report_settings import ReportSettings
from geodata.ground import load_ground
from layers.event import Event
from layers.incidents import IncidentReported, Report
from layers.layer import discover_layers
from layers.store.sqlite import FILE_NAME, open_store


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    at = datetime.now(UTC) - timedelta(days=1)
    fact = IncidentReported(incident="INC-1", report=Report(category="kebakaran", reported_at=at, lon=117.15, lat=-0.5))
    store = open_store(folder / FILE_NAME, discover_layers().found, load_ground(folder))
    store.append([Event(id="1", at=at, seen=at, source="cad/incidents", fact=fact)])
    store.close()
    return folder


def run(*words):
    return CliRunner().invoke(main, ["report", "make", *map(str, words)])


def test_a_report_is_written_to_a_folder_and_noted(data, tmp_path):
    done = run("--kind", "day", "--out", tmp_path, "--data", data)
    assert done.exit_code == 0, done.output
    files = list(tmp_path.glob("layar-day-*.pdf"))
    assert files[0].read_bytes().startswith(b"%PDF")
    assert files[0].name in done.output
    assert b"report.make" in (data / "audit.jsonl").read_bytes()


def test_the_same_log_gives_the_same_geojson(data, tmp_path):
    day = f"{datetime.now(UTC) - timedelta(days=3):%Y-%m-%d}"
    for name in ("a.geojson", "b.geojson"):
        words = ("--kind", "period", "--date", day, "--format", "geojson", "--publishable")
        assert run(*words, "--out", tmp_path / name, "--data", data).exit_code == 0
    assert (tmp_path / "a.geojson").read_bytes() == (tmp_path / "b.geojson").read_bytes()


def test_what_cannot_be_made_is_said_and_leaves_nothing(data, tmp_path):
    unknown = run("--kind", "incident", "--date", "INC-404", "--out", tmp_path / "x.pdf", "--data", data)
    assert unknown.exit_code == 2
    assert "no incident 'INC-404'" in unknown.output
    assert run("--kind", "day", "--data", tmp_path / "nothing").exit_code == 2
    assert not (tmp_path / "x.pdf").exists()


def test_the_unit_lets_reports_into_their_folder(tmp_path):
    line = ReportSettings(name="a", kind="day", folder=str(tmp_path))
    assert tmp_path in _other_folders(LayarSettings(reports=(line,)))
