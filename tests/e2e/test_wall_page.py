"""The wall's page in a real browser, before a server whose news the test writes itself (see `wall_stage.py`)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import eventually, map_source
from tests.e2e.wall_stage import NOW, Stage
from tests.e2e.wall_words import CAMERA, EYES, FIGURES, incident, told, units

SMALL = {"width": 960, "height": 540}  # software GL draws a quarter of the pixels; the page is the same
STATE = "window.layar && window.layar.state && layar.sources.legend() && layar.sources.icons() ? layar.state() : {}"


@dataclass
class Watched:
    """The page, its server, and everything the page complained of."""

    page: Page
    stage: Stage
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def state(self) -> dict[str, Any]:
        """What the page says of itself; empty until its parts stand."""
        found: dict[str, Any] = self.page.evaluate(STATE)
        return found

    def until(self, look: Callable[[dict[str, Any]], Any], what: str, timeout_s: float = 20) -> Any:
        """Wait for a state."""
        return eventually(lambda: look(self.state()), timeout_s, what)

    def text(self, selector: str) -> str:
        """As a reader sees it."""
        return self.page.locator(selector).first.inner_text()

    def keys(self, source: str) -> set[str]:
        """Of the things the map itself holds."""
        return {feature["properties"]["key"] for feature in map_source(self.page, source)}


def opened(browser: Browser, stage: Stage) -> Watched:
    context = browser.new_context(viewport=SMALL)
    page = context.new_page()
    watched = Watched(page=page, stage=stage)
    page.on(
        "request",
        lambda r: None if r.url.startswith(("http://127.0.0.1", "blob:", "data:")) else watched.foreign.append(r.url),
    )
    page.on("console", lambda m: watched.complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: watched.complaints.append(str(e)))
    page.goto(stage.url)
    watched.until(lambda s: s.get("hasMap") and s["applied"] and s["view"]["moves"], "the first picture on the map", 60)
    return watched


@pytest.fixture(scope="module")
def wall(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """One page for all tests: each tells it more, none asks for an untouched one."""
    stage = Stage(told(), tmp_path_factory.mktemp("stage"))
    jpeg = cv2.imencode(".jpg", np.full((180, 320, 3), 90, np.uint8))[1].tobytes()
    stage.pictures["CAM-1"] = (jpeg, NOW)
    stage.start()
    watched = opened(browser, stage)
    yield watched
    watched.page.context.close()
    stage.kill()


def test_the_adapter_finds_the_map_where_plotly_keeps_it(wall):
    """If this fails, a new plotly has moved its map: only assets/20-map.js must follow."""
    assert wall.state()["isMapBroken"] is False
    assert wall.page.evaluate("typeof layar.map.get().getSource('incidents').setData") == "function"
    assert wall.page.evaluate(
        "layar.map.get() === document.querySelector('.js-plotly-plot')._fullLayout.map._subplot.map"
    )


def test_the_first_picture_is_in_the_maps_own_sources(wall):
    eventually(lambda: wall.keys("responders") == {"U1"}, 10, "the responder")
    assert wall.keys("incidents") == {"A", "B"}
    areas = {f["properties"]["code"]: f["properties"].get("open") for f in map_source(wall.page, "kelurahan")}
    assert len(areas) == 59
    assert areas["64.72.03.1002"] == 2
    assert wall.state()["units"]["drawn"] == 1


def test_panels_say_what_was_told_in_the_words_of_the_house(wall):
    assert wall.text("#wall-figure-response .figure-value") == "4 mnt 12 dtk"
    assert wall.text("#wall-figure-calls .figure-value") == "1.284"
    assert "61 nyata · 4,8 %" in wall.text("#wall-figure-calls")
    assert wall.text("#wall-incidents .incident-title") == "Kebakaran"
    assert wall.text("#wall-incidents .incident-priority").casefold() == "kritis"
    assert wall.text("#wall-status .status-text") == "Semua sumber bekerja"
    assert "Sif Malam" in wall.text("#wall-shift")
    assert wall.page.locator("#wall-mode").is_hidden()


def test_the_wall_says_what_the_cameras_see_and_when_none_sees_the_worst_incident(wall):
    assert wall.text("#wall-figure-cameras .figure-note") == "terlihat 4,2 % kota"
    assert wall.text("#wall-camera-note") == "Kebakaran: 1 kamera melihat lokasi ini"
    blind = {"near": "A", "seen_by": 0, "text": "tidak ada kamera yang melihat lokasi ini", "text_en": ""}
    wall.stage.script.tell(panels={"eyes": blind})
    sentence = "Kebakaran: tidak ada kamera yang melihat lokasi ini"
    eventually(lambda: wall.text("#wall-camera-note") == sentence, 10, "the sentence")
    wall.stage.script.tell(panels={"eyes": None})
    eventually(lambda: wall.page.locator("#wall-camera-note").is_hidden(), 10, "no sentence without an incident")
    wall.stage.script.tell(panels={"eyes": EYES})


def test_the_clock_and_the_ages_tick_by_the_servers_time(wall):
    first = wall.text("#wall-clock-time")
    assert len(first.split(".")) == 3
    assert "mnt" in wall.text("#wall-incidents .incident-age")
    eventually(lambda: wall.text("#wall-clock-time") != first, 5, "the next second")
    wall.page.evaluate("layar.time.offset += 7200")
    eventually(lambda: "jam" in wall.text("#wall-incidents .incident-age"), 5, "an age of two hours")
    wall.page.evaluate("layar.time.offset -= 7200")


def test_a_tile_shows_the_picture_with_its_age_and_says_so_when_the_camera_is_lost(wall):
    eventually(lambda: wall.page.locator(".camera-picture").is_visible(), 10, "the picture")
    assert wall.text(".camera-near") == "melihat lokasi · 420 m"
    eventually(lambda: "dtk lalu" in wall.text(".camera-age"), 5, "the age")
    wall.stage.script.tell(panels={"cameras": [{**CAMERA, "health": "lost"}]})
    eventually(lambda: "PUTUS · gambar" in wall.text(".camera-stamp"), 10, "the stamp")
    assert wall.page.locator(".camera-picture").is_visible()
    wall.stage.script.tell(panels={"cameras": [CAMERA]})


def test_a_frozen_picture_never_looks_live(wall):
    wall.page.evaluate("now => layar.time.learn(now)", NOW)
    tile = wall.page.locator(".camera").first
    eventually(lambda: tile.get_attribute("data-state") == "ok", 10, "a fresh picture")
    frozen = {"kind": "frozen", "text": "gambar beku", "text_en": "frozen picture", "since": NOW - 1800}
    wall.stage.script.tell(panels={"cameras": [{**CAMERA, "faults": [frozen]}]})
    eventually(lambda: wall.text(".camera-stamp").startswith("GAMBAR BEKU · sejak 30 mnt"), 10, "the stamp")
    assert tile.get_attribute("data-state") in {"late", "lost"}
    assert "mnt lalu" in wall.text(".camera-age")
    wall.stage.script.tell(panels={"cameras": [CAMERA]})
    eventually(lambda: not wall.text(".camera-stamp").startswith("GAMBAR"), 10, "the end of it")


def test_no_picture_passes_for_new_when_it_is_old_or_nobody_fetches(wall):
    wall.page.evaluate("now => layar.time.learn(now)", NOW)
    tile = wall.page.locator(".camera").first
    eventually(lambda: tile.get_attribute("data-state") == "ok", 10, "a young picture")
    dead = {"key": "camera_process", "text": "Pengambil gambar kamera berhenti", "since": NOW - 20}
    wall.stage.script.tell(panels={"degraded": [dead]})
    eventually(lambda: tile.get_attribute("data-state") == "late", 5, "nobody fetches")
    wall.stage.script.tell(panels={"degraded": []})
    eventually(lambda: tile.get_attribute("data-state") == "ok", 5, "fetched again")
    wall.page.evaluate("layar.time.offset += 4")
    eventually(lambda: tile.get_attribute("data-state") == "late", 5, "late after three periods")
    wall.page.evaluate("layar.time.offset += 9")
    eventually(lambda: tile.get_attribute("data-state") == "lost", 5, "lost after six")
    wall.stage.script.tell(panels={"degraded": []})


def test_news_reach_the_map_and_what_is_gone_leaves_it(wall):
    wall.stage.script.tell(
        {"incidents": [incident("C", 2, 117.148, -0.497)]}, columns={"responders": units(117.149, NOW + 5)}
    )
    eventually(lambda: wall.keys("incidents") == {"A", "B", "C"}, 10, "the new incident")
    eventually(
        lambda: map_source(wall.page, "responders")[0]["geometry"]["coordinates"][0] == 117.149, 10, "the new place"
    )
    wall.stage.script.tell(drop={"incidents": ["C"]})
    eventually(lambda: wall.keys("incidents") == {"A", "B"}, 10, "the drop")
    assert wall.page.locator("#wall-incidents li").count() == 2


def test_a_thing_that_was_reported_twice_says_so_in_the_list(wall):
    folded = incident("A", 1, 117.15, -0.5, reports=2, others=["B"])
    wall.stage.script.tell({"joins": [folded]})
    eventually(lambda: wall.text("#wall-incidents .incident-title") == "Kebakaran (2\u00d7)", 10, "how often")
    wall.stage.script.tell(drop={"joins": ["A"]})
    eventually(lambda: wall.text("#wall-incidents .incident-title") == "Kebakaran", 10, "no longer")


def test_hostile_words_are_words(wall):
    evil = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
    wall.stage.script.tell(
        {"incidents": [incident("X", 1, 117.151, -0.501, title=evil, kelurahan=evil, icon=evil, agency=evil)]}
    )
    eventually(lambda: evil in wall.page.locator("#wall-incidents").inner_text(), 10, "the words")
    assert wall.page.evaluate("window.hacked") is None
    assert wall.page.locator("#wall-incidents img, #wall-incidents script").count() == 0
    wall.stage.script.tell(drop={"incidents": ["X"]})
    eventually(lambda: wall.keys("incidents") == {"A", "B"}, 10, "the drop")


def test_a_hand_on_the_map_is_respected_for_ninety_seconds(wall):
    page = wall.page
    moves = wall.state()["view"]["moves"]
    page.mouse.move(480, 260)
    page.mouse.down()
    page.mouse.move(420, 220, steps=4)
    page.mouse.up()
    wall.until(lambda s: s["view"]["lockedFor"] > 80, "the hand")
    left = page.evaluate("layar.map.get().getCenter().toArray()")
    wall.stage.script.tell({"incidents": [incident("D", 1, 117.19, -0.54)]})
    eventually(lambda: "D" in wall.keys("incidents"), 10, "the new incident")
    page.wait_for_timeout(500)
    assert wall.state()["view"]["moves"] == moves
    assert page.evaluate("layar.map.get().getCenter().toArray()") == pytest.approx(left, abs=0.003)
    leap = "const t = layar.time, real = t.monotonic; t.monotonic = () => real() + 91; layar.emit('second', t.now());"
    page.evaluate(f"{{ {leap} }}")  # a second with it, or the page's watch takes its clockwork for stopped
    wall.until(lambda s: s["view"]["reason"] == "hand-gone" and s["view"]["moves"] == moves + 1, "the map's return")


def test_news_of_the_same_incidents_do_not_move_the_map(wall):
    moves = wall.state()["view"]["moves"]
    wall.stage.script.tell({"incidents": [incident("D", 1, 117.19, -0.54, status_words="di lokasi")]})
    eventually(lambda: "di lokasi" in wall.page.locator("#wall-incidents").inner_text(), 10, "the new status")
    assert wall.state()["view"]["moves"] == moves


def test_an_outlier_does_not_take_the_map_away_from_the_rest(wall):
    script = "([...args]) => layar.view.target(...args, layar.map.get())"
    near = [{"key": str(i), "lon": 117.15 + i / 400, "lat": -0.5, "weight": 1} for i in range(5)]
    far = {"key": "far", "lon": 117.08, "lat": -0.35, "weight": 1}
    home = [117.1536, -0.5022]
    with_far, without = (wall.page.evaluate(script, [places, home]) for places in ([*near, far], near))
    assert with_far["center"] == pytest.approx(without["center"])


def labels(wall):
    """Title and age of every marker that has words beside it, by key."""
    return wall.page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('.marker')].map((node) => {
             const label = node.querySelector('.marker-label');
             return [node.dataset.key, label.classList.contains('is-hidden') ? '' : label.innerText];
           }))"""
    )


