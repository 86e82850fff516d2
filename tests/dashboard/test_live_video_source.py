"""One camera's video for many: it is tried again ever more rarely, and whatever it sends ends nothing else."""

import threading

import pytest

from cctv.camera import Camera, Reach
from cctv.remux import Beginning, Piece, Unplayable
from dashboard.live_video_source import Ended, Source, wait_after
from geodata.clock import utc_now
from geodata.errors import CameraLost
from tests.dashboard.conftest import until

CAMERA = Camera(id="CAM-1", name="Satu", lon=117.1, lat=-0.5, url="rtsp://127.0.0.1:9/1", kind="rtsp")
BEGINNING = Beginning(codec="avc1.4d401e", data=b"begin")
PIECE = Piece(data=b"piece", is_key=True, arrived_at=utc_now())


@pytest.fixture
def told():
    """`told(open)` → what a source that opens its camera so tells; it is stopped after the test."""
    sources, news = [], []

    def start(open_):
        source = Source(Reach(camera=CAMERA), news.append, open_)
        sources.append(source)
        source.start()
        return news

    yield start
    for source in sources:
        source.stop()
    until(lambda: not any(source.is_alive for source in sources))


def test_what_the_camera_gives_is_handed_on_in_its_order(told):
    stop = threading.Event()

    def camera(reach):
        yield BEGINNING
        yield PIECE
        reach.stopping.wait(30)
        stop.set()

    news = told(camera)
    until(lambda: len(news) == 2)
    assert news == [BEGINNING, PIECE]
    assert not stop.is_set()


def test_a_camera_that_is_lost_is_told_and_tried_again(told):
    tries = []

    def camera(_reach):
        tries.append(1)
        if len(tries) == 1:
            raise CameraLost("camera CAM-1", fault="refused")
        yield BEGINNING
        raise CameraLost("camera CAM-1", fault="stalled")

    news = told(camera)
    until(lambda: BEGINNING in news)
    assert news[:2] == [Ended("refused", is_for_good=False), BEGINNING]


def test_what_no_browser_plays_is_told_once_and_not_tried_again(told):
    def camera(reach):
        raise Unplayable(reach.camera.id, "h265")

    news = told(camera)
    until(lambda: news)
    assert news == [Ended("h265", is_for_good=True)]


def test_a_bug_met_in_a_stream_is_a_fault_of_that_camera_alone(told):
    def camera(_reach):
        raise ZeroDivisionError("rtsp://u:rahasia@10.0.0.7/1")

    news = told(camera)
    until(lambda: news)
    assert news[0] == Ended("broken", is_for_good=False)


@pytest.mark.parametrize(("failures", "least", "most"), [(1, 0.7, 1.3), (2, 1.4, 2.6), (4, 5.6, 10.4), (99, 21, 39)])
def test_the_waits_grow_to_half_a_minute_and_differ_between_cameras(failures, least, most):
    assert wait_after(failures, 0.0) == pytest.approx(least)
    assert wait_after(failures, 1.0) == pytest.approx(most)
