"""One camera's worker: never gives up, knocks while it waits, tells what changed."""

import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog
from fake_camera import PASSWORD, PICTURE, USER, FakeCamera, closed_port, gives, picture, says

from cctv.camera import Snapshot, Source
from cctv.faults import camera_lost
from cctv.pace import Paced
from cctv.shelf import Shelf
from cctv.sources.http_jpeg import SOURCE
from cctv.sources.rtsp import SOURCE as RTSP
from cctv.worker import Surroundings, Worker
from geodata.clock import utc_now


def eventually(look, timeout_s=8.0):
    end = time.monotonic() + timeout_s
    while not look():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


@pytest.fixture
def told():
    return []


@pytest.fixture
def hire(tmp_path, told):
    """`hire(source, reach)` → a started Worker."""
    workers = []

    def start(source, reach):
        worker = Worker(source, reach, Surroundings(shelf=Shelf(tmp_path), report=told.append))
        workers.append(worker)
        worker.start()
        return worker

    yield start
    for worker in workers:
        worker.stop()
    for worker in workers:
        worker.join(5)
        assert not worker.is_alive


def scripted(*runs):
    """A source whose n-th opening plays `runs[n]`: pictures and exceptions; the last is played for ever."""
    left = list(runs)

    @contextmanager
    def open_(reach):
        run = left.pop(0) if len(left) > 1 else left[0]

        def play():
            for item in run:
                if isinstance(item, Exception):
                    raise item
                yield Snapshot(data=item, captured_at=utc_now())
            reach.stopping.wait(60)

        yield play()

    return Source(schemes=("x",), open=open_)


def test_its_pictures_reach_the_shelf_and_its_health_is_told(fake, reach_to, hire, told, tmp_path):
    hire(SOURCE, reach_to(fake().url()))
    eventually(lambda: told)
    assert (told[0].camera, told[0].health, told[0].fault) == ("CAM-07", "ok", None)
    shown = Shelf(tmp_path).get("CAM-07", "full")
    assert shown.jpeg == PICTURE
    assert shown.captured_at >= told[0].last_picture_at


def test_a_camera_that_returns_is_found_again_without_being_asked(fake, reach_to, hire, told):
    camera = fake(says("404 Not Found"))
    worker = hire(SOURCE, reach_to(camera.url()))
    eventually(lambda: worker.tick() or [one.health for one in told] == ["lost"])
    assert told[0].fault == "not_found"
    camera.behave = picture
    eventually(lambda: [one.health for one in told] == ["lost", "ok"])


def test_a_strangers_bug_is_a_lost_camera_and_the_worker_goes_on(reach_to, hire, told):
    worker = hire(scripted([RuntimeError("rtsp://u:rahasia@h")], [PICTURE]), reach_to("x:"))
    eventually(lambda: [one.health for one in told] == ["ok"])
    assert worker.is_alive


def test_a_picture_that_cannot_be_decoded_is_a_fault_of_the_camera(reach_to, hire, told):
    worker = hire(scripted([b"\xff\xd8 nothing \xff\xd9"]), reach_to("x:"))
    eventually(lambda: worker.tick() or told)
    assert told[0].fault == "not_a_picture"


def test_a_full_disk_is_told_and_the_connection_kept(reach_to, hire, told, tmp_path):
    (tmp_path / "CAM-07").write_text("a file where the folder should be")
    openings = []
    source = scripted([PICTURE, PICTURE])
    counted = Source(schemes=("x",), open=lambda reach: openings.append(1) or source.open(reach))
    worker = hire(counted, reach_to("x:"))
    eventually(lambda: worker.tick() or told)
    assert (told[0].health, told[0].fault) == ("lost", "no_room")
    assert len(openings) == 1


def test_it_stops_while_it_waits_and_says_nothing_more(reach_to, hire, told):
    worker = hire(scripted([camera_lost("CAM-07", "refused")]), reach_to("x:"))
    time.sleep(0.1)
    worker.stop()
    worker.join(1)
    assert not worker.is_alive
    worker.tick()
    assert told == []


def test_once_stopped_it_shows_nothing_more_however_far_it_had_come(reach_to, told, tmp_path):
    decoded, go_on = threading.Event(), threading.Event()

    class Slow(Shelf):
        """A shelf that waits before the first picture."""

        def put(self, *_):
            """Says that it was reached."""
            decoded.set()
            go_on.wait(5)

    worker = Worker(
        scripted([PICTURE, PICTURE]), reach_to("x:"), Surroundings(shelf=Slow(tmp_path), report=told.append)
    )
    worker.start()
    assert decoded.wait(5)
    stopper = threading.Thread(target=worker.stop)
    stopper.start()
    stopper.join(0.2)
    assert stopper.is_alive()  # it waits for the picture that is being written
    go_on.set()
    stopper.join(3)
    decoded.clear()
    worker.join(3)
    assert not decoded.is_set()