def test_a_critical_incident_in_view_always_has_its_words_and_others_their_age(wall):
    keys = [f"K{number}" for number in range(3)]  # of four or more that cover each other stands one badge
    crowd = [incident(key, 1, 117.168 + i / 2000, -0.519) for i, key in enumerate(keys)]
    wall.stage.script.tell({"incidents": [*crowd, incident("R", 4, 117.156, -0.509)]})
    eventually(
        lambda: all("Kebakaran" in labels(wall).get(k, "") and "mnt" in labels(wall)[k] for k in keys), 10, "words"
    )
    assert labels(wall)["R"].strip() == "4 mnt"
    wall.stage.script.tell(drop={"incidents": [*keys, "R"]})
    eventually(lambda: "K0" not in wall.keys("incidents"), 10, "the drop")


def test_a_critical_incident_outside_the_view_is_named_at_the_border(wall):
    wall.page.evaluate("layar.map.get().jumpTo({center: [117.15, -0.5], zoom: 13.4})")
    wall.stage.script.tell({"incidents": [incident("OUT", 1, 117.08, -0.40, title="Longsor")]})
    pill = wall.page.locator('.edge[data-key="OUT"]')
    eventually(lambda: pill.count() and pill.inner_text().split("\n")[0].startswith("Longsor"), 10, "the pill")
    assert "mnt" in pill.inner_text()
    wall.stage.script.tell(drop={"incidents": ["OUT"]})
    eventually(lambda: pill.count() == 0, 10, "the pill's end")


