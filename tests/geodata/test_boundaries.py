"""A whole import: what is saved, what is said, and that a refusal changes nothing."""

import json

import numpy as np
import pytest
import shapely

from geodata import boundary_file
from geodata.boundaries import Wish, import_boundaries
from geodata.errors import BadBoundaries, BadSettings
from geodata.ground import load_ground
from tests.geodata.conftest import TWO, as_sql, row, square

CITIES = {
    "samarinda_kelurahan.geojson": ("64.72", "Samarinda", 59, 10, 716.19, 32750, "Asia/Makassar"),
    "pekalongan_kelurahan.geojson": ("33.75", "Pekalongan", 27, 4, 46.20, 32749, "Asia/Jakarta"),
    "bengkulu_kelurahan.geojson": ("17.71", "Bengkulu", 67, 9, 150.60, 32748, "Asia/Jakarta"),
    "kutai_kartanegara_desa.geojson": ("64.02", "Kutai Kartanegara", 237, 20, 26909.9, 32650, "Asia/Makassar"),
}


def everything(folder):
    """Every file below a folder, with its bytes."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", CITIES)
def test_every_published_city_becomes_a_usable_one(tmp_path, published, name):
    code, city, count, kecamatan, km2, epsg, zone = CITIES[name]
    report = import_boundaries(tmp_path, published(name), Wish())
    ground = load_ground(tmp_path, code)
    areas = ground.places.areas.values()
    assert (ground.city.name, ground.city.utm_epsg, ground.city.time_zone) == (city, epsg, zone)
    assert (len(areas), len({area.kecamatan for area in areas})) == (count, kecamatan)
    assert sum(area.area_km2 for area in areas) == pytest.approx(km2, rel=1e-4)
    assert (report.described is None) == (code == "64.72")
    shapes = [shapely.geometry.shape(f["geometry"]) for f in ground.places.boundaries_geojson()["features"]]
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    middles = np.array([(area.lon, area.lat) for area in areas])
    assert ground.places.kelurahan_at_many(*middles.T) == [area.code for area in areas]
    assert all(ground.city.extent.holds(*middle) for middle in middles.tolist())


def test_the_published_sql_is_repaired_and_the_report_says_what_changed(tmp_path, published):
    report = import_boundaries(tmp_path, published("wilayah_boundaries_kel_64.72.sql"), Wish(code="64.72"))
    assert len(report.changes) == 59
    assert sum(not change.fitted for change in report.changes) == 59  # 58 by mismatched edges, one by a gap
    assert report.largest.name == "Tenun Samarinda"
    assert report.largest.percent == pytest.approx(-0.46, abs=0.01)
    assert report.differences == ("64.72.05.1004 is Sungai Siring Pelita in the file, Sungai Siring in our facts",)
    assert not report.is_outside
    assert "copyright (c) 2025 by cahya dsn" in report.source


def test_kecamatan_that_the_file_lacks_are_known_from_facts(tmp_path, published):
    import_boundaries(tmp_path, published("wilayah_boundaries_kel_64.72.sql"), Wish())
    assert load_ground(tmp_path).places.areas["64.72.10.1001"].kecamatan == "Loa Janan Ilir"


def test_kecamatan_that_nobody_knows_are_called_by_their_code(tmp_path, frame):
    (tmp_path / "b.sql").write_text(as_sql(frame), "utf-8")
    import_boundaries(tmp_path, tmp_path / "b.sql", Wish())
    assert load_ground(tmp_path, "33.99").places.areas["33.99.01.1001"].kecamatan == "Kecamatan 33.99.01"


def test_boundaries_say_where_they_come_from(tmp_path, write):
    import_boundaries(tmp_path, write(*TWO), Wish(source="Bappeda 2026"))
    features = load_ground(tmp_path, "33.99").places.boundaries_geojson()["features"]
    assert {f["properties"]["source"] for f in features} == {"Bappeda 2026"}
    assert not any(f["properties"]["approximate"] for f in features)


def test_a_second_import_replaces_the_first(tmp_path, write):
    import_boundaries(tmp_path, write(*TWO), Wish())
    import_boundaries(tmp_path, write(TWO[0]), Wish())
    assert list(load_ground(tmp_path, "33.99").places.areas) == ["33.99.01.1001"]


def test_a_description_that_the_city_has_edited_is_left_alone(tmp_path, write):
    described = import_boundaries(tmp_path, write(*TWO), Wish()).described
    described.write_text(described.read_text("utf-8").replace('zone_label = "WIB"', 'zone_label = "WITA"'), "utf-8")
    assert import_boundaries(tmp_path, write(*TWO), Wish()).described is None
    assert load_ground(tmp_path, "33.99").city.zone_label == "WITA"


BROKEN = {
    "JSON": lambda text: text[:-40],
    "codes": lambda text: text.replace("33.99.01.1002", "seribu dua"),
    "columns": lambda text: text.replace('"kode"', '"nomor"'),
    "shapes": lambda text: text.replace('"Polygon"', '"LineString"', 1),
    "places": lambda text: text.replace("[110", "[10"),
    "overlap": lambda text: text.replace("110.04", "110.02").replace("110.02", "110.0"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_refused_file_leaves_everything_as_it_was(tmp_path, write, what):
    whole = write(*TWO)
    data = tmp_path / "data"
    import_boundaries(data, whole, Wish())
    before = everything(data)
    (tmp_path / "bad.geojson").write_text(BROKEN[what](whole.read_text("utf-8")), "utf-8")
    with pytest.raises(BadBoundaries):
        import_boundaries(data, tmp_path / "bad.geojson", Wish())
    assert everything(data) == before


def test_a_refused_first_file_leaves_nothing_at_all(tmp_path, write):
    with pytest.raises(BadBoundaries):
        import_boundaries(tmp_path / "data", write((row(1, "Barat"), shapely.Point(110, -7))), Wish())
    assert not (tmp_path / "data").exists()


def test_a_broken_description_is_found_before_boundaries_are_replaced(tmp_path, write):
    described = import_boundaries(tmp_path, write(*TWO), Wish()).described
    described.write_text("code = ", "utf-8")
    saved = boundary_file.path_of(tmp_path / "cities", "33.99")
    before = saved.read_bytes()
    with pytest.raises(BadSettings, match=r"33\.99\.toml is not TOML"):
        import_boundaries(tmp_path, write(TWO[0]), Wish())
    assert saved.read_bytes() == before


def test_half_a_city_can_be_imported_and_what_is_missing_is_said(tmp_path, published):
    whole = json.loads(published("samarinda_kelurahan.geojson").read_text("utf-8"))
    whole["features"] = [f for f in whole["features"] if f["properties"]["kecamatan"] == "Palaran"]
    (tmp_path / "palaran.geojson").write_text(json.dumps(whole), "utf-8")
    report = import_boundaries(tmp_path, tmp_path / "palaran.geojson", Wish())
    assert len(report.changes) == 5
    assert len(report.differences) == 54
    assert "64.72.09.1001 Karang Mumus is not in the file" in report.differences


def test_areas_beyond_the_extent_are_noticed(tmp_path, write):
    import_boundaries(tmp_path, write(*TWO), Wish())
    assert import_boundaries(tmp_path, write(*TWO, (row(3, "Jauh"), square(110.2, -7))), Wish()).is_outside


def test_a_table_of_codes_joins_a_file_of_bps(tmp_path, write):
    file = write(*(({"iddesa": f"337501000{n}", "nmdesa": v["nama"]}, shape) for n, (v, shape) in enumerate(TWO)))
    (tmp_path / "codes.csv").write_text("bps,kode\n3375010000,33.99.01.1001\n3375010001,33.99.01.1002\n", "utf-8")
    report = import_boundaries(tmp_path, file, Wish(codes=tmp_path / "codes.csv"))
    assert [change.code for change in report.changes] == ["33.99.01.1001", "33.99.01.1002"]
    assert "BPS" in report.selection.dialect


@pytest.mark.parametrize("table", ["", "a,b\n1,2\n", "bps,kode\n1\n", None])
def test_a_table_of_codes_that_is_none_is_refused(tmp_path, write, table):
    codes = tmp_path / "codes.csv"
    if table is not None:
        codes.write_text(table, "utf-8")
    file = write(({"iddesa": "3375010001", "nmdesa": "Barat"}, square(110, -7)))
    with pytest.raises((BadSettings, BadBoundaries)):
        import_boundaries(tmp_path, file, Wish(codes=codes))


def test_a_name_given_by_hand_wins_over_that_of_the_file(tmp_path, write):
    rows = [({**values, "kabkota": "Kota Contoh"}, shape) for values, shape in TWO]
    import_boundaries(tmp_path / "file", write(*rows), Wish())
    import_boundaries(tmp_path / "hand", write(*rows), Wish(name='Kabupaten "Uji" \\ Coba'))
    assert load_ground(tmp_path / "file", "33.99").city.name == "Contoh"
    assert load_ground(tmp_path / "hand", "33.99").city.center_name == 'Pusat Komando 112 Kabupaten "Uji" \\ Coba'
