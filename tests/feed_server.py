"""A web server on 127.0.0.1 that plays a public agency: it can be slow, broken, wrong, and send you elsewhere."""

import gzip
import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Page:
    """What is answered at one path. `etag`: from the body, and 304 to who has it; `trickle_s`: between its bytes."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    has_etag: bool = True
    is_packed: bool = False
    trickle_s: float = 0.0
    cut: bool = False


@dataclass
class Agency:
    """The running server. `asked` are (path, headers, status) in order."""

    port: int
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str], int]] = field(default_factory=list)

    def url(self, path: str) -> str:
        """Where a page is."""
        return f"http://127.0.0.1:{self.port}{path}"

    def count(self, path: str, status: int | None = None) -> int:
        """How often a page was asked for, and answered so."""
        return sum(1 for one, _, code in self.asked if one == path and status in (None, code))


def _handler(agency: Callable[[], Agency]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            here, page = agency(), agency().pages.get(self.path, Page(status=404, has_etag=False))
            body = gzip.compress(page.body) if page.is_packed else page.body
            etag = f'"{hashlib.sha256(page.body).hexdigest()[:16]}"'
            is_known = page.has_etag and self.headers.get("If-None-Match") == etag and page.status == 200
            status = 304 if is_known else page.status
            here.asked.append((self.path, dict(self.headers), status))
            self.send_response(status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            if page.has_etag and page.status == 200:
                self.send_header("ETag", etag)
            if page.is_packed:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", "0" if is_known else str(len(body) + (10 if page.cut else 0)))
            self.end_headers()
            self._send(b"" if is_known else body, page.trickle_s)
            self.close_connection = True

        def _send(self, body: bytes, trickle_s: float) -> None:
            try:
                for start in range(0, len(body), 1 if trickle_s else 65_536):
                    self.wfile.write(body[start : start + (1 if trickle_s else 65_536)])
                    time.sleep(trickle_s)
            except OSError:
                return

        def log_message(self, *_said: object) -> None:
            """Nothing."""

    return Handler


@contextmanager
def agency(port: int = 0) -> Iterator[Agency]:
    """A server until the end of the block; `port` 0: any that is free."""
    running: list[Agency] = []
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(lambda: running[0]))
    server.daemon_threads = True
    running.append(Agency(port=server.server_address[1]))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield running[0]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
