"""The map's own files over HTTP: right type, kept by the browser, asked for again at little cost."""

from types import SimpleNamespace

import orjson
import pytest
from flask import Flask

from dashboard import map_routes
from dashboard.config import CameraSettings, LayarSettings
from geodata.ground import load_ground
from layers.layer import discover_layers

FILES = ["kelurahan.geojson", "boundaries.geojson", "labels.geojson", "river.geojson", "graticule.geojson",
         "legend.json", "style.json", "sprite.json", "sprite.png", "sprite@2x.json", "sprite@2x.png"]  # fmt: skip


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    return load_ground(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module")
def client(ground):
    return client_with(ground, LayarSettings())


def client_with(ground, settings):
    server = Flask("map")
    map_routes.register(server, SimpleNamespace(ground=ground, layers=discover_layers().found, settings=settings))
    return server.test_client()


@pytest.mark.parametrize("name", FILES)
def test_a_file_the_browser_holds_already_is_not_sent_again(client, name):
    first = client.get(f"/map/{name}")
    assert first.status_code == 200
    assert first.data
    again = client.get(f"/map/{name}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "max-age" in first.headers["Cache-Control"]


def test_the_sprite_is_named_by_the_address_the_browser_used(client):
    style = orjson.loads(client.get("/map/style.json", base_url="https://layar.example:8443").data)
    assert style["sprite"] == "https://layar.example:8443/map/sprite"


def test_the_ground_is_whole(client):
    areas = orjson.loads(client.get("/map/kelurahan.geojson").data)["features"]
    names = orjson.loads(client.get("/map/labels.geojson").data)["features"]
    assert len(areas) == 59
    assert {a["properties"]["code"] for a in areas} <= {n["properties"].get("code") for n in names}


def test_the_legend_says_ages_and_whether_boundaries_are_approximate(client):
    legend = orjson.loads(client.get("/map/legend.json").data)
    assert legend["approximate"] is True
    assert legend["zone_label"] == "WITA"
    assert legend["layers"]["responders"]["ages"] == {"late_s": 60, "lost_s": 300}
    assert [mark["words"]["id"] for mark in legend["layers"]["incidents"]["marks"]] == [
        "kritis",
        "berat",
        "sedang",
        "ringan",
    ]


@pytest.mark.parametrize(("period_s", "late_s", "lost_s"), [(0.5, 6, 15), (2, 6, 15), (60, 180, 360)])
def test_a_camera_picture_is_old_by_the_period_at_which_pictures_are_fetched(ground, period_s, late_s, lost_s):
    client = client_with(ground, LayarSettings(cameras=CameraSettings(period_s=period_s)))
    legend = orjson.loads(client.get("/map/legend.json").data)
    assert legend["layers"]["cameras"]["ages"] == {"late_s": late_s, "lost_s": lost_s}


def test_a_typeface_comes_from_the_installed_package(client):
    answer = client.get("/fonts/SourceSansPro-Semibold.ttf")
    assert answer.status_code == 200
    assert answer.data[:4] == b"\x00\x01\x00\x00"


@pytest.mark.parametrize("name", ["nothing.ttf", "..%2f..%2fpyproject.toml", "OFL.txt", "SourceSansPro-Semibold.otf"])
def test_no_other_file_is_a_typeface(client, name):
    assert client.get(f"/fonts/{name}").status_code == 404


def test_every_route_says_by_its_name_that_it_belongs_to_the_map(client):
    names = set(client.application.view_functions) - {"static"}
    assert all(name == "font" or name.startswith("map_") for name in names)