def test_what_is_handled_stands_behind_what_is_not_and_the_placeless_can_be_told_apart(wall):
    handled = incident("H", 2, 117.15, -0.49, title="Tertangani", order=[2, True, -NOW])
    waiting = [incident(f"2026-11-000{n}", 2, 0, 0, title="Banjir", place="none") for n in (1, 2)]
    for one in waiting:
        one["geometry"] = None
    wall.stage.script.tell({"incidents": [handled, *waiting]})
    titles = wall.page.locator("#wall-incidents .incident-title")
    eventually(lambda: "Tertangani" in titles.all_inner_texts(), 10, "the rows")
    assert titles.all_inner_texts().index("Tertangani") > titles.all_inner_texts().index("Banjir")
    places = wall.page.locator("#wall-incidents .incident-place").all_inner_texts()
    assert {p for p in places if "tanpa lokasi" in p} == {
        "tanpa lokasi · …11-0001",
        "tanpa lokasi · …11-0002",
    }
    wall.stage.script.tell(drop={"incidents": ["H", "2026-11-0001", "2026-11-0002"]})
    eventually(lambda: "H" not in wall.keys("incidents"), 10, "the drop")


def test_a_rough_place_tints_nothing_and_filled_discs_never_lie_on_each_other(wall):
    table = {
        name: [value] * 4
        for name, (value,) in {k: v for k, v in units(117.145).items() if k not in ("key", "accuracy", "trail")}.items()
    }
    table |= {"key": ["U1", "U2", "U3", "U4"], "accuracy": [40, 60, 900, 9000], "trail": [[]] * 4}
    wall.stage.script.tell(columns={"responders": table})

    def found():
        circles = map_source(wall.page, "responders-accuracy")
        return {circle["properties"]["key"]: circle["properties"]["filled"] for circle in circles}

    eventually(lambda: found() == {"U1": True, "U2": False, "U3": False}, 10, "the circles")
    wall.stage.script.tell(drop={"responders": ["U2", "U3", "U4"]})
    wall.stage.script.tell(columns={"responders": units(117.149, NOW + 6)})


