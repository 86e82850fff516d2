"""The live map beside a textbook Dash map, in one run: bytes, server CPU, main thread, time to the map.

Both show the same moving world in the same browser at 640x360 (so that software graphics do not hide the cost
of the update path). Server CPU: of the worker process from known positions to the viewer, that is less what moving the
world costs, and, on our side, less folding its events, which stands in a column of its own: the textbook app is handed
arrays and keeps no history. Main thread: Chromium's own count. Event → map:
from the moment the world moved to the frame that shows it.
"""

import json
import math
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import requests
from playwright.sync_api import CDPSession, Page, sync_playwright

HERE = Path(__file__).parent
COUNTS = (100, 1_000, 10_000)
WARM_UP_S, MEASURE_S = 8.0, 20.0
CHROMIUM_FLAGS = [
    "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist", "--no-sandbox",
    "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]  # fmt: skip

# Notes, for each update, when the world moved and when a frame showed it.
TEXTBOOK_PROBE = """() => {
  const graph = document.querySelector('.js-plotly-plot');
  const map = graph._fullLayout.map._subplot.map;
  const bench = window.bench = {shown: []};
  let last = 0;
  map.on('render', () => {
    const at = graph._fullLayout.meta;
    if (at === last) return;
    last = at;
    bench.shown.push(Date.now() / 1000 - at);
  });
}"""
OUR_PROBE = """() => {
  const bench = window.bench = {shown: []};
  const set = window.layar.glide.set, frames = () => window.layar.glide.frames();
  let last = 0;
  window.layar.glide.set = (units, ages) => {
    set(units, ages);
    const at = Math.max(...units.map(unit => unit.observedAt)), before = frames();
    if (at === last) return;
    last = at;
    const look = () => frames() > before ? bench.shown.push(Date.now() / 1000 - at) : requestAnimationFrame(look);
    requestAnimationFrame(look);
  };
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Per update, except `to_map_ms` (median)."""

    updates: int
    bytes: float
    server_ms: float
    fold_ms: float
    main_ms: float
    to_map_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two things compared."""

    name: str
    script: str
    path: str
    ready: str
    probe: str
    traffic: str


TEXTBOOK = Side(
    name="textbook", script="textbook_wall.py", path="/", probe=TEXTBOOK_PROBE, traffic="_dash-update-component",
    ready="""() => { const g = document.querySelector('.js-plotly-plot');
             return g && g._fullLayout && g._fullLayout.map && g._fullLayout.map._subplot.map.isStyleLoaded(); }""",
)  # fmt: skip
OURS = Side(
    name="ours", script="our_wall.py", path="/wall", probe=OUR_PROBE, traffic="/live",
    ready="() => window.layar && window.layar.state && window.layar.state().units.drawn > 0",
)  # fmt: skip


@contextmanager
def served(side: Side, count: int, data: Path) -> Iterator[str]:
    """Start one side; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(HERE / side.script), str(port), str(count), str(data)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 — our own script
    try:
        _wait_for(f"http://127.0.0.1:{port}{side.path}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            if requests.get(url, timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    raise RuntimeError(f"{url} never answered")


def server_cpu_s(port: int) -> float:
    """CPU of all processes of the server that listens on `port`."""
    listening = {c.pid for c in psutil.net_connections("tcp") if c.laddr and c.laddr.port == port and c.pid}
    return float(sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in listening))


def apart_s(data: Path) -> tuple[float, float]:
    """What our side noted of itself: (moving the world, folding events)."""
    noted = data / "producer-cpu"
    said = noted.read_text().split() if noted.exists() else []
    return (float(said[0]), float(said[1])) if len(said) == 2 else (0.0, 0.0)


def main_thread_s(devtools: CDPSession) -> float:
    """CPU seconds of the page's main thread so far."""
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    return next(m["value"] for m in metrics if m["name"] == "TaskDuration")


def count_bytes(devtools: CDPSession, marker: str, box: dict[str, float]) -> None:
    """Add up what arrives on requests whose address holds `marker`, streams included."""
    wanted: set[str] = set()
    devtools.send("Network.enable")
    devtools.on("Network.requestWillBeSent", lambda e: marker in e["request"]["url"] and wanted.add(e["requestId"]))

    def arrived(event: dict[str, object]) -> None:
        if event["requestId"] in wanted:
            box["bytes"] += float(str(event["dataLength"]))

    devtools.on("Network.dataReceived", arrived)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """What has been used so far."""

    bytes: float
    server_s: float
    fold_s: float
    main_s: float


def measure(side: Side, count: int) -> Result:
    """Run one side in a browser of its own."""
    with tempfile.TemporaryDirectory() as folder, served(side, count, Path(folder)) as url, sync_playwright() as play:
        chromium = play.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        page = chromium.new_page(viewport={"width": 640, "height": 360})
        devtools = page.context.new_cdp_session(page)
        devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
        box = {"bytes": 0.0}
        count_bytes(devtools, side.traffic, box)
        page.goto(url + side.path)
        page.wait_for_function(side.ready, timeout=90_000)
        port = int(url.rsplit(":", 1)[1])

        def read() -> Counters:
            moving_s, fold_s = apart_s(Path(folder))
            return Counters(
                bytes=box["bytes"],
                server_s=server_cpu_s(port) - moving_s - fold_s,
                fold_s=fold_s,
                main_s=main_thread_s(devtools),
            )

        result = _measure(page, side, read)
        chromium.close()
        return result


def _measure(page: Page, side: Side, read: Callable[[], Counters]) -> Result:
    page.wait_for_timeout(WARM_UP_S * 1000)
    page.evaluate(side.probe)
    before = read()
    page.wait_for_timeout(MEASURE_S * 1000)
    after = read()
    shown = json.loads(page.evaluate("JSON.stringify(window.bench.shown)"))
    return Result(
        updates=len(shown),
        bytes=(after.bytes - before.bytes) / MEASURE_S,
        server_ms=(after.server_s - before.server_s) / MEASURE_S * 1000,
        fold_ms=(after.fold_s - before.fold_s) / MEASURE_S * 1000,
        main_ms=(after.main_s - before.main_s) / MEASURE_S * 1000,
        to_map_ms=statistics.median(shown) * 1000 if shown else math.nan,
    )


def row(count: int, textbook: Result, ours: Result) -> str:
    """A line of the table in the README."""
    pairs = [
        (textbook.bytes / 1000, ours.bytes / 1000, "kB"), (textbook.server_ms, ours.server_ms, "ms"),
        (textbook.main_ms, ours.main_ms, "ms"), (textbook.to_map_ms, ours.to_map_ms, "ms"),
    ]  # fmt: skip
    cells = [f"{theirs:,.1f} → {mine:,.1f} {unit} (1/{theirs / mine:.1f})" for theirs, mine, unit in pairs]
    return f"| {count:,} | " + " | ".join([*cells, f"{ours.fold_ms:,.1f} ms"]) + " |"


def main() -> None:
    """Print the table: textbook → ours (ratio)."""
    print(
        "| moving responders | bytes per update | server CPU per update | main thread per update | event → map "
        "| ours beside: folding |"
    )
    print("|---|---|---|---|---|---|")
    for count in COUNTS:
        theirs, ours = measure(TEXTBOOK, count), measure(OURS, count)
        print(row(count, theirs, ours), f" <!-- updates seen: {theirs.updates}, {ours.updates} -->", flush=True)


if __name__ == "__main__":
    main()
