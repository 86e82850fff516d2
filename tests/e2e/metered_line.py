"""A line between a browser and a server that counts what really goes through it, both ways, and when."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHUNK = 65536


class MeteredLine:
    """Listens on a port of its own and hands every connection on to `port`, counting bytes."""

    def __init__(self, port: int) -> None:
        self.down: list[tuple[float, int]] = []
        self.up: list[tuple[float, int]] = []
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]

    @staticmethod
    def between(counted: list[tuple[float, int]], start: float, end: float) -> int:
        """Bytes in a span of the monotonic clock."""
        return sum(count for at, count in counted if start <= at < end)

    def open(self) -> None:
        """Take connections from now on."""
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Cut everything."""
        for end in (self._listener, *self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._to), 10)
                far.settimeout(None)
                self._ends += [near, far]
                for source, sink, counted in ((near, far, self.up), (far, near, self.down)):
                    threading.Thread(target=_pump, args=(source, sink, counted), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket, counted: list[tuple[float, int]]) -> None:
    with suppress(OSError):
        while data := source.recv(_CHUNK):
            counted.append((time.monotonic(), len(data)))
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def metered(port: int) -> Iterator[MeteredLine]:
    """A line to that port of this machine."""
    line = MeteredLine(port)
    line.open()
    try:
        yield line
    finally:
        line.close()
