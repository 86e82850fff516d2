"""A stage for the wall and the camera wall: their real pages, styles and scripts; the test itself writes the news.

`/live` and `/live/stream` speak the message of docs/architecture.md. The server can be killed and come back on
the same port. Nothing here knows the log, the hub or the tokens.
"""

import itertools
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
from dash import Dash
from flask import Flask, Response, request
from werkzeug.serving import BaseWSGIServer, make_server

from dashboard import map_routes
from dashboard.basemap import ground_of
from dashboard.config import LayarSettings
from dashboard.page import Page
from dashboard.pages import camera_wall, wall
from dashboard.security import content_policy
from dashboard.walls import WallSettings
from geodata.ground import load_ground
from layers.layer import discover_layers

ROOT = Path(__file__).parents[2]
NOW = 1_795_392_000.0
_WAIT_S = 0.5
_FROZEN_AT_MOST_S = 30

Json = dict[str, Any]


class Script:
    """What has been told so far. A delta leads from each cursor to the next; anything else gets the whole."""

    def __init__(self, now: float = NOW) -> None:
        self.now = now
        self.build = "test+1"
        self.mode = "live"
        self.panels: Json = {}
        self.things: dict[str, dict[str, list[Json]]] = {}
        self.columns: dict[str, Json] = {}
        self.number = 0
        self.deltas: dict[str, Json] = {}
        self.news = threading.Condition()

    @property
    def cursor(self) -> str:
        """Opaque to the page."""
        return f"{self.number}.stage"

    def tell(
        self,
        layers: dict[str, list[Json]] | None = None,
        *,
        drop: dict[str, list[str]] | None = None,
        columns: dict[str, Json] | None = None,
        panels: Json | None = None,
    ) -> None:
        """One more message; `panels` are merged into those told before."""
        with self.news:
            before = self.cursor
            parts: dict[str, Json] = {}
            for name, features in (layers or {}).items():
                self._keep(name, features)
                parts[name] = {"set": features, "drop": []}
            for name, keys in (drop or {}).items():
                for key in keys:
                    self.things.get(name, {}).pop(key, None)
                parts.setdefault(name, {"set": [], "drop": []})["drop"] = keys
            for name, table in (columns or {}).items():
                self.columns[name] = table
                parts[name] = {"columns": {k: v for k, v in table.items() if k != "trail"}, "drop": []}
            body: Json = {"layers": parts}
            if panels is not None:
                self.panels = {**self.panels, **panels}
                body["panels"] = self.panels
            self.number += 1
            self.deltas[before] = {"from": before, "cursor": self.cursor, **body}
            self.news.notify_all()

    def _keep(self, name: str, features: list[Json]) -> None:
        held = self.things.setdefault(name, {})
        for key, group in itertools.groupby(features, key=lambda feature: feature["properties"]["key"]):
            held[key] = list(group)

    def forget_deltas(self) -> None:
        """As after a restart of the server: whoever asks gets the whole picture."""
        self.deltas.clear()

    def answer(self, cursor: str | None) -> Json:
        """The message that leads on from a cursor."""
        envelope = {"build": self.build, "now": self.now, "mode": self.mode}
        if cursor in self.deltas:
            return {**envelope, **self.deltas[cursor]}
        layers: dict[str, Json] = {
            name: {"set": list(itertools.chain.from_iterable(held.values())), "drop": []}
            for name, held in self.things.items()
        }
        layers |= {name: {"columns": table, "drop": []} for name, table in self.columns.items()}
        return {**envelope, "from": None, "cursor": self.cursor, "layers": layers, "panels": self.panels}


