"""`layar replay` on a real log."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from dashboard.cli import main
from geodata.boundaries import Wish, import_boundaries
from geodata.ground import load_ground
from layers.event import Event
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.layer import discover_layers
from layers.responders import PositionReported
from layers.store.sqlite import FILE_NAME, open_store
from tests.geodata.conftest import TWO, collection

NOW = datetime(2025, 11, 22, 11, 18, tzinfo=UTC)  # 19.18 WITA


def told(seconds, fact, late_s=0):
    at = NOW + timedelta(seconds=seconds)
    return Event(id=f"{seconds}", at=at, seen=at + timedelta(seconds=late_s), source="cad/incidents", fact=fact)


@pytest.fixture
def run(tmp_path):
    store = open_store(tmp_path / FILE_NAME, discover_layers().found, load_ground(tmp_path))
    report = Report(category="kebakaran", reported_at=NOW, lon=117.15, lat=-0.5, priority=1)
    store.append([
        told(0, PositionReported(unit="U", lon=117.1, lat=-0.5)),
        told(60, IncidentReported(incident="INC-1", report=report)),
        told(70, PositionReported(unit="U", lon=117.11, lat=-0.5)),
        told(3_000, IncidentStatusChanged(incident="INC-1", status="selesai", reached_at=NOW), late_s=600),
    ])  # fmt: skip
    store.close()
    return lambda *words: CliRunner().invoke(main, ["replay", *words, "--data", str(tmp_path)])


def test_a_period_is_printed_a_line_for_each_change_by_the_clocks_of_the_city(run):
    result = run("2025-11-22 19:18", "2025-11-22 20:18")
    assert result.exit_code == 0, result.output
    first, *others = result.output.splitlines()
    assert first == "2025-11-22 19:18:00 WITA  responders 1"
    assert others[0].startswith("2025-11-22 19:19:00 WITA  incidents INC-1: Kebakaran, diterima")
    assert "open 1, critical 1" in others[0]
    assert any("responders ~1" in line for line in others)
    assert any(line.startswith("2025-11-22 20:18:00 WITA  incidents INC-1: gone") for line in others)


def test_dead_time_is_left_out_and_named(run):
    said = run("2025-11-22 19:18", "2025-11-22 20:30", "--skip", "--sense", "known").output
    assert said.count("»") == 2
    assert "20:08:00 WITA  incidents INC-1: gone" in said
    period = ("2025-11-22 19:18", "2025-11-22 20:30", "--sense", "known", "--json")
    assert len(run(*period, "--skip").output.splitlines()) < len(run(*period).output.splitlines())


def test_the_messages_themselves_are_json_one_a_line(run):
    messages = [
        json.loads(line) for line in run("2025-11-22T11:18:00Z", "2025-11-22T12:18:00Z", "--json").output.splitlines()
    ]
    assert messages[0]["from"] is None
    assert [one["from"] for one in messages[1:]] == [one["cursor"] for one in messages[:-1]]
    assert messages[-1]["now"] == (NOW + timedelta(hours=1)).timestamp()


@pytest.mark.parametrize(
    ("since", "until", "says"),
    [
        ("kemarin", "2025-11-22 20:00", "FROM: "),
        ("2025-11-22 20:00", "2025-11-22 19:30", "ends after it begins"),
        ("2020-11-22 20:00", "2025-11-22 19:30", "the log begins at 2025-11-22T11:18:00Z"),
        ("2025-11-22 19:30", "2090-01-01 00:00", "in the future"),
    ],
)
def test_what_cannot_be_played_is_said_in_one_line(run, since, until, says):
    result = run(since, until)
    assert result.exit_code != 0
    assert says in result.output
    assert "Traceback" not in result.output


def test_with_a_speed_it_takes_its_time(run, monkeypatch):
    waited = []
    monkeypatch.setattr("dashboard.commands.replay.wait", waited.append)
    assert run("2025-11-22 19:18", "2025-11-22 19:20", "--speed", "120").exit_code == 0
    assert sum(waited) == pytest.approx(1, abs=0.01)


def test_the_clocks_are_those_of_the_city_that_the_settings_name(run, tmp_path):
    (tmp_path / "other.geojson").write_text(json.dumps(collection(*TWO)), "utf-8")
    import_boundaries(tmp_path, tmp_path / "other.geojson", Wish(code="33.99"))
    (tmp_path / "layar.toml").write_text('[city]\ncode = "33.99"\n', "utf-8")
    result = run("2025-11-22 18:18", "2025-11-22 19:18")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("2025-11-22 18:18:00 WIB ")


def test_of_a_time_whose_places_were_destroyed_every_picture_says_so(run, tmp_path):
    store = open_store(tmp_path / FILE_NAME, discover_layers().found, load_ground(tmp_path))
    store.append([told(100_000, PositionReported(unit="V", lon=117.1, lat=-0.5))])
    assert store.destroy({"positions": NOW + timedelta(hours=20)})[0].count == 2
    store.close()
    first = json.loads(run("2025-11-22T11:18:00Z", "2025-11-22T12:18:00Z", "--json").output.splitlines()[0])
    assert "responders" not in first["layers"]
    assert first["panels"]["degraded"][0]["text"] == "Posisi armada dan relawan sebelum 23.11.2025 sudah dimusnahkan"
    later = json.loads(run("2025-11-23T15:10:00Z", "2025-11-23T15:11:00Z", "--json").output.splitlines()[0])
    assert later["layers"]["responders"]["columns"]["key"] == ["V"]
    assert "dimusnahkan" not in str(later["panels"]["degraded"])
