"""The director's scene on the wall: it says why it is there, a worse one takes its place, hands hold it and let go."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from playwright.sync_api import Browser, Page, Route

from tests.e2e.conftest import eventually
from tests.e2e.wall_stage import NOW, Script, Stage
from tests.e2e.wall_words import CAMERA, incident, told

pytestmark = pytest.mark.timeout(400)  # the first picture on the map takes long on a busy machine
STATE = "!!(window.layar && layar.state && layar.map.get() && layar.sources.legend() && layar.sources.icons())"
FIRE = {
    "category": "kebakaran", "icon": "api", "title": {"id": "Kebakaran", "en": "Fire"}, "priority": 1,
    "kelurahan": "Jawa", "is_exact": True, "lon": 117.15, "lat": -0.5, "is_open": True,
    "status": {"id": "diterima", "en": "received"}, "agency": "Damkar",
}  # fmt: skip
RIOT = {
    **FIRE, "category": "kerusuhan", "icon": "rusuh", "title": {"id": "Kerusuhan / tawuran", "en": "Riot"},
    "kelurahan": "Pulau Atas", "is_exact": False, "lon": 117.195, "lat": -0.551,
}  # fmt: skip
STEPS = ("diterima", "diteruskan", "menuju_lokasi", "di_lokasi", "tertangani")
UNIT = {
    "unit": "U1", "name": "Damkar 06", "kind": "vehicle", "agency": "damkar", "is_sent": False, "soonest_min": 3,
    "latest_min": 8, "distance_m": 1200,
}  # fmt: skip


def scene(kind: str = "incident", what: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """As `panels.scenes` has it."""
    words = {name: {"id": name, "en": f"{name} en"} for name in STEPS}
    said = {
        "id": f"utama:{kind}:{what and what['category']}:1", "kind": kind, "incident": "A" if what else None,
        "since": NOW - 20, "title": {"id": "Seluruh kota", "en": "The whole city"},
        "why": {"id": "kritis · belum ada petugas", "en": "critical · nobody on it yet"}, "score": 12.0,
        "factors": {}, "held_by": None, "locked_until": None, "waiting": 0, "stuck_since": None, "what": what,
        "clock": {"since": NOW - 372, "target_s": 900, "reached_at": None} if what else None,
        "steps": [{"status": name, "words": words[name], "at": NOW - 372 if name == "diterima" else None}
                  for name in STEPS] if what else [],
        "eyes": ["CAM-2"], "eyes_words": {"id": "1 kamera melihat lokasi ini", "en": "1 camera sees this place"},
        "cameras": [{**CAMERA, "key": "CAM-2", "name": "Simpang Lembuswana"}], "reach": [UNIT], "reach_none": None,
    }  # fmt: skip
    return {**said, **more}


class Wall:
    """The page, what it is told, and what its hands have asked."""

    def __init__(self, page: Page, script: Script) -> None:
        self.page = page
        self.script = script
        self.asked: list[str] = []
        page.route("**/api/v1/walls/*/*", self._heard)

    def _heard(self, route: Route) -> None:
        body = orjson.loads(route.request.post_data or "{}")
        assert body == {"is_hand": True}
        self.asked.append(route.request.url.split("/walls/")[1])
        route.fulfill(json={"wall": "utama", "deed": "x", "at": NOW})

    def shows(self, said: dict[str, Any]) -> None:
        """The director has decided."""
        self.script.tell(panels={"scenes": {"utama": said}})
        look = "said => JSON.stringify(layar.scene.now()) === JSON.stringify(said)"
        eventually(lambda: self.page.evaluate(look, said), 20, "the scene")

    def text(self, selector: str) -> str:
        """What stands there in the scene."""
        return self.page.inner_text(f"#wall-scene {selector}")

    def comes(self, selector: str, words: str) -> None:
        """Wait until these words stand there."""
        eventually(lambda: words in self.text(selector), 20, words)

    def hears(self, word: str) -> None:
        """Wait until hands have asked this, and nothing else; requests are heard while the page is asked something."""
        eventually(lambda: self.page.evaluate("1") and self.asked, 20, word)
        assert self.asked == [word]


@pytest.fixture(scope="module")
def wall(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wall]:
    """One stage and one page for all tests, on a small screen: its letters are as large beside it as on a wall."""
    script = told()
    script.tell(
        {"incidents": [incident("C", 2, 117.17, -0.51)]},
        panels={"cameras": [CAMERA, {**CAMERA, "key": "CAM-2", "name": "Simpang Lembuswana"}]},
    )
    stage = Stage(script, tmp_path_factory.mktemp("scene"))
    stage.start()
    page = browser.new_page(viewport={"width": 960, "height": 540}, reduced_motion="reduce")
    page.goto(stage.url)
    eventually(lambda: page.evaluate(STATE), 300, "the first picture on the map")
    yield Wall(page, script)
    page.close()
    stage.kill()


def test_without_a_director_the_wall_is_as_it_always_was(wall):
    assert wall.page.locator("#wall-scene").is_hidden()


def test_a_scene_tells_what_and_where_its_clock_who_comes_who_sees_it_and_why(wall):
    wall.shows(scene(what=FIRE, waiting=2, held_by="acknowledge"))
    assert wall.text(".scene-name") == "Kebakaran"
    assert wall.text(".scene-place") == "Jawa"
    assert wall.text(".scene-priority").casefold() == "kritis"
    assert wall.text(".scene-time").startswith("6 mnt")
    assert "target 15 mnt · sisa 8 mnt" in wall.text(".scene-target")
    assert "Damkar 06" in wall.text(".scene-unit")
    assert "3\N{EN DASH}8 mnt" in wall.text(".scene-unit")
    assert wall.text(".scene-eyes") == "1 kamera melihat lokasi ini"
    assert wall.page.locator(".scene-step[data-done=true]").count() == 1
    assert wall.text(".scene-eyebrow") == "Mengapa ini ditampilkan"
    assert wall.text(".scene-why") == "kritis · belum ada petugas"
    assert wall.text(".scene-waiting") == "+2 kritis menunggu"
    assert wall.text(".scene-hold") == "belum diketahui · tekan Enter"


def test_the_map_goes_there_and_the_cameras_that_see_it_come_first(wall):
    assert wall.page.evaluate("layar.view.reason()") in {"scene", "first"}
    x, y = wall.page.evaluate("(() => { const { x, y } = layar.map.get().project([117.15, -0.5]); return [x, y]; })()")
    assert wall.page.evaluate("([x, y]) => layar.view.sees(x, y)", [x, y])
    first = "document.querySelector('#wall-cameras > *').dataset.key"
    eventually(lambda: wall.page.evaluate(first) == "CAM-2", 20, "the camera of the scene")


def test_the_chip_is_read_in_english_too(wall):
    wall.page.keyboard.press("b")
    wall.comes(".scene-why", "critical · nobody on it yet")
    assert wall.text(".scene-eyebrow") == "Why this is shown"
    assert wall.text(".scene-hold") == "not acknowledged yet · press Enter"
    wall.page.keyboard.press("b")
    wall.comes(".scene-why", "kritis")


def test_the_scene_lies_on_no_other_part_of_the_wall_and_nothing_in_it_is_cut_off(wall):
    boxes = wall.page.evaluate(
        """(parts) => parts.map((name) => document.querySelector(`#wall .wall-${name}`).getBoundingClientRect())
             .map(({ left, top, right, bottom }) => [left, top, right, bottom])""",
        ["scene", "list", "left", "cameras", "status", "top"],
    )
    [left, top, right, bottom], *others = boxes
    for one in others:
        assert right <= one[0] or left >= one[2] or bottom <= one[1] or top >= one[3]
    cut = """() => [...document.querySelectorAll('#wall-scene *')].filter((node) => node.clientHeight &&
             (node.scrollHeight > node.clientHeight + 2 || node.scrollWidth > node.clientWidth + 2))
             .map((node) => node.className)"""
    assert wall.page.evaluate(cut) == []


def test_enter_takes_note_of_a_critical_incident(wall):
    wall.asked.clear()
    wall.page.keyboard.press("Enter")
    wall.hears("utama/acknowledge")
    wall.comes(".scene-hold", "dicatat: diketahui")


def test_a_worse_incident_takes_its_place_and_the_map_follows(wall):
    wall.shows(scene(what=RIOT, why={"id": "lebih gawat · kritis", "en": "worse than the last · critical"}))
    assert wall.text(".scene-name") == "Kerusuhan / tawuran"
    assert wall.text(".scene-place") == "Pulau Atas (sekitar)"
    assert wall.text(".scene-why") == "lebih gawat · kritis"
    here = "Math.abs(layar.map.get().getCenter().lng - 117.195) < 0.05"
    eventually(lambda: wall.page.evaluate(here), 20, "the map at the worse incident")


def test_a_hand_on_the_map_locks_the_scene_and_the_chip_counts_down(wall):
    wall.asked.clear()
    wall.page.mouse.move(430, 200)
    wall.page.mouse.wheel(0, 30)
    wall.hears("utama/lock")
    wall.page.mouse.wheel(0, 30)
    until = wall.page.evaluate("layar.time.now()") + 80
    wall.shows(scene(what=RIOT, held_by="hand", locked_until=until))
    wall.comes(".scene-hold", "dikunci tangan · 1 mnt")
    eventually(lambda: wall.page.locator("#wall-hand").is_hidden(), 20, "one word on the hand, not two")
    assert wall.asked == ["utama/lock"]


def test_a_hand_keeps_the_map_where_it_is_until_escape_lets_it_go(wall):
    moves = wall.page.evaluate("layar.view.moves()")
    until = wall.page.evaluate("layar.time.now()") + 80
    wall.shows(scene(what=FIRE, held_by="hand", locked_until=until, id="utama:incident:fire:9"))
    assert wall.page.evaluate("layar.view.moves()") == moves
    wall.asked.clear()
    wall.page.keyboard.press("Escape")
    wall.hears("utama/release")
    assert wall.page.evaluate("layar.view.lockedFor()") == 0
    assert wall.page.evaluate("layar.view.moves()") == moves + 1


def test_a_quiet_scene_is_a_slim_line_and_one_with_something_to_tell_a_band(wall):
    calm = {"id": "tenang", "en": "quiet"}
    wall.shows(scene("overview", why=calm, eyes=[], cameras=[], reach=[]))
    assert wall.text(".scene-title") == "Seluruh kota"
    assert wall.page.get_attribute("#wall", "data-scene-form") == "slim"
    areas = [{"code": "64.72.03.1002", "name": "Jawa", "open": 2, "critical": 1, "weight": 9}]
    wall.shows(scene("pressure", why=calm, areas=areas, cameras=[]))
    assert wall.page.get_attribute("#wall", "data-scene-form") == "band"
    assert "Jawa" in wall.text(".scene-area")


def test_when_the_director_stands_still_the_last_scene_stays_and_says_so(wall):
    wall.shows(scene(what=FIRE, stuck_since=NOW - 120, id="utama:incident:fire:10"))
    wall.comes(".scene-hold", "sutradara berhenti")
    assert wall.text(".scene-name") == "Kebakaran"
