"""The camera wall with live video on its tiles: real RTSP cameras, the real server, a real browser."""

from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page
from rtsp_farm import Clip, RtspFarm

from tests.e2e.conftest import Server, eventually, free_port
from tests.e2e.live_studio import MASK, Studio

STREET = 6
PLAYING = """least => [...document.querySelectorAll('.cams-tiles .camera')].filter(
  (tile) => (tile.querySelector('video') || {}).currentTime > least).map((tile) => tile.dataset.camera)"""
TIMES = "[...document.querySelectorAll('.cams-tiles video')].map((video) => video.currentTime)"
CHIPS = """[...document.querySelectorAll('.cams-tiles .live-chip')].map(
  (chip) => [chip.closest('.camera').dataset.camera, chip.innerText])"""
FIRST_PAGE = ["CAM-0", "CAM-1", "CAM-2", "CAM-3"]


@pytest.fixture(scope="module")
def studio(tmp_path_factory, clip_folder) -> Iterator[Studio]:
    """Twelve cameras: by name four that can, then one that can among three that cannot, then four that can."""
    with ExitStack() as stack:
        street = stack.enter_context(RtspFarm(STREET, clip_folder, Clip(gop=30)))
        modern = stack.enter_context(RtspFarm(1, clip_folder, Clip(codec="hevc", seconds=1)))
        made = Studio(Server(data=tmp_path_factory.mktemp("live wall"), port=free_port()), street)
        (made.server.data / "layar.toml").write_text("[cameras]\nlive_tiles = 40\n")
        for role in ("ingest", "wall", "admin"):
            made.token(role, role)
        made.urls = {f"CAM-{number}": street.url(number) for number in range(STREET)}
        made.urls |= {"H265": modern.url(0), "STILL": "sim:"} | {f"X-{n}": street.url(n) for n in range(4)}
        made.import_(**{"CAM-5": MASK})
        stack.callback(made.server.stop)
        made.server.start()
        yield made


def opened(studio: Studio, browser: Browser, query: str, role: str = "admin") -> Page:
    """The wall at that address, signed in, with its tiles."""
    page = browser.new_context(viewport={"width": 1920, "height": 1080}, device_scale_factor=1).new_page()
    page.goto(f"{studio.server.url}/login?next={quote(f'/camera-wall?rotate_s=600&thin=0&{query}')}")
    page.fill("input[name=token]", studio.server.tokens[role])
    page.click("form button")
    page.wait_for_selector(".cams-tiles .camera", timeout=60_000)
    return page


def playing(page: Page, least: float = 0.2) -> list[str]:
    """The cameras whose video has come so far."""
    return sorted(page.evaluate(PLAYING, least))


def chips(page: Page) -> dict[str, str]:
    """What each tile's chip says."""
    return dict(page.evaluate(CHIPS))


def bar(page: Page) -> str:
    """What the line above says of it."""
    return page.locator("#cams-live").inner_text()


@pytest.mark.timeout(300)  # a dozen waits for a browser on a busy machine
def test_every_tile_is_live_until_the_page_turns_the_grid_grows_the_line_is_thin_or_l_is_pressed(studio, browser):
    page = opened(studio, browser, "live=1&grid=4")
    eventually(lambda: playing(page) == FIRST_PAGE, 60, "four pictures that move")
    before = page.evaluate(TIMES)
    eventually(lambda: all(b > a + 1 for a, b in zip(before, page.evaluate(TIMES), strict=True)), 60, "all going on")
    eventually(lambda: bar(page) == "LANGSUNG · 4 dari 4", 20, "the word above")
    assert studio.sessions() == 4

    page.keyboard.press("ArrowRight")
    eventually(lambda: playing(page) == ["CAM-4"], 60, "the one of the next page that can")
    said = {"CAM-5": "area privasi ditutup", "H265": "H.265", "STILL": "kamera tanpa aliran video"}
    eventually(lambda: chips(page).items() >= said.items(), 60, "why the others cannot")
    still = page.locator(".cams-tiles [data-camera=STILL] .camera-picture")
    eventually(lambda: still.evaluate("node => node.naturalWidth") > 0, 60, "its still")
    asked = "node => layar.cameraPictures.get('wall', node.closest('.camera').dataset.camera).everyS"
    eventually(lambda: still.evaluate(asked) == 1, 20, "fast stills, as the chip says")
    eventually(lambda: studio.sessions() == 1, 30, "the end of the sessions of the page before")
    eventually(lambda: bar(page) == "LANGSUNG · 1 dari 4", 20, "the word above")

    page.evaluate("layar.cameraPictures.setLine('thin')")
    eventually(lambda: bar(page) == "LANGSUNG MATI · tautan hemat", 20, "the word above")
    assert page.locator(".cams-tiles video").count() == 0
    eventually(lambda: studio.sessions() == 0, 30, "the end of the session")
    page.evaluate("layar.cameraPictures.setLine('full')")
    eventually(lambda: playing(page) == ["CAM-4"], 60, "its return")

    page.keyboard.press("4")
    eventually(lambda: bar(page) == "LANGSUNG MATI · lebih dari 9 petak", 20, "the word above")
    assert page.evaluate("layar.liveVideo.state()") == []
    page.keyboard.press("2")
    eventually(lambda: "CAM-4" in playing(page) or playing(page) == FIRST_PAGE, 60, "its return")
    page.keyboard.press("l")
    eventually(lambda: page.locator("#cams-live").is_hidden(), 20, "the end of live mode")
    assert "live=0" in page.url
    assert page.locator(".cams-tiles video").count() == 0
    eventually(lambda: studio.sessions() == 0, 30, "the end of all sessions")
    page.context.close()


@pytest.mark.timeout(300)
def test_l_makes_a_wall_of_nine_and_the_one_opened_large_is_live_beside_eight(studio, browser):
    page = opened(studio, browser, "")
    eventually(lambda: page.locator(".cams-tiles .camera").count() == 12, 60, "all twelve, still")
    page.keyboard.press("L")
    six = ["CAM-0", "CAM-1", "CAM-2", "CAM-3", "CAM-4", "X-0"]
    eventually(lambda: playing(page) == six, 90, "those that can")
    assert page.locator(".cams-tiles .camera").count() == 9
    assert "live=1" in page.url
    page.click(".cams-tiles [data-camera=CAM-1]")
    large = "() => (document.querySelector('.camera-large video') || {}).currentTime > 0.2"
    page.wait_for_function(large, timeout=60_000)
    assert len(page.evaluate("layar.liveVideo.state()")) == 9
    page.keyboard.press("Escape")
    eventually(lambda: playing(page) == six, 60, "its return to its tile")
    page.context.close()


def test_a_screen_that_may_not_watch_keeps_its_stills_and_every_tile_says_so(studio, browser):
    page = opened(studio, browser, "live=1&grid=4", "wall")
    said = dict.fromkeys(FIRST_PAGE, "video langsung tidak untuk layar ini")
    eventually(lambda: chips(page) == said, 60, "the reason")
    eventually(lambda: bar(page) == "LANGSUNG · 0 dari 4", 20, "the word above")
    picture = page.locator(".cams-tiles [data-camera=CAM-0] .camera-picture")
    eventually(lambda: picture.evaluate("node => node.naturalWidth") > 0, 60, "a still")
    page.context.close()
