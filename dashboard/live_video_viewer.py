"""One viewer's connection in the live video process. It is never waited for: who cannot keep up is dropped."""

import asyncio
import socket
import time
from collections.abc import Callable

import structlog

from dashboard.live_video_wire import chunk, words
from geodata.clock import epoch_s, utc_now

_LOG = structlog.get_logger()
_MOST_WAITING_PER_TILE = 3_000_000
_LONGEST_BEHIND_S = 5.0
_MOST_IN_KERNEL = 256_000
_LATEST_S = 5.0
_BEAT_S = 2.0


class Viewer:
    """`line` is where the web server's orders come from; `tiles` what the viewer shall see: number → camera.

    When either end goes, `gone` is called once.
    """

    def __init__(self, line: socket.socket, gone: Callable[["Viewer"], None]) -> None:
        self.line = line
        self.tiles: dict[int, str] = {}
        self._gone = gone
        self._is_chunked = True
        self._began_s = self._beat_s = time.monotonic()
        self._behind_since_s: float | None = None
        self._transport: asyncio.Transport | None = None
        self._waiting: list[bytes] = []
        self._is_closed = self._is_taken = False

    @property
    def is_closed(self) -> bool:
        """Whether it is gone; nothing reaches it any more."""
        return self._is_closed

    def take(self, descriptor: int, *, is_chunked: bool) -> None:
        """The browser's connection: it belongs to this process from now on."""
        guest = socket.socket(fileno=descriptor)
        if self._is_taken or self._is_closed:
            guest.close()
            return
        self._is_taken, self._is_chunked = True, is_chunked
        guest.settimeout(0)
        if guest.family != socket.AF_UNIX:
            guest.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MOST_IN_KERNEL)  # what lies there is no longer live
        loop = asyncio.get_running_loop()
        self._taking = loop.create_task(self._adopt(loop, guest))

    async def _adopt(self, loop: asyncio.AbstractEventLoop, guest: socket.socket) -> None:
        transport, _ = await loop.create_connection(lambda: _Ear(self.close), sock=guest)
        self._transport = transport
        if self._is_closed:
            transport.abort()
            return
        waiting, self._waiting = self._waiting, []
        for data in waiting:
            self.send(data)

    def send(self, data: bytes) -> None:
        """Send it now or soon; drops the viewer when too much waits already."""
        if self._is_closed:
            return
        if self._transport is None:
            self._waiting.append(data)
            return
        self._transport.write(chunk(data) if self._is_chunked else data)
        self._look_how_far_behind()

    def _look_how_far_behind(self) -> None:
        waiting = self._transport.get_write_buffer_size() if self._transport else 0
        now_s = time.monotonic()
        if waiting == 0:
            self._behind_since_s = None
        elif self._behind_since_s is None:
            self._behind_since_s = now_s
        is_late = self._behind_since_s is not None and now_s - self._behind_since_s > _LONGEST_BEHIND_S
        if waiting > _MOST_WAITING_PER_TILE * max(1, len(self.tiles)) or is_late:
            _LOG.warning("live_viewer_dropped", waiting=waiting, tiles=len(self.tiles))
            self.close()

    def look(self) -> None:
        """Once a second: a sign of life with our time in it, and whether the connection ever came."""
        now_s = time.monotonic()
        if self._transport is None and now_s - self._began_s > _LATEST_S:
            self.close()
        elif self._transport is not None and now_s - self._beat_s >= _BEAT_S:
            self._beat_s = now_s
            self.send(words({"now": epoch_s(utc_now())}))

    def close(self) -> None:
        """Hang up on both ends."""
        if self._is_closed:
            return
        self._is_closed = True
        self._gone(self)
        self.line.close()
        if self._transport is not None:
            self._transport.abort()


class _Ear(asyncio.Protocol):
    """Hears the browser hang up; what it says otherwise is not for us."""

    def __init__(self, ended: Callable[[], None]) -> None:
        self._ended = ended

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 — asyncio's signature
        """The browser is gone, or we let it go."""
        self._ended()
