"""The replay in a real browser before a real server: the city of then, a jump, a drag, a telephone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import Server, eventually, new_server, sign_in

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = new_server(tmp_path_factory.mktemp("replay"))
    started.start()
    began = {"time": NOW.isoformat(), "lon": 117.15, "lat": -0.5}
    told = [{"id": f"INC-{n}", "category": "kebakaran", "priority": 1, **began} for n in (1, 2)]
    try:
        assert started.post("/api/v1/incidents", json=told).status_code == 201
        yield started
    finally:
        started.stop()


def recorded_s(tab: Page, server: Server) -> float:
    """For how long there has been a log."""
    said = tab.request.get(f"{server.url}/api/v1/timeline").json()
    began = said["began"]["shown"]
    return said["now"] - began if began else 0.0


@pytest.fixture(scope="module")
def page(browser: Browser, server: Server) -> Iterator[Page]:
    tab = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    sign_in(tab, server)
    since = (NOW - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    eventually(lambda: recorded_s(tab, server) > 7, 60, "a past: moments of the last five seconds are not asked for")
    tab.goto(f"{server.url}/briefing/replay/?since={since}&until=2099-01-01T00:00:00Z")
    tab.wait_for_selector("#dvr-sheet-jump li", state="attached", timeout=60_000)
    yield tab
    tab.context.close()


def test_it_says_all_the_time_that_it_is_not_now(page):
    assert "PUTAR ULANG · bukan sekarang" in page.inner_text("#dvr-band")


def test_a_jump_shows_the_city_as_it_was_and_the_address_follows(page):
    page.click("#dvr-tab-jump")
    page.locator("#dvr-sheet-jump button").first.click()
    eventually(lambda: page.evaluate("layar.picture.layer('incidents').size") == 2, 30, "the incidents of then")
    page.click("#dvr-tab-then")
    eventually(lambda: page.locator("#dvr-sheet-then li").count() == 2, 30, "the list of then")
    eventually(
        lambda: "at=" in page.evaluate("location.href") and "sense=shown" in page.evaluate("location.href"),
        20,
        "the address",
    )
    page.keyboard.press("s")
    eventually(lambda: "sense=known" in page.evaluate("location.href"), 20, "the other sense in the address")


def test_before_anything_was_recorded_the_page_says_so(page):
    page.evaluate("layar.past.seek(layar.dvr.range().since + 1)")
    eventually(lambda: "Belum ada catatan" in page.inner_text("#dvr-band"), 30, "the reason")


def test_a_drag_on_the_lower_strip_chooses_the_range_and_the_figures_follow(page):
    before = page.inner_text("#dvr-range")
    box = page.locator("#dvr-context").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, middle, steps=4)
    page.mouse.up()
    eventually(lambda: page.inner_text("#dvr-range") != before, 20, "another range")
    eventually(lambda: "since=" in page.get_attribute("#dvr-figures-link", "href"), 20, "the figures of the range")


def test_a_telephone_shows_all_of_it_without_scrolling_sideways(page):
    page.set_viewport_size({"width": 390, "height": 844})
    eventually(lambda: page.evaluate("document.documentElement.scrollWidth") <= 390, 20, "all within the width")
