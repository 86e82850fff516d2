"""A hand at the camera desk for its tests: the page, its server, a camera that answers, and crowds of others."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route

from tests.cctv.fake_camera import FakeCamera, lively
from tests.e2e.conftest import Server, eventually, new_server

LON, LAT = 117.15, -0.49
FIELD = "#desk-field-{}"
HERE = "layar.desk && layar.desk.isHere && layar.desk.book.isTold() && layar.map.get() ? layar.desk.state() : null"
UNTIL_S = 40


@dataclass
class Desk:
    """The page, its server and a camera that gives pictures."""

    server: Server
    page: Page
    camera: FakeCamera
    complaints: list[str] = field(default_factory=list)

    def state(self) -> dict[str, Any]:
        """What the page says of itself; empty until its parts stand."""
        found: dict[str, Any] | None = self.page.evaluate(f"window.layar ? ({HERE}) : null")
        return found or {}

    def until(self, look: Callable[[dict[str, Any]], Any], what: str) -> Any:
        """Wait for a state of the page."""
        return eventually(lambda: look(self.state()), UNTIL_S, what)

    def fill(self, **values: str) -> None:
        """Type into fields."""
        for name, value in values.items():
            self.page.fill(FIELD.format(name), value)

    def text(self, selector: str) -> str:
        """As a reader sees it."""
        return self.page.locator(selector).first.inner_text()

    def words_for(self, group: str) -> list[str]:
        """The words the desk has for these keys."""
        words: list[str] = self.page.evaluate(
            f"Object.values(layar.desk.words.{group}).map((words) => layar.say(words))"
        )
        return words

    def tab(self, name: str) -> None:
        """Turn to one of the sheets."""
        self.page.click(f"#desk-tab-{name}")

    def choose(self, camera_id: str) -> None:
        """Click a camera in the list."""
        self.page.click(f'.desk-row[data-key="{camera_id}"] .desk-choose')
        self.until(lambda s: s.get("chosen") == camera_id, f"{camera_id} on the desk")

    def saved(self) -> None:
        """Click on save and wait until nothing is unsaved."""
        self.page.click("#desk-save")
        self.until(lambda s: not s["changes"] and s["chosen"], "nothing left to save")

    def listed(self, camera_id: str) -> dict[str, Any] | None:
        """The camera as the inventory holds it."""
        cameras = json.loads((self.server.data / "cameras.json").read_bytes())
        return next((camera for camera in cameras if camera["id"] == camera_id), None)

    def drag(self, selector: str, east_px: float, north_px: float) -> None:
        """Take a handle and put it down elsewhere."""
        box = self.page.locator(selector).bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + east_px / 2, y - north_px / 2)
        self.page.mouse.move(x + east_px, y - north_px)
        self.page.mouse.up()

    def click_picture(self, *corners: tuple[float, float]) -> None:
        """Click on the still at these fractions of it."""
        box = self.page.locator(".desk-paper").bounding_box()
        assert box
        for x, y in corners:
            self.page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)


def opened(browser: Browser, server: Server, camera: FakeCamera) -> Desk:
    page = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True).new_page()
    page.set_default_timeout(UNTIL_S * 1000)
    desk = Desk(server=server, page=page, camera=camera)
    page.on("pageerror", lambda e: desk.complaints.append(str(e)))
    page.on("console", lambda m: desk.complaints.append(m.text) if m.type == "error" and "layar:" in m.text else None)
    page.goto(f"{server.url}/login?next=/operate/cameras")
    page.fill("input[name=token]", server.tokens["admin"])
    page.click("form button")
    desk.until(lambda s: s.get("isTold") and s["hasMap"], "the desk")
    return desk


@contextmanager
def laid(browser: Browser, folder: Path) -> Iterator[Desk]:
    """A city without cameras, its data in `folder`, and its desk."""
    server = new_server(folder / "data")
    with FakeCamera(lively) as camera:
        try:
            server.start()
            desk = opened(browser, server, camera)
            yield desk
            desk.page.context.close()
        finally:
            server.stop()


def told(body: dict[str, Any]) -> Callable[[Route], None]:
    """Answers the page in the server's place."""
    return lambda route: route.fulfill(status=200, body=json.dumps(body), content_type="application/json")


STATES = ("ok", "late", "lost", "unknown")


def crowd(count: int) -> dict[str, Any]:
    """As the API tells that many cameras."""
    return {"cameras": [
        {"id": f"CAM-{n:03}", "name": f"Kamera Persimpangan Jalan Panjang Nomor {n}", "lon": LON + n * 0.0004,
         "lat": LAT, "kind": "rtsp", "address": "rtsp://10.0.0.7/live", "has_password": True, "azimuth_deg": n % 360,
         "fov_deg": 60, "range_m": 200, "masks": [], "audience": "wall", "card": {}, "etag": str(n),
         "status": {"health": STATES[n % 4], "signs": [], "last_picture_at": "2026-11-23T03:00:00Z"}}
        for n in range(count)
    ], "is_silent": False}  # fmt: skip


SPILLS = """() => {
  const seen = (node) => node.checkVisibility() && node.getClientRects().length;
  const boxes = '.desk-top, .desk-list, .desk-side, .desk-sheets, .desk-foot, .desk-row';
  const wide = Array.from(document.querySelectorAll(boxes))
    .filter((node) => seen(node) && node.scrollWidth > node.clientWidth + 1);
  const out = Array.from(document.querySelectorAll('.desk .button'))
    .filter((node) => seen(node) && node.scrollWidth > node.clientWidth + 1);
  const page = document.documentElement.scrollWidth > innerWidth + 1 ? ['page'] : [];
  return [...wide, ...out].map((node) => `${node.className} ${node.id} ${node.textContent.slice(0, 30)}`).concat(page);
}"""
