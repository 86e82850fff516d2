"""A hand at the map in a real browser: streets of the city's own file, search, measuring, what is here, layers."""

import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import jsonify, request
from playwright.sync_api import Browser

from dashboard.here import rings
from geodata.basemap_book import add
from tests.basemap_files import basemap_file
from tests.e2e.conftest import eventually, map_source
from tests.e2e.test_wall_page import Watched, opened
from tests.e2e.wall_stage import NOW, Stage
from tests.e2e.wall_words import incident, told

SAMARINDA = (117.03, -0.72, 117.32, -0.29)
FOUND = {
    "kind": "facility", "kind_words": {"id": "fasilitas", "en": "facility"}, "key": "RS-1", "name": "RSUD Sjahranie",
    "note": {"id": "rumah sakit", "en": "hospital"}, "lon": 117.14, "lat": -0.47, "zoom": 15.2, "icon": None,
    "priority": None,
}  # fmt: skip
HERE = {
    "now": NOW, "place": {"kelurahan": "Bugis", "kelurahan_code": "x", "kecamatan": "Samarinda Kota"}, "incidents": [],
    "facilities": [{"name": "RS Dirgahayu", "distance_m": 640, "kind_words": {"id": "rumah sakit", "en": "hospital"}}],
    "cameras": [{"name": "Simpang Lembuswana", "distance_m": 180}], "cameras_seeing": 1,
    "responder": {"name": "Damkar 01", "soonest_s": 100, "latest_s": 400, "distance_m": 1200}, "volunteers_here": 2,
    "why_nobody": None, "water": None, "flooded": [], "alerts": [], "lifelines": [], "rings": rings(),
}  # fmt: skip


