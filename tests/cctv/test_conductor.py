"""The pace of cameras in a running fleet: changed by the list, by incidents and by a decoder that is behind."""

import threading
import time
from contextlib import ExitStack
from dataclasses import replace

import pytest

from cctv.camera import Camera
from cctv.conductor import Conductor
from cctv.fleet import Fleet, Listener
from cctv.inventory import save_cameras
from cctv.pace import Paced, Tempo
from cctv.status import load_status

A = Camera(id="A", name="A", lon=117.1, lat=-0.5, url="sim:", kind="simulated")
B = replace(A, id="B", name="B")


def eventually(look, timeout_s=40.0):
    end = time.monotonic() + timeout_s
    while not look():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


@pytest.fixture
def near():
    """Ids of the cameras near an open incident."""
    return set()


@pytest.fixture
def fleet(tmp_path, near):
    """A running fleet of A and B."""
    save_cameras(tmp_path, [A, B])
    stopping = threading.Event()
    tempo = Tempo(period_s=2.0, near_period_s=0.5, most_stretch=1.3)
    listener = Listener(health=lambda _: None, listed=lambda _: None)
    made = Fleet(tmp_path, listener, conductor=Conductor(tempo, lambda: frozenset(near)))
    thread = threading.Thread(target=made.run, args=(stopping,))
    thread.start()
    eventually(lambda: [status.health for status in load_status(tmp_path).values()] == ["ok", "ok"])
    yield made
    stopping.set()
    thread.join(20)


def reasons(folder):
    return {id_: (status.period_s, status.period_reason) for id_, status in load_status(folder).items()}


def test_a_new_pace_in_the_list_holds_without_a_new_connection(fleet, tmp_path):
    worker = fleet.workers["A"]
    save_cameras(tmp_path, [replace(A, period_s=9.0), B])
    eventually(lambda: reasons(tmp_path) == {"A": (9.0, "camera"), "B": (2.0, "default")})
    assert fleet.workers["A"] is worker


@pytest.mark.usefixtures("fleet")
def test_near_an_incident_pictures_come_faster_until_it_is_over(near, tmp_path):
    near.add("A")
    eventually(lambda: reasons(tmp_path) == {"A": (0.5, "near_incident"), "B": (2.0, "default")})
    near.clear()
    eventually(lambda: reasons(tmp_path) == {"A": (2.0, "default"), "B": (2.0, "default")})


def test_when_decoding_is_behind_only_cameras_without_an_incident_wait_longer_and_not_for_ever(fleet, near, tmp_path):
    near.add("A")
    with ExitStack() as busy:
        for _ in range(2):
            busy.enter_context(fleet._around.lanes.decoding.turn(lambda: False))
        eventually(lambda: reasons(tmp_path)["B"][1] == "stretched")
        assert 2.0 < reasons(tmp_path)["B"][0] <= 2.6
        assert reasons(tmp_path)["A"] == (0.5, "near_incident")
    eventually(lambda: reasons(tmp_path)["B"] == (2.0, "default"))


def test_a_source_that_waits_long_goes_on_at_once_when_it_is_to_be_faster(reach_to):
    pace = [Paced(period_s=3600.0, usual_s=3600.0)]
    reach = reach_to("sim:", "simulated", pace=lambda: pace[0])
    began_s, said = time.monotonic(), []
    waiting = threading.Thread(target=lambda: said.append(reach.is_over_by_next(began_s)))
    waiting.start()
    pace[0] = Paced(period_s=0.1, usual_s=3600.0)
    waiting.join(20)
    assert said == [False]


def test_a_source_that_waits_ends_when_it_is_stopped(reach_to):
    reach = reach_to("sim:", "simulated", period_s=3600.0)
    reach.stopping.set()
    assert reach.is_over_by_next(time.monotonic())
