"""The wall as a browser draws it, measured: contrast of every text by night and by day, size, language, flashes."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from dashboard.wall_sizes import CAP_RATIO, LEAST_ARCMIN, arcmin_of
from dashboard.walls import WallSettings
from tests.e2e.conftest import eventually
from tests.e2e.wall_stage import Stage
from tests.e2e.wall_words import told

SCREEN = {"width": 1920, "height": 1080}
LEAST_CONTRAST = 4.5
STATE = "!!(window.layar && layar.state && layar.sources.legend() && layar.sources.icons() && layar.state().markers)"
TEXTS = """() => {
  const rgb = (said) => (said.match(/[\\d.]+/g) || []).map(Number);
  const over = (top, under) => {
    const a = top[3] ?? 1;
    return [0, 1, 2].map((i) => top[i] * a + under[i] * (1 - a));
  };
  const ground = (node) => {
    const layers = [];
    for (let one = node; one; one = one.parentElement) {
      const said = getComputedStyle(one);
      if (said.backgroundImage !== "none") return null; // a picture or a pattern: its plate is measured by its tokens
      const colour = rgb(said.backgroundColor);
      layers.push(colour);
      if ((colour[3] ?? 1) === 1) break;
    }
    return layers.reduceRight((under, top) => over(top, under), [0, 0, 0]);
  };
  const strength = (node) => {
    let found = 1;
    for (let one = node; one; one = one.parentElement) found *= Number(getComputedStyle(one).opacity);
    return found;
  };
  const walker = document.createTreeWalker(document.getElementById("wall"), NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const node = walker.currentNode.parentElement;
    if (!text || !node.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
    const under = ground(node);
    if (under === null) continue;
    const said = getComputedStyle(node);
    const colour = rgb(said.color);
    const alpha = (colour[3] ?? 1) * strength(node);
    found.push({ text, ink: over([...colour.slice(0, 3), alpha], under), under,
      px: parseFloat(said.fontSize) * (node.closest(".wall-map") ? layar.map.scale() : 1) });
  }
  return found;
}"""


@pytest.fixture(scope="module")
def wall(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One page for all tests."""
    stage = Stage(told(), tmp_path_factory.mktemp("measured"))
    stage.start()
    page = browser.new_page(viewport=SCREEN)
    page.goto(stage.url)
    eventually(lambda: page.evaluate(STATE), 60, "the first picture on the map")
    yield page
    page.close()
    stage.kill()


def texts(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(TEXTS)
    assert len(found) > 30
    return found


def luminance(colour: list[float]) -> float:
    parts = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(text: dict[str, Any]) -> float:
    light, dark = sorted((luminance(text["ink"]), luminance(text["under"])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_text_stands_out_from_what_lies_under_it_by_night_and_by_day(wall):
    for theme in ("night", "day"):
        wall.evaluate("(theme) => layar.setTheme(theme)", theme)
        weak = {one["text"]: round(contrast(one), 2) for one in texts(wall) if contrast(one) < LEAST_CONTRAST}
        assert not weak, theme
    wall.evaluate("layar.setTheme('night')")


def test_every_text_of_the_assumed_wall_can_be_read_from_the_farthest_seat(wall):
    assumed = WallSettings()
    pitch_mm = assumed.width_mm / SCREEN["width"]
    small = {
        one["text"]: one["px"]
        for one in texts(wall)
        if arcmin_of(one["px"] * CAP_RATIO * pitch_mm, assumed.farthest_seat_m) < LEAST_ARCMIN - 0.05
    }
    assert not small


def test_one_key_turns_every_word_into_english_and_back(wall):
    before = wall.inner_text("#wall-figure-open")
    wall.keyboard.press("b")
    eventually(lambda: "Open incidents" in wall.inner_text("#wall-figure-open"), 10, "English")
    eventually(lambda: "CRITICAL" in wall.inner_text("#wall-incidents").upper(), 10, "the list in English")
    assert wall.inner_text("#wall-figure-calls .figure-value") == "1,284"
    wall.keyboard.press("b")
    eventually(lambda: wall.inner_text("#wall-figure-open") == before, 10, "Indonesian again")


def test_nothing_on_the_wall_flashes_more_than_three_times_a_second(wall):
    quick = wall.evaluate(
        """() => document.getAnimations().map((one) => one.effect.getComputedTiming())
             .filter(({ duration, iterations }) => iterations > 1 && duration < 1000 / 3).length"""
    )
    rules = wall.evaluate(
        """() => [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
             .map((rule) => (rule.style && rule.style.animation) || "")
             .filter((said) => said.includes("infinite") && !said.includes("maplibregl"))"""
    )
    assert (quick, rules) == (0, [])
