"""What web server, live video process and browser say to each other, and where the first two meet.

They meet at a socket in DIR that only its owner may open. The web server sends orders as JSON, one message each; with
the first comes the viewer's own connection, which from then on belongs to the video process. To the browser go frames:
kind, tile, length, payload.
"""

import os
import socket
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

SOCKET_NAME = "live-video.sock"
MOST_TILES = 9
"""On one screen."""
LAST_TILE = 65_535
WORDS, BEGINNING, PIECE = 0, 1, 2
_HEAD = struct.Struct(">BHI")
_MOMENT = struct.Struct(">d")
_MOST_ORDER = 16_384


def words(said: Mapping[str, Any]) -> bytes:
    """A frame that tells the browser something; it belongs to no tile unless it names one."""
    return frame(WORDS, 0, orjson.dumps(said))


def frame(kind: int, tile: int, payload: bytes) -> bytes:
    """One frame."""
    return _HEAD.pack(kind, tile, len(payload)) + payload


def piece(tile: int, arrived_s: float, data: bytes) -> bytes:
    """A frame of video with the time (epoch seconds) at which its newest picture came to this machine."""
    return frame(PIECE, tile, _MOMENT.pack(arrived_s) + data)


def chunk(data: bytes) -> bytes:
    """As HTTP/1.1 sends a body whose length nobody knows yet."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def meet(data_dir: Path) -> socket.socket:
    """The place where the video process waits for orders. Raises OSError."""
    place = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with _short(data_dir) as folder:
        Path(folder, SOCKET_NAME).unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            place.bind(f"{folder}/{SOCKET_NAME}")
        finally:
            os.umask(before)
    place.listen(16)
    return place


def call(data_dir: Path, timeout_s: float) -> socket.socket:
    """A connection to the video process. Raises OSError while there is none."""
    line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    line.settimeout(timeout_s)
    try:
        with _short(data_dir) as folder:
            line.connect(f"{folder}/{SOCKET_NAME}")
    except OSError:
        line.close()
        raise
    line.settimeout(0)  # from now on nobody waits: an order that finds no room is an error
    return line


def order(line: socket.socket, said: Mapping[str, Any], viewer: socket.socket | None = None) -> None:
    """Send one order; the first brings the viewer's connection. Raises OSError."""
    data = orjson.dumps(said)
    if viewer is None:
        line.send(data)
    else:
        socket.send_fds(line, [data], [viewer.fileno()])


def heard(line: socket.socket) -> tuple[Mapping[str, Any] | None, list[int]]:
    """The next order and the connections that came with it; None when the other end is gone. Raises OSError."""
    data, descriptors, _, _ = socket.recv_fds(line, _MOST_ORDER, 1)
    if not data:
        return None, list(descriptors)
    said = orjson.loads(data)
    return (said if isinstance(said, dict) else {}), list(descriptors)


@contextmanager
def _short(folder: Path) -> Iterator[str]:
    """A name for the folder that is short enough for a socket's address, however deep it lies."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)
