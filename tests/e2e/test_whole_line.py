"""The whole line: thirty real RTSP cameras, HTTP ones, incidents by HTTP, positions by OsmAnd, one wall in a browser.

One server and one page for all tests of this file, in order: the line is laid once, then it is pulled at.
"""

import csv
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page

from tests.cctv.fake_camera import FakeCamera, lively, pushes
from tests.cctv.rtsp_farm import RtspFarm
from tests.e2e.conftest import Server, eventually, layar, map_source, new_server, sign_in

FIRE_LON, FIRE_LAT = 117.1500, -0.4900
FARM = 30
WITHIN_S = 20.0
TILE = "figure.camera:has(.camera-name:text-is('{}'))"


@dataclass
class Line:
    """Everything that is running."""

    server: Server
    farm: RtspFarm
    stills: FakeCamera
    page: Page
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def keys(self, source: str) -> set[str]:
        """Of the things that the map itself holds."""
        return {feature["properties"]["key"] for feature in map_source(self.page, source)}

    def tile(self, name: str) -> str:
        """What a camera's tile says."""
        said: str = self.page.locator(TILE.format(name)).inner_text()
        return said

    def report(self, key: str, **said: Any) -> requests.Response:
        """An incident, as a call-taking system would post it."""
        record = {"id": key, "category": "kebakaran", "priority": 1, "lon": FIRE_LON, "lat": FIRE_LAT,
                  "time": datetime.now(UTC).isoformat(), "status": "diterima", **said}  # fmt: skip
        return self.server.post("/api/v1/incidents", json=record)

    def locate(self, unit: str, lon: float, lat: float) -> None:
        """A position, as a phone with Traccar Client would send it."""
        params = {"id": unit, "lat": lat, "lon": lon, "timestamp": time.time(), "bearing": 90, "speed": 12}
        answer = self.server.get("/api/v1/osmand", role="ingest", params=params)
        assert answer.status_code == 200


def inventory(path: Path, farm: RtspFarm, stills: FakeCamera, film: FakeCamera) -> None:
    """Two HTTP cameras beside the fire, the farther of which faces it; the RTSP ones around it."""
    rows = [
        ("STILL", "Kamera Foto", FIRE_LON + 0.0005, FIRE_LAT, stills.url(), "http_jpeg", 90),
        ("FILM", "Kamera Film", FIRE_LON, FIRE_LAT + 0.0008, film.url("/film"), "mjpeg", 180),
        *((f"RTSP-{i:02}", f"Kamera {i:02}", FIRE_LON + 0.002 + i * 0.001, FIRE_LAT - i * 0.001, farm.url(i), "rtsp",
           i * 12) for i in range(FARM)),
    ]  # fmt: skip
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "name", "lon", "lat", "url", "kind", "azimuth"))
        writer.writerows(rows)


