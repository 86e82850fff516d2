"""The camera process as the supervisor runs it: from a list in a folder to pictures and events."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest

from cctv.camera import discover_sources
from cctv.inventory import import_cameras
from cctv.shelf import Shelf
from cctv.status import load_status
from dashboard.camera_process import Unsurveyed, watch_turns
from dashboard.supervisor import WRONG_SETTINGS
from geodata.city import DEFAULT_CODE, load_city
from geodata.clock import utc_now
from geodata.places import Ground
from layers.event import Event, stable_id
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.layer import discover_layers
from layers.store.sqlite import FILE_NAME, open_store

LIST = b"id,name,lon,lat,url\nA,Satu,117.13,-0.51,sim:rain\nB,Dua,117.17,-0.51,sim:dead\n"
COMMAND = (sys.executable, "-m", "dashboard.camera_process")


def eventually(look, timeout_s=15.0):
    end = time.monotonic() + timeout_s
    while not look():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


@pytest.fixture
def process(tmp_path):
    """`process()` → the camera process on a folder with two simulated cameras."""
    started = []

    def start(*command):
        import_cameras(LIST, tmp_path, discover_sources().found)
        log = (tmp_path / "process.log").open("wb")
        with log:
            line = [*(command or COMMAND), "--data", str(tmp_path), "--mode", "demo"]
            one = subprocess.Popen(line, stderr=log)  # noqa: S603 — ours
        started.append(one)
        return one

    yield start
    for one in started:
        one.kill()
        one.wait(5)


def test_pictures_and_health_come_and_the_cameras_outlive_nothing(process, tmp_path):
    running, shelf = process(), Shelf(tmp_path / "shelf")
    eventually(lambda: shelf.get("A", "full"))
    assert utc_now() - shelf.get("A", "thumb").captured_at < timedelta(seconds=6)
    ground = Ground(city=load_city(DEFAULT_CODE), places=Unsurveyed())
    store = open_store(tmp_path / FILE_NAME, discover_layers().found, ground)
    try:
        eventually(lambda: {k: v.health for k, v in known(store).items()} == {"A": "ok", "B": "lost"})
        assert known(store)["A"].listed.name == "Satu"
        assert {thing.mode for thing in known(store).values()} == {"demo"}
    finally:
        store.close()
    assert utc_now() - shelf.heartbeat_at() < timedelta(seconds=5)
    running.send_signal(signal.SIGTERM)
    assert running.wait(8) == 0


def test_a_camera_that_looks_at_an_open_incident_goes_faster_until_it_is_closed(process, tmp_path):
    process()
    ground = Ground(city=load_city(DEFAULT_CODE), places=Unsurveyed())
    store = open_store(tmp_path / FILE_NAME, discover_layers().found, ground)

    def told():
        return [(load_status(tmp_path)[id_].period_s, load_status(tmp_path)[id_].period_reason) for id_ in "AB"]

    def bring(fact):
        now = utc_now()
        store.append([Event(id=stable_id(fact, now), at=now, seen=now, source="cad/incidents", fact=fact)])

    try:
        eventually(lambda: len(load_status(tmp_path)) == 2 and told() == [(2.0, "default")] * 2)
        report = Report(category="kebakaran", reported_at=utc_now(), lon=117.1301, lat=-0.51)
        bring(IncidentReported(incident="INC-1", report=report))
        eventually(lambda: told() == [(1.0, "near_incident"), (2.0, "default")])
        bring(IncidentStatusChanged(incident="INC-1", status="selesai"))
        eventually(lambda: told() == [(2.0, "default")] * 2)
    finally:
        store.close()


def known(store):
    return store.live().situation.of("cameras")


def test_it_ends_when_its_parent_is_killed(process, tmp_path):
    script = f"import subprocess, sys; p = subprocess.Popen([*{COMMAND!r}, *sys.argv[1:]]); p.wait()"
    parent = process(sys.executable, "-c", script)
    eventually(lambda: Shelf(tmp_path / "shelf").heartbeat_at())
    child = children(parent.pid)[0]
    parent.kill()
    parent.wait(5)
    eventually(lambda: not is_running(child))


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:  # noqa: PTH123 — procfs
        return [int(one) for one in file.read().split()]


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123 — procfs
        return file.read().split()[2] != "Z"


def test_wrong_settings_are_one_line_and_no_restart(process, tmp_path):
    (tmp_path / "layar.toml").write_text("[cameras]\nperiod_s = 0\n")
    assert process().wait(15) == WRONG_SETTINGS
    said = (tmp_path / "process.log").read_text()
    assert said.startswith("layar.toml: cameras.period_s")
    assert len(said.splitlines()) == 1


def test_it_loads_neither_dash_nor_flask_nor_pandas():
    code = "import sys, dashboard.camera_process; print([m for m in ('dash', 'flask', 'pandas') if m in sys.modules])"
    said = subprocess.run(  # noqa: S603 — ours
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert said.stdout.strip() == "[]"


def test_a_process_whose_cameras_stand_still_ends_itself(process):
    hung = "p.Fleet.run = lambda *_: time.sleep(60)"
    code = f"import time, dashboard.camera_process as p; {hung}; p._HUNG_LOOKS = 2; p.main()"
    assert process(sys.executable, "-c", code).wait(40) == 70


def test_only_turns_that_stand_still_end_it():
    ended, turns, given_up = threading.Event(), iter(range(200)), []

    def turn():
        number = next(turns)
        if number > 100:
            ended.set()
        return number // 20

    watch_turns(turn, ended, look_s=0.0001, end=lambda: given_up.append(1))
    assert given_up == []
    watch_turns(lambda: 7, threading.Event(), look_s=0.0001, end=lambda: given_up.append(1))
    assert given_up == [1]
