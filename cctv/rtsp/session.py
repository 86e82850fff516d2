"""One RTSP session over one TCP connection: sign in, describe, set up, play, keep alive, say goodbye.

Nothing the camera says makes us connect anywhere else: a redirect is refused, and a control URL that names another
host is sent to this one. Every question has a deadline.
"""

import re
import socket
import time
from contextlib import suppress
from types import TracebackType
from typing import Self

from cctv.address import address_of
from cctv.camera import Reach
from cctv.digest import Challenge, authorization, strongest
from cctv.faults import Broken
from cctv.rtsp.inbox import Answer, Inbox
from cctv.rtsp.sdp import Track, control_url, video_track
from cctv.wire import connect

_OK = 200
_UNAUTHORISED = 401
_REDIRECTS = range(300, 400)
_FAULTS = {401: "wrong_password", 403: "wrong_password", 404: "not_found", 454: "not_found"}
_USUAL_TIMEOUT_S = 60
_SOONEST_S, _LATEST_S = 5.0, 30.0
_GOODBYE_S = 0.2


class Session:
    """Use it as a context. Its methods raise Broken, or the OSError that the system gave."""

    def __init__(self, reach: Reach) -> None:
        address = address_of(reach)
        self._reach = reach
        self.url = f"{address.scheme}://{address.host_and_port}{address.target}"
        self.base = self.url
        self._wire = connect(address.host, address.port, reach.open_timeout_s, is_tls=address.is_tls, guard=reach.guard)
        self.is_tls = address.is_tls
        self.inbox = Inbox(self._wire)
        self.channel = 0
        self._challenge: Challenge | None = None
        self._proofs = self._cseq = 0
        self._id = ""
        self._alive_every_s = _LATEST_S
        self._alive_s = time.monotonic()
        self._sign_of_life = "GET_PARAMETER"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def interrupt(self) -> None:
        """Whoever waits for the camera in another thread finds that it has hung up."""
        with suppress(OSError):
            socket.socket.shutdown(self._wire, socket.SHUT_RD)  # not that of TLS: it could not say goodbye any more

    def close(self) -> None:
        """Hang up; a camera that allows few viewers is told, so that it does not wait for our time-out."""
        if self._id:
            with suppress(OSError):
                self._wire.settimeout(_GOODBYE_S)
                self._send("TEARDOWN", self.base)
        self._wire.close()

    def within(self, timeout_s: float) -> None:
        """Give what is read from now on a new deadline."""
        self._wire.deadline_s = time.monotonic() + timeout_s

    def describe(self) -> Track:
        """The camera's video. The first question: its answer tells what is wrong."""
        return video_track(self._asked("DESCRIBE", self.url, "Accept: application/sdp\r\n").body)

    def play(self, track: Track) -> None:
        """From now on packets come, those of the video on `channel`, its RTCP on the next."""
        control = control_url(self.url, self.base, track.control)
        self._asked("SETUP", control, "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n")
        self._asked("PLAY", self.base, "Range: npt=0.000-\r\n")

    def stay(self, now_s: float) -> None:
        """Tell the camera now and then that we are still there; read what it says besides the video."""
        if now_s - self._alive_s >= self._alive_every_s:
            self._alive_s = now_s
            self._send(self._sign_of_life, self.base)
        while self.inbox.holds_words and (answer := self.inbox.words()) is not None:
            self._hear(answer)

    def _hear(self, answer: Answer) -> None:
        if answer.word == "REDIRECT":
            raise Broken("redirected")
        if answer.status == _UNAUTHORISED:
            if not self._learn(answer):
                raise Broken("wrong_password")
            self._send(self._sign_of_life, self.base)
        elif answer.status > _OK:
            self._sign_of_life = "OPTIONS"  # a camera that does not know GET_PARAMETER

    def _asked(self, method: str, url: str, headers: str) -> Answer:
        answer = self.said(method, url, headers)
        if answer.status != _OK:
            raise Broken(_FAULTS.get(answer.status, "camera_error"))
        return answer

    def said(self, method: str, url: str, headers: str) -> Answer:
        """What the camera answers, be it a refusal; a redirect is Broken. Asked twice where it first wants a password.

        The session goes on from there, as with the methods above.
        """
        _refuse_breaks(url)
        self.within(self._reach.open_timeout_s)
        answer = self._ask(method, url, headers)
        if answer.status == _UNAUTHORISED and self._learn(answer):
            answer = self._ask(method, url, headers)
        if answer.status in _REDIRECTS:
            raise Broken("redirected")
        if answer.status == _OK:
            self._go_on(method, answer)
        return answer

    def _go_on(self, method: str, answer: Answer) -> None:
        if method == "DESCRIBE":
            self.base = answer.header("content-base") or answer.header("content-location") or self.url
        elif method == "SETUP":
            woven = re.search(r"interleaved=(\d{1,3})", answer.header("transport"))
            if woven is None:
                raise Broken("camera_error")
            self.channel = int(woven[1])
            self._id, _, rest = answer.header("session").partition(";")
            self._alive_every_s = _alive_every_s(rest)

    def _ask(self, method: str, url: str, headers: str) -> Answer:
        self._send(method, url, headers)
        while True:
            for _ in self.inbox.packets():
                pass  # some cameras send pictures before they say that they will
            answer = self.inbox.words() if self.inbox.holds_words else None
            if answer is None:
                self.inbox.fill()
            elif answer.status:
                return answer

    def _learn(self, answer: Answer) -> bool:
        challenge = strongest(answer.all("www-authenticate"))
        if challenge is None or self._reach.username is None or challenge == self._challenge:
            return False
        self._challenge, self._proofs = challenge, 0
        return True

    def _send(self, method: str, url: str, headers: str = "") -> None:
        self._cseq += 1
        session = f"Session: {self._id}\r\n" if self._id else ""
        words = (
            f"{method} {url} RTSP/1.0\r\nCSeq: {self._cseq}\r\nUser-Agent: layar112\r\n"
            f"{headers}{session}{self._proof(method, url)}\r\n"
        )
        self._wire.sendall(words.encode())

    def _proof(self, method: str, url: str) -> str:
        if self._challenge is None or self._reach.username is None:
            return ""
        self._proofs += 1
        user, password = self._reach.username, self._reach.password or ""
        return f"Authorization: {authorization(self._challenge, method, url, user, password, count=self._proofs)}\r\n"


def _refuse_breaks(url: str) -> None:
    """A control URL becomes part of our next question: it must be one word."""
    if re.search(r"[\x00-\x20\x7f]", url) or len(url) > 2000:  # noqa: PLR2004 — no camera has a longer one
        raise Broken("garbled")


def _alive_every_s(parameters: str) -> float:
    said = re.search(r"timeout=(\d{1,6})", parameters)
    return min(_LATEST_S, max(_SOONEST_S, (int(said[1]) if said else _USUAL_TIMEOUT_S) / 2))
