"""Boundary files of every kind, whole and broken."""

import json
import warnings
import zipfile

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata import boundary_formats
from geodata.boundary_formats import read_boundary_file
from geodata.errors import BadBoundaries
from tests.geodata.conftest import TWO, as_sql, collection, row, square

SHAPES = [shape for _, shape in TWO]


def same(raw) -> bool:
    """Whether the file gave the two squares (a projection and back costs a millimetre)."""
    return len(raw.areas) == 2 and all(
        shapely.hausdorff_distance(area.shape, shape) < 1e-7 for area, shape in zip(raw.areas, SHAPES, strict=True)
    )


def shapefile(frame, folder):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # ten letters are all a column name may have
        frame.to_file(folder / "batas.shp")
    return folder / "batas.shp"


def zipped(path, *files, folder=""):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, f"{folder}{file.name}")
    return path


def test_geojson_is_read(write):
    raw = read_boundary_file(write(*TWO))
    assert same(raw)
    assert raw.areas[1].values == TWO[1][0]
    assert raw.areas[1].where == "feature 2"


def test_geojson_with_a_byte_order_mark_is_read(tmp_path):
    (tmp_path / "b.json").write_text(json.dumps(collection(*TWO)), "utf-8-sig")
    assert same(read_boundary_file(tmp_path / "b.json"))


