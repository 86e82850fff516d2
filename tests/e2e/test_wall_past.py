"""The wall of the past in a real browser: unmistakable, of one moment, and played by keys; nothing of now gets in."""

import re
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from tests.e2e.conftest import eventually
from tests.e2e.wall_stage import NOW, Stage
from tests.e2e.wall_words import incident, told

SMALL = {"width": 960, "height": 540}
AT = NOW - 7_200
ADDRESS = "?at=2026-11-22T22:00:00Z"
SENSE_WORDS = {"shown": "seperti tampil saat itu", "known": "seperti diketahui sekarang"}


class Archive:
    """Answers for the past; remembers what was asked for."""

    def __init__(self, stage):
        self.stage = stage
        self.asked = []

    def situation(self, route):
        """The picture of the stage, as of the moment asked for."""
        words = self._words(route)
        said = self.stage.script.answer(None)
        past = {"at": AT, "sense": words["sense"]}
        self._say(route, {**said, "cursor": "0.past", "now": AT, "past": past})

    def replay(self, route):
        """One page: the whole, then an incident more two seconds of play later."""
        words = self._words(route)
        paced = {"at": AT, "sense": words["sense"], "after_s": 0, "skipped_s": 0}
        whole = {**self.stage.script.answer(None), "cursor": "0.play", "now": AT, "past": paced}
        news = {
            **whole, "from": "0.play", "cursor": "1.play", "now": AT + 120, "past": {**paced, "after_s": 2},
            "layers": {"incidents": {"set": [incident("INC-OLD", 2, 117.15, -0.5)], "drop": []}},
        }  # fmt: skip
        end = {
            **news,
            "from": "1.play",
            "cursor": "2.play",
            "now": AT + 7_000,
            "past": {**paced, "after_s": 60},
            "layers": {},
        }
        self._say(route, {"messages": [whole, news, end], "next": None})

    def still(self, route):
        """None was kept."""
        self.asked.append(route.request.url)
        route.fulfill(status=404, content_type="application/problem+json", body="{}")

    def _words(self, route):
        self.asked.append(route.request.url)
        return {name: values[0] for name, values in parse_qs(urlsplit(route.request.url).query).items()}

    def _say(self, route, body):
        route.fulfill(status=200, content_type="application/json", body=orjson.dumps(body))


@pytest.fixture(scope="module")
def past(browser, tmp_path_factory):
    """(page, archive) of a wall that was opened at a moment of the past."""
    stage = Stage(told(), tmp_path_factory.mktemp("stage"))
    stage.start()
    page = browser.new_context(viewport=SMALL).new_page()
    archive = Archive(stage)
    page.on("request", lambda request: archive.asked.append(request.url) if "/live" in request.url else None)
    page.route("**/api/v1/situation*", archive.situation)
    page.route("**/api/v1/replay*", archive.replay)
    page.route(re.compile(r"/cameras/.*\.jpg"), archive.still)
    page.goto(f"{stage.url}{ADDRESS}")
    eventually(lambda: page.evaluate("Boolean(window.layar && layar.picture.cursor())"), 60, "the picture of then")
    yield page, archive
    page.context.close()
    stage.kill()


def band(page):
    return page.locator("#wall-past").inner_text()


def test_a_band_says_that_it_is_not_now_and_when_and_in_which_sense(past):
    page, _ = past
    assert "MASA LALU — bukan sekarang" in band(page)
    assert "Senin, 23 November 2026 · 06.00.00 WITA" in band(page)
    assert SENSE_WORDS["shown"] in band(page)
    assert page.locator("#wall-clock-time").inner_text() == "06.00.00"
    assert page.evaluate("getComputedStyle(document.querySelector('.wall-frame')).borderTopStyle") == "solid"


def test_the_moment_stands_still_and_nothing_of_now_is_asked_for(past):
    page, archive = past
    page.wait_for_timeout(2_500)
    assert page.locator("#wall-clock-time").inner_text() == "06.00.00"
    assert [url for url in archive.asked if "/live" in url] == []


def test_a_camera_without_a_kept_still_says_so_and_is_asked_for_once(past):
    page, archive = past
    tile = page.locator("#wall-cameras .camera").first
    eventually(lambda: "tidak ada gambar tersimpan" in tile.inner_text(), 20, "the tile says it")
    stills = [url for url in archive.asked if ".jpg" in url]
    assert all("at=2026-11-22T22%3A00%3A00.000Z" in url for url in stills)
    page.wait_for_timeout(2_500)
    assert len([url for url in archive.asked if ".jpg" in url]) == len(stills) == len(set(stills))


def test_a_key_changes_between_what_was_shown_and_what_is_known_and_the_address_follows(past):
    page, archive = past
    page.keyboard.press("s")
    eventually(lambda: SENSE_WORDS["known"] in band(page), 20, "the other sense")
    eventually(lambda: "sense=known" in page.evaluate("location.href"), 20, "the address")
    assert "sense=known" in [url for url in archive.asked if "situation" in url][-1]
    page.keyboard.press("s")
    eventually(lambda: "sense=shown" in page.evaluate("location.href"), 20, "the first sense again")


def test_it_plays_and_stops_by_a_key(past):
    page, _ = past
    page.evaluate(f"layar.time.local = () => {NOW}")  # whatever day this machine believes it is
    page.keyboard.press("Space")
    eventually(lambda: "diputar 60" in band(page), 20, "it plays")
    eventually(lambda: page.evaluate("layar.picture.layer('incidents').has('INC-OLD')"), 30, "the news of then")
    eventually(lambda: page.locator("#wall-clock-time").inner_text() > "06.02.00", 30, "the clock of then")
    page.keyboard.press("Space")
    eventually(lambda: "berhenti" in band(page), 20, "it stands")


def test_what_the_server_refuses_is_said_in_plain_words(past):
    page, _ = past
    page.route("**/api/v1/situation*", lambda route: route.fulfill(
        status=400, content_type="application/problem+json",
        body=b'{"detail": "at: the log begins at 2026-11-22T11:18:00Z", "field": "at"}',
    ))  # fmt: skip
    page.keyboard.press("Shift+ArrowLeft")
    eventually(lambda: "Belum ada catatan dari waktu itu" in band(page), 20, "the reason")
    assert "19.18" in band(page)
