"""The camera wall on a stage: cameras that live and die, news of them, and an eye for where everything stands."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from playwright.sync_api import Page

from tests.e2e.conftest import eventually
from tests.e2e.wall_stage import Script, Stage

GEOMETRY = """() => {
  const box = (node) => { const r = node.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
  const words = (node) => [...node.querySelectorAll('.camera-name, .camera-near, .camera-age, .camera-stamp')]
    .filter((one) => one.innerText && one.offsetParent);
  return {
    area: box(document.querySelector('.cams-body')),
    tiles: [...document.querySelectorAll('.cams-tiles .camera')].map((node) => ({
      key: node.dataset.key, box: box(node), large: node.dataset.large,
      font: parseFloat(getComputedStyle(node.querySelector('.camera-name')).fontSize),
      smallest: Math.min(...words(node).map((one) => parseFloat(getComputedStyle(one).fontSize))),
      cut: words(node).filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.innerText),
      words: words(node).map(box),
      fit: getComputedStyle(node.querySelector('.camera-picture')).objectFit,
    })),
    rem: parseFloat(getComputedStyle(document.documentElement).fontSize),
    wide: document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight,
  };
}"""
REM_PX = 16


def jpeg(shade: int) -> bytes:
    encoded: bytes = cv2.imencode(".jpg", np.full((180, 320, 3), shade, np.uint8))[1].tobytes()
    return encoded


class Now(Script):
    """News of this very second."""

    @property
    def now(self) -> float:
        """As the server would say it."""
        return time.time()

    @now.setter
    def now(self, _said: float) -> None:
        """A real clock cannot be set."""


class Lens(dict[str, tuple[bytes, float]]):
    """The cameras' pictures: a new one every two seconds, but of those that are dead, whose last stays."""

    def __init__(self) -> None:
        super().__init__()
        self.died: dict[str, float] = {}
        self.slow_s = 0.0

    def __getitem__(self, key: str) -> tuple[bytes, float]:
        time.sleep(self.slow_s)
        at = self.died.get(key, time.time() // 2 * 2)
        return jpeg(int(at / 2) % 200 + 30), at


def camera(number: int, **said: Any) -> dict[str, Any]:
    return {
        "key": f"CAM-{number:02}", "name": f"Simpang Empat Lembuswana {number}", "health": "ok", "faults": [],
        "group": "tiang-1" if number < 3 else None, "kelurahan": "Jawa" if number == 5 else None,
        "distance_m": None, "near": None, "sees": None, "verdict": None, "reason": None, "reason_en": None,
        "last_picture_at": None, **said,
    }  # fmt: skip


def near(number: int, *, sees: bool = False, **said: Any) -> dict[str, Any]:
    reason = f"melihat lokasi · {100 + 10 * number} m" if sees else f"di luar jangkauan · {number},4 km"
    return camera(number, near="FIRE", sees=sees, distance_m=100 + 10 * number, reason=reason, **said)


def panels(cameras: list[dict[str, Any]], near_key: str | None = None) -> dict[str, Any]:
    seen_by = sum(bool(one["sees"]) for one in cameras)
    eyes = {"near": near_key, "seen_by": seen_by, "text": "", "text_en": ""} if near_key else None
    return {"cameras": cameras, "eyes": eyes, "degraded": []}


@dataclass
class Wall:
    """The page, its server, and everything the page asked for or complained of."""

    page: Page
    stage: Stage
    lens: Lens
    asked: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def tell(self, cameras: list[dict[str, Any]], near_key: str | None = None, **more: Any) -> None:
        """News of these cameras, nearest eyes first, and of the incident they are near to."""
        self.stage.script.tell(panels={**panels(cameras, near_key), **more})

    def open(self, query: str = "", thin: str = "0") -> None:
        """A new page on a full HD wall; only where it is asked for does it find out by itself how its line is."""
        self.page.set_viewport_size({"width": 1920, "height": 1080})
        self.page.goto(f"{self.stage.url.removesuffix('/wall/')}/camera-wall/?thin={thin}&{query}")

    def until(self, script: str, what: str, timeout_s: float = 30) -> Any:
        """Wait for what the page itself says."""
        return eventually(lambda: self.page.evaluate(script), timeout_s, what)

    def tiles(self, count: int) -> None:
        """Wait for so many tiles, each with its picture."""
        script = (
            "() => [...document.querySelectorAll('.cams-tiles .camera-picture')].map((one) => one.naturalWidth > 0)"
        )
        self.until(f"{{ const all = ({script})(); all.length === {count} && all.every(Boolean) }}", f"{count} tiles")

    def hear(self, look: Callable[[], Any], what: str) -> None:
        """Wait for something that the page is known by to have done; only while it is asked do its events arrive."""

        def listened() -> Any:
            self.page.wait_for_timeout(50)
            return look()

        eventually(listened, 60, what)

    def shown(self) -> list[str]:
        """Which cameras stand on the wall."""
        keys: list[str] = self.page.evaluate(
            "[...document.querySelectorAll('.cams-tiles .camera')].map((n) => n.dataset.key)"
        )
        return keys

    def tile(self, number: int) -> Any:
        """One camera's."""
        return self.page.locator(f".cams-tiles .camera[data-key='CAM-{number:02}']")

    def geometry(self) -> dict[str, Any]:
        """Where everything stands, in CSS pixels."""
        found: dict[str, Any] = self.page.evaluate(GEOMETRY)
        return found

    def forward(self, seconds: float) -> None:
        """Let time pass for what the page counts by itself."""
        self.page.evaluate(
            """s => { const before = layar.time.monotonic; layar.time.monotonic = () => before() + s;
                      layar.emit("second", layar.time.now()); }""",
            seconds,
        )


def overlaps(a: list[float], b: list[float]) -> bool:
    return min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 1


def area(box: list[float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def judge(found: dict[str, Any], least_px: float) -> None:
    """The tiles fill the room, none covers another, and what is written can be read; sizes as they are at 1080p."""
    tiles, rem = found["tiles"], found["rem"]
    boxes = [tile["box"] for tile in tiles]
    assert not found["wide"]
    assert sum(map(area, boxes)) >= 0.95 * area(found["area"])
    assert not [pair for i, a in enumerate(boxes) for b in boxes[i + 1 :] if overlaps(a, b) for pair in [(a, b)]]
    for tile in tiles:
        assert tile["fit"] == "contain"
        assert tile["font"] * REM_PX / rem >= least_px, tile["key"]
        assert tile["smallest"] >= rem, tile["key"]
        assert tile["cut"] == []
        words = tile["words"]
        assert not [1 for i, a in enumerate(words) for b in words[i + 1 :] if overlaps(a, b)]
