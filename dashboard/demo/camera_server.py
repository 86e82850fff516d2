"""The simulated street cameras as a small HTTP server: `/cam/<id>.jpg` gives a picture, `/cam/<id>.mjpg` pushes them.

Run by `layar demo` as a process of its own (`python -m dashboard.demo.camera_server`), on this machine only.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import click
import cv2

from dashboard.demo.cast import Staged, cameras
from dashboard.demo.frame import Caption, Painter
from dashboard.demo.mishaps import Condition, condition_of
from dashboard.demo.streets import street_graph
from geodata.city import City
from geodata.ground import load_ground

HOST = "127.0.0.1"
_MOST_CONNECTIONS = 96
_IDLE_S = 30.0
_PUSH_EVERY_S = 1.0
_DRAWN_WITHIN_S = 20.0
_BOUNDARY = "layar"


class Studio:
    """All painters of a demo, and the one thread that draws.

    One, so that pictures never cost more than one core; always the same one, because OpenCV loads its font anew
    in every thread, which takes eight times as long as the picture itself.
    """

    def __init__(self, staged: Iterable[Staged], city: City, phase_s: float = 0.0) -> None:
        self._painters = {one.camera.id: _painter(one, city) for one in staged}
        self._phase_s = phase_s
        self._hand = ThreadPoolExecutor(max_workers=1, thread_name_prefix="painter")
        self._kept: dict[str, tuple[float, bytes]] = {}

    @property
    def cameras(self) -> frozenset[str]:
        """Ids of the cameras there are."""
        return frozenset(self._painters)

    def condition(self, camera: str, seconds: float) -> Condition:
        """How that camera is just now."""
        return condition_of(camera, seconds, self._phase_s)

    def jpeg(self, camera: str, shows_s: float) -> bytes:
        """Its picture of that moment; asked for the same moment again, the same bytes."""
        return self._hand.submit(self._drawn, camera, shows_s).result(_DRAWN_WITHIN_S)

    def _drawn(self, camera: str, shows_s: float) -> bytes:
        kept = self._kept.get(camera)
        if kept is None or kept[0] != shows_s:
            kept = (shows_s, self._painters[camera].jpeg(datetime.fromtimestamp(shows_s, UTC)))
            self._kept[camera] = kept
        return kept[1]

    def rehearse(self, seconds: float) -> None:
        """Paint every backdrop before the first camera is asked."""
        for camera in self._painters:
            self.jpeg(camera, seconds)


def _painter(staged: Staged, city: City) -> Painter:
    caption = Caption(name=staged.camera.name, zone=city.zone, zone_label=city.zone_label)
    return Painter(staged.scene, caption, is_rainy=staged.is_rainy)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_S
    studio: Studio
    clock_s: Callable[[], float]

    def do_GET(self) -> None:
        """One picture, or a stream of them until the viewer or the camera goes away."""
        name, _, kind = self.path.removeprefix("/cam/").partition(".")
        if not self.path.startswith("/cam/") or name not in self.studio.cameras or kind not in {"jpg", "mjpg"}:
            self.send_error(404)
            return
        condition = self.studio.condition(name, self.clock_s())
        if condition.mishap == "dead":
            self.close_connection = True  # no answer at all: the cable is cut
        elif kind == "jpg":
            self._picture(name, condition)
        else:
            self._push(name)

    def _picture(self, name: str, condition: Condition) -> None:
        jpeg = self.studio.jpeg(name, condition.shows_s)
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg")
        self.send_header("Content-Length", str(len(jpeg)))
        if condition.mishap == "late":
            self.send_header(
                "Last-Modified", format_datetime(datetime.fromtimestamp(condition.shows_s, UTC), usegmt=True)
            )
        self.end_headers()
        self.wfile.write(jpeg)

    def _push(self, name: str) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
        self.end_headers()
        while (condition := self.studio.condition(name, self.clock_s())).mishap != "dead":
            jpeg = self.studio.jpeg(name, condition.shows_s)
            head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
            self.wfile.write(head.encode() + jpeg + b"\r\n")
            time.sleep(_PUSH_EVERY_S)

    def version_string(self) -> str:
        """What `Server` says."""
        return "layar-simulasi"

    def log_message(self, *_: object) -> None:
        """Nothing: a picture a second is no news."""


class CameraServer(ThreadingHTTPServer):
    """Serves a studio; more connections than `_MOST_CONNECTIONS` are closed at once."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, port: int, studio: Studio, clock_s: Callable[[], float] = time.time) -> None:
        handler = type("_Bound", (_Handler,), {"studio": studio, "clock_s": staticmethod(clock_s)})
        super().__init__((HOST, port), handler)
        self._free = threading.Semaphore(_MOST_CONNECTIONS)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 — as socketserver calls it
        """Start a thread for the connection, if there is still one to be had."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """The whole life of one connection."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, _request: object, _client_address: object) -> None:
        """Viewers go away in the middle of a picture; that is theirs to do."""


def free_port() -> int:
    """A port of this machine nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def base_url(port: int) -> str:
    """Where the cameras answer."""
    return f"http://{HOST}:{port}"


@click.command()
@click.option("--data", "data_dir", required=True, type=click.Path(path_type=Path, file_okay=False))
@click.option("--seed", required=True, type=int)
@click.option("--port", required=True, type=click.IntRange(1, 65535))
def main(data_dir: Path, seed: int, port: int) -> None:
    """Serve the cameras until told to stop."""
    cv2.setNumThreads(1)
    ground = load_ground(data_dir)
    staged = cameras(ground, street_graph(ground, seed), seed, base_url(port))
    studio = Studio(staged, ground.city, phase_s=seed * 61.0)
    studio.rehearse(time.time())
    CameraServer(port, studio).serve_forever()


if __name__ == "__main__":
    main()
