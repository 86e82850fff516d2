"""Visitors in a real browser before a real server full of secrets: every byte that reaches them is looked through."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from geodata.ground import load_ground
from layers.bookmarks import BookmarkSet
from layers.event import Event
from layers.incidents import IncidentReported, Report
from layers.layer import discover_layers
from layers.responders import PositionReported
from layers.store.sqlite import FILE_NAME as LOG_FILE
from layers.store.sqlite import open_store
from layers.unit_facts import UnitRegistered
from tests.e2e.conftest import Server, eventually, layar, new_server
from tests.e2e.recorded_line import RecordedLine, recorded

NOW = datetime.now(UTC)
SETTINGS = """
[visitor]
categories = ["kebakaran"]
delay_min = 1

[cameras]
allow = ["127.0.0.0/8"]
visitor_delay_s = 10
"""
CAMERAS = (
    "id,name,lon,lat,url,audience,owner\n"
    '"V","Taman Kota",117.15,-0.5,http://pengawas:sandi-kenari@127.0.0.1:{port}/jalur-07.jpg,visitor,Dishub\n'
    '"A","Simpang Rahasia",117.15,-0.5,http://pengawas:sandi-kenari@127.0.0.1:{port}/jalur-07.jpg,wall,Dishub\n'
)
NARRATIVE = "pelapor Budi Kenari 0812-5550-1234, mobil KT 4321 KN"
PLANTED = (
    "Budi", "0812-5550", "KT 4321", "Siti", "relawan-7", "INC-RAHASIA", "rapat tertutup", "Simpang Rahasia",
    "EXIFKENARI", "jalur-07", "sandi-kenari", "117.173737", "117173737", "117.147474", "117147474",
)  # fmt: skip
"""Free text, a number, a plate, a volunteer and where they are, ids, a bookmark's name, a camera that is not theirs."""


@dataclass(frozen=True)
class Room:
    """The server, and what reaches the browsers that stand behind the line."""

    server: Server
    line: RecordedLine

    @property
    def url(self) -> str:
        """The server's address by way of the line."""
        return f"http://127.0.0.1:{self.line.port}"

    def leaks(self) -> list[str]:
        """Whatever was planted and has come through."""
        said = self.line.said()
        return [word for word in PLANTED if word.encode() in said]


def picture() -> bytes:
    """A street with words hidden in its EXIF."""
    pixels = np.random.default_rng(7).integers(60, 120, (360, 640, 3), np.uint8)
    exif = Image.Exif()
    exif[0x010E] = "EXIFKENARI"
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", exif=exif)
    return out.getvalue()


@contextmanager
def street_camera() -> Iterator[int]:
    """A camera that gives that picture to whoever asks; its port."""
    jpeg = picture()

    class Camera(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "image/jpeg")
            self.send_header("Content-Length", str(len(jpeg)))
            self.end_headers()
            self.wfile.write(jpeg)

        def log_message(self, *_said: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Camera)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def planted(data: Path, camera_port: int) -> Server:
    server = new_server(data)
    server.tokens["visitor"] = layar(data, "token", "create", "--role", "visitor", "--name", "test-visitor").split()[-1]
    (data / "layar.toml").write_text(SETTINGS)
    (data / "list.csv").write_text(CAMERAS.format(port=camera_port))
    layar(data, "cameras", "import", str(data / "list.csv"))
    plant(data)
    server.start()
    return server


def plant(data: Path) -> None:
    """What the city was told twenty minutes ago, old enough for visitors; and where the volunteer is now."""
    then = NOW - timedelta(minutes=20)
    fire = {"category": "kebakaran", "priority": 1, "lon": 117.173737, "lat": -0.487613, "description": NARRATIVE}
    reports = [Report(reported_at=then + timedelta(minutes=n), **fire) for n in (0, 1)]
    span = {"at": then, "until": then + timedelta(minutes=6)}
    facts = [
        *(IncidentReported(incident=f"INC-RAHASIA-{n}", report=report) for n, report in enumerate(reports)),
        UnitRegistered(unit="relawan-7", name="Siti Kenari", unit_kind="volunteer"),
        BookmarkSet(bookmark="b", name="rapat tertutup", note=NARRATIVE, by="Budi", for_visitors=True, **span),
    ]
    told = [Event(id=f"e-{n}", at=then, seen=then, source="cad/x", fact=fact) for n, fact in enumerate(facts)]
    here = PositionReported(unit="relawan-7", lon=117.147474, lat=-0.512345)
    store = open_store(data / LOG_FILE, discover_layers().found, load_ground(data))
    try:
        store.append(
            [*told, Event(id="e-now", at=datetime.now(UTC), seen=datetime.now(UTC), source="cad/x", fact=here)]
        )
    finally:
        store.close()


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with street_camera() as camera_port:
        server = planted(tmp_path_factory.mktemp("room"), camera_port)
        try:
            with recorded(server.port) as line:
                yield Room(server, line)
        finally:
            server.stop()


