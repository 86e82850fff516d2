"""The camera desk in a real browser, before a real server and cameras that answer on this machine.

One server and one page for all tests of this file, in order: the city begins without a camera.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser

from tests.cctv.onvif_camera import LOGIN, OnvifCamera
from tests.e2e.conftest import eventually
from tests.e2e.desk_hand import FIELD, LAT, LON, SPILLS, UNTIL_S, Desk, crowd, laid, told

PAINT = (58, 50, 44)


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A city without cameras, and its desk."""
    with laid(browser, tmp_path_factory.mktemp("desk")) as found:
        yield found


def test_a_desk_without_cameras_says_what_to_do(desk):
    assert "Belum ada kamera." in desk.text("#desk-empty")
    assert desk.page.locator("#desk-empty button").count() == 3
    assert "0 kamera" in desk.text("#desk-counts")


def test_a_camera_is_tested_saved_and_shows_its_picture(desk):
    desk.page.click("#desk-add")
    desk.fill(url=desk.camera.url(), id="CAM-1", name="Simpang Empat")
    desk.tab("place")
    desk.fill(lon=f"{LON}".replace(".", ","), lat=str(LAT), azimuth_deg="90")
    desk.page.click("#desk-test")
    eventually(lambda: "Gambar datang" in desk.text(".desk-trial"), UNTIL_S, "the result of the test")
    assert re.search(r"1280\s\W\s720[\s\S]+Beban: \d+ ms CPU", desk.text(".desk-trial"))
    assert desk.page.locator(".desk-trialpicture").evaluate("image => image.naturalWidth") > 100
    desk.saved()
    listed = desk.listed("CAM-1")
    assert listed is not None
    assert (listed["lon"], listed["lat"], listed["azimuth_deg"]) == (LON, LAT, 90)
    desk.tab("state")
    shown = "document.querySelector('.desk-big img').naturalWidth"
    eventually(lambda: desk.page.evaluate(shown) == 1280, UNTIL_S, "the picture")
    age = r"Gambar \d+ (dtk|mnt) lalu"
    eventually(lambda: re.search(age, desk.text(".desk-age")), UNTIL_S, "the age of the picture")


def test_a_camera_that_failed_its_test_is_saved_only_by_a_second_click(desk):
    desk.page.click("#desk-add")
    desk.fill(url=f"http://127.0.0.1:{desk.server.port}/x.jpg", name="Salah Alamat")
    desk.page.click("#desk-test")
    eventually(lambda: "Uji gagal" in desk.text(".desk-trial"), UNTIL_S, "the sentence why not")
    desk.page.click("#desk-save")
    assert desk.text("#desk-save") == "Simpan walau gagal"
    assert desk.listed("SALAH-ALAMAT") is None
    desk.page.click("#desk-revert")
    desk.page.click("#desk-dialog-leave .is-danger")
    desk.until(lambda s: s["draft"] is None, "an empty desk")


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(desk):
    desk.page.click("#desk-add")
    desk.fill(url="gopher://10.0.0.1/", name="Kamera Tua")
    desk.page.click("#desk-save")
    desk.page.click("#desk-save")
    wrong = '[data-field="url"] .desk-wrong'
    eventually(lambda: "tidak dikenal" in desk.text(wrong), UNTIL_S, "the complaint at its field")
    assert desk.page.input_value(FIELD.format("url")) == "gopher://10.0.0.1/"
    assert desk.page.input_value(FIELD.format("name")) == "Kamera Tua"


def test_a_number_that_cannot_be_read_is_not_passed_over_in_silence(desk):
    desk.fill(period_s="dua")
    desk.page.click("#desk-save")
    wrong = '[data-field="period_s"] .desk-wrong'
    assert "Bukan angka" in desk.text(wrong)
    assert desk.page.input_value(FIELD.format("period_s")) == "dua"
    desk.fill(period_s="2,5")
    assert desk.page.locator(wrong).is_hidden()
    desk.until(lambda s: s["draft"]["period_s"] == 2.5, "the number")


