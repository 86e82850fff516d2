"""`layar demo` as a stranger starts it: a marked city within seconds, and nothing left when it ends."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from contextlib import suppress

import psutil
import pytest
import requests

from dashboard.demo.camera_server import free_port
from geodata.ground import load_ground
from layers.layer import discover_layers
from layers.store.sqlite import FILE_NAME as LOG_FILE
from layers.store.sqlite import open_store

COMMAND = "from dashboard.cli import main; main()"
WITHIN_S = 60.0


class Demo:
    """A running demo in a folder."""

    def __init__(self, folder, *more):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        words = ("demo", "--port", str(self.port), "--data", str(folder), *more)
        with (folder.parent / "said").open("wb") as said:
            self.process = subprocess.Popen(  # noqa: S603 — our own command
                [sys.executable, "-c", COMMAND, *words], stdout=said, stderr=subprocess.STDOUT, start_new_session=True
            )
        self.family = []

    def get(self, path, token=None):
        """JSON of a path."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = requests.get(self.url + path, headers=headers, timeout=5)
        answer.raise_for_status()
        return answer.json()

    def picture_when(self, is_there):
        """The wall's own message, once it shows what is wanted. No token: a demo's wall is for everybody."""
        until_s = time.monotonic() + WITHIN_S
        while time.monotonic() < until_s:
            assert self.process.poll() is None
            with suppress(requests.RequestException):
                picture = self.get("/live")
                if is_there(picture):
                    self.family = psutil.Process(self.process.pid).children(recursive=True)
                    return picture
            time.sleep(0.3)
        raise AssertionError(f"not within {WITHIN_S} s")

    def left(self):
        """Processes of it that are still there, after a while of grace."""
        _, alive = psutil.wait_procs(self.family, timeout=15)
        return alive


@pytest.fixture
def start(tmp_path):
    """`start(*options)` → a Demo; killed with all its children when the test ends."""
    started = []

    def make(*more):
        started.append(Demo(tmp_path / "demo", *more))
        return started[-1]

    yield make
    for demo in started:
        with suppress(psutil.NoSuchProcess):
            children = psutil.Process(demo.process.pid).children(recursive=True)
            demo.process.kill()
            demo.process.wait(10)
            psutil.wait_procs(children, timeout=15)


def _is_whole(picture):
    layers = picture["layers"]
    units = layers.get("responders", {}).get("columns", {"key": []})["key"]
    incidents = layers.get("incidents", {"set": []})["set"]
    return len(incidents) > 4 and len(units) > 80 and picture["panels"]["figures"]["cameras_ok"] > 15


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_a_stranger_sees_a_marked_city_and_ctrl_c_ends_all_of_it(start, tmp_path):
    demo = start("--speed", "2", "--seed", "7")
    picture = demo.picture_when(_is_whole)
    assert picture["mode"] == "demo"
    assert {drawn["properties"]["mode"] for drawn in picture["layers"]["incidents"]["set"]} == {"demo"}
    assert _tokens_are_private_and_work(demo, tmp_path / "demo")
    well = next(one["key"] for one in picture["panels"]["cameras"] if one["health"] == "ok")
    first = requests.get(f"{demo.url}/cameras/{well}.jpg?size=thumb", timeout=5)
    assert first.content.startswith(b"\xff\xd8")
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(30) == 0
    assert demo.left() == []
    assert f"{demo.url}/wall" in (tmp_path / "said").read_text()
    assert _modes_in_the_log(tmp_path / "demo") == {"demo"}


def _tokens_are_private_and_work(demo, folder):
    path = folder / "demo-tokens.json"
    tokens = json.loads(path.read_text())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert demo.get("/live", tokens["wall"])["mode"] == "demo"
    sent = requests.post(
        f"{demo.url}/api/v1/incidents",
        json={"id": "TEST-1", "category": "kebakaran", "kelurahan": "64.72.09.1003"},
        headers={"Authorization": f"Bearer {tokens['ingest']}"},
        timeout=5,
    )
    return sent.status_code == 201


def _modes_in_the_log(folder):
    store = open_store(folder / LOG_FILE, discover_layers().found, load_ground(folder))
    try:
        return {event.mode for _, event in store.since(0, 5000).events}
    finally:
        store.close()


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_kill_minus_nine_leaves_no_orphan(start):
    demo = start()
    demo.picture_when(lambda picture: "incidents" in picture["layers"])
    os.kill(demo.process.pid, signal.SIGKILL)
    demo.process.wait(10)
    assert demo.left() == []


def test_a_folder_with_a_real_city_is_refused_in_one_line(start, tmp_path):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "layar.toml").write_text('mode = "live"\n')
    demo = start()
    assert demo.process.wait(30) == 2
    said = (tmp_path / "said").read_text()
    assert "--data" in said
    assert "Building" not in said
    assert "Traceback" not in said
