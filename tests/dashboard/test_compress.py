"""gzip on the way out: what never changes is compressed once, and nobody waits for another's file."""

import gzip
import threading

import pytest
from flask import Flask

from dashboard import compress

LARGE, SMALL = b"large " * 1_000, b"small " * 1_000


@pytest.fixture
def server(tmp_path):
    (tmp_path / "large.js").write_bytes(LARGE)
    (tmp_path / "small.js").write_bytes(SMALL)
    made = Flask("x", static_folder=str(tmp_path), static_url_path="/assets")
    compress.register(made)
    return made


def ask(server, name, **headers):
    return server.test_client().get(f"/assets/{name}", headers={"Accept-Encoding": "gzip", **headers}, buffered=True)


def test_a_file_is_compressed_once_and_known_by_its_etag(server, monkeypatch):
    answer = ask(server, "large.js")
    assert gzip.decompress(answer.data) == LARGE
    monkeypatch.setattr(gzip, "compress", None)
    assert ask(server, "large.js").data == answer.data
    known = ask(server, "large.js", **{"If-None-Match": answer.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")


def test_a_file_that_takes_long_does_not_hold_up_another(server, monkeypatch):
    begun, go_on, really = threading.Event(), threading.Event(), gzip.compress

    def slow(body, *level, **more):
        if body == LARGE:
            begun.set()
            assert go_on.wait(10)
        return really(body, *level, **more)

    monkeypatch.setattr(gzip, "compress", slow)
    first = threading.Thread(target=ask, args=(server, "large.js"))
    first.start()
    assert begun.wait(10)
    seen = []
    second = threading.Thread(target=lambda: seen.append(ask(server, "small.js").data))
    second.start()
    second.join(5)
    go_on.set()
    first.join(10)
    second.join(10)
    assert [gzip.decompress(body) for body in seen] == [SMALL]
    assert not first.is_alive()
