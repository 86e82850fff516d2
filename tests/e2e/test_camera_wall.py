"""The camera wall in a real browser, before a server whose news and pictures the test makes (see `camera_stage.py`)."""

import time
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser

from tests.e2e.camera_stage import Lens, Now, Wall, camera, judge, near, panels
from tests.e2e.conftest import eventually
from tests.e2e.wall_stage import Stage
from tests.e2e.wall_words import incident

FIRE = incident("FIRE", 1, 117.15, -0.5)


@pytest.fixture(scope="module")
def wall(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wall]:
    """One page for all tests; each opens it as it needs it."""
    stage = Stage(Now(), tmp_path_factory.mktemp("cameras"))
    lens = Lens()
    for number in range(40):
        dict.__setitem__(lens, camera(number)["key"], (b"", 0.0))
    stage.pictures = lens
    stage.start()
    made = Wall(page=browser.new_context(device_scale_factor=1).new_page(), stage=stage, lens=lens)
    page = made.page
    ours = ("http://127.0.0.1", "blob:", "data:")
    page.on("request", lambda r: (made.asked if r.url.startswith(ours) else made.foreign).append(r.url))
    page.on("response", lambda r: made.unchanged.append(r.url) if r.status == 304 and "/cameras/" in r.url else None)
    page.on("console", lambda m: made.complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: made.complaints.append(str(e)))
    yield made
    page.context.close()
    stage.kill()


@pytest.mark.parametrize(
    ("grid", "width", "height", "tiles"),
    [
        *((n, 1920, 1080, n) for n in (1, 4, 9, 16, 30)),
        *((n, 1080, 1920, cells) for n, cells in ((1, 1), (4, 4), (9, 10), (16, 16), (30, 30))),
        (9, 3840, 1080, 10),
        (16, 1280, 1024, 16),
    ],
)
def test_each_grid_fills_its_wall_with_pictures_that_keep_their_shape_and_words_that_can_be_read(
    wall, grid, width, height, tiles
):
    wall.tell([near(n, health="late" if n == 2 else "ok") for n in range(30)], "FIRE")
    if "camera-wall" not in wall.page.url:
        wall.open()
        wall.tiles(30)
    wall.page.set_viewport_size({"width": width, "height": height})
    wall.page.keyboard.press(str([1, 4, 9, 16, 30].index(grid) + 1))
    wall.tiles(tiles)
    judge(wall.geometry(), 22 if grid <= 16 else 20)
    assert f"grid={grid}" in wall.page.url, "the choice outlives a reload"


def test_without_a_choice_the_grid_follows_the_number_of_cameras(wall):
    wall.tell([camera(n) for n in range(4)])
    wall.open()
    wall.tiles(4)
    judge(wall.geometry(), 22)
    wall.tell([camera(n) for n in range(12)])
    wall.tiles(12)
    judge(wall.geometry(), 22)


def test_a_dead_camera_keeps_its_last_picture_grey_and_stamped_with_its_age(wall):
    wall.lens.died["CAM-00"] = time.time() - 725
    wall.tell([camera(0, health="lost"), camera(1), camera(2, health="late"), camera(3)])
    wall.open()
    wall.tiles(4)
    tile = wall.tile(0)
    eventually(lambda: tile.locator(".camera-stamp").inner_text() == "PUTUS · gambar 12 mnt lalu", 10, "the stamp")
    assert "grayscale(1)" in tile.locator(".camera-picture").evaluate("node => getComputedStyle(node).filter")
    late = wall.tile(2)
    eventually(lambda: late.locator(".camera-age").inner_text().startswith("lama ·"), 10, "the late one's word")
    assert late.locator(".camera-dot").evaluate("node => getComputedStyle(node).borderRadius") != "50%"
    assert "1 putus · 1 lama" in wall.page.locator("#cams-count").inner_text()
    del wall.lens.died["CAM-00"]
    wall.tell([camera(n) for n in range(4)])
    eventually(lambda: tile.get_attribute("data-state") == "ok", 60, "its return")


def test_a_camera_that_this_screen_cannot_fetch_is_not_called_lost(wall):
    said = wall.page.evaluate(
        """() => {
          const camera = { key: "x", name: "X", health: "ok", faults: [], last_picture_at: 1 };
          const node = layar.cameraTile.make(camera);
          const words = (health, at) => {
            const entry = { isAsked: true, isFailing: true, image: at && new Image(), at };
            layar.cameraTile.age(node, { ...camera, health }, entry, at === null ? layar.time.now() : at + 9000);
            return node.querySelector(at ? ".camera-stamp" : ".camera-none span").textContent;
          };
          const now = layar.time.now();
          return [words("ok", null), words("lost", null), words("ok", now), words("lost", now)];
        }"""
    )
    assert said == [
        "gambar tidak sampai ke layar ini", "kamera putus",
        "TIDAK SAMPAI · gambar 2 jam 30 mnt lalu", "PUTUS · gambar 2 jam 30 mnt lalu",
    ]  # fmt: skip


