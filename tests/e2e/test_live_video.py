"""Live video through everything: real cameras, the real server, real viewers, a real browser."""

import json
import os
import signal
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

import psutil
import pytest
import requests
from playwright.sync_api import Browser, Page
from rtsp_farm import Clip, RtspFarm

from cctv.camera import discover_sources
from cctv.inventory import import_cameras
from dashboard.tokens import FILE_NAME, Grant, TokenBook
from geodata.clock import utc_now
from tests.e2e.conftest import Server, eventually, free_port

LIST = "id,name,lon,lat,url,masks\n"
MASK = '"[[[0,0],[0.5,0],[0.5,1],[0,1]]]"'
WORDS, BEGINNING, PIECE = 0, 1, 2
FAT = Clip(width=640, height=360, fps=15, gop=15, kilobits=8_000, seconds=1)


@dataclass
class Studio:
    """A city with cameras of every sort, served."""

    server: Server
    street: RtspFarm
    urls: dict[str, str] = field(default_factory=dict)
    watchers: list["Watcher"] = field(default_factory=list)

    def import_(self, **masks: str) -> None:
        """Import the list of cameras; `masks` hide what is in them."""
        rows = [f"{id_},{id_},117.15,-0.5,{url},{masks.get(id_, '')}" for id_, url in self.urls.items()]
        said = import_cameras((LIST + "\n".join(rows)).encode(), self.server.data, discover_sources().found)
        assert not said.refused

    def token(self, role: Grant, name: str) -> None:
        """Make a token of that name; requests use it by its name."""
        book = TokenBook(self.server.data / FILE_NAME)
        self.server.tokens[name] = book.create(name=name, role=role, now=utc_now())

    def process(self) -> psutil.Process:
        """The live video process."""
        assert self.server.process
        family = psutil.Process(self.server.process.pid).children()
        return next(one for one in family if "dashboard.live_video_process" in one.cmdline())

    def sessions(self, farm: RtspFarm | None = None) -> int:
        """How many connections it has with the cameras of a farm."""
        port = (farm or self.street).port
        with suppress(psutil.Error, StopIteration):
            lines = self.process().net_connections(kind="tcp")
            return sum(bool(line.raddr) and line.raddr.port == port and line.status == "ESTABLISHED" for line in lines)
        return -1

    def audit(self, action: str, camera: str) -> list[dict]:
        """Rows of the audit, the newest first."""
        rows = self.server.get("/api/v1/audit", "admin").json()["rows"]
        return [row for row in rows if (row["action"], row["target"]) == (action, camera)]

    def watch(self, role: str = "admin", **tiles: str) -> "Watcher":
        """Open a screen with these cameras on it: `a="CAM-0"`."""
        answer = self.server.get("/video", role, stream=True)
        assert answer.status_code == 200, answer.text
        watcher = Watcher(self, role, answer)
        self.watchers.append(watcher)
        watcher.show(*tiles.values())
        return watcher


class Watcher:
    """A viewer without a browser: reads the frames."""

    def __init__(self, studio: Studio, role: str, answer: requests.Response) -> None:
        self._studio, self._role, self._answer = studio, role, answer
        self.screen = json.loads(self.frame()[2])["screen"]
        self.said: dict[str, dict] = {}

    def show(self, *cameras: str) -> None:
        """From now on these, on tiles from 1."""
        tiles = {str(number): camera for number, camera in enumerate(cameras, 1)}
        answer = self._studio.server.post(f"/video/{self.screen}/tiles", self._role, json={"tiles": tiles})
        assert answer.status_code == 200, answer.text
        self.said = answer.json()["tiles"]

    def frame(self) -> tuple[int, int, bytes]:
        """The next one: kind, tile, payload."""
        kind, tile, size = struct.unpack(">BHI", self._read(7))
        return kind, tile, self._read(size)

    def until(self, kind: int, tile: int = 1) -> bytes:
        """The payload of the next frame of that kind for that tile."""
        while True:
            found, number, payload = self.frame()
            if (found, number) == (kind, tile):
                return payload

    def words(self, state: str) -> dict:
        """The next word that tells of that state."""
        while True:
            kind, _, payload = self.frame()
            if kind == WORDS and (said := json.loads(payload)).get("state") == state:
                return said

    def is_cut_off(self) -> bool:
        """Reads to the end of it; whether there is one."""
        try:
            while True:
                self.frame()
        except (EOFError, requests.RequestException, OSError):
            return True
        except Exception as error:  # noqa: BLE001 — urllib3's own, by its name
            return "IncompleteRead" in repr(error) or "InvalidChunk" in repr(error)

    def leave(self) -> None:
        """Close the page."""
        self._answer.close()

    def _read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = self._answer.raw.read(count - len(data))
            if not more:
                raise EOFError
            data += more
        return data


