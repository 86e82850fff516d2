"""FFmpeg's way to an RTSP camera: it speaks to a door of ours on this machine, and our own session to the camera.

FFmpeg would follow a redirect to anywhere. Here it hears of none, and connects to nothing but this door: each of its
questions is asked by our session, which signs in, keeps the deadlines and goes where the guard allows; of the answer
only what leads nowhere is passed on. The stream itself is passed on as it comes. FFmpeg holds no password.
"""

import secrets
import select
import socket
import threading
import time
from collections.abc import Iterator, Mapping

from cctv.camera import Reach
from cctv.faults import Broken, fault_of
from cctv.rtsp.inbox import Answer, Inbox
from cctv.rtsp.session import Session
from cctv.wire import DeadlineSocket

_HERE = "127.0.0.1"
_OK = 200
_UNAUTHORISED = 401
_FFMPEG_S = 60.0
"""How long FFmpeg may do without us: whoever uses its pictures may have to wait for a turn."""
_END_S = 5.0
_NAP_S = 0.04
_LITTLE = 32_768
_SMALLEST = 8
_OURS = frozenset({"cseq", "user-agent", "authorization", "session", "content-length"})
_PASSED = ("content-type", "session", "range", "rtp-info", "public")
_LONGEST = 2000


class Relay:
    """One camera for one FFmpeg, from when it is made until `close`. Raises Broken or OSError when made."""

    def __init__(self, reach: Reach) -> None:
        self.fault: str | None = None
        self.is_steady = False
        self._reach = reach
        self._session = Session(reach)
        self._local: DeadlineSocket | None = None
        self._door = socket.create_server((_HERE, 0), backlog=1)
        self._door.settimeout(_FFMPEG_S)
        self.url = f"rtsp://{_HERE}:{self._door.getsockname()[1]}/{secrets.token_urlsafe(16)}"
        """Where FFmpeg finds the camera; nobody else knows the word in it."""
        self._thread = threading.Thread(target=self._run, name=f"relay {reach.camera.id}", daemon=True)
        self._thread.start()

    def within(self, timeout_s: float) -> None:
        """FFmpeg has time-outs of its own; those of the camera begin anew with all that comes."""

    def close(self) -> None:
        """Hang up on both sides."""
        self.fault = self.fault or "ended"
        for one in (self._door, self._local):
            if one is not None:
                _shut(one)
        self._session.interrupt()
        self._thread.join(_END_S)

    def _run(self) -> None:
        try:
            self._serve()
        except (Broken, OSError, ValueError) as error:
            found = error.fault if isinstance(error, Broken) else fault_of(error)
            self.fault = self.fault or found  # before FFmpeg notices
        finally:
            self._session.close()
            self._door.close()
            if self._local is not None:
                self._local.close()

    def _serve(self) -> None:
        connection, _ = self._door.accept()
        self._local = local = DeadlineSocket(fileno=connection.detach())
        self._door.close()
        inbox = Inbox(local)
        asked = _next(local, inbox)
        if not asked.target.startswith(self.url):
            raise Broken("ended")  # a stranger on this machine
        while self._answered(local, asked) != "PLAY":
            asked = _next(local, inbox)
        self._pass_on(local, inbox)

    def _answered(self, local: DeadlineSocket, asked: Answer) -> str:
        """Ask the camera as FFmpeg asked us; the method where it agreed."""
        if asked.word == "TEARDOWN":
            raise Broken("ended")
        headers = "".join(f"{name}: {value}\r\n" for name, value in asked.headers if name not in _OURS)
        answer = self._session.said(asked.word, _moved(asked.target, self.url, self._session.url), headers)
        if answer.status == _UNAUTHORISED:
            raise Broken("wrong_password")
        _send(local, _worded(asked, answer.status, self._told(answer), answer.body))
        return asked.word if answer.status == _OK else ""

    def _told(self, answer: Answer) -> Mapping[str, str]:
        """What FFmpeg is told of the camera's answer: nothing by which it could find another address."""
        told, channel = {name: answer.header(name) for name in _PASSED if answer.header(name)}, self._session.channel
        if answer.header("transport"):
            told["transport"] = f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}"
        if answer.body:
            told["content-base"] = _moved(self._session.base, self._session.url, self.url)
        return told

    def _pass_on(self, local: DeadlineSocket, inbox: Inbox) -> None:
        """Packets to FFmpeg, signs of life to the camera, until either hangs up."""
        source = self._session.inbox
        asks = select.poll()
        asks.register(local, select.POLLIN)
        wait_s = self._reach.open_timeout_s + self._reach.read_timeout_s  # some only now begin to encode
        while True:
            for start, end in self._spans():
                _send(local, memoryview(source.buffer)[start:end])
            self._session.stay(time.monotonic())
            while asks.poll(0):
                _heed(local, inbox)
            self._session.within(wait_s)
            if source.fill() < _LITTLE and self.is_steady and not self._session.is_tls:  # which gives small records
                time.sleep(_NAP_S)
            wait_s = self._reach.read_timeout_s

    def _spans(self) -> Iterator[tuple[int, int]]:
        """(start, end) of what is at hand of whole packets of the video, those beside each other in one piece."""
        ours = (self._session.channel, self._session.channel + 1)
        first = last = 0
        for channel, start, end in self._session.inbox.packets():
            if channel not in ours or end - start < _SMALLEST:
                continue
            if start - 4 != last:
                if last:
                    yield first, last
                first = start - 4
            last = end
        if last:
            yield first, last


def _next(local: DeadlineSocket, inbox: Inbox) -> Answer:
    """FFmpeg's next question."""
    local.deadline_s = time.monotonic() + _FFMPEG_S
    while True:
        for _ in inbox.packets():
            pass  # its receiver reports
        if inbox.holds_words and (asked := inbox.words()) is not None:
            return asked
        inbox.fill()


def _heed(local: DeadlineSocket, inbox: Inbox) -> None:
    """What FFmpeg says while it plays: its signs of life are answered here, the camera has ours."""
    local.deadline_s = time.monotonic() + _FFMPEG_S
    inbox.fill()
    while True:
        for _ in inbox.packets():
            pass
        asked = inbox.words() if inbox.holds_words else None
        if asked is None:
            return
        if asked.word == "TEARDOWN":
            raise Broken("ended")
        _send(local, _worded(asked, _OK, {}, b""))


def _moved(url: str, here: str, there: str) -> str:
    return there + url.removeprefix(here) if url.startswith(here) else url


def _worded(asked: Answer, status: int, told: Mapping[str, str], body: bytes) -> bytes:
    said = "".join(f"{name}: {_plain(value)}\r\n" for name, value in told.items())
    seq = _plain(asked.header("cseq"))
    head = f"RTSP/1.0 {status:03d} {'OK' if status == _OK else 'No'}\r\nCSeq: {seq}\r\n{said}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode("ascii") + body


def _plain(value: str) -> str:
    """As one line that holds nothing but what can be printed."""
    return "".join(c for c in value[:_LONGEST] if c.isascii() and c.isprintable())


def _send(local: DeadlineSocket, data: bytes | memoryview) -> None:
    local.settimeout(_FFMPEG_S)
    local.sendall(data)


def _shut(one: socket.socket) -> None:
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is already
