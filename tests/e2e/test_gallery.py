"""The gallery in Chromium: every part in every state by the real scripts, both languages, legible, no complaint."""

import re
import threading
import time

import pytest
from werkzeug.serving import make_server

from dashboard.app import create_app, lay_foundation, make_services, new_server
from dashboard.config import LayarSettings
from dashboard.tokens import FILE_NAME as TOKEN_FILE
from dashboard.tokens import TokenBook
from tests.e2e.conftest import eventually
from tests.e2e.page_look import weak

pytestmark = pytest.mark.timeout(900)  # a picture of everything takes long on a busy machine
PARTS = {
    "wall": {"figures", "clock", "list", "strip", "stills", "banners", "status"},
    "cams": {"bar", "tiles"},
    "desk": {"now", "incidents", "units", "form"},
    "health": {"whole", "parts"},
    "visitor": {"words", "welcome", "call", "volunteers", "cameras", "past", "map", "guest", "way-back"},
    "cameras": {"counts", "list", "side"},
    "replay": {"band", "deck", "figures", "director", "then", "jump", "marks"},
    "map": {"signs", "map", "legend", "inset", "here", "pressure"},
}
ONCE = {"map", "cameras"}
"""A map is slow to draw (and here with many only); the desk of cameras changes its language with the page.

`test_every_page.py` hears both.
"""
STATES = ["empty", "one", "many", "late", "broken"]
READY = '#gallery[data-is-ready="true"]'
AGAIN = ["empty", "many", "broken"]
"""The states whose words are looked at in the other language, too."""
TEXTS = """(states) => {
  const found = [];
  const walker = document.createTreeWalker(document.getElementById('gallery-shots'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { textContent: text, parentElement: node } = walker.currentNode;
    const words = text.trim();
    const shot = node.closest('.gallery-shot');
    if (words && (!shot || states.includes(shot.dataset.state)) && node.checkVisibility()) found.push(words);
  }
  return found;
}"""
SHOWN = """() => {
  const said = ({ dataset }) => [dataset.state, dataset.shown];
  const states = (row) => Array.from(row.querySelectorAll('.gallery-shot'), said);
  const rows = Array.from(document.querySelectorAll('.gallery-row'));
  return Object.fromEntries(rows.map((row) => [row.dataset.part, Object.fromEntries(states(row))]));
}"""
SAME = re.compile(
    r"[\d\W_]*|.*[Cc]ontoh.*|.*CONTOH.*|LAYAR|WITA|[a-z]{1,3}|target \d.*|n \d.*|Telkomsel|XL|PLN|Internet|"
    r"ISPU|Kelurahan|kelurahan|Normal|Siaga|Awas|km|N|EOC|OPD"
    r"|\d+ °C|\d+ MB|[Dd]amkar|normal|Samarinda|Penerima|/operate/cameras|Peta: .*"
    r"|batas perkiraan, .*|Pusat Komando .*|PSC 119|Satpol PP|BPBD|Polresta|Dishub|\d+ \w+ \d{4} .*WITA"
)
"""What is the same in both languages: numbers, units, addresses, names that the gallery made up, proper names, and
whose map it is, as its own data says it."""


class Served:
    """The whole application in this process: its pages, its door, its log in a folder of its own."""

    def __init__(self, folder):
        settings = LayarSettings(mode="demo")
        base = lay_foundation(settings, folder)
        server = new_server()
        self.services = make_services(base, server)
        create_app(base, self.services, server, time.monotonic)
        self.services.hub.start()
        now = self.services.clock()
        self.tokens = {"admin": TokenBook(folder / TOKEN_FILE).create(name="test", role="admin", now=now)}
        self._http = make_server("127.0.0.1", 0, server, threaded=True)
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def hang_up(self):
        """Nobody answers any more."""
        self._http.shutdown()
        self._http.server_close()

    def stop(self):
        """End it whole."""
        self.hang_up()
        self.services.hub.stop()
        self.services.door.close()
        self.services.store.close()
        self.services.past.close()


@pytest.fixture(scope="module")
def gallery(browser, tmp_path_factory):
    """The server, the page of an admin, what its console said, and what the city calls its kelurahan."""
    served = Served(tmp_path_factory.mktemp("gallery"))
    page = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    page.set_default_timeout(400_000)
    said: list[str] = []
    page.goto(f"{served.url}/login?next=/gallery/")
    page.fill("input[name=token]", served.tokens["admin"])
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.click("form button")
    page.wait_for_selector(READY)
    yield served, page, said, {area.name for area in served.services.ground.places.areas.values()}
    page.context.close()
    served.stop()


def choose(page, part):
    """Show another part's pictures; the page begins with the wall's."""
    if page.get_attribute("#gallery", "data-part") != part:
        page.click(f'#gallery-nav [data-part="{part}"]')
    page.wait_for_selector(READY)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_shown_in_every_state_without_a_complaint_and_all_of_it_in_english(gallery, part):
    """Where many are shown each part has its picture; a text that stays is a name, a number or a unit."""
    _, page, said, names = gallery
    states = ["many"] if part == "map" else STATES
    page.evaluate("(states) => { layar.gallery.STATES = states; }", states)
    choose(page, part)
    shown = {name.partition("-")[2]: states for name, states in page.evaluate(SHOWN).items()}
    assert set(shown) >= PARTS[part]
    assert all(list(found) == states for found in shown.values())
    assert not {name for name in PARTS[part] if shown[name]["many"] == "0"}
    for theme in ("day", "night"):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)  # of these very pictures
        assert weak(page, "#gallery-shots") == {}, theme
    if part in ONCE:
        return
    page.evaluate("(states) => { layar.gallery.STATES = states; }", AGAIN)
    before = set(page.evaluate(TEXTS, AGAIN))
    lang = page.evaluate("layar.lang()")
    page.keyboard.press("b")
    page.wait_for_selector(f'html:not([lang="{lang}"])')
    page.wait_for_selector(READY)
    left = {text for text in before & set(page.evaluate(TEXTS, AGAIN)) if not SAME.fullmatch(text)}
    assert {text for text in left if not any(name in text for name in names)} == set()
    assert said == []


def test_the_health_page_says_that_its_server_is_dead_and_what_to_do(gallery):
    """Within two of its turns; the last that was known stays. The last test: afterwards nobody is served."""
    served, page, _, _ = gallery
    health = page.context.new_page()
    health.clock.install()
    health.goto(f"{served.url}/health")
    health.wait_for_selector(".health-part")
    served.hang_up()
    for _ in range(2):
        health.clock.run_for(5_000)
    eventually(lambda: "Server tidak menjawab" in health.inner_text("#health-said"), 30, "that it is dead")
    assert "periksa listrik dan kabel" in health.inner_text(".health-foot")
    assert health.locator(".health-part").count() > 5
    health.close()
