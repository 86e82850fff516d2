"""Live video for browsers: who may watch which camera, and for how long somebody did. It sends no video itself.

A browser opens `/video` once per page and says by POST which cameras it shows. Once the gate has let it in, its
connection is handed to the live video process (docs/decisions/0007-live-video.md); here stays who it is, what was
granted, and a row in the audit for each beginning and end.
"""

import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import Forbidden

from dashboard.auth import ANONYMOUS, OPERATORS, VIEWERS, Access, Principal, principal, viewer_role
from dashboard.live_video_wire import LAST_TILE, MOST_TILES, call, order, words
from dashboard.live_video_words import OBSTACLES
from dashboard.problems import problem
from dashboard.services import Services
from geodata.errors import BadInput, NotFound, StoreUnavailable
from layers.layer import Role

ACCESS: Access = {"video": VIEWERS, "video_tiles": VIEWERS}
MOST_SCREENS = 32
LONGEST_S = 6 * 3600.0
"""A screen comes through the gate anew so often."""
_LOG = structlog.get_logger()
_LOOK_S = 1.0
_ANSWERS_WITHIN_S = 2.0
_MOST_BODY = 16_384
_BUSY = 503
_GRANTED: Mapping[str, Any] = {"state": "granted"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A camera on a tile."""

    camera: str
    began_s: float


@dataclass(slots=True, kw_only=True)
class Screen:
    """One page that watches: `line` leads to the video process, which holds the page's connection."""

    id: str
    asks: Principal
    role: Role
    line: socket.socket
    began_s: float
    tiles: dict[int, Shown] = field(default_factory=dict)


class Desk:
    """Grants and ends. Its methods may be called from any thread."""

    def __init__(self, services: Services, data_dir: Path) -> None:
        self._services = services
        self._data_dir = data_dir
        self._lock = threading.RLock()
        self._screens: dict[str, Screen] = {}
        self._watch: threading.Thread | None = None

    def open(self, asks: Principal, role: Role) -> Screen:
        """A screen without tiles. Raises StoreUnavailable when there are too many, or nobody sends video."""
        with self._lock:
            self._bury()
            if len(self._screens) >= MOST_SCREENS:
                raise StoreUnavailable("too many screens show live video")
            try:
                line = call(self._data_dir, _ANSWERS_WITHIN_S)
            except OSError:
                raise StoreUnavailable("the live video process does not answer") from None
            screen = Screen(id=secrets.token_hex(16), asks=asks, role=role, line=line, began_s=time.monotonic())
            self._screens[screen.id] = screen
            if self._watch is None:
                self._watch = threading.Thread(target=self._run, name="live video watch", daemon=True)
                self._watch.start()
            return screen

    def hand_over(self, screen: Screen, viewer: socket.socket, *, is_chunked: bool) -> None:
        """Give the viewer's connection away. Raises OSError."""
        order(screen.line, {"is_chunked": is_chunked}, viewer)
        ours, theirs = socket.socketpair()
        os.dup2(ours.fileno(), viewer.fileno())  # whatever the server still does to its end does not reach the viewer
        ours.close()
        theirs.close()

    def show(self, screen_id: str, asks: Principal, wanted: Mapping[int, str]) -> dict[str, Any]:
        """What becomes of each tile. Tiles that are not wanted any more end. Raises NotFound, StoreUnavailable."""
        with self._lock:
            self._bury()
            screen = self._screens.get(screen_id)
            if screen is None or screen.asks.name != asks.name:
                raise NotFound("there is no such screen; open /video anew")
            for tile in [tile for tile, shown in screen.tiles.items() if wanted.get(tile) != shown.camera]:
                self._end_tile(screen, tile, "closed")
            said = {str(tile): self._grant(screen, tile, camera) for tile, camera in wanted.items()}
            self._tell(screen)
            return said

    def close(self, screen: Screen, why: str) -> None:
        """The screen is gone: every tile ends."""
        with self._lock:
            if self._screens.pop(screen.id, None) is None:
                return
            for tile in list(screen.tiles):
                self._end_tile(screen, tile, why)
            screen.line.close()

    def _grant(self, screen: Screen, tile: int, camera_id: str) -> Mapping[str, Any]:
        if tile in screen.tiles:
            return _GRANTED
        obstacle = self._obstacle(screen, camera_id)
        if obstacle is None and not self._services.audit.note(screen.asks.name, "live.start", camera_id):
            obstacle = "unaudited"
        if obstacle is not None:
            return {"state": "refused", "reason": obstacle, **OBSTACLES[obstacle].both}
        screen.tiles[tile] = Shown(camera_id, time.monotonic())
        return _GRANTED

    def _obstacle(self, screen: Screen, camera_id: str) -> str | None:
        listed = next((one for one in self._services.inventory() if one.id == camera_id), None)
        if listed is None or not self._may_see(screen, camera_id):
            return "unlisted"
        if listed.masks:
            return "masked"
        if listed.kind != "rtsp":
            return "kind"
        shown = sum(len(one.tiles) for one in self._screens.values())
        is_full = shown >= self._services.settings.cameras.live_tiles or len(screen.tiles) >= MOST_TILES
        return "full" if is_full else None

    def _may_see(self, screen: Screen, camera_id: str) -> bool:
        camera = self._services.hub.picture(screen.role).situation.of("cameras").get(camera_id)
        return camera is not None and camera.listed is not None

    def _end_tile(self, screen: Screen, tile: int, why: str) -> None:
        shown = screen.tiles.pop(tile)
        seconds = round(time.monotonic() - shown.began_s, 1)
        self._services.audit.note(screen.asks.name, "live.end", shown.camera, seconds=seconds, why=why)

    def _tell(self, screen: Screen) -> None:
        try:
            order(screen.line, {"tiles": {str(tile): shown.camera for tile, shown in screen.tiles.items()}})
        except OSError:
            self.close(screen, "connection")

    def _run(self) -> None:
        """Once a second, as long as there are screens: who has gone, and who may not watch any more."""
        pause = threading.Event()
        while True:
            pause.wait(_LOOK_S)
            with self._lock:
                for screen in list(self._screens.values()):
                    self._look(screen)
                if not self._screens:
                    self._watch = None
                    return

    def _bury(self) -> None:
        """Who has gone takes no place."""
        for screen in list(self._screens.values()):
            if _has_ended(screen.line):
                self.close(screen, "connection")

    def _look(self, screen: Screen) -> None:
        if self._services.hub.is_stopping or _has_ended(screen.line):
            self.close(screen, "connection")
        elif not self._is_still_allowed(screen):
            self.close(screen, "rights")
        elif time.monotonic() - screen.began_s > LONGEST_S:
            self.close(screen, "renewal")
        else:
            hidden = [tile for tile, shown in screen.tiles.items() if not self._still_shows(screen, shown.camera)]
            for tile in hidden:
                self._end_tile(screen, tile, "rights")
            if hidden:
                self._tell(screen)

    def _is_still_allowed(self, screen: Screen) -> bool:
        return self._services.accounts.stands(screen.asks.proof)

    def _still_shows(self, screen: Screen, camera_id: str) -> bool:
        """While the log is being read anew nobody can tell; what was granted stays."""
        try:
            return self._may_see(screen, camera_id)
        except StoreUnavailable:
            return True


def _has_ended(line: socket.socket) -> bool:
    """The video process says nothing on it; it closes it when the viewer is gone."""
    try:
        return line.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def register(server: Flask, services: Services, data_dir: Path) -> None:
    """Add `/video` and what a page shows on it."""
    desk = Desk(services, data_dir)

    def video() -> Response:
        asks, role = _watcher(services), viewer_role()
        viewer = request.environ.get("gunicorn.socket")
        if viewer is None or request.method == "HEAD":
            return problem(_BUSY, "live video needs `layar serve`")
        screen = desk.open(asks, role)
        is_chunked = request.environ.get("SERVER_PROTOCOL") != "HTTP/1.0"
        body = _opening(desk, screen, viewer, is_chunked=is_chunked)
        response = Response(body, content_type="application/octet-stream")
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Accel-Buffering"] = "no"  # nginx would keep it back
        return response

    def video_tiles(screen: str) -> Response:
        said = desk.show(screen, _watcher(services), _wanted())
        return Response(orjson.dumps({"tiles": said}), content_type="application/json")

    server.add_url_rule("/video", "video", video)
    server.add_url_rule("/video/<screen>/tiles", "video_tiles", video_tiles, methods=["POST"])


def _watcher(services: Services) -> Principal:
    """Who asks, if they may watch. Raises Forbidden. The audit wants a name, so nobody watches without a token."""
    asks = principal()
    is_let = asks.role in OPERATORS or (asks.role in VIEWERS and services.settings.access.live_for_wall)
    if not is_let or asks.name == ANONYMOUS:
        raise Forbidden
    return asks


def _opening(desk: Desk, screen: Screen, viewer: socket.socket, *, is_chunked: bool) -> Iterator[bytes]:
    """The head of the answer and its first frame go out by the web server, all that follows by the video process."""
    is_handed_over = False
    try:
        yield words({"screen": screen.id})
        desk.hand_over(screen, viewer, is_chunked=is_chunked)
        is_handed_over = True
    except OSError as error:
        _LOG.warning("live_video_not_handed_over", reason=error.strerror or type(error).__name__)
    finally:
        if not is_handed_over:
            desk.close(screen, "connection")


def _wanted() -> dict[int, str]:
    """The body: {"tiles": {"1": "CAM-07"}}. The page chooses the numbers."""
    request.max_content_length = _MOST_BODY
    try:
        tiles = orjson.loads(request.get_data(cache=False))["tiles"]
        wanted = {int(tile): camera for tile, camera in tiles.items()}
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
        raise BadInput("tiles is an object: number of the tile → id of the camera", field="tiles") from None
    if len(wanted) > 2 * MOST_TILES or not all(0 < tile <= LAST_TILE for tile in wanted):
        raise BadInput(f"at most {MOST_TILES} tiles, numbered from 1 to {LAST_TILE}", field="tiles")
    if not all(isinstance(camera, str) for camera in wanted.values()):
        raise BadInput("a tile shows the id of a camera", field="tiles")
    return wanted
