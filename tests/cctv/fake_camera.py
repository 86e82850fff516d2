"""Small real cameras on 127.0.0.1, and everything that can be wrong with one.

`with FakeCamera(behaviour) as camera:` serves one behaviour, which may be exchanged while it runs. A behaviour is
`(connection, asked) -> None`: `asked` is the request as it came (a `silent` one is not even read).
"""

import os
import re
import socket
import socketserver
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from typing import Self

import cv2
import numpy as np

from cctv.digest import Challenge, authorization

USER, PASSWORD = "pengawas", "rahasia/sekali@1"  # the canary: it may turn up nowhere
_REALM, _NONCE = "kamera", "a1b2c3"


def jpeg(width=1280, height=720, shade=90):
    """A JPEG with some content."""
    pixels = np.full((height, width, 3), shade, np.uint8)
    cv2.circle(pixels, (width // 2, height // 2), height // 4, (30, 200, 250), -1)
    return cv2.imencode(".jpg", pixels)[1].tobytes()


PICTURE = jpeg()


def lively(connection, _asked):
    """The good camera, never twice the same picture."""
    connection.sendall(answer(jpeg(shade=60 + time.monotonic_ns() // 100_000_000 % 120)))


def bomb():
    """A small JPEG that declares 30000 by 20000 pixels."""
    data = bytearray(jpeg(64, 48))
    at = data.find(b"\xff\xc0")
    data[at + 5 : at + 9] = (20000).to_bytes(2, "big") + (30000).to_bytes(2, "big")
    return bytes(data)


def answer(body, status="200 OK", kind="image/jpeg", extra=""):
    """A whole HTTP answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{extra}\r\n"
    return head.encode() + body


def picture(connection, _asked):
    """The good camera."""
    connection.sendall(answer(PICTURE))


def says(status, *, protocol="HTTP/1.1", extra="", body=b""):
    """A camera that answers with that status and nothing else."""

    def behave(connection, asked):
        number = re.search(rb"CSeq: (\d+)", asked)
        cseq = f"CSeq: {number[1].decode()}\r\n" if number else ""
        head = f"{protocol} {status}\r\n{cseq}Content-Length: {len(body)}\r\n{extra}\r\n"
        connection.sendall(head.encode() + body)

    return behave


def gives(body, kind="image/jpeg", extra=""):
    """A camera that answers 200 with that."""
    return lambda connection, _asked: connection.sendall(answer(body, kind=kind, extra=extra))


def mute(connection, _asked):
    """Takes the question and says nothing."""
    with suppress(OSError):
        connection.recv(1)


def garbage(connection, _asked):
    """Answers with noise."""
    while True:
        connection.sendall(os.urandom(4096))


def drip(connection, _asked):
    """One byte a fifth of a second, for ever."""
    gone = threading.Event()
    for byte in b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 500:
        connection.sendall(bytes([byte]))
        gone.wait(0.2)


def drip_body(connection, _asked):
    """The head at once, the picture a byte a fifth of a second."""
    connection.sendall(answer(PICTURE)[: -len(PICTURE)])
    gone = threading.Event()
    for byte in PICTURE:
        connection.sendall(bytes([byte]))
        gone.wait(0.2)


def short(connection, _asked):
    """Announces a whole picture and hangs up in the middle."""
    whole = answer(PICTURE)
    connection.sendall(whole[: len(whole) - len(PICTURE) // 2])


def endless(connection, _asked):
    """A body without length and without end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8")
    while True:
        connection.sendall(b"\0" * 65536)


def hang_up(connection, _asked):
    """Closes without a word."""
    connection.shutdown(socket.SHUT_RDWR)


def guarded(by, behave, protocol="HTTP/1.1", password=PASSWORD):
    """Asks for the password first, `by` "basic" or "digest"; digest is really verified."""
    wanted = 'Basic realm="kamera"' if by == "basic" else f'Digest realm="{_REALM}", nonce="{_NONCE}", qop="auth"'

    def guard(connection, asked):
        if _is_right(by, asked.decode("latin-1"), password):
            return behave(connection, asked)
        return says("401 Unauthorized", protocol=protocol, extra=f"WWW-Authenticate: {wanted}\r\n")(connection, asked)

    return guard


def _is_right(by, asked, password):
    said = re.search(r"Authorization: (.+)\r\n", asked)
    if not said:
        return False
    if by == "basic":
        return said[1] == authorization(Challenge(scheme="basic"), "GET", "/", USER, password)
    challenge = Challenge(scheme="digest", realm=_REALM, nonce=_NONCE, has_qop=True)
    method, uri = asked.split()[:2]
    cnonce = re.search(r'cnonce="(\w+)"', said[1])
    count = re.search(r"nc=(\w+)", said[1])
    return bool(cnonce and count) and said[1] == authorization(
        challenge, method, uri, USER, password, count=int(count[1], 16), cnonce=cnonce[1]
    )


def pushes(*, count=1000, every_s=0.1, has_length=True, then=None, body=None):
    """An MJPEG camera: `count` pictures, then `then` (default: hang up)."""

    def behave(connection, asked):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=--batas\r\n\r\n")
        gone = threading.Event()
        for number in range(count):
            shown = body or jpeg(320, 180, 60 + number * 7 % 120)
            length = f"Content-Length: {len(shown)}\r\n" if has_length else ""
            head = f"--batas\r\nContent-Type: image/jpeg\r\n{length}\r\n"
            connection.sendall(head.encode() + shown + b"\r\n")
            gone.wait(every_s)
        if then:
            then(connection, asked)

    return behave


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 64


class FakeCamera:
    """One behaviour on one port, an ephemeral one unless it is named; `asked` is how often somebody came."""

    def __init__(self, behave=picture, port=0):
        self.behave = behave
        self.asked = 0
        self.requests = []
        self._open = set()
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                outer.meet(self.request)

        self._server = _Server(("127.0.0.1", port), Handler)
        self.port = self._server.server_address[1]

    def meet(self, connection):
        """Serve one connection; RTSP asks more than once on it."""
        self._open.add(connection)
        with suppress(OSError):
            while asked := _request(connection):
                self.asked += 1
                self.requests.append(asked)
                self.behave(connection, asked)
                if b"RTSP/1.0" not in asked:
                    break
        self._open.discard(connection)

    def url(self, path="/gambar.jpg", scheme="http"):
        """Where it is."""
        return f"{scheme}://127.0.0.1:{self.port}{path}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        for connection in [*self._open]:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _request(connection):
    asked = b""
    while b"\r\n\r\n" not in asked:
        more = connection.recv(4096)
        if not more:
            return b""
        asked += more
    return asked


@contextmanager
def fill_queue(host="127.0.0.1", port=0):
    """A port where nobody answers, not even to refuse: its queue is full. Gives the port."""
    with ExitStack() as sockets:
        listening = sockets.enter_context(socket.socket())
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(0)
        for _ in range(4):
            one = sockets.enter_context(socket.socket())
            one.setblocking(False)  # noqa: FBT003 — the socket's own
            with suppress(BlockingIOError):
                one.connect(listening.getsockname())
        yield listening.getsockname()[1]


black_hole = fill_queue


def closed_port():
    """A port that refuses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