def test_a_picture_is_old_by_the_pace_of_its_own_camera(wall):
    taken = time.time() - 20
    wall.lens.died |= {"CAM-00": taken, "CAM-01": taken, "CAM-02": taken}
    slow, quick = {"late_s": 180, "lost_s": 360}, {"late_s": 6, "lost_s": 15}
    wall.tell([camera(0, ages=slow), camera(1, ages=quick), camera(2, ages=None)])
    wall.open()
    wall.tiles(3)
    states = "[...document.querySelectorAll('.cams-tiles .camera')].map((n) => n.dataset.key + ' ' + n.dataset.state)"
    wall.until(f"{states}.sort().join() === 'CAM-00 ok,CAM-01 lost,CAM-02 lost'", "each by its own ages")
    assert wall.tile(0).locator(".camera-stamp").inner_text() == ""
    assert wall.tile(1).locator(".camera-stamp").inner_text().startswith("PUTUS · gambar")
    wall.tell([camera(0, ages={"late_s": 10, "lost_s": 360}), camera(1, ages=quick), camera(2, ages=None)])
    eventually(lambda: wall.tile(0).get_attribute("data-state") == "late", 20, "a quicker pace makes it late")
    for key in ("CAM-00", "CAM-01", "CAM-02"):
        del wall.lens.died[key]


def test_a_picture_the_server_does_not_believe_and_a_camera_without_any_say_so(wall):
    frozen = {"kind": "frozen", "text": "gambar beku", "text_en": "frozen picture", "since": time.time() - 1800}
    black = {"kind": "black", "text": "gambar gelap", "text_en": "black picture", "since": time.time() - 1800}
    wall.tell([camera(0, faults=[frozen]), camera(1, faults=[black]), camera(99, health="unknown")])
    wall.open()
    eventually(lambda: "GAMBAR BEKU · sejak 30 mnt" in wall.tile(0).inner_text(), 20, "the stamp")
    eventually(lambda: wall.tile(0).locator(".camera-age").inner_text() == "lama · 30 mnt lalu", 20, "its age")
    eventually(lambda: "GAMBAR GELAP" in wall.tile(1).inner_text(), 20, "the other stamp")
    eventually(lambda: wall.tile(1).get_attribute("data-state") == "late", 20, "its doubt")
    eventually(
        lambda: wall.tile(1).locator(".camera-age").inner_text().endswith("dtk lalu")
        and "lama" not in wall.tile(1).locator(".camera-age").inner_text(),
        20, "the age of a new picture that is not called old",
    )  # fmt: skip
    assert "2 diragukan" in wall.page.locator("#cams-count").inner_text()
    eventually(lambda: "belum ada gambar" in wall.tile(99).inner_text(), 20, "the empty tile")
    assert wall.tile(99).locator(".camera-none").is_visible()
    assert wall.tile(99).locator(".camera-age").is_hidden()


def test_a_new_worst_incident_gives_its_best_camera_the_large_tile_for_at_least_eight_seconds(wall):
    wall.tell([camera(n) for n in range(20)])
    wall.open("grid=9")
    wall.tiles(9)
    wall.forward(9)
    wall.stage.script.tell(
        {"incidents": [FIRE]}, panels=panels([near(17, sees=True), *(near(n) for n in range(17))], "FIRE")
    )
    large = wall.page.locator(".cams-tiles .camera[data-large='true']")
    eventually(large.count, 20, "the large tile")
    assert large.get_attribute("data-key") == "CAM-17"
    assert large.locator(".camera-alarm").inner_text() == "Kebakaran · Jawa"
    assert large.locator(".camera-near").inner_text() == "melihat lokasi · 270 m"
    wall.tiles(6)
    judge(wall.geometry(), 22)
    worse = panels([near(3, sees=True), *(near(n) for n in range(4, 20))], "WORSE")
    wall.stage.script.tell({"incidents": [incident("WORSE", 1, 117.16, -0.5, title="Ledakan")]}, panels=worse)
    wall.until("layar.picture.panels().eyes.near === 'WORSE'", "the news")
    wall.page.wait_for_timeout(1500)
    assert large.get_attribute("data-key") == "CAM-17", "eight seconds are not over"
    wall.forward(9)
    eventually(lambda: large.get_attribute("data-key") == "CAM-03", 10, "the worse one")
    assert "Ledakan" in large.inner_text()
    wall.stage.script.tell(drop={"incidents": ["FIRE", "WORSE"]}, panels=panels([camera(n) for n in range(20)]))
    wall.until("layar.picture.panels().eyes === null", "the end")
    wall.forward(9)
    eventually(lambda: large.count() == 0, 10, "the grid again")
    wall.tiles(9)