def test_the_same_trouble_is_logged_once_and_never_with_a_secret(fake, reach_to, hire):
    camera = fake(gives(b"x"))
    with structlog.testing.capture_logs() as logs:
        hire(SOURCE, reach_to(camera.url("/?p={password}"), username=USER, password=PASSWORD))
        eventually(lambda: camera.asked >= 3)
    assert len(logs) == 1
    assert logs[0]["fault"] == "not_a_picture"
    assert not any(secret in str(logs) for secret in (USER, PASSWORD, "%40", "127.0.0.1"))


def test_a_camera_behind_a_closed_door_is_opened_as_soon_as_the_door_opens(reach_to, hire, told):
    port = closed_port()
    worker = hire(SOURCE, reach_to(f"http://127.0.0.1:{port}/"))
    eventually(lambda: worker.tick() or [one.health for one in told] == ["lost"])
    worker._failures = 50  # it has been dead for hours: the next try without a knock would come in half a minute
    eventually(lambda: worker._failures > 50)
    began = time.monotonic()
    with FakeCamera(port=port):
        eventually(lambda: [one.health for one in told] == ["lost", "ok"], 20)
    assert time.monotonic() - began < 15


def test_it_is_knocked_at_the_snapshot_address_too(reach_to, hire, told):
    port, plain = closed_port(), reach_to(f"rtsp://127.0.0.1:{closed_port()}/", "rtsp")
    still = replace(plain.camera, snapshot_url=f"http://127.0.0.1:{port}/")
    worker = hire(RTSP, replace(plain, camera=still))
    eventually(lambda: worker.tick() or [one.health for one in told] == ["lost"])
    worker._failures = 50
    eventually(lambda: worker._failures > 50)
    time.sleep(1)  # it has found that door shut
    began = time.monotonic()
    with FakeCamera(port=port):
        eventually(lambda: [one.health for one in told] == ["lost", "ok"], 20)
    assert time.monotonic() - began < 15


def test_a_password_that_is_refused_is_not_tried_until_the_account_is_locked(fake, reach_to, hire, told):
    camera = fake(says("401 Unauthorized", extra="WWW-Authenticate: Basic\r\n"))
    worker = hire(SOURCE, reach_to(camera.url(), username=USER, password=PASSWORD))
    eventually(lambda: worker.tick() or told)
    assert told[0].fault == "wrong_password"
    time.sleep(2)
    assert sum(b"Authorization" in asked for asked in camera.requests) == 1


def test_decoding_waits_for_its_turn(reach_to, tmp_path, told):
    around = Surroundings(shelf=Shelf(tmp_path), report=told.append)
    worker = Worker(scripted([PICTURE]), reach_to("x:"), around)
    with ExitStack() as others:
        for _ in range(2):
            others.enter_context(around.lanes.decoding.turn(lambda: False))
        worker.start()
        time.sleep(0.2)
        assert Shelf(tmp_path).get("CAM-07", "full") is None
    eventually(lambda: told)
    worker.stop()
    worker.join(3)
    assert threading.active_count() < 50


def test_a_clock_set_back_an_hour_leaves_a_silent_camera_lost_half_an_hour_later(reach_to, tmp_path, told):
    noon, passed_s = utc_now(), [0.0]
    set_by = [timedelta(0)]
    around = Surroundings(shelf=Shelf(tmp_path), report=told.append, stopwatch=lambda: passed_s[0])
    reach = reach_to("x:", clock=lambda: noon + timedelta(seconds=passed_s[0]) + set_by[0])
    worker = Worker(scripted([PICTURE]), reach, around)
    worker.start()
    try:
        eventually(lambda: told)
        set_by[0], passed_s[0] = timedelta(hours=-1), 1800.0
        worker.tick()
    finally:
        worker.stop()
        worker.join(3)
    assert [one.health for one in told] == ["ok", "lost"]


def test_a_camera_of_a_slow_pace_and_way_says_from_which_age_on_it_is_late(reach_to, hire, told):
    @contextmanager
    def by_segments(_reach):
        yield iter([Snapshot(data=PICTURE, captured_at=utc_now(), lag_s=12.0)])

    hire(Source(schemes=("x",), open=by_segments), reach_to("x:", period_s=4.0))
    eventually(lambda: told)
    assert (told[0].health, told[0].late_s) == ("ok", 2.25 * 4 + 12)


def test_another_pace_is_told_once_and_a_little_change_of_it_is_not(reach_to, tmp_path, told):
    period_s = [2.0]
    reach = reach_to("x:", pace=lambda: Paced(period_s=period_s[0], usual_s=2.0))
    worker = Worker(scripted([PICTURE]), reach, Surroundings(shelf=Shelf(tmp_path), report=told.append))
    worker.start()
    try:
        eventually(lambda: told)
        for period_s[0] in (2.5, 8.0, 8.0):
            worker.tick()
    finally:
        worker.stop()
        worker.join(3)
    assert [(one.health, one.late_s) for one in told] == [("ok", 4.5), ("ok", 18.0)]
    assert told[0].since == told[1].since
