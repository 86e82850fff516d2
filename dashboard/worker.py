"""gunicorn's threaded worker, made patient: a thread is given to a request only once it has arrived.

gunicorn reads headers and bodies in the threads that answer, so that as many strangers as there are threads, each
sending a byte now and then, stop the server. Here the one selector collects what arrives; who is not done in time is
closed. Only bodies too large to wait for are read by a thread, once the gate has let them in, and not for ever.
"""

import re
import selectors
import socket
import struct
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import TConn, ThreadWorker

ARRIVES_WITHIN_S = 10.0
"""From the first byte (of a new connection: from its beginning) to the last of a small request."""
READ_WITHIN_S = 60.0
"""How long a thread may wait for a body that was not waited for here."""
STUCK_S = 20
"""A viewer that takes nothing for so long is gone."""
LINGER_S = 2.0
MOST_WAITED_FOR = 64 * 1024
_ONE_READ = 16 * 1024
_MOST_HEAD = 64 * 1024
_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_SPECIAL = re.compile(rb"\r\n(?:transfer-encoding|expect|upgrade):", re.IGNORECASE)


def has_arrived(said: bytes) -> bool:
    """Whether a thread may begin: all is there, or it is nothing that could be waited for here."""
    end = said.find(_END_OF_HEAD)
    if end < 0:
        return len(said) > _MOST_HEAD  # gunicorn has the right words for that
    missing = _missing(said, end)
    return missing is None or missing <= 0


def is_whole(said: bytes) -> bool:
    """Whether the body is there too; never known of one in chunks."""
    end = said.find(_END_OF_HEAD)
    missing = _missing(said, end) if end >= 0 else None
    return missing is not None and missing <= 0


def _missing(said: bytes, end: int) -> int | None:
    """How many bytes are still to come; None where nobody can wait: chunks, a large body, one to be asked for."""
    head = said[: end + 2]
    length = _LENGTH.search(head)
    body = int(length[1]) if length else 0
    if _SPECIAL.search(head) or body > MOST_WAITED_FOR:
        return None
    return end + len(_END_OF_HEAD) + body - len(said)


@dataclass(slots=True, kw_only=True)
class _Arriving:
    """What has come so far; `until_s` is when patience ends."""

    until_s: float
    said: bytearray = field(default_factory=bytearray)


class Connection(TConn):  # type: ignore[misc]  # gunicorn ships no types
    """One whose end does not hold up the others: gunicorn would wait for it in the one thread that accepts."""

    let_go: Callable[[socket.socket], None] = staticmethod(util.close)

    def close(self, graceful: bool = False) -> None:  # noqa: FBT001, FBT002 — as gunicorn has it
        """The worker hears the rest out, or the answer could be lost on its way."""
        if graceful:
            self.let_go(self.sock)
        else:
            util.close(self.sock)


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """All but `handle` runs in the main thread, as in its parent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 — as gunicorn has it
        super().__init__(*args, **kwargs)
        self._arriving: dict[Any, _Arriving] = {}
        self._reading: dict[Any, float] = {}
        self._leaving: dict[socket.socket, float] = {}

    def accept(self, listener: socket.socket) -> None:
        """Take one connection and begin to collect."""
        try:
            guest, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        guest.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", STUCK_S, 0))
        self.nr_conns += 1
        connection = Connection(self.cfg, guest, address, listener.getsockname())
        connection.let_go = self._let_go
        self.enqueue_req(connection)

    def enqueue_req(self, conn: Any) -> None:  # noqa: ANN401 — gunicorn ships no types
        """Collect the next request of a connection; what was read with the last one belongs to it."""
        arriving = _Arriving(until_s=time.monotonic() + ARRIVES_WITHIN_S)
        if conn.parser is not None:
            arriving.said += conn.parser.unreader.take_buffered()
        self._arriving[conn] = arriving
        conn.sock.settimeout(0)
        self.poller.register(conn.sock, selectors.EVENT_READ, lambda _socket: self._collect(conn))
        if has_arrived(bytes(arriving.said)):
            self._begin(conn)

    def _collect(self, conn: Any) -> None:  # noqa: ANN401 — gunicorn ships no types
        arriving = self._arriving[conn]
        try:
            more = conn.sock.recv(_ONE_READ)
        except BlockingIOError:
            return
        except OSError:
            more = b""
        arriving.said += more
        if not more:
            self._give_up(conn)
        elif has_arrived(bytes(arriving.said)):
            self._begin(conn)

    def _begin(self, conn: Any) -> None:  # noqa: ANN401 — gunicorn ships no types
        said = bytes(self._arriving.pop(conn).said)
        self.poller.unregister(conn.sock)
        conn.init()
        conn.parser.unreader.unread(said)
        conn.data_ready = True
        if not is_whole(said):
            self._reading[conn] = time.monotonic() + READ_WITHIN_S
        super().enqueue_req(conn)

    def _give_up(self, conn: Any) -> None:  # noqa: ANN401 — gunicorn ships no types
        del self._arriving[conn]
        self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def handle_request(self, req: Any, conn: Any) -> Any:  # noqa: ANN401 — as gunicorn has it
        """A connection that is not waited for afterwards (see below) is told so in the answer."""
        if conn in self._reading:
            req.force_close()
        return super().handle_request(req, conn)

    def _keepalive_after(self, conn: Any, keepalive: Any) -> bool:  # noqa: ANN401 — as gunicorn has it
        """A body that nobody wanted and that has not come is not waited for."""
        return bool(keepalive and conn not in self._reading and super()._keepalive_after(conn, keepalive))

    def finish_request(self, conn: Any, fs: "Future[Any]") -> None:  # noqa: ANN401 — as gunicorn has it
        """The thread is free again."""
        self._reading.pop(conn, None)
        super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        """Called at least once a second: end what has taken too long."""
        super().murder_pending()
        now_s = time.monotonic()
        for conn in [conn for conn, one in self._arriving.items() if one.until_s <= now_s]:
            self._give_up(conn)
        for conn in [conn for conn, until_s in self._reading.items() if until_s <= now_s]:
            del self._reading[conn]
            _shut(conn.sock, socket.SHUT_RD)  # its thread reads the end of the body, and can still answer
        for guest in [guest for guest, until_s in self._leaving.items() if until_s <= now_s]:
            self._gone(guest)

    def _let_go(self, guest: socket.socket) -> None:
        """Our side is done; what the other still sends is thrown away for a moment (RFC 9112, 9.6)."""
        _shut(guest, socket.SHUT_WR)
        guest.settimeout(0)
        self._leaving[guest] = time.monotonic() + LINGER_S
        self.poller.register(guest, selectors.EVENT_READ, self._throw_away)

    def _throw_away(self, guest: socket.socket) -> None:
        try:
            is_over = not guest.recv(_ONE_READ)
        except BlockingIOError:
            return
        except OSError:
            is_over = True
        if is_over:
            self._gone(guest)

    def _gone(self, guest: socket.socket) -> None:
        del self._leaving[guest]
        self.poller.unregister(guest)
        guest.close()


def _shut(guest: socket.socket, direction: int) -> None:
    try:
        guest.shutdown(direction)
    except OSError:
        return  # the other end was faster
