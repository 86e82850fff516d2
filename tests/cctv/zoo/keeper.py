"""The zoo's keeper: many cameras on 127.0.0.1 in one event loop, each of which can be made ill and well again.

`with Zoo() as zoo: cage = zoo.cage(behaviour)`. A behaviour is `(visit, asked) -> None`, async or not: `visit` has the
`sendall` of a socket, so that what `fake_camera.py` and `fake_rtsp.py` do over sockets can be done here as well.
"""

import asyncio
import inspect
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any, Self

from fake_camera import fill_queue

Behaviour = Callable[["Visit", bytes], Any]
_MOST_ASKED = 65_536


class Visit:
    """One connection to a camera."""

    def __init__(self, reader, writer):
        self._reader = reader
        self._writer = writer
        self._task = asyncio.current_task()

    def sendall(self, data):
        """As a socket's, but it never waits."""
        if self._writer.is_closing():
            raise ConnectionResetError
        self._writer.write(data)

    async def send(self, data):
        """The same, no faster than the other side takes it."""
        self.sendall(data)
        await self._writer.drain()

    async def asked(self):
        """The next question; nothing once they are gone."""
        try:
            return await self._reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return b""

    async def gone(self):
        """Say nothing until they hang up."""
        while await self._reader.read(_MOST_ASKED):
            pass

    def cut(self):
        """As when the power fails: no goodbye."""
        self._writer.transport.abort()
        self._task.cancel()

    async def end(self):
        """Close, once all is said."""
        with suppress(OSError, asyncio.CancelledError):
            self._writer.close()
            await self._writer.wait_closed()


class Cage:
    """One camera at one address. All methods are called from outside the loop and return once it is so."""

    def __init__(self, zoo: "Zoo", behave: Behaviour, host: str, port: int):
        self.behave = behave
        self.host, self.port = host, port
        self.visits = 0
        self._zoo = zoo
        self._here: set[Visit] = set()
        self._server: asyncio.Server | None = None
        self._hole = ExitStack()

    def url(self, path="/1", scheme="rtsp", host=None):
        """Where it is."""
        return f"{scheme}://{host or self.host}:{self.port}{path}"

    def holds(self, behave: Behaviour, *, is_cut=True):
        """From now on it behaves like that; unless `is_cut` is False it starts anew, as after a power cut."""
        self._zoo.do(self._hold(behave, is_cut=is_cut))

    def vanish(self):
        """Its port refuses."""
        self._zoo.do(self._close())

    def swallow(self):
        """Its port is a black hole."""
        self._zoo.do(self._close())
        self._hole.enter_context(fill_queue(self.host, self.port))

    def appear(self):
        """It listens, where it was before."""
        self._hole.close()
        self._zoo.do(self._open())

    async def _hold(self, behave, *, is_cut):
        self.behave = behave
        if is_cut:
            for visit in [*self._here]:
                visit.cut()

    async def _open(self):
        self._server = await asyncio.start_server(
            self._meet, self.host, self.port, limit=_MOST_ASKED, reuse_address=True
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self):
        self._hole.close()
        if self._server:
            self._server.close()
        await self._hold(self.behave, is_cut=True)

    async def _meet(self, reader, writer):
        visit = Visit(reader, writer)
        self._here.add(visit)
        self.visits += 1
        with suppress(OSError, asyncio.CancelledError):
            while asked := await visit.asked():
                done = self.behave(visit, asked)
                if inspect.isawaitable(done):
                    await done
                if b"RTSP/1.0" not in asked:
                    break
        await visit.end()
        self._here.discard(visit)


class Zoo:
    """A thread with an event loop, and the cages in it."""

    def __init__(self):
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="zoo")
        self._cages: list[Cage] = []

    def cage(self, behave: Behaviour, host="127.0.0.1", port=0) -> Cage:
        """A camera that can be reached."""
        cage = Cage(self, behave, host, port)
        self._cages.append(cage)
        cage.appear()
        return cage

    def do(self, work):
        """Let the loop do it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object):
        for cage in self._cages:
            cage.vanish()
        self.do(_end_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
        self._loop.close()


async def _end_all():
    """Visits may sleep for long."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def is_free(host, port):
    """Whether nobody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) != 0