@pytest.fixture(scope="module")
def served(tmp_path_factory, clip_folder) -> Iterator[Studio]:
    with ExitStack() as stack:
        street = stack.enter_context(RtspFarm(3, clip_folder, Clip(gop=30)))
        modern = stack.enter_context(RtspFarm(1, clip_folder, Clip(codec="hevc", seconds=1)))
        fat = stack.enter_context(RtspFarm(1, clip_folder, FAT))
        server = Server(data=tmp_path_factory.mktemp("live"), port=free_port())
        (server.data / "layar.toml").write_text("[server]\nthreads = 8\n[cameras]\nlive_tiles = 40\n")
        studio = Studio(server, street)
        for role in ("ingest", "wall", "admin"):
            studio.token(role, role)
        studio.urls = {f"CAM-{number}": street.url(number) for number in range(3)}
        studio.urls |= {"H265": modern.url(0), "FAT": fat.url(0), "STILL": "sim:"}
        studio.import_(**{"CAM-2": MASK})
        stack.callback(server.stop)
        server.start()
        eventually(lambda: server.get("/api/v1/layers/cameras.geojson", "admin").json()["features"], 60, "the cameras")
        eventually(lambda: server.get("/cameras/CAM-2.jpg", "admin").ok, 60, "a still")
        yield studio


@pytest.fixture
def studio(served) -> Iterator[Studio]:
    """The same for every test; who watches goes with the test."""
    yield served
    while served.watchers:
        served.watchers.pop().leave()


def test_two_viewers_share_one_session_and_the_second_begins_at_once(studio):
    first = studio.watch(a="CAM-0")
    assert first.words("playing")["codec"].startswith("avc1.")
    assert first.until(BEGINNING)[4:8] == b"ftyp"
    for _ in range(4):
        assert b"moof" in first.until(PIECE)
    second = studio.watch(a="CAM-0")
    assert b"moof" in second.until(PIECE)
    assert b"moof" in first.until(PIECE)
    assert studio.sessions() == 1
    first.leave()
    second.leave()
    eventually(lambda: studio.sessions() == 0, 20, "the end of the session with the camera")


def test_each_viewing_is_in_the_audit_from_its_beginning_to_its_end(studio):
    before = len(studio.audit("live.start", "CAM-1"))
    watcher = studio.watch(a="CAM-1")
    watcher.until(PIECE)
    started = studio.audit("live.start", "CAM-1")
    assert (len(started), started[0]["who"]) == (before + 1, "admin")
    watcher.leave()
    ended = eventually(lambda: studio.audit("live.end", "CAM-1")[before:], 20, "the end in the audit")[0]
    assert ended["who"] == "admin"
    assert ended["details"]["seconds"] > 0


def test_a_camera_with_masks_is_refused_in_words_and_never_opened(studio):
    watcher = studio.watch(a="CAM-2")
    said = watcher.said["1"]
    assert (said["state"], said["reason"]) == ("refused", "masked")
    assert said["text"] == "area privasi ditutup: gambar diam cepat"
    assert studio.audit("live.start", "CAM-2") == []


def test_h265_and_cameras_without_a_stream_are_refused_in_words(studio):
    watcher = studio.watch(a="H265", b="STILL", c="NOWHERE")
    assert [watcher.said[tile].get("reason") for tile in ("1", "2", "3")] == [None, "kind", "unlisted"]
    assert watcher.words("refused")["text"] == "H.265: gambar diam cepat"


@pytest.mark.parametrize(("role", "status"), [("wall", 403), ("ingest", 403)])
def test_only_admins_may_watch(studio, role, status):
    assert studio.server.get("/video", role).status_code == status
    watcher = studio.watch()
    tiles = {"tiles": {"1": "CAM-0"}}
    assert studio.server.post(f"/video/{watcher.screen}/tiles", role, json=tiles).status_code == status


