"""Short ways to a camera and what reaches it."""

import threading
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from fake_camera import FakeCamera

from cctv.camera import Camera, Reach
from cctv.pace import steady

NOW = datetime(2026, 11, 22, 11, 18, tzinfo=UTC)


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def camera_at():
    """`camera_at(url, kind)` → a Camera."""

    def make(url, kind="http_jpeg", **more):
        said = {"id": "CAM-07", "name": "Jembatan Mahakam", "lon": 117.13, "lat": -0.51, **more}
        return Camera(url=url, kind=kind, **said)

    return make


@pytest.fixture
def reach_to(camera_at):
    """`reach_to(url, kind, **reach)` → a Reach with short time-outs."""

    def make(url, kind="http_jpeg", **more):
        bounds = {"open_timeout_s": 0.7, "read_timeout_s": 0.7, **more}
        pace = bounds.pop("pace", steady(bounds.pop("period_s", 0.2)))
        return Reach(camera=camera_at(url, kind), pace=pace, **bounds)

    return make


@pytest.fixture
def fake():
    """`fake(behaviour)` → a running FakeCamera."""
    with ExitStack() as cameras:
        yield lambda *behaviour: cameras.enter_context(FakeCamera(*behaviour))


@pytest.fixture
def stopping():
    """Set at the end of the test, whatever happens."""
    event = threading.Event()
    yield event
    event.set()
