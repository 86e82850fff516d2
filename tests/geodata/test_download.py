"""Fetching boundaries from a server that may be slow, wrong or hostile: a real one on 127.0.0.1."""

import gzip
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from geodata.boundary_formats import read_boundary_file
from geodata.download import fetch, published_url
from geodata.errors import BadBoundaries
from tests.geodata.conftest import as_sql

BODY = b"x" * 50_000


class Server(ThreadingHTTPServer):
    """Answers each path with what `answers` says; `asked` lists the paths."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[str] = []

    def url(self, path: str) -> str:
        """Address of a path here."""
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server

    def do_GET(self):
        """Answer as told."""
        self.server.asked.append(self.path)
        self.server.answers[self.path.partition("?")[0]](self)

    def log_message(self, *_):
        """Nothing: pytest shows what matters."""


@pytest.fixture
def server(monkeypatch):
    """A server of our own, asked directly whatever proxy this machine has."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = Server()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def says(status: int, body: bytes = b"", promised: int | None = None, **headers: str):
    """An answer; `promised` is a Content-Length that is not true."""

    def answer(request):
        request.send_response(status)
        request.send_header("Content-Length", str(len(body) if promised is None else promised))
        for name, value in headers.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def dribble(request):
    """A byte every 50 ms, for ever."""
    request.send_response(200)
    request.end_headers()
    try:
        while True:
            request.wfile.write(b"x")
            request.wfile.flush()
            time.sleep(0.05)
    except OSError:
        return


def silence(request):
    """Nothing, until the other side gives up."""
    request.rfile.read(1)


def test_a_file_is_fetched_whole_under_its_own_name(server, tmp_path, frame):
    text = as_sql(frame)
    server.answers["/kel/batas_33.99.sql"] = says(200, text.encode())
    path = fetch(server.url("/kel/batas_33.99.sql?token=x"), tmp_path)
    assert path == tmp_path / "batas_33.99.sql"
    assert len(read_boundary_file(path).areas) == 2


def test_without_a_length_the_file_is_what_comes_until_the_end(server, tmp_path):
    def answer(request):
        request.send_response(200)
        request.end_headers()
        request.wfile.write(BODY)

    server.answers["/a"] = answer
    assert fetch(server.url("/a"), tmp_path).read_bytes() == BODY


@pytest.mark.parametrize("status", [204, 304, 404, 500])
def test_any_other_answer_is_told_with_its_number(server, tmp_path, status):
    server.answers["/a.sql"] = says(status)
    with pytest.raises(BadBoundaries, match=f"/a.sql answers {status}"):
        fetch(server.url("/a.sql"), tmp_path)


def test_a_truncated_answer_is_refused(server, tmp_path):
    server.answers["/a"] = says(200, BODY, promised=2 * len(BODY))
    with pytest.raises(BadBoundaries, match="cannot be fetched whole"):
        fetch(server.url("/a"), tmp_path)


def test_an_answer_too_large_is_cut_short(server, tmp_path):
    server.answers["/a"] = says(200, BODY * 40)
    with pytest.raises(BadBoundaries, match=r"larger than 0\.1 MB"):
        fetch(server.url("/a"), tmp_path, most=100_000)


def test_a_packed_answer_counts_as_what_it_unpacks_to(server, tmp_path):
    bomb = gzip.compress(b"\0" * 20_000_000)
    server.answers["/a"] = says(200, bomb, **{"Content-Encoding": "gzip"})
    with pytest.raises(BadBoundaries, match="larger than 1 MB"):
        fetch(server.url("/a"), tmp_path, most=1_000_000)


def test_a_server_that_says_nothing_is_left(server, tmp_path):
    server.answers["/a"] = silence
    with pytest.raises(BadBoundaries, match="does not answer in time"):
        fetch(server.url("/a"), tmp_path, read_s=0.2)


def test_a_server_that_dribbles_is_left(server, tmp_path):
    server.answers["/a"] = dribble
    began = time.monotonic()
    with pytest.raises(BadBoundaries, match="takes too long"):
        fetch(server.url("/a"), tmp_path, whole_s=0.5)
    assert time.monotonic() - began < 10


def test_nobody_listening_is_told(tmp_path, server):
    server.server_close()
    with pytest.raises(BadBoundaries, match="cannot be fetched"):
        fetch(server.url("/a"), tmp_path)


def test_a_redirect_is_followed(server, tmp_path):
    server.answers |= {"/old": says(302, Location="/new.sql"), "/new.sql": says(200, BODY)}
    assert fetch(server.url("/old"), tmp_path).name == "new.sql"


def test_redirects_in_a_circle_end(server, tmp_path):
    server.answers["/a"] = says(302, Location="/a")
    with pytest.raises(BadBoundaries, match="more than 3 redirects"):
        fetch(server.url("/a"), tmp_path)
    assert len(server.asked) == 4


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://127.0.0.1/a"])
def test_a_redirect_to_another_scheme_is_not_followed(server, tmp_path, location):
    server.answers["/a"] = says(302, Location=location)
    with pytest.raises(BadBoundaries, match="we can open http and https"):
        fetch(server.url("/a"), tmp_path)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "batas.sql", "http://", "http://[", "http://a:b/"]
)
def test_an_address_that_is_none_is_refused(tmp_path, url):
    with pytest.raises(BadBoundaries):
        fetch(url, tmp_path)


def test_a_secret_in_an_address_is_never_repeated(server, tmp_path):
    server.answers["/a.sql"] = says(404)
    url = server.url("/a.sql?key=rahasia1").replace("http://", "http://admin:rahasia2@")
    with pytest.raises(BadBoundaries) as refused:
        fetch(url, tmp_path)
    assert "rahasia" not in str(refused.value)
    assert "/a.sql answers 404" in str(refused.value)


def test_a_name_that_climbs_stays_in_the_folder(server, tmp_path):
    server.answers["/a/..%2F..%2Fetc%2Fpasswd"] = says(200, BODY)
    assert fetch(server.url("/a/..%2F..%2Fetc%2Fpasswd"), tmp_path).parent == tmp_path


def test_the_published_address_is_made_of_the_code():
    assert published_url("64.72").endswith("/wilayah_boundaries/main/db/kel/64/wilayah_boundaries_kel_64.72.sql")
    assert published_url("64.72").startswith("https://")