def test_more_than_nine_tiles_on_a_screen_are_refused(studio):
    watcher = studio.watch(**{f"t{number}": "CAM-0" for number in range(10)})
    assert [watcher.said[str(tile)]["state"] for tile in range(1, 11)] == ["granted"] * 9 + ["refused"]
    assert watcher.said["10"]["reason"] == "full"
    begun: set[int] = set()
    while len(begun) < 9:
        kind, tile, _ = watcher.frame()
        begun |= {tile} if kind == BEGINNING else set()
    eventually(lambda: studio.sessions() == 1, 30, "one session for all of them")


def test_whoever_stops_reading_is_dropped_and_nobody_else_waits(studio):
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
    slow.settimeout(20)
    slow.connect(("127.0.0.1", studio.server.port))
    token = studio.server.tokens["admin"]
    slow.sendall(f"GET /video HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    said = b""
    while b'"screen":"' not in said or b"}" not in said:
        said += slow.recv(4096)
    screen = said.partition(b'"screen":"')[2][:32].decode()
    studio.server.post(f"/video/{screen}/tiles", "admin", json={"tiles": {"1": "FAT"}})
    quick = studio.watch(a="FAT")

    def is_dropped() -> bool:
        quick.until(PIECE)
        return any(row["details"]["why"] == "connection" for row in studio.audit("live.end", "FAT"))

    eventually(is_dropped, 60, "the end of the slow viewer")
    quick.until(PIECE)
    quick.leave()
    slow.close()


def test_more_viewers_than_threads_leave_the_server_free_to_answer(studio):
    watchers = [studio.watch(a="CAM-0") for _ in range(10)]  # the server has 8 threads
    for watcher in watchers:
        watcher.until(PIECE)
    assert studio.server.get("/live").status_code == 200
    eventually(lambda: studio.sessions() == 1, 30, "one session for all of them")


def test_a_hundred_viewers_that_came_and_went_leave_nothing_open(studio):
    def held() -> int:
        web = next(
            one for one in psutil.Process(studio.server.process.pid).children() if "dashboard.serve" in one.cmdline()
        )
        return studio.process().num_fds() + web.children()[0].num_fds()

    studio.watch().leave()
    eventually(lambda: studio.sessions() == 0, 30, "the end of all sessions")
    before = held()
    for _ in range(20):
        for watcher in [studio.watch() for _ in range(5)]:
            watcher.leave()
    eventually(lambda: held() <= before + 3, 60, "the end of a hundred viewers")


def test_a_mask_drawn_while_somebody_watches_ends_the_video(studio):
    watcher = studio.watch(a="CAM-1")
    watcher.until(PIECE)
    try:
        studio.import_(**{"CAM-1": MASK, "CAM-2": MASK})
        assert watcher.words("refused")["reason"] == "masked"
    finally:
        studio.import_(**{"CAM-1": "[]", "CAM-2": MASK})


def test_a_revoked_token_ends_what_it_opened(studio):
    studio.token("admin", "guest")
    watcher = studio.watch("guest", a="CAM-0")
    watcher.until(PIECE)
    TokenBook(studio.server.data / FILE_NAME).revoke("guest")
    assert watcher.is_cut_off()
    eventually(lambda: studio.audit("live.end", "CAM-0")[0]["details"]["why"] == "rights", 20, "the end in the audit")


def test_a_screen_belongs_to_whom_it_was_given(studio):
    studio.token("admin", "other")
    watcher = studio.watch()
    answer = studio.server.post(f"/video/{watcher.screen}/tiles", "other", json={"tiles": {"1": "CAM-0"}})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"tiles":[]}', b'{"tiles":{"0":"A"}}', b'{"tiles":{"1":2}}', b'{"tiles":{"x":"A"}}']
)
def test_what_is_no_list_of_tiles_is_refused(studio, body):
    watcher = studio.watch()
    assert studio.server.post(f"/video/{watcher.screen}/tiles", "admin", data=body).status_code == 400


# -- in a browser --


