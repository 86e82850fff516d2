"""Approximate areas from published facts: a point, an area in km² and a bank of the river per kelurahan.

The result is a clean coverage in which every cell holds its own point and has about its own area. It is
marked approximate ("batas perkiraan") everywhere; `layar city import` replaces it with real boundaries.

All is laid out on a plane where borders are straight, and then bent as one (`wobble`), points and river
excepted: those are unbent before, so that they end where they are known to be.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from geodata import coverage, mahakam
from geodata.areas import Areas
from geodata.city import City, Extent, load_city
from geodata.facts import Fact, read_facts
from geodata.plane import Plane
from geodata.power import Shares, cells_of, settled
from geodata.shares import ship, shipped_shares
from geodata.wobble import bent, unbent

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]

SOURCE = "batas perkiraan, dihitung dari titik dan luas kelurahan (cahyadsn/wilayah_boundaries, MIT)"
SOURCE_EN = "approximate boundaries, from points and areas of the kelurahan (cahyadsn/wilayah_boundaries, MIT)"
_BANKS = ("utara", "selatan")
_BAY_M = 3500.0
_INSET_M = 1000.0
_CORNER_M = 4500.0
_FULLNESS = 0.97
"""Discs a little smaller than their areas: what they leave fills the bays between them."""
_VERTEX_EVERY_M = 45.0
_RIVER_VERTEX_EVERY_M = 120.0


def approximate_areas(city: City) -> Areas:
    """The areas of a city that has facts but no boundaries; built once per process."""
    return _approximate_areas(city.code, city.utm_epsg, city.extent)


@cache
def _approximate_areas(code: str, utm_epsg: int, extent: Extent) -> Areas:
    facts = read_facts(code)
    plane = Plane(utm_epsg)
    sites = plane.points([(fact.lon, fact.lat) for fact in facts])
    course = shapely.LineString(mahakam.smooth(plane.points(mahakam.COURSE)))
    cells = _cells(code, facts, sites, course, _box(extent, plane))
    river = mahakam.water(course, sites)
    return Areas(
        _frame(facts, plane.degrees(cells), cells),
        source=SOURCE,
        is_approximate=True,
        river=list(plane.degrees(np.array([river]))),
        river_name=mahakam.NAME,
    )


def _box(extent: Extent, plane: Plane) -> shapely.Polygon:
    (west, south), (east, north) = plane.points([(extent.west, extent.south), (extent.east, extent.north)])
    return shapely.Polygon([(west, south), (east, south), (east, north), (west, north)])


def _frame(facts: Sequence[Fact], shapes: Shapes, cells: Shapes) -> gpd.GeoDataFrame:
    columns = {
        "code": [fact.code for fact in facts],
        "name": [fact.name for fact in facts],
        "kecamatan": [fact.kecamatan for fact in facts],
        "lon": [fact.lon for fact in facts],
        "lat": [fact.lat for fact in facts],
        "area_km2": (shapely.area(cells) / 1e6).round(2),
    }
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)


def settled_shares(city: City) -> dict[str, tuple[float, float, float]]:
    """Code → x, y and weight of its share, settled anew from the facts (geodata/shares.py ships them)."""
    facts = read_facts(city.code)
    plane = Plane(city.utm_epsg)
    sites = plane.points([(fact.lon, fact.lat) for fact in facts])
    course = shapely.LineString(mahakam.smooth(plane.points(mahakam.COURSE)))
    return {
        facts[index].code: (*generator, weight)
        for here, land in _banks(facts, sites, course, _box(city.extent, plane))
        for shares in [_settled(facts, sites, here, land)]
        for index, generator, weight in zip(
            np.flatnonzero(here), shares.generators.tolist(), shares.weights.tolist(), strict=True
        )
    }


def _cells(code: str, facts: Sequence[Fact], sites: Floats, course: shapely.LineString, box: shapely.Polygon) -> Shapes:
    """One polygon per fact, in metres, sharing their borders exactly."""
    shipped = shipped_shares(code, facts)
    cells = np.empty(len(facts), dtype=object)
    for here, land in _banks(facts, sites, course, box):
        shares = _of(shipped, here) if shipped else _settled(facts, sites, here, land)
        cells[here] = cells_of(shares, land)
    return _bent_cells(cells, sites)


def _of(shares: Shares, here: NDArray[np.bool_]) -> Shares:
    return Shares(generators=shares.generators[here], weights=shares.weights[here])


def _settled(facts: Sequence[Fact], sites: Floats, here: NDArray[np.bool_], land: BaseGeometry) -> Shares:
    wished = np.array([fact.area_km2 for fact in facts])[here] * 1e6
    return settled(unbent(sites)[here], wished * land.area / wished.sum(), land)


def _banks(
    facts: Sequence[Fact], sites: Floats, course: shapely.LineString, extent: shapely.Polygon
) -> Iterator[tuple[NDArray[np.bool_], BaseGeometry]]:
    """Each bank: which of the facts lie on it, and its land before it is bent."""
    wished = np.array([fact.area_km2 for fact in facts]) * 1e6
    straight_sites = unbent(sites)
    straight_course = shapely.transform(shapely.segmentize(course, _RIVER_VERTEX_EVERY_M), unbent)
    lands = split(_outline(straight_sites, wished, extent), straight_course).geoms
    for bank in _BANKS:
        here = np.array([fact.bank == bank for fact in facts])
        yield here, _land_of(straight_sites[here], lands)


def _land_of(sites: Floats, lands: Iterable[BaseGeometry]) -> BaseGeometry:
    points = shapely.multipoints(sites)
    return max(lands, key=lambda land: shapely.get_num_geometries(shapely.intersection(points, land)))


def _outline(sites: Floats, wished_m2: Floats, extent: shapely.Polygon) -> BaseGeometry:
    """Around discs of the known areas, bays filled, grown until the whole has the sum of the areas."""
    discs = shapely.union_all(shapely.buffer(shapely.points(sites), _FULLNESS * np.sqrt(wished_m2 / np.pi)))
    frame = extent.buffer(-_INSET_M - _CORNER_M).buffer(_CORNER_M)
    filled = discs.buffer(_BAY_M)
    low, high = -_BAY_M, _BAY_M
    outline: BaseGeometry = frame
    for _ in range(16):
        middle = (low + high) / 2
        outline = coverage.filled(filled.buffer(middle - _BAY_M)).intersection(frame)
        low, high = (middle, high) if outline.area < wished_m2.sum() else (low, middle)
    return outline


def _bent_cells(cells: Shapes, sites: Floats) -> Shapes:
    """The cells with every border bent once, for both its sides; in the order of the sites."""
    borders = shapely.line_merge(shapely.union_all(shapely.boundary(coverage.clean(cells))))
    arcs = shapely.transform(shapely.segmentize(shapely.get_parts(borders), _VERTEX_EVERY_M), bent)
    faces = shapely.get_parts(shapely.polygonize(arcs))
    points, owners = shapely.STRtree(faces).query(shapely.points(sites), predicate="within")
    if len(faces) != len(sites) or not np.array_equal(points, np.arange(len(sites))):
        raise ValueError(f"{len(faces)} cells for {len(sites)} points, {len(points)} of them inside one")
    return np.asarray(faces[owners])


if __name__ == "__main__":
    ship(sys.argv[1], settled_shares(load_city(sys.argv[1])))
