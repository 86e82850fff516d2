"""`layar serve` as it runs in a city: real processes, real sockets, killed and started again."""

import contextlib
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil
import pytest
import requests

from dashboard.serve import may_open_files_for
from dashboard.tokens import TokenBook
from tests.dashboard.conftest import until

ROOT = Path(__file__).parents[2]
STREAMS = 4


@dataclass
class Served:
    """A running `layar serve`."""

    folder: Path
    port: int
    tokens: dict[str, str]
    process: subprocess.Popen
    incidents: int = field(default=0)

    @property
    def log(self) -> str:
        """All that it has written."""
        return (self.folder / "out.txt").read_text("utf-8")

    def ask(self, path: str, role: str = "wall", **said):
        """A request with the token of that role."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}", **said.pop("headers", {})}
        return requests.request(
            said.pop("method", "GET"), f"http://127.0.0.1:{self.port}{path}", headers=headers, timeout=10, **said
        )

    def report(self) -> str:
        """Report one more incident; gives its id."""
        self.incidents += 1
        said = {"id": f"INC-{os.getpid()}-{time.monotonic_ns()}", "category": "banjir", "lon": 117.15, "lat": -0.5,
                "time": datetime.now(UTC).isoformat()}  # fmt: skip
        assert self.ask("/api/v1/incidents", "ingest", method="POST", json=said).status_code == 201
        return said["id"]

    def is_ready(self) -> bool:
        """Whether /readyz says so."""
        try:
            return self.ask("/readyz").status_code == 200
        except requests.ConnectionError:
            return False

    def family(self) -> list[psutil.Process]:
        """Everything it has started."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def web(self) -> psutil.Process:
        """The gunicorn that holds the socket."""
        return next(one for one in psutil.Process(self.process.pid).children() if "dashboard.serve" in one.cmdline())


def command(folder: Path, port: int) -> list[str]:
    """The command line of `layar serve`."""
    program = "from dashboard.cli import main; main()"
    return [sys.executable, "-c", program, "serve", "--data", str(folder), "--port", str(port)]


def layar_serve(folder: Path, port: int) -> subprocess.CompletedProcess:
    """`layar serve` that is expected to end by itself."""
    return subprocess.run(command(folder, port), capture_output=True, text=True, check=False, cwd=ROOT, timeout=60)  # noqa: S603 — ourselves


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def begin(folder: Path) -> Served:
    port = free_port()
    book = TokenBook(folder / "tokens.json")
    tokens = {role: book.create(name=role, role=role, now=datetime.now(UTC)) for role in ("ingest", "wall", "admin")}
    (folder / "layar.toml").write_text(f"[server]\nthreads = {STREAMS * 2}\n", "utf-8")
    with (folder / "out.txt").open("wb") as out:
        process = subprocess.Popen(command(folder, port), cwd=ROOT, stdout=out, stderr=out)  # noqa: S603 — ourselves
    return Served(folder=folder, port=port, tokens=tokens, process=process)


def end(served: Served) -> None:
    served.process.send_signal(signal.SIGTERM)
    served.process.wait(20)


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    one = begin(tmp_path_factory.mktemp("served"))
    until(one.is_ready, 40)
    yield one
    end(one)


