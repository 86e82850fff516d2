"""Alive, able to work, and what is told to whom."""

import shutil

import pytest

from dashboard.self_check import Rarely, disk_failure, is_disk_full
from layers.cameras import CameraListed
from tests.dashboard.conftest import Watch


def test_alive_is_said_to_all_and_details_to_roles_only(city):
    city.bring(CameraListed(camera="CAM-1", name="Jembatan", lon=117.1, lat=-0.5), source="inventory/cameras")
    assert set(city.get("/healthz").json) == {"status", "build", "mode"}
    assert set(city.get("/healthz", "ingest").json) == {"status", "build", "mode"}
    known = city.get("/healthz", "wall").json
    assert known["store"]["cursor"] == 1
    assert known["feeds"] == {"inventory/cameras": "2026-11-20T03:00:00Z"}
    assert known["cameras"]["unknown"] == 1


def test_details_can_be_asked_for_before_the_log_is_read(make_city):
    assert "trouble" in make_city(starts=False).get("/healthz", "wall").json["store"]


def test_ready_means_that_the_log_is_followed_and_the_disk_takes_writes(city):
    answer = city.get("/readyz")
    assert (answer.status_code, answer.json["status"]) == (200, "ready")
    city.services.hub.stop()
    city.watch.forward(6)
    answer = city.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["log_is_followed"] is False
    assert answer.json["disk_takes_writes"] is True


def test_ready_means_that_the_log_itself_takes_writes(city):
    assert city.get("/readyz").json["log_takes_writes"] is True
    city.services.store.close()
    city.watch.forward(5)
    answer = city.get("/readyz")
    assert (answer.status_code, answer.json["log_takes_writes"]) == (503, False)


def test_a_disk_that_takes_nothing_is_found_out_at_most_every_five_seconds(tmp_path):
    watch, folder = Watch(), tmp_path / "data"
    folder.mkdir()
    check = Rarely(lambda: disk_failure(folder), watch.seconds)
    assert check.failure() is None
    shutil.rmtree(folder)
    assert check.failure() is None
    watch.forward(5)
    assert check.failure() == "No such file or directory"


@pytest.mark.parametrize(("free", "is_full"), [(4, True), (6, False)])
def test_a_disk_is_full_when_less_than_a_twentieth_is_left(monkeypatch, tmp_path, free, is_full):
    usage = type("Usage", (), {"total": 100, "free": free})
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    assert is_disk_full(tmp_path) is is_full
