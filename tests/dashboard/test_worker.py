"""Strangers that send a byte now and then, at a real server: it goes on answering, and is rid of them in time."""

import contextlib
import socket
import time
from collections.abc import Iterator

import pytest
import requests

from dashboard.worker import ARRIVES_WITHIN_S, MOST_WAITED_FOR, has_arrived, is_whole
from tests.dashboard.conftest import until
from tests.dashboard.test_serve import Served, begin, end

HEAD = b"POST /csp HTTP/1.1\r\nHost: x\r\n"
BEGINNINGS = (
    HEAD + b"Content-Length: 100\r\n\r\n{",
    HEAD + b"X-",
    HEAD.replace(b"/csp", b"/login") + b"Transfer-Encoding: chunked\r\n\r\n",
    HEAD + b"Content-Length: 1000000\r\n\r\n{",
    HEAD + b"Content-Length: 100\r\nExpect: 100-continue\r\n\r\n",
    HEAD.replace(b"/csp", b"/api/v1/incidents") + b"Content-Length: 1000000\r\n\r\n{",
    b"",
)
"""Under the server's bounds each; there are eight threads."""
STRANGERS = 70


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    one = begin(tmp_path_factory.mktemp("served"))
    until(one.is_ready, 40)
    yield one
    end(one)


class Stranger:
    """Says the beginning of a request and then a byte now and then."""

    def __init__(self, port: int, said: bytes) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        self._socket.sendall(said)
        self._socket.settimeout(0)
        self.is_closed = False

    def drip(self) -> None:
        """Send one more byte; see whether the server has gone."""
        with contextlib.suppress(BlockingIOError):
            try:
                self._socket.send(b"a")
                while self._socket.recv(4096):
                    pass
                self.is_closed = True
            except (ConnectionResetError, BrokenPipeError):
                self.is_closed = True

    def close(self) -> None:
        """Go away."""
        self._socket.close()


def test_seventy_dripping_strangers_are_closed_and_health_is_answered_all_the_while(served):
    strangers = [Stranger(served.port, BEGINNINGS[i % len(BEGINNINGS)]) for i in range(STRANGERS)]
    slowest_s = 0.0
    deadline = time.monotonic() + ARRIVES_WITHIN_S + 10
    while not all(one.is_closed for one in strangers):
        assert time.monotonic() < deadline, f"{sum(not one.is_closed for one in strangers)} are still there"
        began = time.monotonic()
        assert requests.get(f"http://127.0.0.1:{served.port}/healthz", timeout=5).status_code == 200
        slowest_s = max(slowest_s, time.monotonic() - began)
        for one in strangers:
            if not one.is_closed:
                one.drip()
        time.sleep(0.3)
    for one in strangers:
        one.close()
    assert slowest_s < 2


def test_one_that_may_bring_events_can_take_longer_than_a_stranger(served):
    body = b'{"id":"SLOW-1","category":"banjir","lon":117.15,"lat":-0.5,"time":"2026-11-20T03:00:00Z"}'
    token = served.tokens["ingest"].encode()
    head = b"POST /api/v1/incidents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as guest:
        guest.sendall(head + b"\r\nContent-Length: %d\r\n\r\n" % len(body))
        for i in range(0, len(body), 30):
            guest.sendall(body[i : i + 30])
            time.sleep(0.2)
        assert guest.recv(4096).startswith(b"HTTP/1.1 201")


def test_bodies_in_chunks_large_ones_and_several_in_one_connection_arrive_whole(served):
    token = {"Authorization": f"Bearer {served.tokens['ingest']}"}
    url = f"http://127.0.0.1:{served.port}/api/v1/incidents"
    with requests.Session() as session:
        for i, pad in enumerate((0, 10, MOST_WAITED_FOR, 1_000_000, 20)):
            body = b'{"id":"W-%d","category":"banjir","lon":117.15,"lat":-0.5,"time":"2026-11-20T03:00:00Z"}' % i
            whole = body + b" " * pad
            assert session.post(url, data=whole, headers=token, timeout=10).status_code == 201
            assert session.post(url, data=iter((whole[:7], whole[7:])), headers=token, timeout=10).status_code == 200


def test_a_connection_that_ends_with_its_answer_says_so(served):
    token = {"Authorization": f"Bearer {served.tokens['ingest']}"}
    body = b'{"id":"C-1","category":"banjir","lon":117.15,"lat":-0.5,"time":"2026-11-20T03:00:00Z"}'
    url = f"http://127.0.0.1:{served.port}/api/v1/incidents"
    answer = requests.post(url, data=iter((body,)), headers=token, timeout=10)
    assert answer.headers["Connection"] == "close"
    assert requests.post(url, data=body, headers=token, timeout=10).headers["Connection"] == "keep-alive"


def test_two_requests_in_one_breath_get_two_answers(served):
    ask = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as guest:
        guest.sendall(ask + ask[:20])
        time.sleep(0.5)
        guest.sendall(ask[20:] + ask.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        heard = b""
        while more := guest.recv(4096):
            heard += more
    assert heard.count(b"HTTP/1.1 200 OK") == 3


@pytest.mark.parametrize("path", ["/csp", "/login"])
def test_a_body_too_large_for_a_stranger_is_refused_unread(served, path):
    url = f"http://127.0.0.1:{served.port}{path}"
    assert requests.post(url, data=b"x" * (MOST_WAITED_FOR + 1), timeout=10).status_code == 413
    assert requests.post(url, data=iter((b"x",)), timeout=10).status_code == 411


def test_a_report_of_more_than_16_kib_is_refused(served):
    assert requests.post(f"http://127.0.0.1:{served.port}/csp", data=b"x" * 16_385, timeout=10).status_code == 413
    assert requests.post(f"http://127.0.0.1:{served.port}/csp", data=b"x" * 16_384, timeout=10).status_code == 204


@pytest.mark.parametrize(
    ("said", "arrived", "whole"),
    [
        (b"", False, False),
        (b"GET / HTTP/1.1\r\n\r", False, False),
        (b"GET / HTTP/1.1\r\n\r\n", True, True),
        (HEAD + b"content-LENGTH: 3\r\n\r\nab", False, False),
        (HEAD + b"Content-Length: 3\r\n\r\nabc", True, True),
        (HEAD + b"Content-Length: 65537\r\n\r\n", True, False),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", True, False),
        (HEAD + b"Content-Length: 3\r\nExpect: 100-continue\r\n\r\n", True, False),
        (HEAD + b"x" * 70_000, True, False),
    ],
)
def test_what_has_arrived_and_what_is_whole(said, arrived, whole):
    assert (has_arrived(said), is_whole(said)) == (arrived, whole)
