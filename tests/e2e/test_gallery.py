"""The gallery in Chromium: every part in every state by the real scripts, without a complaint, in both languages."""

import re
import threading
import time

import pytest
from werkzeug.serving import make_server

from dashboard.app import create_app, lay_foundation, make_services, new_server
from dashboard.config import LayarSettings
from dashboard.tokens import FILE_NAME as TOKEN_FILE
from dashboard.tokens import TokenBook

pytestmark = pytest.mark.timeout(900)  # a picture of everything takes long on a busy machine
PARTS = {
    "wall": {"figures", "clock", "list", "legend", "strip", "stills", "banners", "status"},
    "cams": {"bar", "tiles"},
    "desk": {"now", "incidents", "units", "form"},
}
STATES = ["empty", "one", "many", "late", "broken"]
READY = '#gallery[data-is-ready="true"]'
TEXTS = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.getElementById('gallery-shots'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { textContent: text, parentElement: node } = walker.currentNode;
    const words = text.trim();
    if (words && node.checkVisibility()) found.push(words);
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
    r"|\d+ °C|[Dd]amkar|normal|Samarinda|Penerima|/operate/cameras|Peta: .*"
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

    def stop(self):
        """End it whole."""
        self._http.shutdown()
        self._http.server_close()
        self.services.hub.stop()
        self.services.door.close()
        self.services.store.close()
        self.services.past.close()


@pytest.fixture(scope="module")
def gallery(browser, tmp_path_factory):
    """The page of an admin, what its console said, and what the city calls its kelurahan."""
    served = Served(tmp_path_factory.mktemp("gallery"))
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    page.set_default_timeout(400_000)
    said: list[str] = []
    page.goto(f"{served.url}/login?next=/gallery/")
    page.fill("input[name=token]", served.tokens["admin"])
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.click("form button")
    page.wait_for_selector(READY)
    yield page, said, {area.name for area in served.services.ground.places.areas.values()}
    page.close()
    served.stop()


def choose(page, part):
    """Show another part's pictures."""
    page.click(f'#gallery-nav [data-part="{part}"]')
    page.wait_for_selector(READY)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_shown_in_every_state_without_a_complaint_and_all_of_it_in_english(gallery, part):
    """Where many are shown each part has its picture; a text that stays is a name, a number or a unit."""
    page, said, names = gallery
    choose(page, part)
    shown = {name.partition("-")[2]: states for name, states in page.evaluate(SHOWN).items()}
    assert set(shown) >= PARTS[part]
    assert all(list(states) == STATES for states in shown.values())
    assert not {name for name in PARTS[part] if shown[name]["many"] == "0"}
    before = set(page.evaluate(TEXTS))
    lang = page.evaluate("layar.lang()")
    page.keyboard.press("b")
    page.wait_for_selector(f'html:not([lang="{lang}"])')
    page.wait_for_selector(READY)
    left = {text for text in before & set(page.evaluate(TEXTS)) if not SAME.fullmatch(text)}
    assert {text for text in left if not any(name in text for name in names)} == set()
    assert said == []
