"""The live message over HTTP: asked for again and again, or pushed as it comes. The same bytes either way."""

import gzip
import socket
import threading
from collections.abc import Callable, Iterator

from flask import Flask, Response, request

from dashboard.auth import VISITORS, Access, principal, viewer_role
from dashboard.live import Hub
from dashboard.problems import problem
from dashboard.services import Services
from layers.layer import Role

ACCESS: Access = {"live": VISITORS, "live_stream": VISITORS}
HEARTBEAT_S = 2.0
"""Short: a page takes three missed beats for a server that is gone, and says so."""
RETRY_MS = 2_000
_LOOK_S = 1.0
_BEAT = b"event: heartbeat\ndata: -\n\n"
"""Not a comment: a page cannot see those, and would take a quiet hour for a dead line."""
_ZIP_FROM_BYTES = 1_400
_ZIP_LEVEL = 5
_UNCHANGED, _BUSY = 304, 503


class Seats:
    """How many streams may be open at once, so that ordinary requests always find a thread."""

    def __init__(self, count: int) -> None:
        self._free = threading.BoundedSemaphore(count)

    def take(self) -> bool:
        """Whether there was a free one."""
        return self._free.acquire(blocking=False)

    def give_back(self) -> None:
        """The stream has ended."""
        self._free.release()


def register(server: Flask, services: Services) -> None:
    """Add `/live` and `/live/stream`."""
    hub, seats = services.hub, Seats(services.settings.server.threads // 2)

    def live() -> Response:
        return _polled(hub, viewer_role(), request.args.get("cursor"), services.build)

    def live_stream() -> Response:
        if not seats.take():
            return _busy()
        role, said = viewer_role(), request.headers.get("Last-Event-ID") or request.args.get("cursor")
        viewer, asks = request.environ.get("gunicorn.socket"), principal()

        def is_over() -> bool:
            is_let_in = services.accounts.stands(asks.proof) and services.visits.holds(asks)
            return has_hung_up(viewer) or not is_let_in

        response = Response(stream(hub, role, said, is_over), content_type="text/event-stream; charset=utf-8")
        response.call_on_close(seats.give_back)
        response.headers["X-Accel-Buffering"] = "no"  # nginx would keep the events back
        return _private(response)

    server.add_url_rule("/live", "live", live)
    server.add_url_rule("/live/stream", "live_stream", live_stream)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie, Authorization"
    return response


def _busy() -> Response:
    response = problem(_BUSY, "every stream is taken; poll /live instead")
    response.headers["Retry-After"] = "30"
    return response


def _polled(hub: Hub, role: Role, said: str | None, build: str) -> Response:
    """304 when the cursor, or the ETag, is the newest."""
    newest = hub.picture(role).said_as
    etag = f"{newest}.{role}.{build}"
    if said == newest or request.if_none_match.contains(etag):
        response = Response(status=_UNCHANGED)
    else:
        told = hub.answer(role, said)
        etag = f"{told.cursor}.{role}.{build}"
        response = Response(told.data, content_type="application/json")
        _zip(response)
    response.set_etag(etag)
    response = _private(response)
    response.vary.add("Accept-Encoding")
    return response


def _zip(response: Response) -> None:
    body: bytes = response.get_data()
    if len(body) >= _ZIP_FROM_BYTES and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(body, _ZIP_LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"


def has_hung_up(viewer: socket.socket | None) -> bool:
    """Whether the other end has closed; else a seat would stay taken until the next heartbeat fails."""
    if viewer is None:
        return False
    try:
        return viewer.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def stream(hub: Hub, role: Role, said: str | None, is_gone: Callable[[], bool]) -> Iterator[bytes]:
    """Server-sent events until the viewer goes or the server stops. Between two of them nothing is kept."""
    yield b"retry: %d\n\n" % RETRY_MS + _BEAT
    with hub.streaming(role):
        quiet_s = 0.0
        while not hub.is_stopping and not is_gone():
            if hub.wait(role, said, _LOOK_S):
                told = hub.answer(role, said)
                said, quiet_s = told.cursor, 0.0
                yield b"id: " + told.cursor.encode() + b"\ndata: " + told.data + b"\n\n"
                continue
            quiet_s += _LOOK_S
            if quiet_s >= HEARTBEAT_S:
                quiet_s = 0.0
                yield _BEAT
