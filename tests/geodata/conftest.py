"""Ground to stand on: the approximate city, the published files, small squares, and ways to write any format."""

import json
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geodata.ground import load_ground

PUBLISHED = Path(__file__).parents[3] / "shared" / "geodata"


@pytest.fixture(scope="session")
def ground(tmp_path_factory):
    """Samarinda as it ships: approximate."""
    return load_ground(tmp_path_factory.mktemp("nothing"))


@pytest.fixture
def published():
    """Published boundary files by name; not every clone has them beside it."""

    def path_of(name: str) -> Path:
        if not (PUBLISHED / name).is_file():
            pytest.skip(f"{name} is not beside this clone")
        return PUBLISHED / name

    return path_of


def square(lon: float, lat: float, side: float = 0.02) -> shapely.Polygon:
    """A square with its lower left corner there."""
    return shapely.box(lon, lat, lon + side, lat + side)


def collection(*rows: tuple[Mapping[str, object], shapely.Geometry | None]) -> dict:
    """A GeoJSON FeatureCollection of (properties, shape)."""
    features = [
        {"type": "Feature", "properties": dict(values), "geometry": json.loads(shapely.to_geojson(s)) if s else None}
        for values, s in rows
    ]
    return {"type": "FeatureCollection", "features": features}


def row(number: int, name: str, **more: object) -> dict[str, object]:
    """Attributes of a made-up kelurahan of Kota Contoh, 33.99."""
    return {"kode": f"33.99.01.{1000 + number}", "nama": name, **more}


TWO = ((row(1, "Barat"), square(110.0, -7.0)), (row(2, "Timur"), square(110.02, -7.0)))
"""Two neighbours that fit."""


@pytest.fixture
def write(tmp_path):
    """Write rows as GeoJSON; the path."""

    def write_rows(*rows, name: str = "batas.geojson", **more: object) -> Path:
        path = tmp_path / name
        path.write_text(json.dumps({**collection(*rows), **more}), "utf-8")
        return path

    return write_rows


@pytest.fixture
def frame():
    """The two neighbours as a GeoDataFrame."""
    return gpd.GeoDataFrame([values for values, _ in TWO], geometry=[shape for _, shape in TWO], crs=4326)


def as_sql(frame: gpd.GeoDataFrame, table: str = "wilayah_boundaries") -> str:
    """Rows with kode, nama as the published SQL layout has them."""
    return f"INSERT INTO {table}(kode,nama,lat,lng,path) VALUES\n" + ",\n".join(map(_tuple, frame.itertuples())) + ";\n"


def _tuple(area) -> str:
    parts = [[_turned(ring) for ring in (p.exterior, *p.interiors)] for p in shapely.get_parts([area.geometry])]
    path = json.dumps(parts[0] if len(parts) == 1 else parts)
    name = area.nama.replace("'", "''")
    middle = area.geometry.centroid
    return f"\t('{area.kode}','{name}',{middle.y},{middle.x},'{path}')"


def _turned(ring) -> list[list[float]]:
    return [[y, x] for x, y, *_ in ring.coords]
