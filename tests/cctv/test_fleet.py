"""All cameras together: the dead ones never slow the living, and the list may change while they run."""

import os
import threading
import time
from dataclasses import replace

import cv2
import numpy as np
import pytest
import structlog
from fake_camera import (
    PASSWORD,
    USER,
    closed_port,
    gives,
    guarded,
    jpeg,
    picture,
    pushes,
    says,
)
from rtsp_farm import Clip

from cctv.camera import Camera
from cctv.fleet import Fleet, Listener
from cctv.inventory import load_cameras, save_cameras
from cctv.picture import from_pixels
from cctv.secrets import Credentials, save_secrets
from cctv.shelf import Shelf
from geodata.clock import utc_now

PERIOD_S = 1.0


def camera(id_, url, kind="http_jpeg"):
    return Camera(id=id_, name=id_, lon=117.1, lat=-0.5, url=url, kind=kind)


class Ears:
    """Hears everything the fleet says."""

    def __init__(self):
        self.changes, self.lists = [], []

    def health(self, id_):
        """The states of that camera, in order."""
        return [change.health for change in self.changes if change.camera == id_]

    def fault(self, id_):
        """Why it is in its state now."""
        return [change.fault for change in self.changes if change.camera == id_][-1]


@pytest.fixture
def run(tmp_path):
    """`run(cameras)` → (fleet, ears), running."""
    stopping, threads = threading.Event(), []

    def start(cameras, **more):
        ears = Ears()
        save_cameras(tmp_path, cameras)
        listener = Listener(health=ears.changes.append, listed=ears.lists.append)
        fleet = Fleet(tmp_path, listener, period_s=PERIOD_S, **more)
        threads.append(threading.Thread(target=fleet.run, args=(stopping,)))
        threads[0].start()
        return fleet, ears

    yield start
    stopping.set()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()


def eventually(look, timeout_s=10.0):
    end = time.monotonic() + timeout_s
    while not look():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


@pytest.mark.slow
def test_a_camera_whose_power_is_cut_is_lost_in_time_and_comes_back_by_itself(run, rtsp_farm, fake):
    farm = rtsp_farm(1, Clip(gop=15))
    frozen = rtsp_farm(1, Clip(gop=15))
    fleet, ears = run([camera("R", farm.url(0), "rtsp"), camera("F", frozen.url(0), "rtsp"), camera("H", fake().url())])
    eventually(lambda: ears.health("R") == ears.health("F") == ears.health("H") == ["ok"])
    last = fleet.shelf.label("R", "full")
    farm.kill()
    frozen.pause(0)
    began = time.monotonic()
    eventually(lambda: "lost" in ears.health("R") and "lost" in ears.health("F"), 9)
    assert time.monotonic() - began < 7.5
    assert fleet.shelf.get("R", "full").captured_at >= last.captured_at
    frozen.resume(0)
    eventually(lambda: ears.health("F")[-1] == "ok", 12)
    assert ears.health("H") == ["ok"]


def test_a_camera_of_a_kind_that_nobody_can_open_says_so(run):
    _, ears = run([camera("Z", "x://h/", "tidak-ada")])
    eventually(lambda: ears.health("Z") == ["lost"])
    assert ears.fault("Z") == "no_source"


def test_the_list_may_change_while_it_runs(run, fake, tmp_path):
    one, other = fake(), fake()
    fleet, ears = run([camera("A", one.url()), camera("B", other.url())])
    eventually(lambda: ears.health("A") == ears.health("B") == ["ok"])
    kept = fleet.workers["A"]
    save_cameras(tmp_path, [camera("A", one.url()), camera("C", other.url())])
    eventually(lambda: ears.health("C") == ["ok"])
    assert fleet.workers["A"] is kept
    eventually(lambda: fleet.shelf.get("B", "full") is None)
    assert [[c.id for c in cameras] for cameras in ears.lists] == [["A", "B"], ["A", "C"]]


def test_a_changed_password_is_tried_at_once(run, fake, tmp_path):
    camera_ = fake(says("401 No", extra="WWW-Authenticate: Basic\r\n"))
    _, ears = run([camera("A", camera_.url())])
    eventually(lambda: ears.health("A") == ["lost"])
    camera_.behave = guarded("basic", picture)
    save_secrets(tmp_path, {"A": Credentials(user=USER, password=PASSWORD)})
    eventually(lambda: ears.health("A")[-1] == "ok", 3)


def test_a_damaged_list_and_open_secrets_leave_the_cameras_as_they_are(run, fake, tmp_path):
    fleet, ears = run([camera("A", fake().url())])
    eventually(lambda: ears.health("A") == ["ok"])
    kept = fleet.workers["A"]
    with structlog.testing.capture_logs() as logs:
        (tmp_path / "cameras.json").write_text("[{")
        (tmp_path / "camera-secrets.toml").write_text(f'[A]\npassword = "{PASSWORD}"')
        (tmp_path / "camera-secrets.toml").chmod(0o644)
        eventually(lambda: len(logs) >= 2)
    assert fleet.workers["A"] is kept
    assert len(ears.lists) == 1
    assert PASSWORD not in str(logs)


