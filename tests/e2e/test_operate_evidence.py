"""The camera desk in a real browser, continued: evidence of an RTSP camera, what it learnt, lists and the network.

One server and one page for all tests of this file, in order: the city begins without a camera.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Route

from cctv.masks import masks_text
from cctv.truth_aim import FOLDER, Aim, AimBook
from cctv.truth_signs import Reference
from tests.cctv.onvif_camera import OnvifCamera
from tests.cctv.rtsp_farm import RtspFarm
from tests.e2e.conftest import eventually
from tests.e2e.desk_hand import LAT, LON, UNTIL_S, Desk, laid

SHOWN = ".desk-look >> nth=0"
CORNER = (((0.0, 0.0), (0.3, 0.0), (0.3, 0.3)),)


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RtspFarm]:
    """One RTSP camera with a keyframe each second."""
    with RtspFarm(1, tmp_path_factory.mktemp("farm")) as cameras:
        yield cameras


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A city without cameras, and its desk."""
    with laid(browser, tmp_path_factory.mktemp("evidence")) as found:
        yield found


def learnt(desk: Desk, masks: str = "") -> AimBook:
    """The camera process learnt by day how RTSP-1 looks, under these masks."""
    book = AimBook(desk.server.data / FOLDER)
    by_day = Reference(grey=np.full((90, 160), 140, np.uint8), light=140.0, sharpness=9.0)
    book.save("RTSP-1", Aim(masks=masks, references={"day": by_day}))
    return book


def test_an_admin_is_led_from_an_empty_camera_wall_to_the_desk_and_a_wall_is_not(desk):
    assert "data-desk" not in desk.server.get("/camera-wall/_dash-layout", role="wall").text
    desk.page.goto(f"{desk.server.url}/camera-wall")
    desk.page.click("#cams-none a")
    desk.until(lambda s: s.get("isTold") and s["hasMap"], "the desk")
    desk.page.goto(f"{desk.server.url}/operate")
    desk.page.click('a[href="/operate/cameras"]')
    desk.until(lambda s: s.get("isTold") and s["hasMap"], "the desk again")
    assert desk.page.url.rstrip("/").endswith("/operate/cameras")


def test_an_rtsp_camera_is_tested_with_codec_keyframes_rung_and_cost(desk, farm):
    desk.page.click("#desk-add")
    desk.fill(url=farm.url(0), id="RTSP-1", name="Simpang Lembuswana")
    desk.tab("place")
    desk.fill(lon=str(LON), lat=str(LAT))
    desk.page.click("#desk-test")
    eventually(lambda: "Gambar datang" in desk.text(".desk-trial"), UNTIL_S, "the result of the test")
    said = desk.text(".desk-trial")
    assert re.search(r"(?i)h264 · 640\s\W\s360 · bingkai kunci tiap \d+(,\d+)? dtk", said)
    assert re.search(r"Cara baca: [^(\n]+ \([^)\n]+\)", said)
    assert re.search(r"Beban: \d+ ms CPU", said)
    desk.saved()


def test_the_state_says_how_a_camera_is_read_and_why_and_each_sign_with_its_limit(desk):
    desk.tab("state")

    def fact(name: str) -> str:
        return desk.page.locator(f'.desk-facts dt:text-is("{name}") + dd').inner_text()

    eventually(lambda: "belum" not in fact("Sebabnya"), UNTIL_S, "the reason of the rung")
    assert fact("Cara baca") in desk.words_for("rungs")
    assert fact("Sebabnya") in desk.words_for("reasons")
    eventually(lambda: desk.page.locator(".desk-signs tr").count() > 1, UNTIL_S, "a sign")
    eventually(lambda: desk.page.locator(".desk-signs tr").count() > 3, UNTIL_S, "a sign of its pixels")
    name, value, limit, since = desk.text(".desk-signs tr:nth-child(4)").split("\t")
    assert name.strip() in desk.words_for("signs")
    assert re.fullmatch(r"-?[\d.]+(,\d+)?", value)
    assert re.fullmatch(r"di (atas|bawah) [\d.]+(,\d+)?", limit)
    assert re.fullmatch(r"baik|.+ lalu", since)


def test_late_and_lost_stand_first_in_the_table_in_seconds(desk):
    rows = [desk.text(f".desk-signs tr:nth-child({row})").split("\t") for row in (2, 3)]
    assert [row[0].strip() for row in rows] == ["gambar lama", "kamera putus"]
    for _, value, limit, since in rows:
        assert re.fullmatch(r"\d+(,\d+)? dtk", value)
        assert re.fullmatch(r"di atas \d+(,\d+)? dtk", limit)
        assert re.fullmatch(r"baik|.+ lalu", since)
    assert desk.page.locator(".desk-last").is_hidden()


