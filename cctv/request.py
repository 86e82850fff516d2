"""One GET to a camera over HTTP: one deadline for the whole answer, a cap on its size, no redirects.

Basic and Digest are answered when asked for. Credentials go nowhere but to the camera's own address.
"""

import time
from collections.abc import Iterator, Sequence
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Self

from cctv.address import Address, address_of
from cctv.camera import Reach
from cctv.digest import Challenge, authorization, strongest
from cctv.faults import Broken
from cctv.wire import Wire, connect

_CHUNK = 65_536
_OK = 200
_UNAUTHORISED = 401
_REDIRECTS = range(300, 400)
_STATUS_FAULTS = {401: "wrong_password", 403: "wrong_password", 404: "not_found", 410: "not_found"}


class Answer:
    """A camera's answer. Use it as a context; `chunks` reads it piece by piece."""

    def __init__(self, connection: HTTPConnection, wire: Wire, response: HTTPResponse) -> None:
        self.status = response.status
        self._connection = connection
        self._wire = wire
        self._response = response

    @property
    def headers(self) -> Message:
        """As they came."""
        return self._response.headers

    def within(self, timeout_s: float) -> None:
        """Give what is read from now on a new deadline."""
        self._wire.deadline_s = time.monotonic() + timeout_s

    def chunks(self) -> Iterator[bytes]:
        """The body as it arrives."""
        while chunk := self.read(_CHUNK):
            yield chunk

    def read(self, size: int) -> bytes:
        """What is there of the body, at most so many bytes; none at its end."""
        try:
            return self._response.read1(size)
        except HTTPException:
            raise Broken("garbled") from None

    def body(self, max_bytes: int) -> bytes:
        """The whole body. Raises Broken when it is larger than it may be, or shorter than announced."""
        announced = self._response.length
        if announced is not None and announced > max_bytes:
            raise Broken("too_large")
        body = bytearray()
        for chunk in self.chunks():
            body += chunk
            if len(body) > max_bytes:
                raise Broken("too_large")
        if announced is not None and len(body) < announced:
            raise Broken("truncated")
        return bytes(body)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._response.close()
        self._connection.close()


class Asker:
    """Asks one camera, again and again; remembers how it wants to be signed in at."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._address = address_of(reach)
        self._challenge: Challenge | None = None
        self._count = 0

    def get(self) -> Answer:
        """Ask once; twice where the camera first wants to know who we are. Raises Broken or OSError."""
        answer = self._ask()
        if answer.status == _UNAUTHORISED and self._learn(answer.headers.get_all("WWW-Authenticate") or ()):
            answer.close()
            answer = self._ask()
        if answer.status != _OK:
            answer.close()
            raise Broken(_fault_of_status(answer.status))
        return answer

    def _learn(self, headers: Sequence[str]) -> bool:
        challenge = strongest(headers)
        if challenge is None or self._reach.username is None or challenge == self._challenge:
            return False
        self._challenge, self._count = challenge, 0
        return True

    def _ask(self) -> Answer:
        address, reach = self._address, self._reach
        wire = connect(address.host, address.port, reach.open_timeout_s, is_tls=address.is_tls, guard=reach.guard)
        wire.deadline_s = time.monotonic() + reach.read_timeout_s
        connection = HTTPConnection(address.host, address.port)
        connection.sock = wire
        try:
            connection.putrequest("GET", address.target, skip_host=True, skip_accept_encoding=True)
            for name, value in self._headers(address):
                connection.putheader(name, value)
            connection.endheaders()
            return Answer(connection, wire, connection.getresponse())
        except OSError:
            connection.close()
            raise
        except HTTPException:
            connection.close()
            raise Broken("garbled") from None

    def _headers(self, address: Address) -> Iterator[tuple[str, str]]:
        yield "Host", address.host_and_port
        yield "User-Agent", "layar112"
        yield "Accept", "image/jpeg, multipart/x-mixed-replace, */*;q=0.5"
        yield "Connection", "close"
        if self._challenge and self._reach.username is not None:
            self._count += 1
            user, password = self._reach.username, self._reach.password or ""
            yield (
                "Authorization",
                authorization(self._challenge, "GET", address.target, user, password, count=self._count),
            )


def _fault_of_status(status: int) -> str:
    if status in _STATUS_FAULTS:
        return _STATUS_FAULTS[status]
    return "redirected" if status in _REDIRECTS else "camera_error"
