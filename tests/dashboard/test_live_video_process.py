"""Who is dropped in the middle of being shown its tiles keeps no camera running."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from cctv.camera import discover_sources
from cctv.guard import Guard
from cctv.inventory import import_cameras
from dashboard.live_video_process import Studio, Watched
from dashboard.live_video_viewer import Viewer

LIST = "id,name,lon,lat,url\n" + "".join(f"CAM-{n},C{n},117.15,-0.5,rtsp://127.0.0.1:9/{n}\n" for n in range(3))
TILES = {0: "CAM-0", 1: "CAM-1", 2: "CAM-2"}
LOOKS = 3


class FakeSource:
    """A session that says nothing and lasts until it is stopped."""

    def __init__(self, reach, _tell) -> None:
        self.camera = reach.camera.id
        self.is_alive = False

    def start(self) -> None:
        """Begin."""
        self.is_alive = True

    def stop(self) -> None:
        """End at once."""
        self.is_alive = False


class Fickle(Viewer):
    """Is dropped by the frame of this number, as one that is too slow would be."""

    def __init__(self, line, gone, dropped_at) -> None:
        super().__init__(line, gone)
        self.left = dropped_at

    def send(self, data) -> None:
        """Send it as any viewer would, and count it."""
        super().send(data)
        self.left -= 1
        if self.left == 0:
            self.close()


class Stage:
    """The studio of the process, with sessions that are not real."""

    def __init__(self, folder) -> None:
        self.sources = []
        self.studio = Studio(folder, Guard(networks=()), self._make_source)

    def _make_source(self, reach, tell):
        self.sources.append(FakeSource(reach, tell))
        return self.sources[-1]

    def running(self):
        """The cameras that have a session."""
        return [one.camera for one in self.sources if one.is_alive]

    def look(self) -> None:
        """As long as a camera is kept that nobody watches."""
        for _ in range(LOOKS):
            self.studio._look()

    @contextmanager
    def viewer(self, dropped_at=0):
        """One that the studio knows; `dropped_at` 0 stays."""
        ours, theirs = socket.socketpair()
        with ours, theirs:
            made = Fickle(theirs, self.studio._gone, dropped_at)
            yield made
            made.close()


@pytest.fixture
def play(tmp_path):
    """`play(scene)` runs `scene(stage)` in a loop, as the process does.

    In a thread of its own: in this one Playwright may have left a loop running.
    """
    import_cameras(LIST.encode(), tmp_path, discover_sources().found)

    async def run(scene):
        scene(Stage(tmp_path))

    with ThreadPoolExecutor(1) as thread:
        yield lambda scene: thread.submit(lambda: asyncio.run(run(scene))).result()


@pytest.mark.parametrize(("dropped_at", "opened"), [(1, 1), (2, 2), (3, 3)])
def test_who_is_dropped_while_its_tiles_are_shown_keeps_no_camera(play, dropped_at, opened):
    def scene(stage):
        with stage.viewer(dropped_at) as viewer:
            stage.studio._show(viewer, TILES)
            assert viewer.is_closed
            assert len(stage.running()) == opened  # and none after it was gone
            stage.look()
            assert stage.running() == []

    play(scene)


def test_who_stays_keeps_its_cameras_when_another_is_dropped(play):
    def scene(stage):
        with stage.viewer() as stays, stage.viewer(dropped_at=1) as dropped:
            stage.studio._show(stays, {7: "CAM-1"})
            stage.studio._show(dropped, TILES)
            stage.look()
            assert stage.running() == ["CAM-1"]

    play(scene)


def test_who_is_gone_does_not_join(play):
    def scene(stage):
        with stage.viewer() as viewer:
            viewer.close()
            watched = Watched("CAM-0")
            watched.join(viewer, 1)
            assert watched.viewers == set()

    play(scene)


def test_a_look_lets_go_of_who_is_gone(play):
    def scene(stage):
        with stage.viewer() as viewer:
            stage.studio._show(viewer, TILES)
            viewer.tiles = {}  # so that its end cannot tell where it sat
            viewer.close()
            stage.look()
            assert stage.running() == []

    play(scene)
