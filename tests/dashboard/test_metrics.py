"""What a Prometheus server reads: true values, nothing where nothing is known, for those who may look only."""

import os
import re
from datetime import timedelta
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from dashboard.backup_status import BackupStatus, save_backup_status
from dashboard.beats_kept import Beat
from dashboard.health_processes import save_processes
from dashboard.supervisor import ChildState
from layers.cameras import CameraHealthChanged, CameraListed
from layers.incidents import IncidentReported, Report


def read(city, role="wall"):
    answer = city.get("/metrics", role)
    assert answer.status_code == 200
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.get_data(as_text=True))
        for sample in family.samples
    }


def test_the_log_the_incidents_and_the_cameras_are_counted(city):
    report = Report(category="kebakaran", reported_at=city.watch(), lon=117.15, lat=-0.5)
    city.bring(IncidentReported(incident="I", report=report), CameraListed(camera="C", name="C", lon=117.1, lat=-0.5))
    number = city.bring(CameraHealthChanged(camera="C", health="lost"))
    found = read(city)
    assert found["layar_log_cursor",] == number
    assert found["layar_open_incidents",] == 1
    assert found["layar_camera_state", ("camera", "C"), ("state", "lost")] == 1
    assert found["layar_disk_free_bytes",] > 0
    assert found["layar_log_bytes",] > 0


def test_the_newest_event_grows_old(city):
    city.bring(CameraListed(camera="C", name="C", lon=117.1, lat=-0.5))
    before = read(city)["layar_event_age_seconds",]
    city.watch.forward(40)
    assert read(city)["layar_event_age_seconds",] == before + 40


def test_what_is_not_known_is_left_out(city):
    assert ("layar_event_age_seconds",) not in read(city)
    assert ("layar_camera_process_silent_seconds",) not in read(city)
    city.beat(3)
    assert read(city)["layar_camera_process_silent_seconds",] == 3


def test_every_answer_is_timed_by_its_endpoint_not_by_its_address(city):
    city.get("/cameras/somebody.jpg", "wall")
    city.get("/nowhere", "wall")
    found = read(city)
    assert found["layar_request_seconds_count", ("endpoint", "camera_picture")] == 1
    assert found["layar_request_seconds_count", ("endpoint", "none")] == 1
    assert not any("somebody" in str(key) or "nowhere" in str(key) for key in found)


def test_the_parts_of_the_health_page_and_the_processes_are_told(city):
    dead = ChildState(name="live", pid=None, since=city.watch(), deaths=4, died_at=city.watch(), code=-9)
    mine = ChildState(name="web", pid=os.getpid(), since=city.watch())
    save_processes(city.folder, [dead, mine])
    found = read(city)
    assert found["layar_part", ("part", "live"), ("state", "grave")] == 1
    assert found["layar_process_up", ("process", "live")] == 0
    assert found["layar_process_deaths_total", ("process", "live")] == 4
    assert found["layar_process_memory_bytes", ("process", "web")] > 1_000_000


def test_backups_feeds_reports_and_screens_are_told_with_their_ages(city):
    made = city.watch() - timedelta(hours=3)
    save_backup_status(city.folder, BackupStatus(every_h=6, begun_at=made, made_at=made))
    beat = Beat(
        page="a", at=city.watch() - timedelta(seconds=7), connection="stream", pixels=(1, 1), errors=0, reloads=0
    )
    city.services.beats.hear("utama", "penuh", beat)
    found = read(city)
    assert found["layar_backup_age_seconds",] == 3 * 3600
    assert found["layar_backup_failing",] == 0
    assert found["layar_reports", ("state", "waiting")] == 0
    assert found["layar_screen_silent_seconds", ("screen", "penuh"), ("wall", "utama")] == 7


def test_what_the_director_decides_is_counted(city):
    city.services.director.look(city.services.hub.situation)
    assert read(city)["layar_director_decisions_total", ("wall", "utama")] == 1


def test_wrong_tries_to_sign_in_and_answers_are_counted(city):
    city.client().post("/login", data={"token": "wrong"})
    found = read(city)
    assert found["layar_sign_ins_refused_total",] == 1
    assert found["layar_responses_total", ("status", "401")] == 1


def test_every_series_is_explained_and_none_that_is_not_there(city):
    save_backup_status(city.folder, BackupStatus(every_h=6, begun_at=city.watch(), made_at=city.watch()))
    told = city.get("/metrics", "wall").get_data(as_text=True)
    served = {name for name in re.findall(r"^# TYPE (layar_\w+) ", told, re.MULTILINE) if not name.endswith("_created")}
    text = (Path(__file__).parents[2] / "docs/operations.md").read_text("utf-8")
    listed = text.split("\n## What to watch\n")[1].split("\n```yaml\ngroups")[0]
    assert set(re.findall(r"`(layar_\w+)", listed)) == served


def test_only_those_who_may_look_at_the_wall_may_look(city):
    assert city.get("/metrics").status_code == 401
    assert city.get("/metrics", "visitor").status_code == 403
    assert city.get("/metrics", "ingest").status_code == 403
