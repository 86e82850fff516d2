"""Every layout of a wall as a browser draws it: legible, strong, whole, nothing on anything else or on a gap."""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from dashboard.wall_sizes import CAP_RATIO, LEAST_ARCMIN, arcmin_of
from tests.e2e.conftest import eventually
from tests.e2e.film import LEAST_CHANGE, Film, Frame, by_place, most_turns
from tests.e2e.wall_city import SCENE, city
from tests.e2e.wall_layouts import HALL, LAYOUTS, WALLS, Layout
from tests.e2e.wall_look import LEAST_CONTRAST, LOOK, contrast
from tests.e2e.wall_stage import Stage
from tests.e2e.wall_words import incident

READY = """() => Boolean(window.layar && layar.state && layar.sources.legend() && layar.sources.icons()
  && document.querySelector(".pulse") && document.fonts.status === "loaded"
  && !document.querySelector(".mode").hidden
  && (document.getElementById("cams") ? document.querySelector(".cams-tiles > .camera")
    : layar.map.get() ? layar.sources.applied() > 0 : document.querySelector("#wall .wall-ground.is-absent")))"""
LAID = "layar.emit('laid', layar.canvas.way())"
MOST_TURNS = 3
SETTLES_MS = 400
PULSE = "document.querySelector('.pulse') && document.querySelector('.pulse').dataset.state"
ALIVE = f"['up', 'down'].includes({PULSE})"
ALL = pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
Look = dict[str, Any]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One server with all walls."""
    made = Stage(city([wall.name for wall in WALLS]), tmp_path_factory.mktemp("layouts"), walls=WALLS)
    made.start()
    yield made
    made.kill()


@pytest.fixture(scope="module")
def looked(browser: Browser, stage: Stage) -> Callable[[Layout], Look]:
    """Each layout opened once; what was seen of it by night, and its texts by day."""
    seen: dict[str, Look | None] = {}

    def look(layout: Layout) -> Look:
        if layout.name not in seen:
            seen[layout.name] = None
            seen[layout.name] = _look(browser, stage, layout)
        found = seen[layout.name]
        assert found is not None, "this layout could not be opened before"
        return found

    return look


def _look(browser: Browser, stage: Stage, layout: Layout) -> Look:
    page = browser.new_page(viewport={"width": layout.pixels[0], "height": layout.pixels[1]})
    try:
        page.goto(f"{address(stage, layout.screen)}?wall={layout.wall.name}&screen={layout.screen}")
        eventually(lambda: page.evaluate(READY), 240, "the wall with everything on it")
        film = _filmed(page, stage)
        found: Look = page.evaluate(LOOK)
        found["film"] = film
        page.evaluate("layar.setTheme('day')")
        found["day"] = page.evaluate(LOOK)["texts"]
    finally:
        page.close()
    assert len(found["texts"]) > 8
    return found


def address(stage: Stage, screen: str) -> str:
    """A screen of cameras is a page of its own, to which the wall's leads."""
    return f"{stage.url.removesuffix('/wall/')}/camera-wall/" if screen == "kamera" else stage.url


def _filmed(page: Page, stage: Stage) -> list[Frame]:
    """While the page settles: a critical incident and another scene come, and go again."""
    film = Film(page)
    film.begin()
    page.evaluate(LAID)
    _hears(page, stage, film)
    stage.script.tell({"incidents": [incident("NEW", 1, 117.16, -0.49)]}, panels=scenes("w:incident:A:2"))
    _hears(page, stage, film)
    stage.script.tell(drop={"incidents": ["NEW"]}, panels=scenes(SCENE["id"]))
    _hears(page, stage, film)
    return film.end()


def _hears(page: Page, stage: Stage, film: Film) -> None:
    """Until it has been told all, and has drawn what comes of that."""
    eventually(lambda: page.evaluate("layar.picture.cursor()") == stage.script.cursor, 60, "the news")
    page.wait_for_timeout(SETTLES_MS)
    drawn = len(film.said)
    eventually(lambda: page.evaluate("1") and len(film.said) > drawn, 60, "a frame")


def scenes(scene_id: str) -> Look:
    return {"scenes": {wall.name: {**SCENE, "id": scene_id} for wall in WALLS}}


def ink(box: list[float]) -> list[float]:
    """Where the letters of a line are: its box is higher than they are."""
    high = box[3] - box[1]
    return [box[0], box[1] + 0.27 * high, box[2], box[3] - 0.25 * high]


def meet(one: list[float], two: list[float], by: float = 1.5) -> bool:
    return all(one[i] + by < two[i + 2] and two[i] + by < one[i + 2] for i in (0, 1))


@ALL
def test_every_text_can_be_read_from_the_farthest_seat(looked, layout):
    small = {
        one["text"]: one["px"]
        for one in looked(layout)["texts"]
        if arcmin_of(one["px"] * CAP_RATIO * layout.pitch_mm, layout.wall.farthest_seat_m) < LEAST_ARCMIN - 0.05
    }
    assert not small


@ALL
@pytest.mark.parametrize("theme", ["texts", "day"])
def test_every_text_stands_out_from_what_lies_under_it(looked, layout, theme):
    judged = [one for one in looked(layout)[theme] if one["under"] is not None]
    weak = {one["text"]: round(contrast(one), 2) for one in judged if contrast(one) < LEAST_CONTRAST}
    assert not weak


