"""A line between a browser and a server that keeps every byte that reaches the browser, and unpacks what was packed."""

import gzip
import re
import socket
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHUNK = 65536
_HEAD = re.compile(rb"HTTP/1\.1 \d{3}[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n")


class RecordedLine:
    """Listens on a port of its own and hands every connection on to `port`."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._kept: list[list[bytes]] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]

    def forget(self) -> None:
        """What came until now is not asked about any more."""
        for kept in list(self._kept):
            kept.clear()

    def said(self) -> bytes:
        """All of it: as it came, and once more without the seams of chunks and unpacked where it was packed."""
        whole = [b"".join(kept) for kept in list(self._kept)]
        return b"\n".join(part for one in whole for part in (one, *_answers(one)))

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
                kept: list[bytes] = []
                self._kept.append(kept)
                threading.Thread(target=_pump, args=(near, far, []), daemon=True).start()
                threading.Thread(target=_pump, args=(far, near, kept), daemon=True).start()


def _answers(whole: bytes) -> Iterator[bytes]:
    """The bodies of a connection, one after another. A body that looks like a head is cut there: nothing gets lost."""
    heads = list(_HEAD.finditer(whole))
    for number, head in enumerate(heads):
        end = heads[number + 1].start() if number + 1 < len(heads) else len(whole)
        said, body = head.group().lower(), whole[head.end() : end]
        plain = _joined(body) if b"transfer-encoding: chunked" in said else body
        yield _unpacked(plain) if b"content-encoding: gzip" in said else plain


def _joined(body: bytes) -> bytes:
    """Chunks by their sizes; where a chunk has not come whole, what there is of it."""
    joined, at = b"", 0
    while (found := re.compile(rb"([0-9a-fA-F]{1,8})\r\n").match(body, at)) and (size := int(found.group(1), 16)):
        joined += body[found.end() : found.end() + size]
        at = found.end() + size + 2
    return joined


def _unpacked(body: bytes) -> bytes:
    with suppress(OSError, EOFError, zlib.error):
        return gzip.decompress(body)
    return zlib.decompressobj(31).decompress(body)  # broken off, so as far as it goes


def _pump(source: socket.socket, sink: socket.socket, kept: list[bytes]) -> None:
    with suppress(OSError):
        while data := source.recv(_CHUNK):
            kept.append(data)
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def recorded(port: int) -> Iterator[RecordedLine]:
    """A line to that port of this machine."""
    line = RecordedLine(port)
    line.open()
    try:
        yield line
    finally:
        line.close()
