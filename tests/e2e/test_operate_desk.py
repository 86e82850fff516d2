"""The operator's desk in a real browser before a real server: by keyboard, from call to close, and in an exercise.

One server and one page for all tests of this file, in order: the city begins without an incident.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import Server, eventually, map_source, new_server, sign_in

UNTIL_S = 60
REPORT = {"id": "INC-1", "category": "banjir", "lon": 117.15, "lat": -0.49, "priority": 3}


@dataclass
class Desk:
    """The page, its server, and what the page complained of."""

    server: Server
    page: Page
    complaints: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        """A part of the desk, as a reader sees it."""
        return self.page.locator(f"#ops-{name}").inner_text()

    def says(self, name: str, words: str) -> None:
        """Wait until that part says so."""
        eventually(lambda: words in self.text(name), UNTIL_S, f"{words!r} in {name}")

    def press(self, *keys: str) -> None:
        """As fingers do."""
        for key in keys:
            self.page.keyboard.press(key)

    def rows(self) -> list[dict]:
        """As the server tells them."""
        rows: list[dict] = self.server.get("/api/v1/desk/incidents", "admin").json()["rows"]
        return rows


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A city without incidents, and its desk."""
    server = new_server(tmp_path_factory.mktemp("operate") / "data")
    try:
        server.start()
        page = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
        found = Desk(server=server, page=page)
        page.on("console", lambda said: found.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: found.complaints.append(str(error)))
        sign_in(page, server, "admin")
        found.complaints.clear()
        page.goto(f"{server.url}/operate")
        yield found
        page.context.close()
    finally:
        server.stop()


def test_the_front_says_that_nothing_is_open(desk):
    desk.says("now", "Kejadian terbuka: 0")
    assert "Belum ada yang mencatat kehadiran." in desk.text("now")


def test_a_call_becomes_an_incident_by_keyboard_and_one_click_on_the_map(desk):
    desk.press("1")
    desk.says("empty", "Tidak ada kejadian terbuka.")
    eventually(lambda: desk.page.evaluate("layar.map.get() !== null"), UNTIL_S, "the map")
    desk.press("n")
    desk.page.select_option("#ops-field-category", "kebakaran")
    desk.page.locator("#ops-stage").click(position={"x": 300, "y": 400})
    desk.says("field-place", "117.")
    desk.page.fill("#ops-field-caller", "890")
    desk.press("Enter")
    desk.says("chosen", "Penelepon ••890")
    [row] = desk.rows()
    eventually(lambda: len(map_source(desk.page, "incidents")) == 1, UNTIL_S, "it on the map")
    assert row["state"]["id"] == "diterima"


def test_one_letter_verifies_and_one_takes_it_back(desk):
    desk.press("v")
    desk.says("chosen", "diverifikasi")
    desk.says("history", "diverifikasi")
    assert "test-admin" in desk.text("history")
    desk.press("z")
    desk.says("news", "Dibatalkan: Verifikasi")
    desk.says("chosen", "diterima")


def test_an_incident_goes_from_call_to_close_by_keyboard_alone(desk):
    hands = desk.page.keyboard
    desk.press("n")
    eventually(lambda: desk.page.evaluate("document.activeElement.id") == "ops-field-category", UNTIL_S, "the form")
    desk.press("ArrowDown", "ArrowDown", "Tab", "ArrowDown", "Tab", "Tab")  # by letters a slow browser chooses another
    hands.type("air setinggi lutut")
    desk.press("Control+Enter")
    desk.says("chosen", "air setinggi lutut")
    desk.press("v")
    desk.says("chosen", "diverifikasi")
    desk.press("a")
    desk.says("form", "Kepada")
    desk.press("Space", "Enter")
    desk.says("chosen", "diteruskan")
    desk.press("m")
    desk.says("form", "Sampai mana")
    desk.press("ArrowDown", "Tab", "ArrowDown", "ArrowDown", "ArrowDown", "Enter")
    desk.says("chosen", "Damkar: di lokasi")
    desk.press("g")
    desk.says("form", "Bagian dari")
    desk.press("ArrowDown", "Enter")
    desk.says("chosen", "bagian dari MEJA-")
    desk.press("c")
    desk.says("form", "Berakhir sebagai")
    desk.press("ArrowDown", "Tab")
    hands.type("sudah surut")
    desk.press("Enter")
    desk.says("chosen", "selesai")
    desk.press("ArrowRight")
    desk.says("rows", "Banjir")
    desk.press("ArrowLeft", "?")
    listed = desk.page.locator("dialog.keys").inner_text()
    assert all(words in listed for words in ("Verifikasi", "Gabungkan", "batalkan yang terakhir", "ruang berikutnya"))
    desk.press("Escape", "ArrowDown")
    desk.says("chosen", "Penelepon ••890")