def test_old_geojson_that_names_its_coordinate_system_is_turned_to_degrees(frame, write):
    metres = list(zip([values for values, _ in TWO], frame.to_crs(32749).geometry, strict=True))
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32749"}}
    assert same(read_boundary_file(write(*metres, crs=crs)))
    assert same(read_boundary_file(write(*TWO, crs={"properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}})))


@pytest.mark.parametrize("crs", [{"properties": {"name": "EPSG:0"}}, {"properties": {}}, 7, "EPSG:4326"])
def test_a_coordinate_system_that_nobody_knows_is_refused(write, crs):
    with pytest.raises(BadBoundaries, match="coordinate system"):
        read_boundary_file(write(*TWO, crs=crs))


def test_a_geopackage_is_read_whatever_its_coordinate_system(frame, tmp_path):
    frame.to_crs(32749).to_file(tmp_path / "b.gpkg", layer="batas")
    assert same(read_boundary_file(tmp_path / "b.gpkg"))


def test_a_geopackage_under_a_strange_name_is_still_one(frame, tmp_path):
    frame.to_file(tmp_path / "b.gpkg", layer="batas")
    (tmp_path / "b.gpkg").rename(tmp_path / "batas.db")
    assert same(read_boundary_file(tmp_path / "batas.db"))


def test_a_geopackage_of_points_is_refused(frame, tmp_path):
    frame.set_geometry(frame.representative_point()).to_file(tmp_path / "p.gpkg", layer="titik")
    with pytest.raises(BadBoundaries, match="no layer of polygons"):
        read_boundary_file(tmp_path / "p.gpkg")


def test_a_shapefile_is_read(frame, tmp_path):
    assert same(read_boundary_file(shapefile(frame.to_crs(32749), tmp_path)))


@pytest.mark.parametrize("missing", [".shx", ".dbf"])
def test_a_shapefile_that_is_not_whole_is_refused_or_has_no_codes(frame, tmp_path, missing):
    path = shapefile(frame, tmp_path)
    path.with_suffix(missing).unlink()
    if missing == ".shx":
        with pytest.raises(BadBoundaries, match="damaged or not whole"):
            read_boundary_file(path)
    else:
        assert not any("kode" in area.values for area in read_boundary_file(path).areas)


def test_a_shapefile_in_metres_without_prj_is_refused(frame, tmp_path):
    path = shapefile(frame.to_crs(32749), tmp_path)
    path.with_suffix(".prj").unlink()
    with pytest.raises(BadBoundaries, match="coordinate system"):
        read_boundary_file(path)


def test_sql_is_read(frame, tmp_path):
    (tmp_path / "b.sql").write_text(as_sql(frame), "utf-8")
    assert same(read_boundary_file(tmp_path / "b.sql"))


def test_a_zipped_shapefile_is_read_from_any_folder_inside(frame, tmp_path):
    shapefile(frame, tmp_path)
    assert same(read_boundary_file(zipped(tmp_path / "b.zip", *tmp_path.glob("batas.*"), folder="data/2025/")))


@pytest.mark.parametrize("kind", ["geojson", "gpkg", "sql"])
def test_everything_else_may_be_zipped_too(frame, tmp_path, write, kind):
    path = tmp_path / f"b.{kind}"
    match kind:
        case "geojson":
            path = write(*TWO)
        case "gpkg":
            frame.to_file(path, layer="b")
        case "sql":
            path.write_text(as_sql(frame), "utf-8")
    assert same(read_boundary_file(zipped(tmp_path / "b.zip", path)))


def test_a_zip_of_two_layers_or_of_none_is_refused(tmp_path, write):
    first, second = write(*TWO, name="a.geojson"), write(*TWO, name="b.geojson")
    with pytest.raises(BadBoundaries, match=r"exactly one boundary file.*a\.geojson, b\.geojson"):
        read_boundary_file(zipped(tmp_path / "two.zip", first, second))
    (tmp_path / "readme.txt").write_text("nothing")
    with pytest.raises(BadBoundaries, match="exactly one"):
        read_boundary_file(zipped(tmp_path / "none.zip", tmp_path / "readme.txt"))


def test_a_bomb_stops_at_its_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(boundary_formats, "MAX_BYTES", 3_000_000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b.geojson", b" " * 30_000_000)
    with pytest.raises(BadBoundaries, match="unpacks to more than 3 MB"):
        read_boundary_file(tmp_path / "bomb.zip")


def test_a_zip_in_a_zip_is_not_followed(tmp_path, write):
    inner = zipped(tmp_path / "b.geojson.zip", write(*TWO)).rename(tmp_path / "c.geojson")
    with pytest.raises(BadBoundaries, match="none of GeoJSON"):
        read_boundary_file(zipped(tmp_path / "outer.zip", inner))


def test_a_member_that_climbs_out_of_the_archive_stays_inside(tmp_path, write):
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.write(write(*TWO), "../../../climbed.geojson")
    assert same(read_boundary_file(tmp_path / "b.zip"))
    assert not list(tmp_path.parent.parent.rglob("climbed.geojson"))


def test_a_damaged_zip_is_refused(tmp_path, write):
    whole = zipped(tmp_path / "b.zip", write(*TWO)).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadBoundaries, match="cannot be unpacked"):
        read_boundary_file(tmp_path / "cut.zip")


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(boundary_formats, "MAX_BYTES", 1000)
    (tmp_path / "b.json").write_bytes(b"{" * 1001)
    with pytest.raises(BadBoundaries, match="larger than"):
        read_boundary_file(tmp_path / "b.json")


def test_broken_json_is_refused_with_line_and_column(tmp_path):
    (tmp_path / "b.json").write_text('{"type": "FeatureCollection",\n"features": [}')
    with pytest.raises(BadBoundaries, match="line 2, column 14"):
        read_boundary_file(tmp_path / "b.json")


@pytest.mark.parametrize(
    "junk",
    [b"", b"{}", b"[1]", b"null", b"\xff\xfe\x00", b"PK\x03\x04", b"SQLite format 3\0", b"\x00\x00\x27\x0a", b"<kml/>",
     b'{"type":"FeatureCollection"}', b'{"type":"FeatureCollection","features":7}', b"{" * 100_000, b"x" * 10_000_000],
    ids=lambda junk: repr(junk[:20]),
)  # fmt: skip
def test_junk_is_refused_in_words(tmp_path, junk):
    (tmp_path / "junk").write_bytes(junk)
    with pytest.raises(BadBoundaries, match="junk"):
        read_boundary_file(tmp_path / "junk")


@pytest.mark.parametrize("junk", [b"", b"{}", b"[1]", b"null", b"\xff\xfe\x00"], ids=repr)
def test_a_zip_of_junk_is_refused(tmp_path, junk):
    with zipfile.ZipFile(tmp_path / "junk.zip", "w") as archive:
        archive.writestr("a.shp", junk)
    with pytest.raises(BadBoundaries):
        read_boundary_file(tmp_path / "junk.zip")


def test_a_file_that_is_not_there_or_is_a_folder_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(BadBoundaries, match="there is no file"):
            read_boundary_file(path)


BAD_SHAPES = {
    "no shape": None,
    "Point": shapely.Point(110, -7),
    "LineString": shapely.LineString([(110, -7), (110, -6)]),
    "swapped": shapely.box(-7.0, 110.0, -6.98, 110.02),
    "outside Indonesia": shapely.box(4.0, 52.0, 4.1, 52.1),
    "no shape ": shapely.Polygon(),
}


@pytest.mark.parametrize("why", BAD_SHAPES)
def test_a_shape_that_is_none_is_refused_with_its_number(write, why):
    raw = read_boundary_file(write(TWO[0], (row(9, "Buruk"), BAD_SHAPES[why]), TWO[1]))
    assert same(raw)
    (refusal,) = raw.refusals
    assert refusal.where == "feature 2"
    assert why.strip() in refusal.why


@pytest.mark.parametrize(
    "geometry",
    [7, [], {}, {"type": "Polygon"}, {"type": "Polygon", "coordinates": [[[1]]]}, {"type": "Blob", "coordinates": []},
     {"type": "Polygon", "coordinates": [[[110, -7], [110.1, -7]]]},
     {"type": "Polygon", "coordinates": [[[110, -7], [float("nan"), -7], [110, -6], [110, -7]]]},
     {"type": "Polygon", "coordinates": "zero"}],
    ids=str,
)  # fmt: skip
def test_a_geometry_that_is_junk_is_refused_with_its_number(tmp_path, geometry):
    features = [{"type": "Feature", "properties": row(1, "Barat"), "geometry": geometry}]
    (tmp_path / "b.json").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    raw = read_boundary_file(tmp_path / "b.json")
    assert not raw.areas
    assert raw.refusals[0].where == "feature 1"


def test_heights_are_dropped(write):
    high = shapely.force_3d(square(110.0, -7.0), 35.0)
    (area,) = read_boundary_file(write((row(1, "Barat"), high))).areas
    assert not area.shape.has_z
    assert np.isfinite(shapely.get_coordinates(area.shape)).all()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_no_bytes_whatever_make_it_fail_in_another_way(tmp_path, junk):
    for start in (b"", b"{", b"SQLite format 3\0", b"\x00\x00\x27\x0a", b"PK\x03\x04", b"INSERT INTO t VALUES ("):
        (tmp_path / "junk").write_bytes(start + junk)
        try:
            assert not read_boundary_file(tmp_path / "junk").areas
        except BadBoundaries as error:
            assert str(error)  # noqa: PT017 — the other way out is checked too