def opened_by(served: Studio, browser: Browser, role: str) -> Page:
    """The camera wall, signed in."""
    opened = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    opened.goto(f"{served.server.url}/login?next=/camera-wall")
    opened.fill("input[name=token]", served.server.tokens[role])
    opened.click("form button")
    opened.wait_for_url("**/camera-wall**")
    opened.wait_for_function("() => document.querySelectorAll('.camera[data-camera]').length >= 4", timeout=60_000)
    return opened


@pytest.fixture(scope="module")
def page(served, browser) -> Iterator[Page]:
    opened = opened_by(served, browser, "admin")
    yield opened
    opened.context.close()


@pytest.fixture
def show(page) -> Iterator[Callable[[str], None]]:
    """`show("CAM-0")`: a tile of our own with that camera, gone with the test."""
    page.evaluate(
        """() => {
          const box = document.createElement('div');
          box.id = 'probe';
          box.style.cssText = 'position:fixed;left:0;top:0;width:640px;height:360px;z-index:99';
          document.body.append(box);
        }"""
    )
    yield lambda camera: page.evaluate("c => window.layar.liveVideo.show(document.getElementById('probe'), c)", camera)
    page.evaluate(
        """() => {
          const box = document.getElementById('probe');
          window.layar.liveVideo.stop(box);
          box.remove();
        }"""
    )


def chip(page) -> str:
    return page.locator("#probe .live-chip").inner_text()


def test_in_a_browser_the_picture_moves_says_its_age_and_stays_near_now(studio, page, show):
    show("CAM-0")
    playing = "() => { const v = document.querySelector('#probe video'); return v && v.currentTime > %s }"
    page.wait_for_function(playing % 0.2, timeout=60_000)
    began = page.evaluate("document.querySelector('#probe video').currentTime")
    page.wait_for_function(playing % (began + 2), timeout=60_000)
    assert page.evaluate("document.querySelector('#probe video').videoWidth") == 640
    eventually(lambda: chip(page).startswith("LANGSUNG"), 30, "the word that it is live")
    assert page.evaluate("document.querySelector('#probe video').muted")
    page.evaluate("window.layar.liveVideo.stop(document.getElementById('probe'))")
    assert page.locator("#probe video").count() == 0
    eventually(lambda: studio.sessions() == 0, 30, "the end of the session with the camera")


def test_in_a_browser_a_refused_camera_shows_stills_and_says_why(page, show):
    show("CAM-2")
    eventually(lambda: chip(page) == "area privasi ditutup: gambar diam cepat", 30, "the reason")
    page.wait_for_selector("#probe img.camera-picture", timeout=30_000)
    assert page.evaluate("getComputedStyle(document.querySelector('#probe video')).visibility") == "hidden"


def test_a_click_on_a_cameras_tile_opens_it_live_and_esc_closes_it(page):
    page.click('.camera[data-camera="CAM-0"]')
    page.wait_for_function(
        "() => (document.querySelector('.camera-large video') || {}).currentTime > 0.2", timeout=60_000
    )
    page.keyboard.press("Escape")
    assert page.locator(".camera-large").count() == 0
    page.wait_for_function("() => !window.layar.liveVideo.state().length")


def test_in_a_browser_a_token_that_may_not_watch_gets_stills_and_the_reason_at_once_the_second_time(served, browser):
    opened = opened_by(served, browser, "wall")
    said = "video langsung tidak untuk layar ini: gambar diam cepat"
    for number in (0, 1):
        opened.evaluate(
            """number => {
              const box = document.createElement('div');
              box.id = `probe-${number}`;
              document.body.append(box);
              window.layar.liveVideo.show(box, `CAM-${number}`);
            }""",
            number,
        )
        chip_of = opened.locator(f"#probe-{number} .live-chip")
        eventually(lambda chip_of=chip_of: chip_of.inner_text() == said, 30 if number == 0 else 5, "the reason")
    opened.context.close()


def test_in_a_browser_the_video_comes_back_when_its_process_was_killed(studio, page, show):
    show("CAM-0")
    page.wait_for_function("() => (document.querySelector('#probe video') || {}).currentTime > 0.2", timeout=60_000)
    os.kill(studio.process().pid, signal.SIGKILL)
    eventually(lambda: not chip(page).startswith("LANGSUNG"), 30, "the word that it stands still")
    assert studio.server.get("/live").status_code == 200
    eventually(lambda: chip(page).startswith("LANGSUNG"), 60, "the picture again")