def test_pages_turn_by_themselves_by_arrow_and_not_while_held(wall):
    wall.tell([camera(n) for n in range(20)])
    wall.open("grid=9&rotate_s=3")
    wall.tiles(9)
    first = wall.shown()
    assert wall.page.evaluate("layar.cameraWall.rotateS()") == 12, "never hastier than twelve seconds"
    wall.forward(11)
    wall.until("layar.cameraPictures.count() > 9", "the next page's pictures, before it comes")
    eventually(lambda: wall.shown() != first, 10, "the next page")
    wall.tiles(9)
    wall.page.keyboard.press("ArrowLeft")
    assert wall.shown() == first
    wall.page.keyboard.press(" ")
    eventually(lambda: "DITAHAN 1/3" in wall.page.locator("#cams-turn").inner_text(), 10, "the hold")
    wall.forward(60)
    wall.page.wait_for_timeout(1500)
    assert wall.shown() == first
    wall.page.keyboard.press(" ")
    wall.forward(13)
    eventually(lambda: wall.shown() != first, 10, "on again")


def test_a_filter_shows_its_cameras_and_an_empty_wall_says_what_to_do(wall):
    wall.tell([camera(n) for n in range(20)])
    wall.open("group=TIANG-1")
    wall.tiles(3)
    assert wall.page.locator("#cams-count").inner_text() == "TIANG-1 · 3 kamera"
    wall.open("kelurahan=jawa")
    wall.tiles(1)
    wall.open("kelurahan=Tanah")
    none = wall.page.locator("#cams-none")
    eventually(lambda: "tanpa saringan untuk melihat 20 kamera" in none.inner_text(), 20, "the way out")
    wall.tell([])
    wall.open()
    eventually(lambda: "layar cameras import" in none.inner_text(), 20, "what to do")


def test_a_second_screen_of_the_wall_shows_the_cameras(wall):
    wall.tell([camera(n) for n in range(20)])
    wall.page.goto(f"{wall.stage.url}?screen=kamera&grid=4&thin=0")
    wall.page.wait_for_url("**/camera-wall/**", wait_until="commit", timeout=90_000)
    wall.tiles(4)
    kept = dict(parse_qsl(urlsplit(wall.page.url).query))
    assert kept == {
        "screen": "kamera",
        "wall": "utama",
        "grid": "4",
        "thin": "0",
    }


def test_pictures_that_nobody_fetches_do_not_pass_for_new_and_the_reason_is_said(wall):
    stopped = {"key": "camera_process", "text": "Pengambil gambar kamera berhenti", "since": time.time() - 130}
    wall.tell([camera(n) for n in range(4)], degraded=[stopped])
    wall.open()
    note = wall.page.locator("#cams-note")
    eventually(lambda: "kamera berhenti · sejak 2 mnt" in note.inner_text(), 30, "the reason")
    eventually(lambda: wall.tile(0).get_attribute("data-state") == "late", 30, "a late tile")


def test_visitors_are_told_that_they_are_shown_less(wall):
    wall.page.goto("about:blank")  # a page that was open before would begin anew by itself
    wall.tell([camera(n) for n in range(4)], audience="visitor", degraded=None)
    wall.open()
    note = wall.page.locator("#cams-note")
    eventually(lambda: "TAMPILAN PENGUNJUNG" in note.inner_text(), 30, "the words")
    assert wall.page.locator("#cams-none").is_hidden()
    wall.tell([camera(n) for n in range(4)], audience="wall")
    eventually(lambda: note.inner_text() == "", 30, "their end")


def test_a_click_opens_a_camera_large_until_esc_or_a_minute_has_passed(wall):
    wall.tell([camera(n) for n in range(4)])
    wall.open()
    wall.tiles(4)
    wall.page.evaluate(
        """() => { window.videos = [];
                   layar.liveVideo = { show: (node, key) => videos.push(['show', key, node.isConnected]),
                                       stop: () => videos.push(['stop']) }; }"""
    )
    large = wall.page.locator(".camera-large")
    wall.tile(2).click()
    assert large.locator(".camera-name").inner_text() == "Simpang Empat Lembuswana 2"
    eventually(lambda: large.locator(".camera-picture").evaluate("node => node.naturalWidth"), 10, "the picture")
    assert any("CAM-02.jpg?size=full" in url for url in wall.asked)
    assert wall.page.evaluate("videos") == [["show", "CAM-02", True]]
    wall.page.keyboard.press("3")
    assert "grid=" not in wall.page.url, "keys belong to what is open"
    wall.page.keyboard.press("Escape")
    assert large.count() == 0
    assert wall.page.evaluate("videos.at(-1)") == ["stop"]
    wall.tile(1).focus()
    wall.page.keyboard.press("Enter")
    assert large.count() == 1
    wall.forward(61)
    eventually(lambda: large.count() == 0, 10, "its own end")