def opened(browser: Browser, room: Room, role: str, path: str) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.goto(f"{room.url}/login?next={path}")
    page.fill("input[name=token]", room.server.tokens[role])
    page.click("form button")
    page.wait_for_url(f"**{path}**")
    return page


def scene(page: Page, number: int) -> str:
    """Go there as a guide would; what stands on the stage."""
    page.wait_for_selector(".visitor-scene", timeout=60_000)
    page.evaluate("(number) => document.querySelectorAll('.visitor-dot')[number].click()", number)
    return page.inner_text("#visitor-stage")


def test_not_one_planted_byte_reaches_a_visitors_browser_live_or_recorded(browser, room):
    page = opened(browser, room, "visitor", "/visitor")
    assert "112" in scene(page, 0)
    scene(page, 5)
    eventually(lambda: "Kebakaran" in page.inner_text("#visitor-stage"), 60, "the fire, by kelurahan")
    scene(page, 4)
    page.keyboard.press(" ")  # go on
    recording = "[...document.querySelectorAll('.visitor-incident b')].some((b) => b.textContent === 'Kebakaran')"
    is_then = f"layar.time.now() < {NOW.timestamp() - 600} && {recording}"
    eventually(lambda: page.evaluate(is_then), 60, "the fire of then")
    scene(page, 3)
    eventually(lambda: "Taman Kota" in page.inner_text("#visitor-stage"), 90, "the camera that is theirs")
    has_picture = "document.querySelector('.visitor-camera img')?.naturalWidth > 0"
    eventually(lambda: page.evaluate(has_picture), 90, "its picture")
    page.goto(f"{room.url}/wall")
    eventually(lambda: page.evaluate("layar.picture.isForVisitors()"), 60, "the visitors' wall")
    eventually(lambda: "Kebakaran" in page.inner_text("#wall"), 60, "the fire on the wall")
    page.context.close()
    said = room.line.said()
    assert not room.leaks()
    assert all(word in said for word in (b"Kebakaran", b"Taman Kota", b"\xff\xd8\xff", b"data: {", b"layar.visitor"))
    assert b"Exif\0" not in said


def test_one_key_makes_a_wall_a_visitors_and_nothing_of_before_is_left_in_it(browser, room):
    page = opened(browser, room, "wall", "/wall")
    eventually(
        lambda: page.evaluate("JSON.stringify([...layar.picture.layer('responders').values()]).includes('Siti')"),
        60,
        "Siti",
    )
    assert "Siti" in room.leaks()
    page.evaluate("localStorage.setItem('x', 'Siti'); sessionStorage.setItem('x', 'Siti'); window.before = 'Siti'")
    room.line.forget()
    with page.expect_navigation(timeout=60_000):
        page.keyboard.press("d")
    eventually(lambda: page.evaluate("window.layar && layar.picture.isForVisitors()"), 60, "the visitors' picture")
    eventually(lambda: "MODE TAMU" in page.inner_text("body"), 30, "the band that says so")
    held = page.evaluate(
        "[document.documentElement.outerHTML, JSON.stringify(localStorage), JSON.stringify(sessionStorage),"
        " String(window.before), ...layar.picture.layers().map((n) => JSON.stringify([...layar.picture.layer(n)]))]"
    )
    assert not [word for word in PLANTED if word in "".join(held)]
    page.go_back()
    page.wait_for_timeout(500)
    page.goto(f"{room.url}/wall")
    eventually(lambda: page.evaluate("window.layar && layar.picture.isForVisitors()"), 60, "the same after coming back")
    room.line.forget()
    page.wait_for_timeout(1_000)
    assert room.leaks() == []
    _lead_back(page, room)


def _lead_back(page: Page, room: Room) -> None:
    page.keyboard.press("d")
    page.fill("dialog.visit input[name=secret]", room.server.tokens["visitor"])
    page.click("dialog.visit .visit-go")
    eventually(lambda: "tidak boleh" in page.inner_text("dialog.visit"), 30, "the refusal")
    assert page.evaluate("layar.picture.isForVisitors()")
    page.fill("dialog.visit input[name=secret]", room.server.tokens["admin"])
    with page.expect_navigation(timeout=60_000):
        page.click("dialog.visit .visit-go")
    eventually(
        lambda: page.evaluate("window.layar && layar.picture.layer('responders').size === 1"), 60, "the room's wall"
    )
    rows = room.server.get("/api/v1/audit", "admin").json()
    deeds = [(row["action"], row["who"]) for row in rows["rows"] if row["action"].startswith("visit.")]
    assert deeds == [("visit.end", "test-admin"), ("visit.refused", "test-visitor"), ("visit.begin", "test-wall")]
    page.context.close()
