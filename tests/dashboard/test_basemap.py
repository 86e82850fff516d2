"""The basemap over HTTP: tiles as they are kept, for ever; pictures of others through us, or none at all."""

import gzip
import http.server
import threading
from types import SimpleNamespace

import orjson
import pytest
from click.testing import CliRunner
from flask import Flask

from dashboard import map_routes
from dashboard.basemap import ground_of
from dashboard.basemap_online import OnlineTiles
from dashboard.basemap_style import STREET_FONT
from dashboard.cli import main
from dashboard.config import BasemapSettings, LayarSettings, parse_settings
from dashboard.style import THEMES, map_style, tokens
from geodata.basemap import image_format
from geodata.basemap_book import add, read
from geodata.errors import BadSettings
from geodata.ground import load_ground
from geodata.tiles import tiles_over
from layers.layer import discover_layers
from tests.basemap_files import LAYERS as SCHEMAS
from tests.basemap_files import basemap_file, metadata, png, write_mbtiles

LAYERS = discover_layers().found
SAMARINDA = (117.03, -0.72, 117.32, -0.29)
MIDDLE = next(iter(tiles_over((117.147, -0.49, 117.147, -0.49), 12)))


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    return load_ground(tmp_path_factory.mktemp("city"))


def folder_with(folder, schema):
    add(basemap_file(folder, schema, "pmtiles"), folder, SAMARINDA)
    return folder


def client_of(city, folder, **settings):
    server = Flask("map")
    ground = ground_of(BasemapSettings(**settings), city.city, folder)
    services = SimpleNamespace(ground=city, layers=LAYERS, settings=LayarSettings())
    map_routes.register(server, services, ground)
    return server.test_client()


def style_of(client):
    return orjson.loads(client.get("/map/style.json").data)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_tile_goes_out_as_it_is_kept_and_may_be_kept_for_a_year(city, tmp_path, schema):
    client = client_of(city, folder_with(tmp_path, schema))
    (address,) = style_of(client)["sources"]["basemap"]["tiles"]
    zoom, column, row = MIDDLE
    path = address.removeprefix("http://localhost").format(z=zoom, x=column, y=row)
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Content-Encoding"]) == (200, "gzip")
    assert next(iter(SCHEMAS[schema])).encode() in gzip.decompress(answer.data)
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_where_there_is_no_tile_there_is_no_news(city, tmp_path):
    client = client_of(city, folder_with(tmp_path, "protomaps"))
    assert client.get("/map/basemap/protomaps/12/0/0").status_code == 204
    for wrong in (
        "/map/basemap/other/12/3382/2054",
        "/map/basemap/protomaps/12/4096/0",
        "/map/basemap/protomaps/31/0/0",
    ):
        assert client.get(wrong).status_code == 404


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_layer_of_the_style_asks_for_layers_and_words_that_its_schema_has(city, tmp_path, schema):
    style = style_of(client_of(city, folder_with(tmp_path, schema)))
    drawn = [one for one in style["layers"] if one.get("source") == "basemap"]
    asked = {one["source-layer"] for one in drawn}
    assert {"water", next(iter(SCHEMAS[schema]))} <= asked
    assert all(one["layout"]["text-font"] == STREET_FONT for one in drawn if one["type"] == "symbol")


def test_streets_lie_on_the_tint_of_the_kelurahan_and_under_everything_alive(city, tmp_path):
    ids = [one["id"] for one in style_of(client_of(city, folder_with(tmp_path, "protomaps")))["layers"]]
    assert ids.index("kelurahan") < ids.index("basemap-major") < ids.index("kelurahan-line") < ids.index("incidents")
    assert "river" in ids  # it covers half of the city, so the river of the facts stays


def test_without_a_basemap_boundaries_and_river_are_the_ground(city, tmp_path):
    client = client_of(city, tmp_path)
    style = style_of(client)
    assert "basemap" not in style["sources"]
    assert {"river", "kelurahan"} <= {one["id"] for one in style["layers"]}
    assert client.get("/map/basemap/any/1/0/0").status_code == 404
    assert orjson.loads(client.get("/map/legend.json").data)["credit"] == ""


def test_the_source_of_the_streets_is_named_beside_the_map(city, tmp_path):
    client = client_of(city, folder_with(tmp_path, "openmaptiles"))
    assert orjson.loads(client.get("/map/legend.json").data)["credit"] == "© OpenStreetMap contributors"
    off = client_of(city, tmp_path, use="none")
    assert orjson.loads(off.get("/map/legend.json").data)["credit"] == ""


@pytest.mark.parametrize("theme", THEMES)
def test_pictures_are_drawn_under_a_sheer_tint_in_the_light_of_the_theme(city, tmp_path, theme):
    add(write_mbtiles(tmp_path / "foto.mbtiles", {MIDDLE: png((90, 120, 60))}, {}, "png"), tmp_path, SAMARINDA)
    ground = ground_of(BasemapSettings(), city.city, tmp_path)
    style = map_style(city, LAYERS, "http://x/", tokens(theme), ground.shown)
    by_id = {one["id"]: one for one in style["layers"]}
    assert by_id["basemap"]["paint"]["raster-brightness-max"] == ["to-number", tokens(theme)["--basemap-most"]]
    assert by_id["kelurahan"]["paint"]["fill-opacity"][4] < 0.1
    assert "river" not in by_id


