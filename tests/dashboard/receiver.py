"""A receiver of webhooks on 127.0.0.1 that does as it is told: takes, fails, is slow, hangs, redirects, is gone."""

import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class Receiver:
    """`behave` is "take", "hang", "slow", "redirect", or a status to answer with."""

    def __init__(self) -> None:
        self.behave: str | int = "take"
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.calls = 0
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/kait?x=1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.calls += 1
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.behave == "hang":
                    receiver.over.wait(60)
                elif receiver.behave == "slow":
                    receiver.drip(self)
                else:
                    receiver.answer(self, body)

            def log_message(self, *_words: object) -> None:
                """Nothing."""

        return Handler

    def answer(self, asked: BaseHTTPRequestHandler, body: bytes) -> None:
        """As it is told."""
        if self.behave == "take":
            self.got.append(({name.lower(): value for name, value in asked.headers.items()}, body))
        asked.send_response({"take": 204, "redirect": 307}.get(str(self.behave)) or int(self.behave))
        asked.send_header("Location", self.url)
        asked.end_headers()

    def drip(self, asked: BaseHTTPRequestHandler) -> None:
        """A byte now and then, for ever: a time-out per read would never come."""
        with suppress(OSError):
            for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 10_000:
                asked.wfile.write(bytes([byte]))
                if self.over.wait(0.05):
                    return
