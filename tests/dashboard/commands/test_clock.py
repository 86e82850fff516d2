"""`layar clock`: told, then mended, with a copy and a line in the audit."""

from datetime import timedelta

import pytest
from click.testing import CliRunner

from dashboard.audit import Audit
from dashboard.commands.clock import clock
from geodata.clock import utc_now
from geodata.ground import load_ground
from layers.event import Event
from layers.layer import discover_layers
from layers.responders import PositionReported
from layers.store.spool import SPOOL_NAME, open_spool
from layers.store.sqlite import FILE_NAME, open_store


@pytest.fixture
def folder(tmp_path):
    """A log whose second and third event a wrong clock wrote."""
    store, now = open_store(tmp_path / FILE_NAME, discover_layers().found, load_ground(tmp_path)), utc_now()
    for number, seen in enumerate((now - timedelta(minutes=5), now + timedelta(days=400), now)):
        moved = PositionReported(unit="U", lon=117.1 + number / 1000, lat=-0.5)
        store.append([Event(id=str(number), at=seen, seen=seen, source="x/osmand", fact=moved)])
    store.close()
    return tmp_path


def run(folder, *words):
    return CliRunner().invoke(clock, ["--data", str(folder), *words])


def test_it_says_how_far_ahead_the_log_is_and_changes_nothing(folder):
    for _ in range(2):
        told = run(folder)
        assert told.exit_code == 0
        assert "2 events arrived up to 399 days" in told.output
        assert "layar clock --mend" in told.output


def test_mended_it_is_ahead_no_more_a_copy_is_kept_and_the_audit_has_it(folder):
    assert "brought back" in run(folder, "--mend").output
    assert "not ahead" in run(folder).output
    assert (folder / "layar-before-mending.db").stat().st_size > 0
    assert [row.action for row in Audit(folder).newest(5)] == ["clock.mend"]


def test_while_the_service_runs_nothing_is_mended(folder):
    spool = open_spool(folder / SPOOL_NAME, 70_000)
    refused = run(folder, "--mend")
    spool.close()
    assert refused.exit_code == 1
    assert "stop it first" in refused.output
    assert "2 events" in run(folder).output


def test_mended_the_log_is_counted_by_the_city_that_the_settings_name(folder):
    (folder / "layar.toml").write_text('[city]\ncode = "00.00"\n', "utf-8")
    refused = run(folder, "--mend")
    assert (refused.exit_code, "00.00" in refused.output) == (1, True)
    (folder / "layar.toml").write_text('[city]\ncode = "64.72"\n', "utf-8")
    assert "brought back" in run(folder, "--mend").output
