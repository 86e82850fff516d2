"""How ONVIF questions travel: over our own connections, so that the guard, one deadline and a cap hold for all of them.

The library that speaks ONVIF is given this as its transport. It follows no redirect; what it would ask of another
host is asked of the guard first, like everything.
"""

import time
from http.client import HTTPConnection, HTTPException, HTTPResponse

import httpx

from cctv.faults import Broken
from cctv.guard import Guard
from cctv.wire import connect

_MOST_BYTES = 500_000
_CHUNK = 65_536
_PORTS = {"http": 80, "https": 443}
_CONNECT_S = 3.0
_OURS = frozenset({"accept-encoding", "connection", "transfer-encoding"})
_NOT_PASSED_ON = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection"})


class GuardedTransport(httpx.BaseTransport):
    """For the questions of one conversation. Raises Broken and OSError, which the library lets pass."""

    def __init__(self, guard: Guard, within_s: float) -> None:
        self._guard = guard
        self._until_s = time.monotonic() + within_s

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Ask once on a connection of its own."""
        url = request.url
        if url.scheme not in _PORTS:
            raise Broken("garbled")
        left_s = self._until_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        port, is_tls = url.port or _PORTS[url.scheme], url.scheme == "https"
        wire = connect(url.host, port, min(_CONNECT_S, left_s), is_tls=is_tls, guard=self._guard)
        wire.deadline_s = self._until_s
        connection = HTTPConnection(url.host, port)
        connection.sock = wire
        try:
            return _asked(connection, request)
        except HTTPException:
            raise Broken("garbled") from None
        finally:
            connection.close()


def _asked(connection: HTTPConnection, request: httpx.Request) -> httpx.Response:
    target = request.url.raw_path.decode("ascii")
    connection.putrequest(request.method, target, skip_host=True, skip_accept_encoding=True)
    for name, value in request.headers.items():
        if name.lower() not in _OURS:
            connection.putheader(name, value)
    connection.putheader("Connection", "close")
    connection.endheaders(request.read())
    response = connection.getresponse()
    try:
        body = _body(response)
    finally:
        response.close()
    headers = [(name, value) for name, value in response.getheaders() if name.lower() not in _NOT_PASSED_ON]
    return httpx.Response(response.status, headers=headers, content=body, request=request)


def _body(response: HTTPResponse) -> bytes:
    body = bytearray()
    while chunk := response.read1(_CHUNK):
        body += chunk
        if len(body) > _MOST_BYTES:
            raise Broken("too_large")
    return bytes(body)
