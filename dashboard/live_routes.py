"""The live message over HTTP: asked for again and again, or pushed as it comes. The same bytes either way."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Flask, Response, request
from werkzeug.datastructures import ETags

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
_OK, _UNCHANGED, _BUSY = 200, 304, 503
_ONE_MOMENT_S = 0.1
"""How old the time in a message may be when it is sent."""
_MOST_MADE = 256


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """An answer to a poll: 304 without a body, or 200 with a message."""

    status: int
    etag: str
    data: bytes = b""
    is_zipped: bool = False


class Polls:
    """Answers polls. Who asks the same at one moment is given the same bytes, encoded and compressed once."""

    def __init__(self, hub: Hub, build: str, seconds: Callable[[], float] = time.monotonic) -> None:
        self._hub = hub
        self._build = build
        self._seconds = seconds
        self._made: dict[tuple[Role, str | None, bool], tuple[float, str, Polled]] = {}

    def polled(self, role: Role, said: str | None, known: ETags, *, takes_gzip: bool) -> Polled:
        """304 when the cursor, or an ETag, is the newest. Raises StoreUnavailable until the log has been read once."""
        newest = self._hub.picture(role).said_as
        etag = f"{newest}.{role}.{self._build}"
        if said == newest or known.contains(etag):
            return Polled(status=_UNCHANGED, etag=etag)
        key, now_s = (role, said, takes_gzip), self._seconds()
        made = self._made.get(key)
        if made is None or made[1] != newest or now_s - made[0] > _ONE_MOMENT_S:
            if len(self._made) >= _MOST_MADE:
                self._made = {}
            made = self._made[key] = (now_s, newest, self._message(role, said, takes_gzip=takes_gzip))
        return made[2]

    def _message(self, role: Role, said: str | None, *, takes_gzip: bool) -> Polled:
        told = self._hub.answer(role, said)
        etag = f"{told.cursor}.{role}.{self._build}"
        if not takes_gzip or len(told.data) < _ZIP_FROM_BYTES:
            return Polled(status=_OK, etag=etag, data=told.data)
        return Polled(status=_OK, etag=etag, data=gzip.compress(told.data, _ZIP_LEVEL, mtime=0), is_zipped=True)


def register(server: Flask, services: Services) -> None:
    """Add `/live` and `/live/stream`."""
    hub, seats = services.hub, Seats(services.settings.server.threads // 2)
    polls = Polls(hub, services.build)

    def live() -> Response:
        return _polled(polls, viewer_role(), request.args.get("cursor"))

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


def _polled(polls: Polls, role: Role, said: str | None) -> Response:
    takes_gzip = request.accept_encodings["gzip"] > 0
    polled = polls.polled(role, said, request.if_none_match, takes_gzip=takes_gzip)
    response = Response(polled.data, status=polled.status, content_type="application/json")
    if polled.status == _UNCHANGED:
        del response.headers["Content-Type"]
    if polled.is_zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(polled.etag)
    response = _private(response)
    response.vary.add("Accept-Encoding")
    return response


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
