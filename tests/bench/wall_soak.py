"""A day on the wall, pressed together: a page that nobody reloads keeps its size, and its console quiet.

The real page in a real browser; the seconds of the day are counted as fast as it counts them, and every half minute
brings a message: incidents come, age and go, units move, panels change, scenes and cards take turns, cameras are
pictured. What is left after collecting garbage is measured every half hour of that day; the slope is a line through all
but its first sixth. `--hours=24` (the day), `--screen=penuh`, `--keep` for no exit code.
"""

import itertools
import logging
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

from tests.e2e.wall_city import BOARD, SCENE, city
from tests.e2e.wall_stage import NOW, Script, Stage
from tests.e2e.wall_words import FIGURES, incident, units

CHROMIUM_FLAGS = [
    "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist", "--no-sandbox",
    "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]  # fmt: skip
WALL = "utama"
BATCH_S = 30
MOST_SLOPE_MB_H = 5.0
_READY_S, _CATCH_UP_S = 120, 60
_MEASURED_EVERY = 60
_WARM_SHARE = 6
# A turn of the page's clock for every second of the batch, as 02-time.js makes one.
TICKS = """([from, seconds]) => {
  for (let i = 1; i <= seconds; i++) {
    layar.time.learn(from + i);
    layar.emit("second", from + i);
  }
}"""
STARTED = (
    "Boolean(window.layar && layar.state && layar.picture.cursor() && (layar.map.get() || !layar.canvas.hasMap()))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What the page held at one moment of its day."""

    hour: float
    heap_mb: float
    nodes: int
    listeners: int


def happen(script: Script, number: int) -> None:
    """What half a minute brings: one incident opened, one closed, units on their way, figures and a scene anew."""
    now = script.now
    opened = incident(f"S{number}", 1 + number % 4, 117.08 + (number % 13) * 0.01, -0.55 + (number % 7) * 0.02,
                      reported_at=now, observed_at=now)  # fmt: skip
    closed = [f"S{number - 25}"] if number >= 25 else []
    scene = SCENE | {"id": f"{WALL}:{number // 4}", "since": now}
    card = BOARD[number % len(BOARD)] | {"observed_at": now}
    script.tell(
        {"incidents": [opened]},
        drop={"incidents": closed},
        columns={"responders": units(117.14 + (number % 50) * 0.001, observed_at=now)},
        panels={"figures": FIGURES | {"observed_at": now, "open": 16 + number % 9}, "scenes": {WALL: scene},
                "board": [card if one["key"] == card["key"] else one for one in BOARD]},
    )  # fmt: skip
    for old in [key for key in script.deltas if int(key.split(".")[0]) < script.number - 50]:
        del script.deltas[old]


def measured(cdp: CDPSession, hour: float) -> Size:
    """After collecting garbage."""
    cdp.send("HeapProfiler.collectGarbage")
    heap: dict[str, Any] = cdp.send("Runtime.getHeapUsage")
    counted: dict[str, Any] = cdp.send("Memory.getDOMCounters")
    return Size(
        hour=hour, heap_mb=heap["usedSize"] / 1e6, nodes=counted["nodes"], listeners=counted["jsEventListeners"]
    )


def slope_mb_h(sizes: list[Size]) -> float:
    """Of the straight line that lies nearest to all sizes after the warm-up."""
    kept = sizes[len(sizes) // _WARM_SHARE :]
    hours, heaps = [size.hour for size in kept], [size.heap_mb for size in kept]
    middle, mean = sum(hours) / len(hours), sum(heaps) / len(heaps)
    spread = sum((hour - middle) ** 2 for hour in hours)
    return sum((hour - middle) * (heap - mean) for hour, heap in zip(hours, heaps, strict=True)) / spread


def live_a_day(page: Page, stage: Stage, hours: float) -> list[Size]:
    """Batch after batch; how large the page was, from its begin to its end."""
    cdp = page.context.new_cdp_session(page)
    batches = max(4, round(hours * 3600 / BATCH_S))
    every = max(1, min(_MEASURED_EVERY, batches // 12))
    sizes = [measured(cdp, 0.0)]
    for number in range(1, batches + 1):
        page.evaluate(TICKS, [stage.script.now, BATCH_S])
        stage.script.now += BATCH_S
        happen(stage.script, number)
        _catch_up(page, stage.script)
        if number % every == 0:
            sizes.append(measured(cdp, number * BATCH_S / 3600))
    return sizes


def _catch_up(page: Page, script: Script) -> None:
    end = time.monotonic() + _CATCH_UP_S
    while page.evaluate("layar.picture.cursor()") != script.cursor:
        if time.monotonic() > end:
            raise TimeoutError("the page does not take its news any more")
        time.sleep(0.005)


def _opened(page: Page, url: str) -> None:
    page.goto(url)
    end = time.monotonic() + _READY_S
    while not page.evaluate(STARTED):
        if time.monotonic() > end:
            raise TimeoutError("the wall did not start")
        time.sleep(0.2)


def option(name: str, otherwise: str) -> str:
    """`--name=value` of the command line."""
    said = (word.partition("=")[2] for word in sys.argv if word.startswith(f"--{name}="))
    return next(said, otherwise)


def main() -> None:
    """Print the table; end with 1 where the page grows or complains."""
    hours, screen = float(option("hours", "24")), option("screen", "penuh")
    errors: list[str] = []
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        stage = Stage(city([WALL]), Path(folder))
        stage.script.now = NOW
        stage.start()
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 960, "height": 540})
        page.on(
            "console", lambda said: errors.append(said.text) if said.type == "error" and _is_ours(said.text) else None
        )
        page.on("pageerror", lambda error: errors.append(str(error)))
        _opened(page, f"{stage.url}?wall={WALL}&screen={screen}")
        sizes = live_a_day(page, stage, hours)
        browser.close()
        stage.kill()
    report(sizes, errors, hours)


def _is_ours(text: str) -> bool:
    """The stage has no pictures of cameras: that those are not found is its doing."""
    return "404" not in text


def report(sizes: list[Size], errors: list[str], hours: float) -> None:
    """What `make bench` shows."""
    print("| hour of the day | heap | nodes | listeners |\n|---|---|---|---|")
    for size in itertools.islice(sizes, 0, None, max(1, len(sizes) // 12)):
        print(f"| {size.hour:.1f} | {size.heap_mb:.1f} MB | {size.nodes:,} | {size.listeners:,} |")
    slope = slope_mb_h(sizes)
    print(
        f"\n{hours:g} h: heap {slope:+.2f} MB an hour (most {MOST_SLOPE_MB_H:g}), {len(errors)} errors in the console"
    )
    for text in errors[:5]:
        print(f"- {text[:200]}")
    if (slope >= MOST_SLOPE_MB_H or errors) and "--keep" not in sys.argv:
        sys.exit(1)