def test_what_somebody_else_changed_meanwhile_is_said_and_nothing_typed_is_lost(desk):
    [row] = [one for one in desk.rows() if one["group"] == "open"]
    desk.press("c")
    desk.page.select_option("#ops-field-ending", "selesai")
    desk.page.fill("#ops-field-why", "api padam")
    wish = {"key": row["key"], "version": row["version"], "agencies": ["damkar"]}
    assert desk.server.post("/api/v1/desk/incidents/assign", "admin", json=wish).ok
    desk.says("form", "Sementara itu berubah. Keadaan sekarang: diteruskan.")
    desk.press("Enter")
    desk.says("news", "sudah diubah orang lain")
    assert desk.page.input_value("#ops-field-why") == "api padam"
    desk.page.click("text=Saya sudah melihatnya")
    desk.page.focus("#ops-field-why")
    desk.press("Enter")
    desk.says("empty", "Tidak ada yang cocok.")
    eventually(lambda: {one["state"]["id"] for one in desk.rows()} == {"selesai"}, UNTIL_S, "the close")


def test_an_exercise_is_said_on_the_desk_and_on_the_wall_and_the_real_stays_real(desk):
    body = {"title": "Banjir besar", "hours": "1", "why": "latihan bulanan"}
    assert desk.server.post("/api/v1/desk/exercise/start", "admin", json=body).ok
    desk.says("mode", "LATIHAN")
    assert desk.server.post("/api/v1/incidents", json={**REPORT, "time": datetime.now(UTC).isoformat()}).ok
    desk.press("n")
    desk.page.select_option("#ops-field-category", "banjir")
    desk.page.select_option("#ops-field-kelurahan", index=1)
    assert "NYATA" in desk.text("form")
    desk.page.focus("#ops-field-caller")
    desk.press("Enter")
    eventually(
        lambda: {row["mode"] for row in desk.rows() if row["group"] == "open"} == {"live", "drill"}, UNTIL_S, "both"
    )
    wall = desk.page.context.new_page()
    wall.goto(f"{desk.server.url}/wall")
    eventually(lambda: "LATIHAN" in wall.locator("#wall-mode").inner_text(), UNTIL_S, "the banner of the wall")
    eventually(lambda: "LATIHAN · Banjir" in wall.locator("#wall-incidents").inner_text(), UNTIL_S, "its title")
    wall.close()


def test_a_record_that_could_not_be_read_is_mended_where_it_stands(desk):
    bad = {**REPORT, "id": "INC-7", "lat": 99, "caller": "0812-3456-7890"}
    assert desk.server.post("/api/v1/incidents", json=bad).status_code == 422
    desk.page.click("#ops-nav >> text=Karantina")
    desk.says("more", "INC-7")
    assert "3456" not in desk.page.content()
    desk.press("v")
    field = desk.page.locator("#ops-field-payload")
    field.fill(field.input_value().replace("99", "-0.49"))
    desk.page.fill("#ops-field-why", "lintang tertukar")
    desk.press("Enter")
    desk.says("news", "terbaca: inc-7")
    desk.says("empty", "Semua kiriman terbaca.")


def test_a_new_password_stays_on_the_screen_until_it_is_put_away(desk):
    desk.page.click("#ops-nav >> text=Pengguna & token")
    eventually(lambda: "Pengguna baru" in desk.text("new"), UNTIL_S, "the button")
    desk.press("n")
    desk.page.fill("#ops-field-name", "ani")
    desk.page.select_option("#ops-field-role", "operator")
    desk.press("Enter")
    shown = desk.page.locator(".ops-secret")
    shown.wait_for(timeout=UNTIL_S * 1000)
    password = shown.inner_text()
    assert len(password) > len("ani")
    desk.page.click("text=Sudah saya catat")
    desk.says("rows", "ani")
    assert password not in desk.page.content()


def test_the_audit_is_sought_by_what_was_done(desk):
    desk.page.click("#ops-nav >> text=Audit")
    eventually(lambda: desk.page.locator("#ops-seek-what").count() == 1, UNTIL_S, "the search")
    desk.page.fill("#ops-seek-what", "lintang tertukar")
    desk.press("Enter")
    eventually(lambda: desk.page.locator("#ops-rows .ops-row").count() == 1, UNTIL_S, "one row")
    assert "Karantina: Perbaiki" in desk.text("rows")
    assert "utuh" in desk.text("head")


def test_english_is_one_key_away_and_nothing_was_complained_of(desk):
    desk.page.evaluate("document.activeElement.blur()")  # in a field a letter is a letter
    desk.press("b")
    desk.says("nav", "Blocked numbers")
    desk.press("b")
    desk.says("nav", "Nomor diblokir")
    assert desk.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert [one for one in desk.complaints if "412" not in one] == []