class Stream:
    """A viewer of /live/stream; `messages` grow as they come."""

    def __init__(self, served: Served, **headers: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", served.port, timeout=20)
        token = {"Authorization": f"Bearer {served.tokens['wall']}"}
        self._connection.request("GET", "/live/stream", headers=token | headers)
        self._socket = self._connection.sock
        self._answer = self._connection.getresponse()
        self.status, self.headers = self._answer.status, self._answer.headers
        self.messages: list[dict] = []
        self.ids: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        with contextlib.suppress(OSError, HTTPException, ValueError):  # one of the two has closed it
            while line := self._answer.readline():
                if line.startswith(b"id: "):
                    self.ids.append(line[4:].decode().strip())
                if line.startswith(b"data: {"):
                    self.messages.append(json.loads(line[6:]))

    def incidents(self) -> set[str]:
        """Every incident it has heard of."""
        parts = [one["layers"].get("incidents", {}).get("set", []) for one in self.messages]
        return {feature["properties"]["key"] for part in parts for feature in part}

    def close(self) -> None:
        """Go away."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join(5)
        self._answer.close()
        self._socket.close()
        self._connection.close()


def test_a_stream_tells_the_whole_and_then_each_event_within_a_second(served):
    viewer = Stream(served)
    until(lambda: viewer.messages)
    assert viewer.messages[0]["from"] is None
    assert viewer.headers["Content-Type"].startswith("text/event-stream")
    began = time.monotonic()
    incident = served.report()
    until(lambda: incident in viewer.incidents(), 5)
    assert time.monotonic() - began < 5
    assert viewer.messages[-1]["from"] == viewer.messages[-2]["cursor"]
    assert viewer.ids[-1] == viewer.messages[-1]["cursor"]
    viewer.close()


def test_a_stream_that_was_cut_goes_on_where_it_was(served):
    served.report()
    viewer = Stream(served)
    until(lambda: viewer.messages)
    viewer.close()
    missed = served.report()
    again = Stream(served, **{"Last-Event-ID": viewer.ids[-1]})
    until(lambda: missed in again.incidents())
    assert again.messages[0]["from"] == viewer.ids[-1]
    again.close()


def test_polling_and_the_stream_say_the_same(served):
    incident = served.report()
    until(lambda: incident in served.ask("/live").text)
    answer = served.ask("/live").json()
    viewer = Stream(served)
    until(lambda: viewer.messages)
    assert viewer.messages[0]["layers"].keys() == answer["layers"].keys()
    assert served.ask(f"/live?cursor={served.ask('/live').json()['cursor']}").status_code in {200, 304}
    viewer.close()


def seated(served: Served, count: int) -> list[Stream]:
    """So many open streams, once those of earlier tests have been given back."""
    open_ones: list[Stream] = []

    def is_full() -> bool:
        one = Stream(served)
        if one.status == 200:
            open_ones.append(one)
        else:
            one.close()
        return len(open_ones) == count

    until(is_full)
    return open_ones


def test_streams_leave_threads_for_ordinary_requests_and_seats_come_back(served):
    viewers = seated(served, STREAMS)
    until(lambda: all(viewer.messages for viewer in viewers))
    refused = served.ask("/live/stream")
    assert refused.status_code == 503
    assert "Retry-After" in refused.headers
    assert served.ask("/live").status_code == 200
    for viewer in viewers:
        viewer.close()

    late: list[Stream] = []

    def is_free() -> bool:
        late.append(Stream(served))
        late[-1].close()
        return late[-1].status == 200

    until(is_free, 5)


def test_a_web_process_that_is_killed_comes_back_with_everything_acknowledged(served):
    incident = served.report()
    session = requests.Session()
    url = f"http://127.0.0.1:{served.port}"
    session.post(f"{url}/login", data={"token": served.tokens["wall"]}, timeout=10, allow_redirects=False)
    assert session.get(f"{url}/live", timeout=10).status_code == 200
    old = served.web()
    group = [old, *old.children(recursive=True)]
    for one in group:
        one.kill()
    until(lambda: not old.is_running() or old.status() == psutil.STATUS_ZOMBIE)
    until(lambda: served.is_ready() and served.web().pid != old.pid, 40)
    assert incident in served.ask("/live").text
    assert session.get(f"{url}/live", timeout=10).status_code == 200


def test_a_worker_that_dies_alone_is_replaced(served):
    worker = served.web().children()[0]
    worker.kill()
    until(lambda: served.is_ready() and [one.pid for one in served.web().children()] != [worker.pid], 40)


def test_nothing_secret_is_in_the_log_or_on_a_command_line(served):
    served.ask(f"/live?token={served.tokens['admin']}")
    said = served.log + " ".join(word for one in served.family() for word in one.cmdline())
    assert "child_started" in said
    assert not [token for token in served.tokens.values() if token in said]


def test_a_second_server_on_the_same_port_says_why_it_cannot_start(served):
    said = layar_serve(served.folder, served.port)
    assert said.returncode == 2
    assert "is Layar running already" in said.stderr


def test_the_order_to_end_ends_everything_soon_even_with_viewers(tmp_path):
    one = begin(tmp_path)
    until(one.is_ready, 40)
    viewer = Stream(one)
    until(lambda: viewer.messages)
    family = one.family()
    began = time.monotonic()
    end(one)
    assert time.monotonic() - began < 8
    assert one.process.returncode == 0
    assert not psutil.wait_procs(family, timeout=5)[1]
    viewer.close()


def test_kill_minus_nine_leaves_no_orphan(tmp_path):
    one = begin(tmp_path)
    until(one.is_ready, 40)
    family = one.family()
    assert len(family) >= 3
    one.process.kill()
    one.process.wait(5)
    assert not psutil.wait_procs(family, timeout=15)[1]


def test_settings_that_cannot_work_end_it_instead_of_trying_for_ever(tmp_path):
    (tmp_path / "layar.toml").write_text('[city]\ncode = "99.99"\n', "utf-8")
    said = layar_serve(tmp_path, free_port())
    assert said.returncode == 2
    assert "no city 99.99" in said.stderr


def test_a_server_may_open_a_file_for_each_connection_it_takes():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (1_024, hard))
        may_open_files_for(2_048)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == min(2_560, hard)
        may_open_files_for(8)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == min(2_560, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