@ALL
def test_no_text_is_cut_or_outside(looked, layout):
    wide, high = layout.pixels
    cut = {}
    for one in looked(layout)["texts"]:
        if one["isOnMap"]:
            continue
        for whole, seen in zip(one["lines"], one["cut"], strict=True):
            least = 0.2 * (whole[3] - whole[1])  # a line's box is higher than its letters
            if (
                seen[1] - whole[1] > least
                or whole[3] - seen[3] > least
                or seen[0] - whole[0] > 2
                or whole[2] - seen[2] > 2
            ):
                cut[one["text"]] = (whole, seen)
            letters = ink(whole)
            if letters[0] < -1 or letters[1] < -1 or letters[2] > wide + 1 or letters[3] > high + 1:
                cut[one["text"]] = whole
    assert not cut


@ALL
def test_no_text_lies_on_another_and_no_part_on_another(looked, layout):
    found = looked(layout)
    lines = [(one["text"], box) for one in found["texts"] if not one["isOnMap"] for box in map(ink, one["cut"])]
    on_another = [(one, two) for (one, first), (two, second) in combinations(lines, 2) if meet(first, second, 3)]
    assert not on_another
    parts = [part for part in found["parts"] if not part["isMap"]]
    assert not [(a["name"], b["name"]) for a, b in combinations(parts, 2) if meet(a["box"], b["box"])]
    assert not [part["name"] for part in parts if meet(part["box"], found["banner"])]


@ALL
def test_no_text_lies_across_the_gap_between_two_panels(looked, layout):
    found = looked(layout)
    upright, flat = found["seams"]["upright"], found["seams"]["flat"]
    assert len(upright) == layout.wall.columns - 1
    assert len(flat) == layout.wall.rows - 1
    crossing = [
        one["text"]
        for one in found["texts"]
        for box in map(ink, one["lines"])
        if any(box[0] < to and box[2] > at for at, to in upright) or any(box[1] < to and box[3] > at for at, to in flat)
    ]
    assert not crossing


@ALL
def test_nothing_flashes_more_than_three_times_a_second(looked, layout):
    found = looked(layout)
    assert found["quick"] == 0
    assert found["endless"] == []
    film = found["film"]
    assert max(float(abs(shown - film[0][1]).max()) for _, shown in film) > LEAST_CHANGE, "the film has seen what came"
    assert most_turns(by_place(film)) <= MOST_TURNS


@pytest.fixture(scope="module")
def figures(browser: Browser, stage: Stage) -> Iterator[Page]:
    """One screen of the hall's wall, open while all tests below look at it."""
    page = browser.new_page(viewport={"width": 960, "height": 540})
    opened(page, stage, "angka")
    yield page
    page.close()


def opened(page: Page, stage: Stage, screen: str) -> None:
    page.goto(f"{stage.url}?wall={HALL.name}&screen={screen}")
    eventually(lambda: page.evaluate(ALIVE), 240, "the pulse of a screen")


def test_one_key_turns_every_word_into_english_and_back(figures):
    before = figures.inner_text("#wall-figure-open")
    figures.keyboard.press("b")
    eventually(lambda: "Open incidents" in figures.inner_text("#wall-figure-open"), 10, "English")
    eventually(lambda: "CRITICAL" in figures.inner_text("#wall-incidents").upper(), 10, "the list in English")
    assert figures.inner_text("#wall-figure-calls .figure-value") == "1,284"
    figures.keyboard.press("b")
    eventually(lambda: figures.inner_text("#wall-figure-open") == before, 10, "Indonesian again")


def test_a_screen_without_a_map_names_nobody_for_one(figures):
    named = eventually(lambda: figures.inner_text(".status-source"), 30, "whose data it is")
    assert named == "Sumber: BMKG (Badan Meteorologi, Klimatologi, dan Geofisika)"


def test_screens_of_one_wall_share_scene_and_clock_and_one_that_dies_takes_no_other_along(browser, figures, stage):
    other = browser.new_context(viewport={"width": 960, "height": 540}).new_page()
    opened(other, stage, "adegan")
    scene = f"JSON.stringify(layar.picture.panels().scenes['{HALL.name}'].id)"
    assert figures.evaluate(scene) == other.evaluate(scene)
    clocks = "document.getElementById('wall-clock-time').textContent"

    def is_one_second() -> bool:
        stage.script.tell(panels={})  # the stage's own clock stands: each message says the time to both
        figures.wait_for_timeout(1200)
        return bool(figures.evaluate(clocks) == other.evaluate(clocks))

    eventually(is_one_second, 90, "the same second on both")
    told = {(wall, screen) for wall, screen, _ in stage.beats}
    assert {(HALL.name, "angka"), (HALL.name, "adegan")} <= told
    other.context.close()
    moved = figures.evaluate(PULSE)
    eventually(lambda: figures.evaluate(PULSE) != moved, 30, "its pulse")


def test_the_pulse_is_grey_without_news_and_comes_back_with_them(figures, stage):
    stage.freeze()
    try:
        eventually(lambda: figures.evaluate(PULSE) == "dead", 60, "a pulse that stands still")
    finally:
        stage.thaw()
    eventually(lambda: figures.evaluate(PULSE) in {"up", "down"}, 60, "a pulse that moves")


def test_a_page_that_is_stuck_loads_itself_anew_three_times_an_hour_and_no_more(figures):
    loaded = figures.evaluate(
        """() => {
          let count = 0;
          layar.live.reload = () => (count += 1);
          for (let i = 0; i < 5; i++) layar.beat.again("a test");
          return [count, layar.beat.reloads()];
        }"""
    )
    assert loaded == [3, 3]