@pytest.fixture(scope="module")
def hand(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """One page for all tests, on a city with streets; each test leaves no card behind."""
    data: Path = tmp_path_factory.mktemp("tools")
    add(basemap_file(data, "openmaptiles", "pmtiles"), data, SAMARINDA)
    stage = Stage(told(), data)
    stage.app.add_url_rule(
        "/api/v1/search", "s", lambda: jsonify({"found": [FOUND] if request.args["q"].startswith("rs") else []})
    )
    stage.app.add_url_rule(
        "/api/v1/here",
        "h",
        lambda: jsonify({**HERE, "lon": float(request.args["lon"]), "lat": float(request.args["lat"])}),
    )
    stage.start()
    watched = opened(browser, stage)
    yield watched
    watched.page.context.close()
    stage.kill()


def pixel(hand: Watched, x: int, y: int) -> None:
    """A click of the hand on the map."""
    hand.page.mouse.click(x, y)


def test_streets_come_from_the_file_and_nothing_from_elsewhere(hand):
    drawn = "layar.map.get().queryRenderedFeatures({layers: ['basemap-major', 'basemap-minor']}).length"
    eventually(lambda: hand.page.evaluate(drawn) > 0, 30, "streets on the map")
    assert hand.foreign == []
    assert hand.text(".map-credit") == "© OpenStreetMap contributors"


def test_a_place_is_found_by_its_letters_and_stands_in_the_middle_of_what_is_free(hand):
    hand.page.keyboard.press("/")
    hand.page.keyboard.type("rs sj")
    eventually(lambda: hand.page.locator(".map-search-one").count() == 1, 20, "what was found")
    assert "rumah sakit" in hand.text(".map-search-one")
    hand.page.keyboard.press("Enter")
    near = "Math.abs(layar.map.get().getZoom() - 15.2) < 0.05"
    eventually(lambda: hand.page.evaluate(near), 20, "the map at the place")
    assert hand.page.evaluate(
        "(() => { const p = layar.map.get().project([117.14, -0.47]); return layar.view.sees(p.x, p.y); })()"
    )
    assert [one["properties"]["name"] for one in map_source(hand.page, "tools-pin")] == ["RSUD Sjahranie"]
    assert hand.state()["view"]["lockedFor"] > 0


def test_what_is_here_is_said_in_a_card_with_how_far_a_vehicle_gets(hand):
    pixel(hand, 430, 300)
    eventually(lambda: hand.page.locator(".map-tool-here").count() == 1, 20, "the card")
    said = hand.text(".map-tool-here")
    assert all(words in said for words in ("Bugis", "Damkar 01", "7 mnt", "RS Dirgahayu", "Simpang Lembuswana"))
    assert {one["properties"].get("kind") for one in map_source(hand.page, "tools-here")} == {None, "sure", "best"}
    hand.page.keyboard.press("Escape")
    eventually(lambda: map_source(hand.page, "tools-here") == [], 10, "the map without its rings")


def test_the_sign_of_an_incident_is_asked_for_where_it_truly_is(hand):
    hand.page.evaluate("layar.map.get().jumpTo({center: [117.15, -0.5], zoom: 13})")
    find = """(() => { const box = document.querySelector('.marker[data-key="A"] .marker-icon').getBoundingClientRect();
              return [box.x + box.width / 2, box.y + box.height / 2]; })()"""
    pixel(hand, *(round(place) for place in hand.page.evaluate(find)))
    eventually(lambda: hand.page.locator(".map-here-chosen").count() == 1, 20, "the card of the incident")
    assert re.match(r"Kebakaran · \d+ mnt", hand.text(".map-here-chosen"))
    middle = next(one for one in map_source(hand.page, "tools-here") if one["geometry"]["type"] == "Point")
    assert middle["geometry"]["coordinates"] == [117.15, -0.5]
    hand.page.keyboard.press("Escape")


def test_a_way_is_measured_over_the_round_earth_in_words_of_the_language(hand):
    hand.page.keyboard.press("m")
    assert hand.page.evaluate("layar.measure.length(layar.measure.along([[117, 0], [118, 0]]))") == "111 km"
    assert re.fullmatch(r"1,2\d? km²", hand.page.evaluate(
        "layar.measure.surface(layar.measure.area([[117, 0], [117.01, 0], [117.01, 0.01], [117, 0.01]]))"
    ))  # fmt: skip
    for x, y in ((400, 280), (470, 280), (470, 340)):
        pixel(hand, x, y)
    eventually(lambda: "luas" in hand.text(".map-tool-measure"), 20, "the area")
    assert re.search(r"jarak\s+\d+(,\d)? k?m", hand.text(".map-tool-measure"))
    assert len([one for one in map_source(hand.page, "tools-measure") if one["geometry"]["type"] == "Point"]) == 3
    hand.page.keyboard.press("m")
    assert hand.page.locator(".map-tool-measure").count() == 0


def test_layers_go_and_come_and_a_preset_is_remembered(hand):
    hand.page.keyboard.press("l")
    hand.page.get_by_role("button", name="Kamera", exact=True).first.click()
    shown = "layar.map.get().getLayoutProperty('responders-trail', 'visibility')"
    eventually(lambda: hand.page.evaluate(shown) == "none", 20, "a map without units")
    assert hand.page.evaluate("Object.values(localStorage).some((kept) => kept.includes('responders'))")
    hand.page.get_by_role("button", name="Semua", exact=True).click()
    eventually(lambda: hand.page.evaluate(shown) == "visible", 20, "all layers")
    hand.page.keyboard.press("Escape")
    slow = "no map at the known place"  # said after 30 s by a machine that has much else to do
    assert [one for one in hand.complaints if "layar" in one and slow not in one] == []


def test_the_legend_names_only_what_is_on_the_map(hand):
    eventually(lambda: "kritis" in hand.text("#wall-legend-marks"), 20, "the legend")
    said = hand.text("#wall-legend-marks")
    assert all(words in said for words in ("sedang", "Armada OPD", "Akurasi GPS", "kejadian terbuka per kelurahan"))
    assert not any(words in said for words in ("ringan", "Relawan", "gambar baru", "Angkutan umum"))
    hand.page.evaluate("layar.setLang('en')")
    eventually(lambda: "Agency vehicle" in hand.text("#wall-legend-marks"), 20, "the legend in English")
    hand.page.evaluate("layar.setLang('id')")


def test_scale_and_north_are_right_turned_and_tilted(hand):
    hand.page.evaluate("layar.map.get().jumpTo({center: [117.15, -0.5], zoom: 14, bearing: 30, pitch: 40})")
    # what is tilted looks shorter, so north leans further over
    seen = -math.degrees(math.atan(math.tan(math.radians(30)) / math.cos(math.radians(40))))
    assert hand.page.evaluate("layar.scale.north(layar.map.get())") == pytest.approx(seen, abs=1)
    assert "--north: -37" in (hand.page.locator("#wall-scale").get_attribute("style") or "")
    hand.page.evaluate("layar.map.get().jumpTo({bearing: 0, pitch: 0})")
    metres = hand.page.evaluate(
        "layar.scale.metresPerPx(layar.map.get(), [layar.map.get().getContainer().clientWidth / 2, 400])"
    )
    assert metres == pytest.approx(40_075_016.686 / (512 * 2**14), rel=0.01)
    bar = hand.page.evaluate("document.querySelector('.scale-bar').offsetWidth / layar.map.scale()")
    words = {"500 m": 500, "200 m": 200, "1 km": 1000}
    assert bar * metres == pytest.approx(words[hand.page.locator("#wall-scale > span").last.inner_text()], rel=0.03)


def test_many_incidents_in_one_place_are_one_badge_that_opens_into_a_list(hand):
    here = [incident(f"N{n}", 2 + n % 2, 117.1500 + n * 1e-5, -0.470, title="Banjir") for n in range(5)]
    hand.stage.script.tell({"incidents": [*here, incident("N5", 1, 117.15, -0.47)]})
    hand.page.evaluate("layar.map.get().jumpTo({center: [117.15, -0.47], zoom: 13})")
    badge = hand.page.locator(".marker.is-group")
    eventually(lambda: badge.count() == 1 and badge.locator(".marker-count").inner_text() == "6", 20, "one badge")
    assert badge.locator(".marker-label").inner_text().split("\n") == ["6 kejadian · 1 kritis", "Kebakaran · Banjir 5"]
    assert "marker-1" in (badge.get_attribute("class") or "")
    badge.focus()
    hand.page.keyboard.press("Enter")
    rows = hand.page.locator(".map-list-one")
    eventually(lambda: rows.count() == 6, 20, "the list")
    assert "kritis" in rows.first.inner_text()
    assert hand.page.locator(".map-tool-here").count() == 0
    hand.page.keyboard.press("Escape")


def test_only_what_is_near_and_many_is_gathered_by_the_gravest(hand):
    groups = "layar.clusters.grouped([[0, 0], [300, 0], [10, 0], [0, 10], [9, 9], [310, 0]].map(([x, y]) => ({x, y})))"
    assert hand.page.evaluate(groups) == [[0, 2, 3, 4], [1], [5]]


def test_under_a_surge_kelurahan_tell_of_all_but_the_critical_and_later_pins_come_back(hand):
    surge = {"key": "surge", "text": "Lonjakan", "text_en": "Surge", "since": None}
    hand.stage.script.tell(panels={"degraded": [surge]})
    shown = "layar.map.get().getLayoutProperty('kelurahan-pressure', 'visibility')"
    eventually(lambda: hand.page.evaluate(shown) == "visible", 20, "the pressure")
    eventually(lambda: {one["properties"]["priority"] for one in map_source(hand.page, "incidents")} == {1}, 20, "pins")
    eventually(lambda: [one["properties"]["open"] for one in map_source(hand.page, "pressure")] == [2], 20, "a number")
    hand.stage.script.now += 61
    hand.stage.script.tell(panels={"degraded": []})
    eventually(lambda: hand.page.evaluate(shown) == "none", 20, "the usual colours")
    eventually(lambda: len(map_source(hand.page, "incidents")) == 8, 20, "all incidents")
