"""A demo opens with a city that has been at work for an hour."""

from datetime import UTC, datetime

import pytest

from dashboard.demo.broadcast import closing, is_ready, left_open, opening, wait_until_ready
from dashboard.demo.camera_server import free_port

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize("seed", [1, 2, 112])
def test_the_first_picture_has_about_a_dozen_open_incidents(tmp_path, seed):
    opened = opening(tmp_path, NOW, speed=1.0, seed=seed)
    assert 7 <= len(opened.city.open_cases) <= 17
    told = {record["id"] for record in opened.recent}
    assert set(opened.city.open_cases) <= told
    assert any(crew.route for crew in opened.city.crews.values())


def test_the_history_of_the_day_ends_before_the_recent_past(tmp_path):
    opened = opening(tmp_path, NOW, speed=1.0, seed=1)
    assert len(opened.history) > 300
    assert max(record["status_time"] for record in opened.history) < min(record["time"] for record in opened.recent)


def test_what_an_earlier_run_left_open_is_called_off():
    (record,) = closing(["SIM-old", "SIM-new"], {"SIM-new"}, NOW)
    assert record == {"id": "SIM-old", "status": "batal", "status_time": "2026-11-20T06:30:00+00:00"}


def test_nothing_is_left_open_where_nobody_answers():
    url = f"http://127.0.0.1:{free_port()}"
    assert left_open(url, "token") == []
    assert not is_ready(url)
    assert not wait_until_ready(url, 0.3)
