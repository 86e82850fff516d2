"""The board on the wall: cards take turns with the legend, one that presses comes every other time, old ones say so."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import eventually
from tests.e2e.wall_stage import NOW, Script, Stage

HIDDEN, DWELL_S = "legend", 12


def card(key: str, title: str, **more: Any) -> dict[str, Any]:
    row = {"label": {"id": "PLN", "en": "PLN"}, "value": "putus", "note": {"id": "Kota", "en": "City"}}
    return {
        "key": key, "title": {"id": title, "en": title}, "lead": "7", "lead_label": {"id": "terganggu", "en": "x"},
        "rows": [{**row, "mood": "grave", "since": NOW - 600}], "bars": [], "bars_label": None,
        "source": "pln/lifelines", "observed_at": NOW - 60, "ages": {"late_s": 3600, "lost_s": 7200},
        "is_pressing": False, "is_dense": False, **more,
    }  # fmt: skip


@pytest.fixture
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, Script]]:
    script = Script()
    stage = Stage(script, tmp_path_factory.mktemp("board"))
    stage.start()
    tab = browser.new_context(viewport={"width": 960, "height": 540}).new_page()
    tab.goto(stage.url)
    eventually(lambda: tab.evaluate("Boolean(window.layar && layar.slot('wall-board'))"), 60, "the frame of the wall")
    yield tab, script
    tab.close()
    stage.kill()


def turned(tab: Page, times: int) -> list[str]:
    """What is shown after each turn, as the seconds go by."""
    shown = []
    for number in range(times + 1):
        tab.evaluate("now => { layar.time.now = () => now; layar.emit('second', now); }", NOW + number * (DWELL_S + 1))
        shown.append(tab.evaluate("layar.slot('wall-board').hidden ? 'legend' : layar.slot('wall-board').dataset.card"))
    return shown[1:]


def told(tab: Page, script: Script, cards: list[dict[str, Any]]) -> None:
    script.tell(panels={"board": cards})
    eventually(lambda: tab.evaluate("(layar.picture.panels().board || []).length") == len(cards), 20, "the cards")


def test_without_cards_the_legend_stays(page):
    tab, script = page
    told(tab, script, [])
    assert set(turned(tab, 3)) == {HIDDEN}


def test_cards_and_legend_take_turns_and_what_presses_comes_every_other_time(page):
    tab, script = page
    told(tab, script, [card("flood", "Banjir", is_pressing=True), card("calls", "Panggilan"), card("sky", "Cuaca")])
    shown = turned(tab, 8)
    assert shown[0::2] == ["flood"] * 4
    assert shown[1::2] == ["calls", "sky", HIDDEN, "calls"]


def test_a_card_says_its_figures_source_and_age_and_an_old_one_that_there_is_nothing_new(page):
    tab, script = page
    told(tab, script, [card("pln", "Jaringan <b>vital</b>")])
    turned(tab, 1)
    text = tab.inner_text("#wall-board")
    for said in ("Jaringan <b>vital</b>", "7", "terganggu", "PLN", "putus", "Kota · 10 mnt", "sumber pln/lifelines"):
        assert said in text
    assert "TIDAK ADA DATA" not in text
    script.tell(panels={"board": [card("pln", "Jaringan", observed_at=NOW - 9000)]})
    eventually(lambda: "TIDAK ADA DATA BARU" in tab.inner_text("#wall-board"), 20, "the word that nothing is new")
    assert tab.get_attribute("#wall-board", "data-age") == "lost"