class Stage:
    """The page and its server on a port of 127.0.0.1."""

    def __init__(self, script: Script, data_dir: Path, walls: tuple[WallSettings, ...] = ()) -> None:
        self.script = script
        self.settings = LayarSettings(walls=walls)
        self.pictures: dict[str, tuple[bytes, float]] = {}
        self.beats: list[tuple[str, str, Json]] = []
        self.is_shut_out = False
        self.has_streams = True
        self.awake = threading.Event()
        self.awake.set()
        self.app = self._app(data_dir)
        self.port = 0
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Address of the wall."""
        return f"http://127.0.0.1:{self.port}/wall/"

    def start(self) -> None:
        """Serve, on the same port as before where there was one."""
        self._server = self._bound()
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self.port = self._server.port
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def _bound(self) -> BaseWSGIServer:
        """Somebody else's connection may hold the port for a moment after a kill."""
        for _ in range(100):
            try:
                return make_server("127.0.0.1", self.port, self.app, threaded=True)
            except SystemExit:  # werkzeug's way to say that the port is taken
                time.sleep(0.2)
        raise OSError(f"port {self.port} is taken")

    def freeze(self) -> None:
        """As a stopped process or a pulled cable: connections stay open, nothing comes through them."""
        self.awake.clear()

    def thaw(self) -> None:
        """Go on as if nothing had been."""
        self.awake.set()

    def kill(self) -> None:
        """Gone at once, streams and all."""
        server, self._server = self._server, None
        if server is None:
            return
        server.shutdown()
        server.server_close()
        with self.script.news:
            self.script.news.notify_all()

    def _app(self, data_dir: Path) -> Flask:
        server = Flask("stage", static_folder=str(ROOT / "assets"), static_url_path="/assets")
        services: Any = SimpleNamespace(
            ground=load_ground(data_dir),
            layers=discover_layers().found,
            settings=self.settings,
            build=self.script.build,
            mode=self.script.mode,
        )
        map_routes.register(server, services, ground_of(LayarSettings().basemap, services.ground.city, data_dir))
        server.add_url_rule("/live", "live", self._live)
        server.add_url_rule("/api/v1/visit", "visit", lambda: {"is_on": False, "since": None, "may_begin": False})
        server.add_url_rule("/live/stream", "live_stream", self._live_stream)
        server.add_url_rule("/cameras/<key>.jpg", "picture", self._picture)
        server.add_url_rule("/api/v1/walls/<wall>/screens/<screen>/beat", "beat", self._beat, methods=["POST"])
        apps = [_page(server, page, services) for page in (wall.PAGE, camera_wall.PAGE)]
        server.after_request(_policy({said for app in apps for said in app.csp_hashes()}))
        return server

    def _live(self) -> Response:
        self.awake.wait(_FROZEN_AT_MOST_S)
        if self.is_shut_out:
            return Response(status=401)
        cursor = request.args.get("cursor")
        if cursor == self.script.cursor:
            return Response(status=304)
        return Response(orjson.dumps(self.script.answer(cursor)), content_type="application/json")

    def _live_stream(self) -> Response:
        self.awake.wait(_FROZEN_AT_MOST_S)
        if self.is_shut_out or not self.has_streams:
            return Response(status=401 if self.is_shut_out else 503)
        return Response(self._stream(request.args.get("cursor")), content_type="text/event-stream")

    def _stream(self, cursor: str | None) -> Iterator[bytes]:
        serving = self._server
        yield b"event: heartbeat\ndata: %.3f\n\n" % self.script.now
        while self._server is serving:
            self.awake.wait(_FROZEN_AT_MOST_S)
            with self.script.news:
                if cursor == self.script.cursor:
                    self.script.news.wait(_WAIT_S)
                message = None if cursor == self.script.cursor else self.script.answer(cursor)
            if message is None:
                yield b"event: heartbeat\ndata: -\n\n"
                continue
            cursor = message["cursor"]
            yield b"id: " + str(cursor).encode() + b"\ndata: " + orjson.dumps(message) + b"\n\n"

    def _beat(self, wall: str, screen: str) -> Response:
        self.beats.append((wall, screen, request.get_json()))
        return Response(status=204)

    def _picture(self, key: str) -> Response:
        if key not in self.pictures:
            return Response(status=404)
        jpeg, at = self.pictures[key]
        response = Response(jpeg, content_type="image/jpeg", headers={"X-Observed-At": str(at)})
        response.set_etag(f"{key}-{at}")
        response.make_conditional(request)
        return response


def _page(server: Flask, page: Page, services: Any) -> Dash:
    app = Dash(
        name="stage",
        server=server,  # type: ignore[arg-type]
        url_base_pathname=f"{page.path}/",
        assets_folder=str(ROOT / "assets"),
        assets_external_path="/",
        update_title=None,  # type: ignore[arg-type]
    )
    app.layout = lambda: page.layout(services)
    return app


def _policy(hashes: set[str]) -> Any:
    policy = content_policy(sorted(hashes))

    def add(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        return response

    return add
