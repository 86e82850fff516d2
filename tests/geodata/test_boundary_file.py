"""Boundaries on disk."""

import geopandas as gpd
import pytest

from geodata import boundary_file
from geodata.boundary_file import Boundaries
from geodata.errors import BadBoundaries
from tests.geodata.conftest import TWO


def boundaries(count=2, source="uji"):
    shapes = [shape for _, shape in TWO][:count]
    numbers = range(count)
    columns = {
        "code": [f"33.99.01.100{n}" for n in numbers],
        "name": [f"Désa {n}" for n in numbers],
        "kecamatan": ["Barat"] * count,
        "lon": [shape.centroid.x for shape in shapes],
        "lat": [shape.centroid.y for shape in shapes],
        "area_km2": [4.5] * count,
    }
    return Boundaries(frame=gpd.GeoDataFrame(columns, geometry=shapes, crs=4326), source=source)


def test_what_is_saved_is_read_again(tmp_path):
    path = boundary_file.path_of(tmp_path / "cities", "33.99")
    boundary_file.save(path, boundaries(source='Bappeda "2026", © kota'))
    read = boundary_file.read(path)
    assert read.source == 'Bappeda "2026", © kota'
    assert read.frame["name"].tolist() == ["Désa 0", "Désa 1"]
    assert read.frame.geometry[0].equals(TWO[0][1])


def test_saving_again_replaces_the_whole_and_leaves_nothing_beside(tmp_path):
    path = boundary_file.path_of(tmp_path, "33.99")
    boundary_file.save(path, boundaries())
    boundary_file.save(path, boundaries(count=1))
    assert len(boundary_file.read(path).frame) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_a_save_that_fails_leaves_the_old_file(tmp_path):
    path = boundary_file.path_of(tmp_path, "33.99")
    boundary_file.save(path, boundaries())
    before = path.read_bytes()
    broken = Boundaries(frame=boundaries().frame.drop(columns="kecamatan"), source="uji")
    with pytest.raises(KeyError):
        boundary_file.save(path, broken)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("damage", [b"", b"junk", b"SQLite format 3\0 and no more"])
def test_a_damaged_file_is_named(tmp_path, damage):
    path = tmp_path / "33.99.boundaries.gpkg"
    path.write_bytes(damage)
    with pytest.raises(BadBoundaries, match=r"33\.99\.boundaries\.gpkg is damaged"):
        boundary_file.read(path)


def test_a_geopackage_of_somebody_else_is_not_ours(tmp_path, frame):
    frame.to_file(tmp_path / "x.gpkg", layer="kelurahan")
    with pytest.raises(BadBoundaries, match="not a boundary file of ours"):
        boundary_file.read(tmp_path / "x.gpkg")
