"""Before, at and after: what an admin sees of an incident on a click, and a wall does not."""

from datetime import UTC, datetime, timedelta

import cv2
import numpy as np
import pytest

from cctv.archive import ArchiveSettings, still_of
from cctv.archive_place import place_for
from layers.store.stills import FILE_NAME, Slot, Stills
from tests.e2e.conftest import eventually, layar, new_server

LIST = """id,name,lon,lat,url,kind,azimuth,range
V,Jembatan,117.15,-0.5,sim:dead,simulated,,
W,Pasar,117.15,-0.5,sim:dead,simulated,,
X,Simpang Mal,117.16,-0.5,sim:,simulated,90,250
"""
KEPT = (("V", "before", -20), ("V", "at", 0), ("V", "after", 65), ("W", "at", 3))


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A server with one incident, and four stills of two cameras."""
    folder = tmp_path_factory.mktemp("strip")
    server = new_server(folder / "data")
    (folder / "cameras.csv").write_text(LIST, "utf-8")
    layar(server.data, "cameras", "import", str(folder / "cameras.csv"))
    server.start()
    moment = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
    report = {
        "id": "INC-9",
        "category": "kebakaran",
        "time": moment.isoformat(),
        "lon": 117.15,
        "lat": -0.5,
        "status": "diterima",
        "priority": 1,
    }
    assert server.post("/api/v1/incidents", json=report).status_code == 201
    lesser = report | {"id": "INC-10", "priority": 4, "category": "pohon_tumbang", "lon": 117.161}
    assert server.post("/api/v1/incidents", json=lesser).status_code == 201
    index, place = Stills(server.data / FILE_NAME), place_for(ArchiveSettings(least_free_percent=0), server.data)
    for camera, phase, seconds in KEPT:
        jpeg = cv2.imencode(".jpg", np.full((90, 160, 3), 90 + seconds, np.uint8))[1].tobytes()
        still = still_of(camera, moment + timedelta(seconds=seconds), jpeg)
        place.put(still.key, jpeg)
        index.add(still, "pinned", Slot(incident="INC-9", camera=camera, milestone="call", phase=phase))
    index.close()
    yield server
    server.stop()


def on_the_wall(browser, server, role):
    page = browser.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    page.goto(f"{server.url}/login")
    page.fill("input[name=token]", server.tokens[role])
    page.click("form button")
    page.wait_for_selector("#wall-incidents > li", timeout=90_000)
    page.evaluate("document.querySelector('#wall-incidents > li').click()")
    return page


def test_a_click_on_an_incident_shows_an_admin_its_stills_with_their_distance_to_the_moment(browser, kept):
    page = on_the_wall(browser, kept, "admin")
    eventually(lambda: page.locator("#wall-stills .still img").count() == 4, 30, "four pictures")
    rows = page.locator("#wall-stills .stills-row").all_inner_texts()
    assert [line for line in rows[0].splitlines() if "·" in line] == [
        line for line in rows[0].splitlines() if line.startswith(("20 dtk sebelum", "tepat saat itu", "1 mnt sesudah"))
    ]
    assert "3 dtk sesudah" in rows[1]
    assert rows[1].count("tidak ada gambar") == 2
    eventually(
        lambda: (
            page.evaluate("Array.from(document.querySelectorAll('#wall-stills img'), i => i.naturalWidth)") == [160] * 4
        ),
        30,
        "each picture itself",
    )
    page.keyboard.press("Escape")
    assert page.locator("#wall-stills").is_hidden()
    page.context.close()


def test_on_a_wall_nothing_happens_and_nothing_is_asked_again(browser, kept):
    asked = []
    page = on_the_wall(browser, kept, "wall")
    asked_for = "document.querySelector('#wall-stills-strip').dataset.incident"
    eventually(lambda: page.evaluate(asked_for) == "INC-9", 30, "the question")
    eventually(lambda: not page.locator("#wall-stills-strip").evaluate("e => e.childElementCount"), 30, "the refusal")
    assert page.locator("#wall-stills").is_hidden()
    page.on("request", lambda request: asked.append(request.url) if "stills" in request.url else None)
    page.evaluate("document.querySelector('#wall-incidents > li').click()")
    page.wait_for_timeout(500)
    assert asked == []
    page.context.close()


def test_a_click_on_any_incident_shows_its_nearest_eyes_with_their_reasons_until_esc(browser, kept):
    page = on_the_wall(browser, kept, "wall")
    note = page.locator("#wall-camera-note")
    first = page.locator("#wall-cameras .camera").first
    eventually(lambda: "(dipilih)" in note.inner_text(), 30, "the first row, which was clicked")
    page.keyboard.press("Escape")
    eventually(lambda: "tidak ada kamera yang melihat lokasi ini" in note.inner_text(), 30, "the gravest")
    assert "(dipilih)" not in note.inner_text()
    eventually(lambda: page.locator("#wall-incidents > li").count() == 2, 30, "both incidents")
    page.locator("#wall-incidents > li[data-key='INC-10']").click()
    eventually(
        lambda: "(dipilih): 1 kamera melihat lokasi ini" in note.inner_text(), 60, "whom the lesser one is seen by"
    )
    assert first.locator(".camera-name").inner_text() == "Simpang Mal"
    assert first.locator(".camera-near").inner_text() == "melihat lokasi · 110 m"
    reasons = page.locator("#wall-cameras .camera-near").all_inner_texts()
    assert len(reasons) == 3
    assert all("km" in reason for reason in reasons[1:])
    assert page.locator("#wall-incidents > li[data-chosen]").get_attribute("data-key") == "INC-10"
    sign = page.locator(".marker[data-key='INC-9'] .marker-icon")
    eventually(lambda: sign.count() == 1, 90, "the sign of the gravest on the map")
    sign.dispatch_event("click")
    chosen = "[...document.querySelectorAll('#wall-incidents > li[data-chosen]')].map((row) => row.dataset.key)"
    eventually(lambda: page.evaluate(chosen) == ["INC-9"], 30, "the sign chooses as its row does")
    page.keyboard.press("Escape")
    eventually(lambda: "(dipilih)" not in note.inner_text(), 30, "the gravest again")
    assert page.evaluate(chosen) == []
    page.context.close()


def test_the_key_t_tints_the_map_by_what_cameras_see_and_takes_it_away_again(browser, kept):
    page = on_the_wall(browser, kept, "wall")
    visibility = "layar.map.get().getLayoutProperty('blind_spots', 'visibility')"
    legend = page.locator("#wall-legend-marks")
    ready = "Boolean(layar.map.get() && layar.map.get().getLayer('blind_spots') && layar.sources.shapes())"
    eventually(lambda: page.evaluate(ready), 90, "the map")
    assert page.evaluate(visibility) == "none"
    page.keyboard.press("v")
    eventually(lambda: "terlihat kamera" in legend.inner_text(), 30, "the tint's own legend")
    assert page.evaluate(visibility) == "visible"
    page.keyboard.press("v")
    eventually(lambda: "kejadian terbuka" in legend.inner_text(), 30, "the legend of the pressure")
    assert page.evaluate(visibility) == "none"
    page.context.close()