def test_what_a_camera_learns_while_the_desk_is_open_appears_by_itself(desk):
    eventually(lambda: "belum dipelajari" in desk.text(SHOWN), UNTIL_S, "a camera that has not learnt yet")
    learnt(desk)
    width = "document.querySelector('.desk-look img').naturalWidth"
    eventually(lambda: desk.page.evaluate(width) == 160, UNTIL_S, "the still it learnt")
    assert "belum dipelajari" not in desk.text(SHOWN)


def test_a_new_mask_takes_the_still_away_that_may_show_what_it_hides(desk):
    body = json.dumps({"body": {"masks": CORNER}})
    answer = desk.page.evaluate(f"layar.desk.ask('PATCH', '/api/v1/cameras/RTSP-1', {body})")
    assert answer["ok"], answer
    eventually(lambda: "belum dipelajari" in desk.text(SHOWN), UNTIL_S, "no still")
    assert desk.page.locator(".desk-look img").first.is_hidden()


def test_a_camera_learns_anew_only_after_a_plain_yes(desk):
    book = learnt(desk, masks_text(CORNER))
    shown = desk.page.locator(".desk-look img").first
    eventually(shown.is_visible, UNTIL_S, "the still under the new mask")
    desk.page.click("#desk-teach")
    assert "Simpang Lembuswana (RTSP-1) melupakan wajahnya" in desk.text("#desk-dialog-teach")
    assert book.stamp("RTSP-1") is not None
    desk.page.click("#desk-dialog-teach .is-main")
    eventually(lambda: "belum dipelajari" in desk.text(SHOWN), UNTIL_S, "a camera that forgot")
    assert "belajar lagi" in desk.text("#desk-news")
    assert book.stamp("RTSP-1") is None


def test_a_camera_that_is_lost_says_since_when_and_shows_its_last_picture(desk, farm):
    there = "fetch('/cameras/RTSP-1.jpg').then((answer) => answer.status)"
    eventually(lambda: desk.page.evaluate(there) == 200, UNTIL_S, "a picture")
    farm.kill()
    lost = "tr.is-wrong:has-text('kamera putus')"
    eventually(lambda: desk.page.locator(lost).count() == 1, UNTIL_S, "the row of its being lost")
    assert desk.text(f"{lost} td:nth-child(4)").endswith("lalu")
    eventually(desk.page.locator(".desk-last img").is_visible, UNTIL_S, "the last picture beside it")
    assert desk.text(".desk-last figcaption").startswith("gambar terakhir · ")
    assert "tidak dapat dipercaya" not in desk.text(".desk-sentence")


def test_a_geojson_list_is_taken_and_its_camera_stands_in_the_list(desk, tmp_path):
    said = {"id": "GEO-1", "name": "Tepian Mahakam", "url": desk.camera.url("/geo"), "azimuth": 90}
    point = {"type": "Point", "coordinates": [117.14, -0.5]}
    features = [{"type": "Feature", "geometry": point, "properties": said}]
    path: Path = tmp_path / "cameras.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    desk.page.click("#desk-import")
    desk.page.set_input_files("#desk-import-file", path)
    desk.page.click("#desk-dialog-import .is-main")
    eventually(lambda: "1 kamera diambil" in desk.text(".desk-outcome"), UNTIL_S, "the outcome")
    desk.page.click("#desk-dialog-import .desk-dialogfoot .is-quiet")
    listed = desk.listed("GEO-1")
    assert listed is not None
    assert (listed["lon"], listed["lat"], listed["azimuth_deg"]) == (117.14, -0.5, 90)
    eventually(lambda: desk.page.locator('.desk-row[data-key="GEO-1"]').count() == 1, UNTIL_S, "its row")
    assert desk.listed("RTSP-1") is not None


def test_a_camera_that_answers_on_the_network_is_found_and_one_click_names_it(desk):
    with OnvifCamera() as camera:

        def to_this_machine(route: Route) -> None:
            """Discovery asks the whole network; here the one host that may answer."""
            body = {"host": "127.0.0.1", "port": camera.discovery_port}
            route.continue_(post_data=json.dumps(body))

        desk.page.route("**/api/v1/cameras/discover", to_this_machine)
        desk.page.click("#desk-discover")
        desk.page.click("#desk-onvif-find")
        found = desk.page.locator(".desk-foundlist button")
        eventually(lambda: found.count() == 1, UNTIL_S, "the camera that answers")
        assert "Jembatan Mahakam" in found.inner_text()
        found.click()
        assert desk.page.input_value("#desk-onvif-host") == "127.0.0.1"
        assert desk.page.input_value("#desk-onvif-port") == str(camera.port)
        desk.page.click("#desk-dialog-onvif .desk-dialogfoot .is-quiet")
        desk.page.unroute("**/api/v1/cameras/discover")
    assert desk.complaints == []
