"""Approximate areas from published facts: a point, an area in km² and a bank of the river per kelurahan.

The result is a clean coverage in which every cell holds its own point and has about its own area. It is
marked approximate ("batas perkiraan") everywhere; `layar city import` replaces it with real boundaries.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from geodata import coverage, mahakam
from geodata.areas import Areas
from geodata.city import City
from geodata.power import balanced_weights, polygons, power_cells

Floats = NDArray[np.float64]
SOURCE = "batas perkiraan, dihitung dari titik dan luas kelurahan (cahyadsn/wilayah_boundaries, MIT)"
_DATA = Path(__file__).parent / "data"
_INSET_M = 300.0
_BAY_M = 2200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What is published of one kelurahan. `bank` is "utara" or "selatan" of the river."""

    code: str
    name: str
    kecamatan: str
    lon: float
    lat: float
    area_km2: float
    bank: str


def has_facts(code: str) -> bool:
    """Whether facts of that city ship with the product."""
    return _facts_path(code).is_file()


def _facts_path(code: str) -> Path:
    return _DATA / f"{code}.kelurahan.csv"


def read_facts(code: str) -> tuple[Fact, ...]:
    """The shipped facts of a city, by code."""
    with _facts_path(code).open(encoding="utf-8", newline="") as file:
        return tuple(sorted((_fact(row) for row in csv.DictReader(file)), key=lambda fact: fact.code))


def _fact(row: dict[str, str]) -> Fact:
    return Fact(
        code=row["code"],
        name=row["kelurahan"],
        kecamatan=row["kecamatan"],
        lon=float(row["lon"]),
        lat=float(row["lat"]),
        area_km2=float(row["area_km2"]),
        bank=row["bank"],
    )


def approximate_areas(city: City) -> Areas:
    """The areas of a city that has facts but no boundaries."""
    facts = read_facts(city.code)
    to_metres = Transformer.from_crs(4326, city.utm_epsg, always_xy=True)
    to_degrees = Transformer.from_crs(city.utm_epsg, 4326, always_xy=True)
    sites = _metres(to_metres, [(fact.lon, fact.lat) for fact in facts])
    course = shapely.LineString(mahakam.smooth(_metres(to_metres, mahakam.COURSE)))
    box = city.extent
    extent = shapely.box(*to_metres.transform(box.west, box.south), *to_metres.transform(box.east, box.north))
    cells = _cells(facts, sites, course, extent)
    river = mahakam.water(course, sites)
    frame = _frame(facts, shapely.transform(cells, lambda xy: np.c_[to_degrees.transform(*xy.T)]), cells)
    wet = shapely.transform(river, lambda xy: np.c_[to_degrees.transform(*xy.T)])
    return Areas(frame, source=SOURCE, is_approximate=True, river=[wet])


def _metres(transformer: Transformer, places: Sequence[tuple[float, float]]) -> Floats:
    return np.column_stack(transformer.transform(*np.array(places).T)).astype(float)


def _frame(facts: Sequence[Fact], shapes: NDArray[np.object_], cells: NDArray[np.object_]) -> gpd.GeoDataFrame:
    columns = {
        "code": [fact.code for fact in facts],
        "name": [fact.name for fact in facts],
        "kecamatan": [fact.kecamatan for fact in facts],
        "lon": [fact.lon for fact in facts],
        "lat": [fact.lat for fact in facts],
        "area_km2": (shapely.area(cells) / 1e6).round(2),
    }
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)


def _cells(
    facts: Sequence[Fact], sites: Floats, course: shapely.LineString, extent: shapely.Polygon
) -> NDArray[np.object_]:
    wished = np.array([fact.area_km2 for fact in facts]) * 1e6
    outline = _outline(sites, wished, extent)
    cells = np.empty(len(facts), dtype=object)
    for bank in ("utara", "selatan"):
        here = np.array([fact.bank == bank for fact in facts])
        land = max(
            split(outline, course).geoms,
            key=lambda part: int(shapely.contains(part, shapely.points(sites[here])).sum()),
        )
        weights = balanced_weights(sites[here], wished[here] * land.area / wished[here].sum(), land)
        cells[here] = shapely.intersection(polygons(power_cells(sites[here], weights, land.bounds)), land)
    return coverage.clean(cells)


def _outline(sites: Floats, wished: Floats, extent: shapely.Polygon) -> BaseGeometry:
    """Around discs of the known areas, bays filled, grown until the whole has the sum of the areas."""
    discs = shapely.union_all(shapely.buffer(shapely.points(sites), np.sqrt(wished / np.pi)))
    low, high = -2000.0, 2000.0
    for _ in range(16):
        middle = (low + high) / 2
        grown = discs.buffer(_BAY_M).buffer(middle - _BAY_M)
        outline = coverage.filled(grown).intersection(extent.buffer(-_INSET_M))
        low, high = (middle, high) if outline.area < wished.sum() else (low, middle)
    return outline
