"""What the cameras tell, on its way into a real log."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from cctv.camera import Camera
from cctv.truth import PictureFault
from cctv.truth_judge import PictureJudged
from cctv.worker import HealthChange
from dashboard.camera_log import CameraLog
from dashboard.camera_process import Unsurveyed
from geodata.city import DEFAULT_CODE, load_city
from geodata.clock import utc_now
from geodata.errors import StoreUnavailable
from geodata.places import Ground
from layers.layer import discover_layers
from layers.store.sqlite import FILE_NAME, open_store

CAMERA = Camera(id="CAM-07", name="Jembatan Mahakam", lon=117.13, lat=-0.51, url="rtsp://10.0.0.7/1", kind="rtsp")
T0 = utc_now()


def change(health, fault=None, after_s=0, camera="CAM-07", late_s=4.5):
    since = T0 + timedelta(seconds=after_s)
    return HealthChange(camera=camera, health=health, fault=fault, since=since, last_picture_at=T0, late_s=late_s)


class Stubborn:
    """A log that refuses until it is let."""

    def __init__(self, store):
        self.store, self.refuses, self.tries = store, True, 0

    def live(self):
        """As the log does, or not."""
        self.tries += 1
        if self.refuses:
            raise StoreUnavailable("the disk is full")
        return self.store.live()

    def append(self, events):
        """As the log does."""
        return self.store.append(events)

    def close(self):
        """The test closes it."""


@pytest.fixture
def store(tmp_path):
    ground = Ground(city=load_city(DEFAULT_CODE), places=Unsurveyed())
    store = open_store(tmp_path / FILE_NAME, discover_layers().found, ground)
    yield store
    store.close()


@pytest.fixture
def run(store):
    """`run()` → (log, its store), writing until the end of the test."""
    stopping, threads = threading.Event(), []

    def start(kept=None):
        kept = kept or Stubborn(store)
        log = CameraLog(lambda: kept, "demo")
        threads.append(threading.Thread(target=log.run, args=(stopping,)))
        threads[-1].start()
        return log, kept

    yield start
    stopping.set()
    for thread in threads:
        thread.join(5)
        assert not thread.is_alive()


def willing(store):
    kept = Stubborn(store)
    kept.refuses = False
    return kept


def eventually(look, timeout_s=6.0):
    end = time.monotonic() + timeout_s
    while not look():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def known(store):
    return store.live().situation.of("cameras")


def facts(store):
    return [event.fact for _, event in store.since(0).events]


def test_the_inventory_and_the_health_of_a_camera_reach_the_situation(run, store):
    log, _ = run(willing(store))
    log.listed((CAMERA,))
    log.health(change("lost", "refused"))
    eventually(
        lambda: "CAM-07" in known(store) and known(store)["CAM-07"].health == "lost" and known(store)["CAM-07"].listed
    )
    thing = known(store)["CAM-07"]
    assert thing.listed.name == "Jembatan Mahakam"
    assert thing.reason.startswith("kamera menolak sambungan")
    assert thing.since == T0
    assert thing.mode == "demo"
    assert {event.source for _, event in store.since(0).events} == {"cctv/health", "cctv/inventory"}
    assert not any("10.0.0.7" in repr(fact) for fact in facts(store))


def test_only_news_is_written(run, store):
    log, _ = run(willing(store))
    log.listed((CAMERA,))
    eventually(lambda: len(facts(store)) == 1)
    log.listed((CAMERA, replace(CAMERA, id="CAM-08")))
    log.health(change("ok"))
    eventually(lambda: len(facts(store)) == 3)
    again, _ = run(willing(store))  # as after a restart
    again.listed((CAMERA, replace(CAMERA, id="CAM-08")))
    again.health(change("ok", after_s=60))
    again.listed((CAMERA,))
    eventually(lambda: len(facts(store)) == 4)
    assert facts(store)[-1].kind == "camera_delisted"
    assert known(store)["CAM-08"].listed is None


def test_a_moved_camera_is_told_anew(run, store):
    log, _ = run(willing(store))
    log.listed((CAMERA,))
    eventually(lambda: facts(store))
    log.listed((replace(CAMERA, azimuth_deg=90.0),))
    eventually(lambda: known(store)["CAM-07"].listed.azimuth_deg == 90)


def test_while_the_log_refuses_the_newest_state_of_each_camera_waits(run, store):
    log, kept = run()
    log.listed((CAMERA,))
    for number in range(200):
        log.health(change("lost", "refused", number))
        log.health(change("ok", after_s=number + 0.5))
        log.health(change("ok", after_s=number, camera="CAM-08"))
    eventually(lambda: kept.tries >= 2)
    assert len(log._news.health) <= 2
    kept.refuses = False
    eventually(lambda: len(facts(store)) == 3)
    assert known(store)["CAM-07"].since == T0 + timedelta(seconds=199.5)


def test_telling_never_waits_for_the_log(run):
    log, _ = run()
    began = time.monotonic()
    for number in range(1000):
        log.health(change("ok", after_s=number))
    assert time.monotonic() - began < 1


def test_what_is_told_last_is_written_before_the_end(store):
    stopping = threading.Event()
    log = CameraLog(lambda: willing(store), "live")
    log.health(change("ok"))
    stopping.set()
    log.run(stopping)
    assert known(store)["CAM-07"].health == "ok"


def judged(*kinds, after_s=0, value=0.1):
    faults = tuple(PictureFault(kind=kind, value=value, threshold=0.6, since=T0) for kind in kinds)
    return PictureJudged(camera="CAM-07", at=T0 + timedelta(seconds=after_s), faults=faults)


def test_what_is_wrong_with_a_picture_is_an_event_with_its_evidence_and_so_is_its_end(run, store):
    log, _ = run(willing(store))
    log.judged(judged("frozen", "moved"))
    eventually(lambda: "CAM-07" in known(store))
    assert known(store)["CAM-07"].faults == judged("frozen", "moved").faults
    log.judged(judged("frozen", "moved", after_s=2, value=0.2))  # other figures are no news
    log.judged(judged(after_s=4))
    eventually(lambda: not known(store)["CAM-07"].faults)
    assert [fact.kind for fact in facts(store)] == ["camera_picture_judged"] * 2
    assert known(store)["CAM-07"].judged_at == T0 + timedelta(seconds=4)


def test_a_picture_that_was_never_doubted_writes_nothing(run, store):
    log, _ = run(willing(store))
    log.judged(judged())
    log.health(change("ok"))
    eventually(lambda: facts(store))
    assert [fact.kind for fact in facts(store)] == ["camera_health_changed"]


def test_a_verdict_waits_while_the_log_refuses(run, store):
    log, kept = run()
    log.judged(judged("black"))
    eventually(lambda: kept.tries)
    kept.refuses = False
    eventually(lambda: facts(store))
    assert [fault.kind for fault in known(store)["CAM-07"].faults] == ["black"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_when_writing_fails_for_good_the_whole_process_is_told_to_end():
    class Defective:
        """A log that fails as no log should."""

        is_closed = False

        def live(self):
            """Never."""
            raise LookupError("a bug")

        def close(self):
            """Remembers it."""
            self.is_closed = True

    stopping, store = threading.Event(), Defective()
    log = CameraLog(lambda: store, "live")
    writing = threading.Thread(target=log.run, args=(stopping,))
    writing.start()
    log.health(change("ok"))
    writing.join(5)
    assert not writing.is_alive()
    assert stopping.is_set()
    assert store.is_closed