def test_the_note_over_the_map_goes_when_the_map_is_there(wall):
    assert wall.page.locator("#wall-map-note").is_hidden()


def test_what_waits_for_a_part_of_the_page_begins_in_the_order_of_asking(wall):
    """Else a wall of its own could begin to show the first screen before it has read which one it is."""
    wall.page.evaluate(
        """() => { window.begun = [];
                   layar.whenBuilt("late", () => begun.push("asked before"));
                   document.body.append(Object.assign(document.createElement("i"), { id: "late" }));
                   layar.whenBuilt("late", () => begun.push("asked after")); }"""
    )
    assert wall.page.evaluate("begun") == ["asked before", "asked after"]


def test_a_lost_context_of_the_graphics_card_comes_back_with_all_data(wall):
    wall.page.evaluate(
        """() => { const gl = layar.map.get().getCanvas().getContext('webgl2').getExtension('WEBGL_lose_context');
                   gl.loseContext(); setTimeout(() => gl.restoreContext(), 300); }"""
    )
    wall.page.wait_for_timeout(400)
    eventually(lambda: wall.keys("incidents") >= {"A", "B"} and wall.keys("responders") == {"U1"}, 20, "the data")
    eventually(lambda: wall.page.evaluate("!!layar.map.get().getLayer('layar-matrix')"), 20, "the view of the units")
    assert not wall.page.evaluate("layar.map.get().getCanvas().getContext('webgl2').isContextLost()")