def test_a_server_that_is_away_costs_nothing_that_was_typed(desk):
    desk.fill(url=desk.camera.url("/dua"), name="Kamera Dua", id="CAM-2")
    desk.page.context.set_offline(True)
    desk.page.click("#desk-save")
    desk.page.click("#desk-save")
    eventually(lambda: "Server tidak menjawab" in desk.text("#desk-news"), UNTIL_S, "the news")
    assert desk.page.input_value(FIELD.format("name")) == "Kamera Dua"
    desk.page.context.set_offline(False)
    eventually(lambda: "menjawab lagi" in desk.text("#desk-news"), UNTIL_S, "the better news")
    desk.page.click("#desk-save")
    desk.saved()
    assert desk.listed("CAM-2") is not None


def test_dragging_the_camera_and_its_cone_changes_the_inventory(desk):
    desk.choose("CAM-1")
    desk.tab("place")
    before = desk.state()["draft"]
    desk.drag(".desk-knob.is-place", 60, 40)
    moved = desk.until(lambda s: s["draft"]["lon"] > before["lon"] and s["draft"], "the place to the east")
    assert moved["lat"] > before["lat"]
    desk.drag(".desk-knob.is-azimuth", -40, 120)
    turned = desk.until(lambda s: s["draft"]["azimuth_deg"] != 90 and s["draft"], "another direction")
    desk.drag(".desk-knob.is-range", 30, 30)
    desk.until(lambda s: s["draft"]["range_m"] != before["range_m"], "another range")
    desk.drag(".desk-knob.is-left", -20, 20)
    wide = desk.until(lambda s: s["draft"]["fov_deg"] != before["fov_deg"] and s["draft"], "another angle")
    assert (wide["lon"], wide["azimuth_deg"]) == (moved["lon"], turned["azimuth_deg"])
    desk.saved()
    listed = desk.listed("CAM-1")
    assert listed is not None
    assert {name: listed[name] for name in ("lon", "lat", "azimuth_deg", "range_m", "fov_deg")} == {
        name: wide[name] for name in ("lon", "lat", "azimuth_deg", "range_m", "fov_deg")
    }


def test_an_address_that_names_a_camera_opens_it_and_the_map_stays_there(desk):
    desk.page.goto(f"{desk.server.url}/operate/cameras?camera=CAM-1")
    desk.until(lambda s: s.get("hasMap") and s["chosen"] == "CAM-1", "the camera of the address")
    middle = "(({lng, lat}) => [lng, lat])(layar.map.get().getCenter())"
    eventually(lambda: is_near(desk.page.evaluate(middle)), UNTIL_S, "the map at the camera")
    desk.page.set_viewport_size({"width": 1300, "height": 740})  # Plotly lays out anew and would go back to the city
    assert desk.page.evaluate("new Promise((done) => setTimeout(() => done(layar.map.get().getZoom()), 1500))") > 14
    assert is_near(desk.page.evaluate(middle))
    desk.tab("place")


def is_near(place: list[float]) -> bool:
    """Whether it is within some hundred metres of the camera."""
    return abs(place[0] - LON) < 0.006 and abs(place[1] - LAT) < 0.006


def test_arrow_keys_nudge_and_every_movement_has_a_step_back(desk):
    before = desk.state()["draft"]
    desk.page.locator(".desk-knob.is-azimuth").focus()
    desk.page.keyboard.press("Shift+ArrowRight")
    turned = (before["azimuth_deg"] + 10) % 360
    desk.until(lambda s: s["draft"]["azimuth_deg"] == turned, "ten degrees more")
    assert desk.page.input_value(FIELD.format("azimuth_deg")) == f"{turned:g}"
    desk.page.locator(".desk-knob.is-place").focus()
    desk.page.keyboard.press("ArrowUp")
    desk.until(lambda s: s["draft"]["lat"] > before["lat"], "a metre to the north")
    desk.page.click("#desk-undo")
    desk.page.click("#desk-undo")
    desk.until(lambda s: s["draft"] == before and not s["changes"], "all as it was")


