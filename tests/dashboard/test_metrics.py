"""What a Prometheus server reads: true values, nothing where nothing is known, for those who may look only."""

from prometheus_client.parser import text_string_to_metric_families

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


def test_only_those_who_may_look_at_the_wall_may_look(city):
    assert city.get("/metrics").status_code == 401
    assert city.get("/metrics", "visitor").status_code == 403
    assert city.get("/metrics", "ingest").status_code == 403