@pytest.fixture(scope="module")
def line(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """Lay the line; pull everything down afterwards."""
    folder = tmp_path_factory.mktemp("line")
    clips = tmp_path_factory.mktemp("line-clips")
    server = new_server(folder / "data")
    with (
        RtspFarm(FARM, clips) as farm,
        FakeCamera(lively) as stills,
        FakeCamera(pushes(count=100_000, every_s=0.3)) as film,
    ):
        inventory(folder / "cameras.csv", farm, stills, film)
        layar(server.data, "cameras", "import", str(folder / "cameras.csv"))
        try:
            server.start()
            yield wall_of(browser, server, farm, stills)
        finally:
            server.stop()


def wall_of(browser: Browser, server: Server, farm: RtspFarm, stills: FakeCamera) -> Line:
    """Open the wall as somebody in the room would, and listen to all that the page asks and complains of."""
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    laid = Line(server=server, farm=farm, stills=stills, page=page)
    ours = (server.url, "blob:", "data:")
    page.on("request", lambda r: None if r.url.startswith(ours) else laid.foreign.append(r.url))
    page.on("pageerror", lambda e: laid.complaints.append(str(e)))
    sign_in(page, server)
    eventually(lambda: page.evaluate("window.layar && window.layar.state().hasMap"), 60, "the map")
    return laid


def test_every_camera_gives_a_picture_and_stands_on_the_map(line):
    eventually(lambda: len(line.keys("cameras")) == FARM + 2, 30, "thirty-two cameras on the map")

    def healthy() -> bool:
        features = map_source(line.page, "cameras")
        return {f["properties"]["key"] for f in features if f["properties"]["health"] == "ok"} == line.keys("cameras")

    eventually(healthy, 40, "all cameras healthy")
    for camera in ("STILL", "FILM", "RTSP-00", f"RTSP-{FARM - 1}"):
        for size in ("tiny", "thumb", "medium", "full"):
            answer = line.server.get(f"/cameras/{camera}.jpg", params={"size": size})
            assert answer.ok
            assert answer.content[:2] == b"\xff\xd8"
            age_s = (datetime.now(UTC) - datetime.fromisoformat(answer.headers["X-Observed-At"])).total_seconds()
            assert -1 < age_s < 15


def test_an_incident_posted_is_soon_in_the_maps_own_source(line):
    answer = line.report("INC-1")
    assert answer.status_code == 201
    assert answer.json()["id"] == "INC-1"
    eventually(lambda: "INC-1" in line.keys("incidents"), WITHIN_S, "the incident on the map")
    place = next(f for f in map_source(line.page, "incidents") if f["properties"]["key"] == "INC-1")
    assert place["geometry"]["coordinates"] == [FIRE_LON, FIRE_LAT]
    assert "Kebakaran" in line.page.locator("#wall-incidents").inner_text()


def test_a_unit_located_by_osmand_is_soon_in_the_maps_own_source(line):
    line.locate("damkar-1", 117.14, -0.50)
    eventually(lambda: "damkar-1" in line.keys("responders"), WITHIN_S, "the unit on the map")
    line.locate("damkar-1", 117.16, -0.48)

    def has_moved() -> bool:
        unit = next(f for f in map_source(line.page, "responders") if f["properties"]["key"] == "damkar-1")
        return unit["geometry"]["coordinates"] == pytest.approx([117.16, -0.48], abs=1e-5)

    eventually(has_moved, WITHIN_S, "the unit at its new place")


def test_the_camera_that_faces_the_fire_is_first_and_says_so_although_another_is_nearer(line):
    eventually(lambda: "melihat lokasi · 90 m" in line.tile("Kamera Film"), 5, "the camera that sees it")
    assert "menghadap ke arah lain · 60 m" in line.tile("Kamera Foto")
    assert line.page.locator(".camera-name").all_inner_texts()[:3] == ["Kamera Film", "Kamera Foto", "Kamera 00"]
    assert line.page.locator("#wall-camera-note").inner_text() == "Kebakaran: 1 kamera melihat lokasi ini"
    said = line.server.get("/api/v1/eyes", params={"lon": FIRE_LON, "lat": FIRE_LAT}).json()
    assert [one["key"] for one in said["cameras"] if one["sees"]] == ["FILM"]


def test_the_tiles_show_pictures_of_the_first_cameras(line):

    def painted() -> bool:
        widths = line.page.evaluate(
            "() => [...document.querySelectorAll('figure.camera img')].slice(0, 3).map(i => i.naturalWidth)"
        )
        return len(widths) == 3 and all(width >= 320 for width in widths)

    eventually(painted, 10, "three pictures in the tiles")
    assert "lalu" in line.tile("Kamera 00")


def test_what_is_not_a_place_is_never_a_marker(line):
    assert line.report("NOWHERE", lon=0, lat=0).status_code == 201
    assert line.report("PRANK", category="prank", lon=FIRE_LON, lat=FIRE_LAT).status_code == 201
    eventually(lambda: line.page.evaluate("window.layar.picture.layer('incidents').has('NOWHERE')"), 5, "the incident")
    assert line.keys("incidents") == {"INC-1"}


def test_a_bad_incident_is_refused_by_field_and_kept_for_a_look(line):
    answer = line.report("BAD", lon="timur")
    assert answer.status_code == 422
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json()["field"] == "lon"
    kept = line.server.get("/api/v1/quarantine", role="admin")
    assert "timur" in kept.text


def test_a_silenced_camera_says_so_on_its_tile_with_the_age_and_comes_back(line):
    line.farm.pause(0)
    eventually(lambda: "PUTUS" in line.tile("Kamera 00"), 15, "the stamp on the tile")
    assert "lalu" in line.tile("Kamera 00")
    assert line.server.get("/cameras/RTSP-00.jpg").ok
    assert line.server.get("/cameras/RTSP-00.jpg").headers["X-Camera-Health"] == "lost"
    eventually(lambda: "Kamera 00" in line.page.locator("#wall-status").inner_text(), 5, "the sentence")
    line.farm.resume(0)
    eventually(lambda: "PUTUS" not in line.tile("Kamera 00"), 30, "the camera's return")


def test_a_map_moved_by_hand_stays_where_it_is(line):
    line.page.mouse.move(600, 350)
    line.page.mouse.down()
    line.page.mouse.move(500, 300, steps=4)
    line.page.mouse.up()
    center = "() => document.querySelector('.js-plotly-plot')._fullLayout.map._subplot.map.getCenter().toArray()"
    line.page.wait_for_timeout(1000)
    before = line.page.evaluate(center)
    assert line.report("FAR", lon=117.20, lat=-0.60).status_code == 201
    eventually(lambda: "FAR" in line.keys("incidents"), WITHIN_S, "the new incident")
    line.page.wait_for_timeout(4000)
    assert line.page.evaluate(center) == before


def test_a_killed_server_loses_nothing_acknowledged_and_the_wall_returns_by_itself(line):
    opened_at = line.page.evaluate("performance.timeOrigin")
    acknowledged = {f"K-{i}" for i in range(20) if line.report(f"K-{i}").status_code == 201}
    assert len(acknowledged) == 20
    line.server.kill()
    eventually(lambda: "terputus" in line.page.locator("#wall-connection").inner_text().lower(), 25, "the banner")
    assert line.page.locator("#wall-incidents li").count() > 0
    line.server.start()
    eventually(lambda: acknowledged <= line.keys("incidents"), 30, "everything acknowledged")
    eventually(lambda: line.page.locator("#wall-connection").is_hidden(), 10, "the end of the banner")
    assert line.page.evaluate("performance.timeOrigin") == opened_at
    said = layar(line.server.data, "rebuild")
    assert "0" in said


def test_the_same_incident_again_is_no_second_one(line):
    now = datetime.now(UTC).isoformat()
    assert line.report("TWICE", time=now).status_code == 201
    assert line.report("TWICE", time=now).status_code == 200


def test_in_all_of_this_nothing_left_the_machine_and_nothing_broke(line):
    assert line.foreign == []
    assert line.complaints == []