def test_a_mask_drawn_on_the_still_is_burned_into_the_served_picture(desk):
    desk.tab("masks")
    eventually(lambda: desk.page.locator(".desk-paper").is_visible(), UNTIL_S, "the still to draw on")
    desk.click_picture((0.1, 0.1), (0.4, 0.1), (0.4, 0.5), (0.1, 0.5), (0.1, 0.1))
    masks = desk.until(lambda s: s["draft"]["masks"], "a closed shape")
    assert [len(mask) for mask in masks] == [4]
    desk.saved()
    eventually(lambda: is_painted(desk, "CAM-1", (0.25, 0.3)), UNTIL_S, "a picture with the region painted")
    assert not is_painted(desk, "CAM-1", (0.7, 0.3))


def is_painted(desk: Desk, camera_id: str, at: tuple[float, float]) -> bool:
    """Whether the served picture has the colour of masks there."""
    answer = desk.server.get(f"/cameras/{camera_id}.jpg?size=full", role="wall")
    if answer.status_code != 200:
        return False
    pixels = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)
    height, width = pixels.shape[:2]
    spot = pixels[int(height * at[1]), int(width * at[0])].astype(int)
    return bool(np.abs(spot - PAINT).max() < 12)


def test_a_corner_is_moved_and_a_mask_deleted(desk):
    desk.page.click(".desk-maskname")
    before = desk.state()["draft"]["masks"]
    desk.drag(".desk-corner >> nth=2", 25, -25)
    moved = desk.until(lambda s: s["draft"]["masks"] != before and s["draft"]["masks"], "a corner elsewhere")
    assert sum(a != b for a, b in zip(before[0], moved[0], strict=True)) == 1
    desk.page.click(".desk-masklist .is-danger")
    desk.until(lambda s: s["draft"]["masks"] == [], "no mask")
    desk.page.click("#desk-revert")
    desk.page.click("#desk-dialog-leave .is-danger")
    desk.until(lambda s: s["draft"]["masks"] == before, "the mask as it was saved")
    desk.tab("state")


def test_a_list_with_a_wrong_line_is_taken_without_it_and_the_line_is_named(desk, tmp_path):
    path = tmp_path / "cameras.csv"
    path.write_text(
        "id,name,lon,lat,url,kelurahan\n"
        f"IMP-1,Pasar Pagi,117.14,-0.50,{desk.camera.url('/satu')},Pasar Pagi\n"
        "IMP-2,Tanpa Letak,utara,-0.50,rtsp://10.0.0.9/1,\n"
    )
    desk.page.click("#desk-import")
    desk.page.set_input_files("#desk-import-file", path)
    desk.page.click("#desk-dialog-import .is-main")
    eventually(lambda: "1 kamera diambil" in desk.text(".desk-outcome"), UNTIL_S, "the outcome")
    assert desk.text(".desk-outcome tr:nth-child(2)").split("\t") == ["3", "lon", "Bukan angka."]
    desk.page.click("#desk-dialog-import .desk-dialogfoot .is-quiet")
    assert desk.listed("IMP-1")
    assert not desk.listed("IMP-2")
    assert desk.listed("CAM-1")


def test_the_whole_list_is_downloaded_without_credentials(desk):
    with desk.page.expect_download() as csv:
        desk.page.click('a[href="/api/v1/cameras.csv"]')
    said = Path(csv.value.path()).read_text("utf-8-sig")
    assert "CAM-1" in said
    assert "Pasar Pagi" in said
    with desk.page.expect_download() as geojson:
        desk.page.click('a[href="/api/v1/cameras.geojson"]')
    assert len(json.loads(Path(geojson.value.path()).read_bytes())["features"]) == 3


def test_ticked_cameras_get_one_password_that_is_never_shown_again(desk):
    for camera_id in ("CAM-2", "IMP-1"):
        desk.page.click(f'.desk-row[data-key="{camera_id}"] .desk-tick')
    desk.page.click("#desk-picked button >> nth=0")
    desk.page.fill("#desk-many-user", "pengawas")
    desk.page.fill("#desk-many-password", "sangat-rahasia")
    desk.page.click("#desk-dialog-credentials .is-main")
    eventually(lambda: "Sandi 2 kamera diganti" in desk.text("#desk-news"), UNTIL_S, "the news")
    secrets = (desk.server.data / "camera-secrets.toml").read_text()
    assert secrets.count("sangat-rahasia") == 2
    desk.choose("CAM-2")
    desk.tab("data")
    assert desk.page.get_attribute(FIELD.format("password"), "placeholder") == "tersimpan; isi untuk mengganti"
    assert "sangat-rahasia" not in desk.page.content()
    assert "sangat-rahasia" not in desk.server.get("/api/v1/cameras", role="admin").text