def test_pictures_change_without_a_moment_of_none_and_unchanged_ones_cost_no_body(wall):
    wall.tell([camera(n) for n in range(4)])
    wall.open()
    wall.tiles(4)
    wall.page.evaluate(
        """() => { window.blanks = 0; window.swaps = new Set();
             const look = () => {
               for (const one of document.querySelectorAll('.cams-tiles .camera-picture')) {
                 swaps.add(one.src);
                 if (!one.complete || !one.naturalWidth) blanks += 1;
               }
               requestAnimationFrame(look);
             };
             look(); }"""
    )
    wall.lens.died["CAM-03"] = time.time()
    wall.until("swaps.size >= 8", "some swaps", 60)
    assert wall.page.evaluate("blanks") == 0
    wall.hear(lambda: any("CAM-03" in url for url in wall.unchanged), "a 304 for the one that does not change")
    del wall.lens.died["CAM-03"]


def test_in_weeks_of_turns_the_page_holds_no_more_pictures_than_it_may(wall):
    wall.page.add_init_script(
        """window.alive = 0;
           const [make, end] = [URL.createObjectURL.bind(URL), URL.revokeObjectURL.bind(URL)];
           URL.createObjectURL = (blob) => { window.alive += 1; return make(blob); };
           URL.revokeObjectURL = (url) => { window.alive -= 1; end(url); };"""
    )
    wall.tell([camera(n) for n in range(40)])
    wall.open("grid=4")
    wall.tiles(4)
    for _ in range(6):
        wall.page.keyboard.press("ArrowRight")
        wall.tiles(4)
    most = wall.page.evaluate("[alive, layar.cameraPictures.count()]")
    assert most[0] <= most[1] + 4, "one picture for each camera, and those on their way"
    hundreds = [camera(1000 + n, name=f"K{n:03}") for n in range(300)]
    wall.tell([camera(0), *hundreds])
    wall.until("layar.picture.panels().cameras.length === 301", "three hundred cameras")
    for _ in range(40):
        wall.page.keyboard.press("ArrowRight")
    assert wall.page.evaluate("layar.cameraPictures.count()") <= 130


def test_on_a_line_that_gives_little_the_wall_makes_do_with_little_by_itself(wall):
    wall.tell([camera(n) for n in range(30)])
    wall.open(thin="auto")
    wall.tiles(30)
    wall.asked.clear()
    wall.lens.slow_s = 0.4
    wall.page.evaluate(
        """() => { const [real, from] = [layar.time.monotonic, layar.time.monotonic()];
                   layar.time.monotonic = () => from + 6 * (real() - from); }"""
    )
    thin = wall.page.locator("#cams-thin")
    eventually(thin.is_visible, 60, "the thin line")
    assert thin.inner_text().startswith("TAUTAN HEMAT · gambar tiap")
    wall.hear(lambda: any("size=tiny" in url for url in wall.asked), "tiny pictures")
    wall.lens.slow_s = 0


def test_a_server_that_is_gone_greys_the_wall_and_its_return_needs_no_hand(wall):
    wall.tell([camera(n) for n in range(4)])
    wall.open()
    wall.tiles(4)
    began = wall.page.evaluate("performance.timeOrigin")
    wall.stage.kill()
    said = wall.page.locator("#cams-connection")
    eventually(lambda: said.is_visible() and "Tidak ada kabar dari server sejak" in said.inner_text(), 30, "the banner")
    assert "grayscale(1)" in wall.page.locator("#cams-tiles").evaluate("node => getComputedStyle(node).filter")
    wall.tiles(4)
    wall.stage.script.forget_deltas()
    wall.tell([camera(n) for n in range(5)])
    back = time.time()
    wall.stage.start()
    eventually(said.is_hidden, 30, "the banner's end")
    wall.tiles(5)
    newer = f"wall.cameras().every(({{ key }}) => (layar.cameraPictures.get('wall', key) || {{}}).at >= {back})"
    wall.until(f"{{ const wall = layar.cameraWall; {newer} }}", "pictures since", 60)
    assert wall.page.locator("#cams-tiles").evaluate("node => getComputedStyle(node).filter") == "none"
    assert wall.page.evaluate("performance.timeOrigin") == began


def test_what_is_not_real_says_so_large_and_nothing_was_asked_of_another_machine(wall):
    """Last on purpose: it judges everything the page did before. A server that is down may be complained of."""
    wall.stage.script.mode = "drill"
    wall.tell([camera(0)])
    eventually(lambda: "LATIHAN" in wall.page.locator("#cams-mode").inner_text(), 20, "the banner")
    assert wall.foreign == []
    assert [text for text in wall.complaints if "Failed to load resource" not in text] == []
