"""`layar rebuild` and `layar quarantine` on a real log."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from dashboard.audit import Audit
from dashboard.commands.log import quarantine, rebuild
from geodata.ground import load_ground
from layers.feed import discover_feeds
from layers.ingest import Door
from layers.layer import discover_layers
from layers.store.sqlite import FILE_NAME, open_store

NOW = datetime(2026, 11, 22, 11, 18, tzinfo=UTC)


@pytest.fixture
def run(tmp_path):
    def command(group, *arguments):
        return CliRunner().invoke(group, [*arguments, "--data", str(tmp_path)])

    return command


@pytest.fixture
def log(tmp_path):
    """Opens the log beside the commands."""
    opened = []

    def another():
        opened.append(open_store(tmp_path / FILE_NAME, discover_layers().found, load_ground(tmp_path)))
        return opened[-1]

    yield another
    for store in opened:
        store.close()


@pytest.fixture
def posted(log):
    """The numbers in quarantine after the log has taken one good and one bad report."""
    door = Door(log(), discover_feeds().found)
    payload = b'[{"id": "A", "category": "kebakaran"}, {"id": "B", "category": "x", "lat": 95, "lon": 117}]'
    return door.accept(payload, feed="incidents", client="cad", received=NOW, mode="drill").quarantined


def test_a_folder_without_a_log_is_named(run, tmp_path):
    result = run(rebuild)
    assert result.exit_code == 1
    assert f"{tmp_path} holds no log yet" in result.output


@pytest.mark.usefixtures("posted")
def test_rebuild_finds_a_true_log_true(run):
    result = run(rebuild)
    assert (result.exit_code, result.output) == (0, "1 events folded, 0 differences\n")


@pytest.mark.usefixtures("posted")
def test_rebuild_puts_a_wrong_projection_right_and_says_which(run, log):
    store = log()
    with store._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM thing WHERE layer = 'incidents'")
    assert "put right: incidents A" in run(rebuild).output
    assert store.live().situation.of("incidents")["A"].report.category == "kebakaran"


def test_the_quarantine_is_listed_and_shown(run, posted):
    (number,) = posted
    listed = run(quarantine, "list").output
    assert "cad/incidents" in listed
    assert "lat: 95 is not between -90 and 90" in listed
    assert "1 of 1 shown" in listed
    shown = run(quarantine, "show", str(number)).output
    assert "mode: drill" in shown
    assert '{"id":"B","category":"x","lat":95,"lon":117}' in shown


def test_what_is_refused_again_stays(run, posted, log):
    (number,) = posted
    result = run(quarantine, "retry", str(number))
    assert result.exit_code == 1
    assert "refused again: lat: 95" in result.output
    assert log().quarantined_count() == 1


@pytest.mark.usefixtures("posted")
def test_what_is_not_there_is_not_found(run):
    result = run(quarantine, "show", "99")
    assert result.exit_code == 1
    assert "99" in result.output


def test_bytes_from_outside_cannot_command_the_terminal(run, log):
    payload = b"\x1b]0;owned\x07\xff"
    (number,) = Door(log(), discover_feeds().found).accept(
        payload, feed="incidents", client="cad", received=NOW
    ).quarantined  # fmt: skip
    shown = run(quarantine, "show", str(number)).output
    assert "\x1b" not in shown
    assert r"\x1b]0;owned\x07\xff" in shown


def test_an_empty_quarantine_says_so(run, log):
    log()
    assert run(quarantine, "list").output == "The quarantine is empty.\n"


def test_what_is_thrown_away_stands_in_the_audit_with_the_reason(run, log, posted, tmp_path):
    [number] = posted
    assert run(quarantine, "discard", str(number)).exit_code == 2
    assert run(quarantine, "discard", str(number), "999", "--why", "uji coba").exit_code == 1
    assert log().quarantined_count() == 1
    done = run(quarantine, "discard", str(number), "--why", "uji coba vendor")
    assert (done.exit_code, log().quarantined_count()) == (0, 0)
    [row] = Audit(tmp_path).newest(1)
    assert (row.action, row.target, row.details["why"]) == ("quarantine.discard", str(number), "uji coba vendor")
    assert (row.details["source"], row.details["refused"]) == ("cad/incidents", "lat: 95 is not between -90 and 90")
    assert len(str(row.details["sha256"])) == 64