def test_a_missing_picture_is_a_clear_one(city, tmp_path):
    add(write_mbtiles(tmp_path / "foto.mbtiles", {MIDDLE: png((9, 9, 9))}, {}, "png"), tmp_path, SAMARINDA)
    answer = client_of(city, tmp_path).get("/map/basemap/foto/12/0/0")
    assert (answer.status_code, image_format(answer.data)) == (200, "png")


def test_a_basemap_that_cannot_be_used_leaves_the_map_as_it_was(city, tmp_path):
    (tmp_path / "basemaps").mkdir()
    write_mbtiles(tmp_path / "basemaps" / "x.mbtiles", {}, metadata(["roads", "water"]))
    assert ground_of(BasemapSettings(use="x"), city.city, tmp_path) is None


class _Elsewhere(http.server.BaseHTTPRequestHandler):
    """A server of pictures in another place."""

    asked: list[str]
    status = 200
    body = png((10, 20, 30))

    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def elsewhere():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere)
    server.asked, server.status, server.body = [], 200, png((10, 20, 30))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def online(elsewhere, folder, **more):
    url = f"http://127.0.0.1:{elsewhere.server_port}/{{z}}/{{x}}/{{y}}.png?key=RAHASIA"
    return OnlineTiles(url, folder, more.pop("most_mb", 16), **more)


def test_a_picture_of_others_is_fetched_once_and_kept(elsewhere, tmp_path):
    tiles = online(elsewhere, tmp_path)
    assert tiles.get(3, 4, 5) == tiles.get(3, 4, 5) == elsewhere.body
    assert elsewhere.asked == ["/3/4/5.png?key=RAHASIA"]


def test_a_server_that_fails_is_left_in_peace_and_what_is_kept_goes_on_being_shown(elsewhere, tmp_path):
    now = [1_000_000.0]
    tiles = online(elsewhere, tmp_path, clock_s=lambda: now[0])
    held = tiles.get(3, 4, 5)
    now[0] += 40 * 86_400
    elsewhere.status = 503
    assert tiles.get(3, 4, 5) == held
    assert tiles.get(3, 4, 6) is None
    assert len(elsewhere.asked) == 2  # the third was not even asked for
    now[0] += 61
    elsewhere.status = 200
    assert tiles.get(3, 4, 6) == elsewhere.body


@pytest.mark.parametrize("body", [b"<html>", b"", png((1, 2, 3)) + bytes(2_000_000)])
def test_what_is_no_picture_or_too_large_is_not_taken(elsewhere, tmp_path, body):
    elsewhere.body = body
    assert online(elsewhere, tmp_path).get(3, 4, 5) is None


def test_the_oldest_pictures_make_room(elsewhere, tmp_path):
    now = [1_000_000.0]
    elsewhere.body = png((1, 2, 3)) + bytes(1_000_000)
    tiles = online(elsewhere, tmp_path, clock_s=lambda: now[0])
    for column in range(18):
        now[0] += 1
        tiles.get(9, column, 0)
    kept = {path.name for path in next(tmp_path.iterdir()).iterdir()}
    assert "9-17-0" in kept
    assert "9-0-0" not in kept
    assert len(kept) <= 16


def test_pictures_of_others_reach_the_browser_through_us_and_a_failure_is_a_clear_one(city, elsewhere, tmp_path):
    url = f"http://127.0.0.1:{elsewhere.server_port}/{{z}}/{{x}}/{{y}}.png?key=RAHASIA"
    client = client_of(city, tmp_path, online_url=url, online_attribution="© Badan Informasi Geospasial")
    style = client.get("/map/style.json").data
    assert b"RAHASIA" not in style
    assert orjson.loads(style)["sources"]["basemap"]["tiles"] == ["http://localhost/map/basemap/online/{z}/{x}/{y}"]
    assert client.get("/map/basemap/online/3/4/5").data == elsewhere.body
    elsewhere.status = 500
    answer = client.get("/map/basemap/online/3/4/6")
    assert (answer.status_code, image_format(answer.data)) == (200, "png")
    assert answer.data != elsewhere.body
    assert orjson.loads(client.get("/map/legend.json").data)["credit"] == "© Badan Informasi Geospasial"


def test_pictures_of_others_need_a_name_to_be_shown_beside_them():
    with pytest.raises(BadSettings, match="online_attribution"):
        parse_settings('[basemap]\nonline_url = "https://t.example/{z}/{x}/{y}.png"', "layar.toml")
    with pytest.raises(BadSettings, match="needs"):
        parse_settings('[basemap]\nonline_url = "https://t.example/{z}.png"\nonline_attribution = "x"', "layar.toml")


def layar(*words):
    return CliRunner().invoke(main, words, catch_exceptions=False)


def test_by_command_a_basemap_is_added_listed_checked_and_removed(tmp_path):
    data, path = ("--data", str(tmp_path / "data")), basemap_file(tmp_path, "openmaptiles", "mbtiles")
    said = layar("basemap", "add", str(path), "--name", "jalan", "--attribution", "<b>© BIG</b>", *data).stdout
    assert "openmaptiles, zoom 8 to 12" in said
    assert "© BIG" in said
    assert layar("basemap", "list", *data).stdout.startswith("* jalan")
    assert "whole" in layar("basemap", "check", *data).stdout
    assert read(tmp_path / "data" / "basemaps" / "jalan.mbtiles").attribution == "© BIG"
    layar("basemap", "remove", "jalan", *data)
    assert layar("basemap", "list", *data).stdout == ""
