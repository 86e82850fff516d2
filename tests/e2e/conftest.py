"""A real server, a real browser: what the tests of the whole line stand on."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
import requests
from playwright.sync_api import Browser, Page, sync_playwright

T = TypeVar("T")
CHROMIUM = "/usr/bin/chromium"
LAYAR = str(Path(sys.executable).with_name("layar"))
COARSE = 0.25
"""Points drawn per pixel of a page, each way: a sixteenth of the drawing, which software does here, and of the
page's own measures nothing changes. Who asks for pictures by their points says 1."""
CHROMIUM_FLAGS = [
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-gpu-compositing",  # the map alone is drawn by what plays the graphics card; pages are painted cheaper
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]


LOOK_S = 0.2
"""Between two looks at a page: each costs the browser something, and others are waiting for theirs."""


def eventually(look: Callable[[], T], timeout_s: float, what: str) -> T:
    """The first truthy answer of `look`; fails saying `what` did not come."""
    end = time.monotonic() + timeout_s
    answer = look()
    while not answer:
        if time.monotonic() > end:
            pytest.fail(f"{what} did not come within {timeout_s} s; last: {answer!r}")
        time.sleep(LOOK_S)
        answer = look()
    return answer


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def layar(data: Path, *arguments: str) -> str:
    """Run the `layar` command as an operator would; gives what it printed."""
    done = subprocess.run(  # noqa: S603 — our own command
        [LAYAR, *arguments, "--data", str(data)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@dataclass
class Server:
    """`layar serve` on a port of its own, with its tokens."""

    data: Path
    port: int
    tokens: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.data / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 — our own command
                [LAYAR, "serve", "--data", str(self.data), "--port", str(self.port)],
                stdout=log, stderr=log, start_new_session=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )  # fmt: skip
        eventually(self._answers, 90, f"an answer of the server (see {self.data / 'serve.log'})")

    def _answers(self) -> bool:
        with suppress(requests.RequestException):
            return requests.get(f"{self.url}/readyz", timeout=2).ok
        return False

    def kill(self) -> None:
        """`kill -9` the supervisor and everything it started, as a power cut would."""
        if self.process is not None:
            for pid in _family(self.process.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait(10)
            self.process = None

    def stop(self) -> None:
        """Ask it to end, as an operator would."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()
            self.process = None

    def get(self, path: str, role: str = "wall", **more: Any) -> requests.Response:
        """GET with the token of a role."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}", **more.pop("headers", {})}
        return requests.get(f"{self.url}{path}", headers=headers, timeout=5, **more)

    def post(self, path: str, role: str = "ingest", **more: Any) -> requests.Response:
        """POST with the token of a role."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}", **more.pop("headers", {})}
        return requests.post(f"{self.url}{path}", headers=headers, timeout=10, **more)


def _family(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True)  # noqa: S607
    pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    family = [pid]
    for one in family:
        family += [child for child, parent in pairs if parent == one]
    return family


def new_server(data: Path) -> Server:
    """A server of its own in `data`, with an ingest, a wall and an admin token, not yet started."""
    data.mkdir(parents=True, exist_ok=True)
    server = Server(data=data, port=free_port())
    for role in ("ingest", "wall", "admin"):
        said = layar(data, "token", "create", "--role", role, "--name", f"test-{role}")
        server.tokens[role] = said.split()[-1]
    return server


@pytest.fixture(scope="session")
def chromium_of() -> Iterator[Callable[[list[str]], Browser]]:
    """Debian's Chromium with such flags. A process can hold one Playwright only."""
    with sync_playwright() as playwright:
        yield lambda flags: playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=flags)


@pytest.fixture(scope="session")
def browser(chromium_of: Callable[[list[str]], Browser]) -> Iterator[Browser]:
    """Debian's Chromium, with no way out of this machine."""
    chromium = chromium_of(CHROMIUM_FLAGS)
    chromium.new_context = partial(chromium.new_context, device_scale_factor=COARSE)  # type: ignore[method-assign]
    chromium.new_page = partial(chromium.new_page, device_scale_factor=COARSE)  # type: ignore[method-assign]
    yield chromium
    chromium.close()


def sign_in(page: Page, server: Server, role: str = "wall") -> None:
    """Pair this browser with the server, as somebody in the room would once."""
    page.goto(f"{server.url}/login")
    page.fill("input[name=token]", server.tokens[role])
    page.click("form button")
    page.wait_for_url("**/wall**")


def map_source(page: Page, source: str) -> list[dict[str, Any]]:
    """The features that the map itself holds in a source, read from MapLibre, not from our own books."""
    found = page.evaluate(
        """source => {
          const plot = document.querySelector('.js-plotly-plot');
          const map = plot && plot._fullLayout && plot._fullLayout.map && plot._fullLayout.map._subplot.map;
          const held = map && map.getSource(source);
          return held ? JSON.stringify(held.serialize().data.features || []) : '[]';
        }""",
        source,
    )
    features: list[dict[str, Any]] = json.loads(found)
    return features
