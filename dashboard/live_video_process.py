"""The live video process: every camera that somebody watches, repackaged for browsers and sent to all its viewers.

`python -m dashboard.live_video_process --data DIR`, started by the supervisor. It owns the viewers' connections, which
the web server hands it once the gate has let them in: a slow viewer or a crash in FFmpeg costs the web server nothing.
It knows no roles; it refuses only what can never be shown. Idle it does nothing.
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import structlog

from cctv.camera import Camera, Reach
from cctv.faults import sentence
from cctv.guard import Guard
from cctv.inventory import FILE_NAME as INVENTORY
from cctv.inventory import load_cameras
from cctv.remux import Beginning, Piece
from cctv.secrets import FILE_NAME as SECRETS
from cctv.secrets import Credentials, credentials_for, load_secrets
from dashboard.config import guard_of, load_settings
from dashboard.live_video_source import Ended, News, Source
from dashboard.live_video_viewer import Viewer
from dashboard.live_video_wire import BEGINNING, frame, heard, meet, piece, words
from dashboard.live_video_words import OBSTACLES
from dashboard.logs import log_as_json
from dashboard.options import config_option, data_option, mode_option
from dashboard.supervisor import WRONG_SETTINGS
from geodata.clock import epoch_s
from geodata.errors import BadInput, BadInventory
from layers.event import Mode

_LOG = structlog.get_logger()
_LOOK_S = 1.0
_LINGER_LOOKS = 1
"""A camera nobody watches is let go after so many looks: who only turned a page comes back to a running one."""
_MOST_BACKLOG = 2_500_000
_HUNG_LOOKS = 20
_HUNG = 70
MakeSource = Callable[[Reach, Callable[[News], None]], Source]


class Watched:
    """One camera: what its newest session gave, and who gets it."""

    def __init__(self, camera_id: str) -> None:
        self.camera_id = camera_id
        self.viewers: set[tuple[Viewer, int]] = set()
        self.looks_alone = 0
        self.source: Source | None = None
        self._beginning: Beginning | None = None
        self._backlog: list[Piece] = []
        self._state: Mapping[str, Any] = {"state": "opening"}

    def hear(self, news: News) -> None:
        """Keep what a later viewer needs, and pass it on."""
        if isinstance(news, Piece):
            self._keep(news)
            self._send(lambda tile: piece(tile, epoch_s(news.arrived_at), news.data))
        elif isinstance(news, Beginning):
            self._beginning, self._backlog = news, []
            self._change({"state": "playing", "codec": news.codec})
            self._send(lambda tile: frame(BEGINNING, tile, news.data))
        else:
            self.forget()
            self._change(_ending(news))

    def _keep(self, one: Piece) -> None:
        """From the newest keyframe on: whoever joins begins there and at once."""
        if one.is_key:
            self._backlog = []
        if one.is_key or self._backlog:
            self._backlog.append(one)
        if sum(len(kept.data) for kept in self._backlog) > _MOST_BACKLOG:
            self._backlog = []

    def forget(self) -> None:
        """What was is no more: a new session begins."""
        self._beginning, self._backlog = None, []
        self._state = {"state": "opening"}

    def join(self, viewer: Viewer, tile: int) -> None:
        """Show this viewer what there is, from the newest keyframe on. Who is gone does not join."""
        if viewer.is_closed:
            return
        self.viewers.add((viewer, tile))
        self.looks_alone = 0
        viewer.send(words({"tile": tile, "camera": self.camera_id, **self._state}))
        if self._beginning is not None:
            viewer.send(frame(BEGINNING, tile, self._beginning.data))
        for one in self._backlog:
            viewer.send(piece(tile, epoch_s(one.arrived_at), one.data))

    def look(self) -> None:
        """Once a second: let go of who is gone, and count how long nobody watches."""
        self.viewers = {(viewer, tile) for viewer, tile in self.viewers if not viewer.is_closed}
        self.looks_alone = 0 if self.viewers else self.looks_alone + 1

    def _change(self, state: Mapping[str, Any]) -> None:
        self._state = state
        self._send(lambda tile: words({"tile": tile, "camera": self.camera_id, **state}))

    def _send(self, made: Callable[[int], bytes]) -> None:
        for viewer, tile in tuple(self.viewers):
            viewer.send(made(tile))


def _ending(news: Ended) -> Mapping[str, Any]:
    if news.is_for_good:
        return {"state": "refused", "reason": news.why, **OBSTACLES[news.why].both}
    said = sentence(news.why)
    return {"state": "lost", "reason": news.why, "text": said.id, "text_en": said.en}


class Studio:
    """All that runs in the loop of the process; only `hear` of a source comes from other threads."""

    def __init__(self, data_dir: Path, guard: Guard, make_source: MakeSource = Source) -> None:
        self._data_dir = data_dir
        self._guard = guard
        self._make_source = make_source
        self._loop = asyncio.get_running_loop()
        self._watched: dict[str, Watched] = {}
        self._viewers: set[Viewer] = set()
        self._leaving: dict[Source, int] = {}
        self._cameras: dict[str, tuple[Camera, Credentials | None]] = {}
        self._stamp: object = None

    async def run(self, stopping: asyncio.Event) -> None:
        """Take viewers and orders until told to stop. Raises OSError when it cannot listen."""
        place = meet(self._data_dir)
        place.settimeout(0)
        self._loop.add_reader(place, self._accept, place)
        _LOG.info("live_video_ready", pid=os.getpid())
        while not stopping.is_set():
            self._look()
            try:
                await asyncio.wait_for(stopping.wait(), _LOOK_S)
            except TimeoutError:
                continue
        self._loop.remove_reader(place)
        place.close()
        for viewer in tuple(self._viewers):
            viewer.close()

    def _accept(self, place: socket.socket) -> None:
        try:
            line, _ = place.accept()
        except OSError:
            return
        line.settimeout(0)
        viewer = Viewer(line, gone=self._gone)
        self._viewers.add(viewer)
        self._loop.add_reader(line, self._obey, viewer)

    def _obey(self, viewer: Viewer) -> None:
        """One order of the web server: a viewer's connection, or the tiles that a viewer shall see now."""
        try:
            said, descriptors = heard(viewer.line)
        except BlockingIOError:
            return
        except (OSError, ValueError):
            said, descriptors = None, []
        if said is None:
            viewer.close()
        for descriptor in descriptors:
            viewer.take(descriptor, is_chunked=bool(said and said.get("is_chunked")))
        if said is not None and isinstance(said.get("tiles"), dict):
            self._show(viewer, {int(tile): str(camera) for tile, camera in said["tiles"].items()})

    def _show(self, viewer: Viewer, tiles: Mapping[int, str]) -> None:
        for tile, camera_id in viewer.tiles.items():
            if tiles.get(tile) != camera_id and camera_id in self._watched:
                self._watched[camera_id].viewers.discard((viewer, tile))
        before, viewer.tiles = viewer.tiles, dict(tiles)
        self._read_lists()
        for tile, camera_id in tiles.items():
            if viewer.is_closed:  # dropped by what it was just sent: it opens no more cameras
                return
            if before.get(tile) != camera_id:
                self._watch(camera_id).join(viewer, tile)

    def _gone(self, viewer: Viewer) -> None:
        self._viewers.discard(viewer)
        self._loop.remove_reader(viewer.line)
        for tile, camera_id in viewer.tiles.items():
            if camera_id in self._watched:
                self._watched[camera_id].viewers.discard((viewer, tile))

    def _watch(self, camera_id: str) -> Watched:
        if camera_id not in self._watched:
            watched = self._watched[camera_id] = Watched(camera_id)
            self._open(watched)
        return self._watched[camera_id]

    def _open(self, watched: Watched) -> None:
        """Begin a session with the camera as it is listed now."""
        camera, credentials = self._cameras.get(watched.camera_id, (None, None))
        if camera is None:
            watched.hear(Ended("unlisted", is_for_good=True))
            return
        reach = Reach(
            camera=camera,
            username=credentials.user if credentials else None,
            password=credentials.password if credentials else None,
            guard=self._guard,
        )

        def tell(news: News) -> None:
            with suppress(RuntimeError):  # the loop has ended, and so will we
                self._loop.call_soon_threadsafe(hear, news)

        def hear(news: News) -> None:
            if watched.source is source:
                watched.hear(news)

        source = watched.source = self._make_source(reach, tell)
        _LOG.info("live_opened", camera=watched.camera_id)
        source.start()

    def _let_go(self, watched: Watched) -> None:
        if watched.source is not None:
            watched.source.stop()
            self._leaving[watched.source] = 0
            _LOG.info("live_closed", camera=watched.camera_id)
        watched.source = None

    def _look(self) -> None:
        """Once a second: lists that changed, cameras nobody watches, viewers that are too slow, threads that hang."""
        self._read_lists()
        for watched in tuple(self._watched.values()):
            watched.look()
            if watched.looks_alone > _LINGER_LOOKS:
                self._let_go(watched)
                del self._watched[watched.camera_id]
        for viewer in tuple(self._viewers):
            viewer.look()
        self._leaving = {source: looks + 1 for source, looks in self._leaving.items() if source.is_alive}
        if any(looks > _HUNG_LOOKS for looks in self._leaving.values()):
            _LOG.error("live_source_hung")
            os._exit(_HUNG)

    def _read_lists(self) -> None:
        """What the list and the credentials say now; a camera that changed begins anew, with its masks looked at."""
        stamp: object = tuple(_stamp(self._data_dir / name) for name in (INVENTORY, SECRETS))
        if stamp == self._stamp:
            return
        try:
            secrets = load_secrets(self._data_dir)
            cameras = {one.id: (one, credentials_for(one.id, secrets)) for one in load_cameras(self._data_dir)}
        except (BadInventory, OSError) as error:
            _LOG.warning("inventory_refused", reason=type(error).__name__)
            cameras, stamp = {}, None  # whether a camera may be shown is not known: none is; again in a second
        before, self._cameras, self._stamp = self._cameras, cameras, stamp
        for watched in self._watched.values():
            if before.get(watched.camera_id) != cameras.get(watched.camera_id):
                self._let_go(watched)
                watched.forget()
                self._open(watched)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_ctime_ns, stat.st_size, stat.st_ino


async def _serve(data_dir: Path, guard: Guard) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    await Studio(data_dir, guard).run(stopping)


@click.command()
@data_option
@config_option
@mode_option
def main(data_dir: Path, config_file: Path | None, mode: Mode | None) -> None:  # noqa: ARG001 — as all children
    """Send live video of the cameras in DIR to those whom the web server lets in; started by `layar serve`."""
    log_as_json()
    try:
        guard = guard_of(load_settings(data_dir, config_file))
    except BadInput as error:
        click.echo(str(error), err=True)
        sys.exit(WRONG_SETTINGS)
    asyncio.run(_serve(data_dir, guard))
    sys.stderr.flush()
    os._exit(0)  # a thread may still be inside FFmpeg, which does not like to be torn down under it


if __name__ == "__main__":
    main()
