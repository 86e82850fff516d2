"""Live video through everything: real cameras, the real server, real viewers, a real browser."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import psutil
import pytest
from playwright.sync_api import Browser, Page
from rtsp_farm import Clip, RtspFarm

from dashboard.tokens import FILE_NAME, TokenBook
from tests.e2e.conftest import Server, eventually, free_port
from tests.e2e.live_studio import BEGINNING, FAT, MASK, PIECE, Studio


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
