"""Backups by the clock: made when due, tried again when they fail, and the wall says when there are none."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.backup import backups_in
from dashboard.backup_process import Turns
from dashboard.backup_status import BackupStatus, load_backup_status
from dashboard.config import BackupSettings, LayarSettings, parse_settings
from dashboard.degraded import Signs, troubles
from geodata.errors import BadSettings
from geodata.ground import load_ground
from layers.layer import discover_layers
from layers.situation import Situation
from layers.store.sqlite import FILE_NAME, open_store
from tests.dashboard.conftest import until

NOW = datetime(2026, 11, 22, 11, 18, tzinfo=UTC)
LAYERS = discover_layers().found


@pytest.fixture
def folder(tmp_path):
    data_dir = tmp_path / "city"
    open_store(data_dir / FILE_NAME, LAYERS, load_ground(data_dir)).close()
    return data_dir


@pytest.fixture
def turns(folder, tmp_path):
    """`turns(after_h)`: what the process does so many hours later."""
    settings, clock = LayarSettings(backup=BackupSettings(every_h=6, to=str(tmp_path / "b"), keep=2)), [NOW]
    process = Turns(folder, settings, LAYERS, lambda: clock[0])

    def later(hours):
        clock[0] = NOW + timedelta(hours=hours)
        process.turn()
        return len(backups_in(tmp_path / "b"))

    return later


def test_a_backup_is_made_at_once_then_whenever_it_is_due_and_old_ones_go(turns, folder):
    assert [turns(hours) for hours in (0, 5.9, 6, 7, 12)] == [1, 1, 2, 2, 2]
    assert load_backup_status(folder).made_at == NOW + timedelta(hours=12)


def test_a_failed_backup_is_said_with_its_reason_and_tried_again_soon(turns, folder, tmp_path):
    (tmp_path / "b").write_text("a file where the folder should be", "utf-8")
    turns(0)
    assert load_backup_status(folder).failed_at == NOW
    assert load_backup_status(folder).reason
    (tmp_path / "b").unlink()
    assert turns(0.1) == 0
    assert turns(0.3) == 1
    assert load_backup_status(folder).failed_at is None


def backup_troubles(folder, status, after_h=0):
    nothing = Situation(ground=load_ground(folder), layers=LAYERS)
    found = troubles(nothing, Signs(backups=status), {}, 10, NOW + timedelta(hours=after_h))
    return [trouble.key for trouble in found]


def test_the_wall_says_when_backups_fail_or_stay_away(folder):
    made = BackupStatus(every_h=6, begun_at=NOW, made_at=NOW)
    assert backup_troubles(folder, None) == []
    assert backup_troubles(folder, made, after_h=12) == []
    assert backup_troubles(folder, made, after_h=14) == ["backup"]
    assert backup_troubles(folder, BackupStatus(every_h=6, begun_at=NOW, failed_at=NOW, reason="x")) == ["backup"]


def test_a_timer_without_a_folder_is_a_wrong_setting():
    with pytest.raises(BadSettings, match="whole path"):
        parse_settings("[backup]\nevery_h = 6\n", "layar.toml")
    assert LayarSettings().backup.every_h == 0


def test_the_process_makes_a_backup_and_ends_when_told(folder, tmp_path):
    (folder / "layar.toml").write_text(f'[backup]\nevery_h = 1\nto = "{tmp_path / "b"}"\n', "utf-8")
    command = (sys.executable, "-m", "dashboard.backup_process", "--data", str(folder), "--mode", "live")
    process = subprocess.Popen(command)  # noqa: S603 — ourselves
    try:
        until(lambda: backups_in(tmp_path / "b"), within_s=60)
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