def test_the_heart_beats_each_second_even_without_cameras(run):
    fleet, _ = run([])
    eventually(lambda: fleet.shelf.heartbeat_at() is not None)
    first = fleet.shelf.heartbeat_at()
    eventually(lambda: fleet.shelf.heartbeat_at() > first, 2.5)


def test_when_it_ends_no_thread_and_no_connection_stays(tmp_path, fake):
    def descriptors():
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 — the one being read counts too

    servers = [fake(), fake(pushes())]
    before, open_before = threading.active_count(), descriptors()
    for _ in range(3):
        stopping = threading.Event()
        save_cameras(tmp_path, [camera("A", servers[0].url()), camera("B", servers[1].url(), "mjpeg")])
        ears = Ears()
        fleet = Fleet(tmp_path, Listener(health=ears.changes.append, listed=ears.lists.append), period_s=0.2)
        running = threading.Thread(target=fleet.run, args=(stopping,))
        running.start()
        eventually(lambda ears=ears: ears.health("A") == ears.health("B") == ["ok"])
        stopping.set()
        running.join(8)
    eventually(lambda: threading.active_count() <= before + 1 and descriptors() <= open_before + 2)


LEFT = (((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)),)


def left_of(fleet, id_):
    """The brightest pixel in the left third of what the shelf holds; None for no picture."""
    shown = fleet.shelf.get(id_, "full")
    if shown is None:
        return None
    pixels = cv2.imdecode(np.frombuffer(shown.jpeg, np.uint8), cv2.IMREAD_COLOR)
    return int(pixels[:, : pixels.shape[1] // 3].max())


def test_a_new_mask_takes_the_old_picture_away_at_once_even_of_a_dead_camera(run, fake, tmp_path):
    living = camera("A", fake(gives(jpeg(shade=250))).url())
    dead = camera("B", f"http://127.0.0.1:{closed_port()}/")
    whole = from_pixels(np.full((90, 160, 3), 250, np.uint8)).renditions
    Shelf(tmp_path / "shelf").put("B", whole, utc_now())
    fleet, _ = run([living, dead])
    eventually(lambda: left_of(fleet, "A"))
    assert left_of(fleet, "A") > 200
    assert left_of(fleet, "B") > 200
    save_cameras(tmp_path, [replace(living, masks=LEFT), replace(dead, masks=LEFT)])
    eventually(
        lambda: left_of(fleet, "B") is None and (left := left_of(fleet, "A")) is not None and left < 100,
        timeout_s=30,
    )


def test_a_mask_drawn_while_the_process_was_down_holds_before_the_first_picture(run, tmp_path):
    whole = from_pixels(np.full((90, 160, 3), 250, np.uint8)).renditions
    Shelf(tmp_path / "shelf").put("B", whole, utc_now())
    fleet, ears = run([replace(camera("B", f"http://127.0.0.1:{closed_port()}/"), masks=LEFT)])
    eventually(lambda: ears.lists)
    assert left_of(fleet, "B") is None


def test_a_camera_taken_off_the_list_while_the_process_was_down_leaves_no_picture(run, fake, tmp_path):
    whole = from_pixels(np.full((90, 160, 3), 250, np.uint8)).renditions
    Shelf(tmp_path / "shelf").put("Pergi", whole, utc_now())
    (tmp_path / "shelf" / "Pergi" / "full.0123.part").write_bytes(b"half")
    fleet, ears = run([camera("A", fake().url())])
    eventually(lambda: fleet.shelf.camera_ids() == {"A"} and ears.health("A") == ["ok"])


def test_a_shelf_that_cannot_be_cleared_is_tried_again_and_stops_nothing(run, fake, tmp_path):
    class Stubborn(Shelf):
        """Refuses three times."""

        refusals = 0

        def remove(self, camera_id):
            """As the shelf does, later."""
            if self.refusals < 3 and camera_id == "B":
                self.refusals += 1
                raise OSError("read-only")
            super().remove(camera_id)

    one = fake()
    fleet, ears = run([camera("A", one.url()), camera("B", one.url())])
    eventually(lambda: ears.health("A") == ears.health("B") == ["ok"])
    fleet.shelf = Stubborn(fleet.shelf.root)
    save_cameras(tmp_path, [camera("A", one.url())])
    eventually(lambda: fleet.shelf.get("B", "full") is None)
    assert fleet.shelf.refusals == 3


def test_a_list_that_could_not_be_read_once_is_read_again_unchanged(run, fake, monkeypatch):
    failures = [OSError("stale handle"), OSError("stale handle")]

    def load(data_dir):
        if failures:
            raise failures.pop()
        return load_cameras(data_dir)

    monkeypatch.setattr("cctv.fleet.load_cameras", load)
    _, ears = run([camera("A", fake().url())])
    eventually(lambda: ears.health("A") == ["ok"])
    assert failures == []


@pytest.mark.parametrize(("is_live", "health"), [(True, "lost"), (False, "ok")])
def test_a_recording_is_played_only_in_drills_and_demos(run, tmp_path, is_live, health):
    (tmp_path / "0.jpg").write_bytes(jpeg())
    _, ears = run([camera("A", f"file://{tmp_path}/0.jpg?loop=1", "file")], is_live=is_live)
    eventually(lambda: ears.health("A") == [health])
