"""`layar city …` as an operator types it."""

import json
from threading import Thread

import pytest
import shapely
from click.testing import CliRunner

from dashboard.commands.city import city
from geodata.errors import BadBoundaries, BadSettings
from geodata.ground import code_in_use
from tests.geodata.test_download import Server, says


@pytest.fixture
def layar(tmp_path):
    """Run a subcommand; its lines."""

    def run(*words):
        ran = CliRunner().invoke(city, [*map(str, words), "--data", str(tmp_path / "data")])
        if ran.exception and not isinstance(ran.exception, SystemExit):
            raise ran.exception
        return ran.output.splitlines()

    return run


@pytest.fixture
def batas(tmp_path):
    """A boundary file of Kota Contoh: two squares, the second 8 m too far east."""
    features = [
        {
            "type": "Feature",
            "properties": {"kode": f"33.99.01.100{n}", "nama": name, "kecamatan": "Utara", "kabkota": "Kota Contoh"},
            "geometry": json.loads(shapely.to_geojson(shapely.box(*box))),
        }
        for n, name, box in ((1, "Barat", (110, -7, 110.02, -6.98)), (2, "Timur", (110.01992, -7, 110.04, -6.98)))
    ]
    path = tmp_path / "batas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def test_a_new_installation_lists_samarinda_in_use(layar):
    (line,) = layar("list")
    assert line.startswith("* 64.72  Samarinda")
    assert "approximate boundaries" in line


def test_show_tells_what_is_known(layar):
    text = "\n".join(layar("show"))
    for said in ("Asia/Makassar (WITA)", "EPSG:32750", "batas perkiraan", "59 in 10 kecamatan", "km²"):
        assert said in text


def test_import_tells_per_kelurahan_what_changed_and_what_changed_most(layar, batas):
    lines = layar("import", batas)
    text = "\n".join(lines)
    assert lines[0].startswith("33.99 Contoh: 2 areas")
    assert "2 of 2 did not fit their neighbours" in text
    changed = [line for line in lines if line.startswith("  33.99.01.100")]
    assert any("→" in line and line.endswith("%") for line in changed)
    assert any(line.startswith("largest change: 33.99.01.100") for line in lines)
    assert "33.99.toml" in text
    assert "layar city use 33.99" in lines[-1]


def test_the_city_chosen_is_the_one_in_use(layar, batas, tmp_path):
    layar("import", batas, "--code", "33.99", "--name", "Kota Uji")
    assert "33.99 Uji" in layar("use", "33.99")[0]
    assert code_in_use(tmp_path / "data") == "33.99"
    assert [line[0] for line in layar("list")] == ["*", " "]
    assert layar("show")[0] == "33.99 Uji"
    assert layar("show", "64.72")[0] == "64.72 Samarinda"


def test_a_city_without_boundaries_cannot_be_used(layar, tmp_path):
    with pytest.raises(BadSettings, match="layar city import FILE --code"):
        layar("use", "33.75")
    assert code_in_use(tmp_path / "data") == "64.72"


def test_add_downloads_and_imports(layar, batas, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = Server()
    server.answers["/batas.geojson"] = says(200, batas.read_bytes())
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        lines = layar("add", "33.99", "--from", server.url("/batas.geojson"))
        with pytest.raises(BadBoundaries, match=r"nothing of city 64\.72"):
            layar("add", "64.72", "--from", server.url("/batas.geojson"))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert any("source: batas.geojson" in line for line in lines)
    assert any("33.99  Contoh" in line and "real" in line for line in layar("list"))


def test_bad_areas_are_left_out_on_demand_and_listed(layar, batas):
    said = json.loads(batas.read_text())
    said["features"][0]["geometry"] = None
    batas.write_text(json.dumps(said))
    with pytest.raises(BadBoundaries, match="feature 1: it has no shape"):
        layar("import", batas)
    assert "left out: feature 1: it has no shape" in layar("import", batas, "--without-bad")


def test_what_is_no_code_is_never_asked_for(layar):
    with pytest.raises(BadSettings, match="no code of a kota"):
        layar("add", "../../etc")