def test_an_onvif_camera_is_asked_for_its_streams_and_the_small_one_fills_the_form(desk):
    with OnvifCamera() as camera:
        desk.page.click("#desk-discover")
        for name, value in zip(("host", "port", "user", "password"), ("127.0.0.1", camera.port, *LOGIN), strict=True):
            desk.page.fill(f"#desk-onvif-{name}", str(value))
        desk.page.fill("#desk-onvif-password", "salah")
        desk.page.click("#desk-onvif-ask")
        eventually(lambda: "sandi" in desk.text("#desk-dialog-onvif .is-bad"), UNTIL_S, "what is wrong")
        desk.page.fill("#desk-onvif-password", LOGIN[1])
        desk.page.click("#desk-onvif-ask")
        eventually(lambda: desk.page.locator(".desk-foundlist li").count() == 2, UNTIL_S, "its two streams")
        assert re.search(r"sub · H264 · 640 \W 360", desk.text(".desk-foundlist .is-best"))
        desk.page.click(".desk-foundlist .is-best button")
    draft = desk.until(lambda s: s["draft"]["url"] and s["draft"], "a form that is filled in")
    assert draft["url"] == "rtsp://127.0.0.1:554/Streaming/102"
    assert draft["snapshot_address"].endswith("/snap2.jpg")
    assert (draft["user"], draft["password"]) == LOGIN
    desk.page.click("#desk-revert")
    desk.page.click("#desk-dialog-leave .is-danger")
    desk.until(lambda s: s["draft"] is None, "an empty desk")


def test_deleting_names_the_camera_first(desk):
    desk.choose("CAM-2")
    desk.tab("data")
    desk.page.click("#desk-remove")
    assert "Kamera Dua (CAM-2)" in desk.text("#desk-dialog-remove")
    assert desk.listed("CAM-2")
    desk.page.click("#desk-dialog-remove .is-danger")
    desk.until(lambda s: s["draft"] is None, "an empty desk")
    assert desk.listed("CAM-2") is None
    eventually(lambda: desk.page.locator('.desk-row[data-key="CAM-2"]').count() == 0, UNTIL_S, "a row less")


def test_a_wall_may_not_open_the_desk(desk):
    assert desk.server.get("/operate/cameras", role="wall", allow_redirects=False).status_code == 403
    assert desk.server.get("/operate/cameras/_dash-layout", role="wall").status_code == 403
    assert desk.server.get("/operate/cameras", role="admin").status_code == 200


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080), (3840, 2160)])
def test_any_number_of_cameras_fits_any_screen(desk, width, height):
    desk.page.evaluate("document.getElementById('desk-map').style.display = 'none'")  # software GL at 4K takes seconds
    desk.page.set_viewport_size({"width": width, "height": height})
    for count in (0, 1, 30, 300):
        desk.page.route("**/api/v1/cameras", told(crowd(count)))
        desk.page.evaluate("layar.desk.book.load()")
        eventually(lambda n=count: desk.page.locator(".desk-row").count() == n, UNTIL_S, f"{count} rows")
        assert desk.page.locator("#desk-empty").is_visible() == (count == 0)
        if count:
            desk.choose("CAM-000")
        assert desk.page.evaluate(SPILLS) == []
        desk.page.unroute("**/api/v1/cameras")
    desk.page.route("**/api/v1/cameras", told({**crowd(1), "is_silent": True}))
    desk.page.evaluate("layar.desk.book.load()")
    eventually(lambda: "Proses kamera diam" in desk.text("#desk-counts"), UNTIL_S, "what the states are worth")
    desk.page.unroute("**/api/v1/cameras")
    assert desk.complaints == []