def test_a_killed_server_is_named_and_its_return_needs_no_hand(wall):
    before = wall.page.evaluate("performance.timeOrigin")
    wall.stage.kill()
    eventually(lambda: "Sambungan terputus" in wall.text("#wall-connection"), 20, "the banner")
    assert "lalu" in wall.text("#wall-connection")
    assert wall.page.locator("#wall-incidents li").count() >= 2
    wall.stage.script.forget_deltas()
    wall.stage.script.tell({"incidents": [incident("E", 2, 117.16, -0.51)]}, drop={"incidents": ["B"]})
    wall.stage.start()
    eventually(lambda: wall.keys("incidents") == {"A", "D", "E"}, 20, "the whole picture")
    eventually(lambda: wall.page.locator("#wall-connection").is_hidden(), 10, "the banner's end")
    assert wall.page.evaluate("performance.timeOrigin") == before


def test_a_silent_server_is_named_within_seconds_and_a_quiet_one_is_not(wall):
    wall.until(lambda s: s["connection"] == "live" and s["way"] == "stream", "the stream", 40)
    wall.page.wait_for_timeout(7000)
    assert wall.page.locator("#wall-connection").is_hidden(), "heartbeats alone keep it live"
    wall.stage.freeze()
    eventually(lambda: "Sambungan terputus" in wall.text("#wall-connection"), 10, "the banner")
    wall.stage.thaw()
    eventually(lambda: wall.page.locator("#wall-connection").is_hidden(), 15, "the banner's end")


def test_where_no_stream_is_to_be_had_asking_again_does_as_well(wall):
    wall.stage.has_streams = False
    wall.stage.kill()
    wall.stage.start()
    wall.until(lambda s: s["way"] == "poll", "asking")
    wall.stage.script.tell({"incidents": [incident("F", 3, 117.152, -0.507)]})
    eventually(lambda: "F" in wall.keys("incidents"), 10, "news by asking")
    wall.stage.has_streams = True


def test_a_session_that_is_over_keeps_the_picture_and_asks_to_be_paired(wall):
    wall.stage.is_shut_out = True
    wall.stage.kill()
    wall.stage.start()
    eventually(lambda: "perlu dipasangkan lagi" in wall.text("#wall-connection"), 20, "the sentence")
    assert wall.page.locator("#wall-connection a").get_attribute("href") == "/login"
    assert wall.page.locator("#wall-incidents li").count() >= 2
    wall.stage.is_shut_out = False
    wall.until(lambda s: s["connection"] == "live", "the return", 20)


def test_what_is_not_real_says_so_large(wall):
    wall.stage.script.mode = "drill"
    wall.stage.script.tell(panels={"degraded": [{"key": "x", "text": "Kamera Air Putih putus", "since": NOW - 60}]})
    eventually(lambda: wall.page.locator("#wall-mode").is_visible(), 10, "the banner")
    assert wall.text("#wall-mode b") == "LATIHAN"
    eventually(lambda: "Kamera Air Putih putus · sejak" in wall.text("#wall-status"), 10, "the sentence")


def test_the_gravest_trouble_stays_and_the_others_take_turns_behind_it(wall):
    told = ["Catatan kejadian tidak dapat dibaca", "Kamera satu putus", "Kamera dua putus"]
    wall.stage.script.tell(panels={"degraded": [{"key": text, "text": text, "since": None} for text in told]})
    eventually(lambda: wall.text(".status-text") == told[0], 10, "the gravest")
    eventually(lambda: wall.text(".status-count") == f"+2 lainnya: {told[1]}", 15, "one of the others")
    eventually(lambda: wall.text(".status-count") == f"+2 lainnya: {told[2]}", 15, "the next of them")
    assert wall.text(".status-text") == told[0]


def test_another_build_reloads_the_page_once(wall):
    wall.page.evaluate("window.reloads = 0; layar.live.reload = () => { window.reloads += 1; }; 0")
    wall.stage.script.build = "test+2"
    for number in range(3):
        wall.stage.script.tell(panels={"figures": {**FIGURES, "open": number}})
        eventually(lambda n=number: wall.text("#wall-figure-open .figure-value") == str(n), 10, "the figure")
    assert wall.page.evaluate("window.reloads") == 1


def test_in_all_of_this_nothing_was_asked_of_another_machine_and_nothing_broke(wall):
    """Last on purpose: it judges everything the page did before. A server that is down may be complained of."""
    assert wall.foreign == []
    assert [text for text in wall.complaints if "Failed to load resource" not in text] == []
