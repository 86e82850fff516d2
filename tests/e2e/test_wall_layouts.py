"""Every layout of a wall as a browser draws it: legible, strong, whole, nothing on anything else or on a gap."""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from dashboard.wall_sizes import CAP_RATIO, LEAST_ARCMIN, arcmin_of
from tests.e2e.conftest import eventually
from tests.e2e.test_measured_walls import LEAST_CONTRAST, contrast
from tests.e2e.wall_city import city
from tests.e2e.wall_layouts import HALL, LAYOUTS, WALLS, Layout
from tests.e2e.wall_look import LOOK
from tests.e2e.wall_stage import Stage

READY = """() => Boolean(window.layar && layar.state && layar.sources.legend() && layar.sources.icons()
  && document.querySelector("#wall .pulse") && document.fonts.status === "loaded"
  && !document.getElementById("wall-mode").hidden
  && (layar.map.get() ? layar.sources.applied() > 0 : document.querySelector("#wall .wall-ground.is-absent")))"""
SETTLED = """() => new Promise((done) => {
  layar.emit("laid", layar.canvas.way());
  setTimeout(() => requestAnimationFrame(() => done(true)), 1200);
})"""
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
        page.goto(f"{stage.url}?wall={layout.wall.name}&screen={layout.screen}")
        eventually(lambda: page.evaluate(READY), 240, "the wall with everything on it")
        page.evaluate(SETTLED)
        found: Look = page.evaluate(LOOK)
        page.evaluate("layar.setTheme('day')")
        found["day"] = page.evaluate(LOOK)["texts"]
    finally:
        page.close()
    assert len(found["texts"]) > 8
    return found


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
            if whole[0] < -1 or whole[1] < -1 or whole[2] > wide + 1 or whole[3] > high + 1:
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
    assert looked(layout)["quick"] == 0


@pytest.fixture
def two(browser: Browser, stage: Stage) -> Iterator[list[Page]]:
    """Two screens of one wall, each a browser of its own."""
    contexts = [browser.new_context(viewport={"width": 960, "height": 540}) for _ in range(2)]
    pages = [context.new_page() for context in contexts]
    for page, screen in zip(pages, ("angka", "adegan"), strict=True):
        page.goto(f"{stage.url}?wall={HALL.name}&screen={screen}")
        eventually(lambda page=page: page.evaluate(ALIVE), 240, "the pulse of a screen")
    yield pages
    for context in contexts:
        context.close()


def test_screens_of_one_wall_share_scene_and_clock_and_one_that_dies_takes_no_other_along(two, stage):
    scene = f"JSON.stringify(layar.picture.panels().scenes['{HALL.name}'].id)"
    assert two[0].evaluate(scene) == two[1].evaluate(scene)
    clocks = "document.getElementById('wall-clock-time').textContent"

    def is_one_second() -> bool:
        stage.script.tell(panels={})  # the stage's own clock stands: each message says the time to both
        two[0].wait_for_timeout(1200)
        return bool(two[0].evaluate(clocks) == two[1].evaluate(clocks))

    eventually(is_one_second, 90, "the same second on both")
    told = {(wall, screen) for wall, screen, _ in stage.beats}
    assert {(HALL.name, "angka"), (HALL.name, "adegan")} <= told
    two[1].context.close()
    moved = two[0].evaluate("document.querySelector('.pulse').dataset.state")
    eventually(lambda: two[0].evaluate("document.querySelector('.pulse').dataset.state") != moved, 30, "its pulse")


def test_the_pulse_is_grey_without_news_and_comes_back_with_them(two, stage):
    stage.freeze()
    try:
        eventually(lambda: two[0].evaluate(PULSE) == "dead", 60, "a pulse that stands still")
    finally:
        stage.thaw()
    eventually(lambda: two[0].evaluate(PULSE) in {"up", "down"}, 60, "a pulse that moves")


def test_a_page_that_is_stuck_loads_itself_anew_three_times_an_hour_and_no_more(two):
    loaded = two[0].evaluate(
        """() => {
          let count = 0;
          layar.live.reload = () => (count += 1);
          for (let i = 0; i < 5; i++) layar.beat.again("a test");
          return [count, layar.beat.reloads()];
        }"""
    )
    assert loaded == [3, 3]
