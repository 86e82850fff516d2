"""The one implementation of Places: the areas of a city, found by point in microseconds.

Holds what a GeoDataFrame gave; knows nothing of files, formats or how the shapes came about.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geodata.places import Kelurahan
from geodata.plane import DECIMALS

_BINS = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Which areas may hold a point, by bins over the bounds: row-major, candidates in the order of the areas."""

    west: float
    south: float
    bins_per_lon: float
    bins_per_lat: float
    candidates: tuple[tuple[int, ...], ...]

    def at(self, lon: float, lat: float) -> tuple[int, ...]:
        """Indices of the areas that touch the bin of this point; none for a point outside, at 0,0 or NaN."""
        x, y = (lon - self.west) * self.bins_per_lon, (lat - self.south) * self.bins_per_lat
        if not (0 <= x <= _BINS and 0 <= y <= _BINS) or (lon == 0 and lat == 0):
            return ()
        return self.candidates[min(int(y), _BINS - 1) * _BINS + min(int(x), _BINS - 1)]


class Areas:
    """The kelurahan of a city as a coverage: no gaps, no overlaps.

    A point on a border belongs to the area that comes first by code. `frame` has the columns code, name,
    kecamatan, lon, lat, area_km2 and geometry in degrees WGS 84.
    """

    def __init__(
        self,
        frame: gpd.GeoDataFrame,
        *,
        source: str,
        is_approximate: bool,
        river: Sequence[BaseGeometry] = (),
        river_name: str | None = None,
    ) -> None:
        frame = frame.sort_values("code")
        self.source = source
        self.is_approximate = is_approximate
        self._river = tuple(river)
        self._river_name = river_name
        self._codes: tuple[str, ...] = tuple(frame["code"])
        self._shapes: NDArray[np.object_] = np.asarray(frame.geometry.array, dtype=object)
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)
        self._grid = _grid(self._shapes)
        self._areas = MappingProxyType({row.code: _kelurahan(row) for row in frame.itertuples()})

    @property
    def areas(self) -> Mapping[str, Kelurahan]:
        """All kelurahan by code, in the order of their codes."""
        return self._areas

    def kelurahan_at(self, lon: float, lat: float) -> str | None:
        """Code of the kelurahan that holds the point; None outside all, at 0,0 and for NaN."""
        for index in self._grid.at(lon, lat):
            if shapely.intersects_xy(self._shapes[index], lon, lat):
                return self._codes[index]
        return None

    def kelurahan_at_many(self, lons: Sequence[float], lats: Sequence[float]) -> list[str | None]:
        """The same for many points at once. Raises ValueError when the two differ in length."""
        x, y = np.asarray(lons, dtype=float), np.asarray(lats, dtype=float)
        if x.shape != y.shape:
            raise ValueError(f"{len(x)} longitudes but {len(y)} latitudes")
        wanted = np.flatnonzero(np.isfinite(x) & np.isfinite(y) & ((x != 0) | (y != 0)))
        points, areas = self._tree.query(shapely.points(x[wanted], y[wanted]), predicate="intersects")
        first = np.full(len(x), len(self._codes))
        np.minimum.at(first, wanted[points], areas)
        codes = (*self._codes, None)
        return [codes[index] for index in first.tolist()]

    def shares_within(self, shape: BaseGeometry) -> Mapping[str, float]:
        """How much of each area lies within a shape, 0 to 1; areas it does not touch are left out.

        Measured in square degrees: within one kelurahan they are all of one size.
        """
        parts = shapely.get_parts(np.array([shape], dtype=object))
        pieces, areas = self._tree.query(parts, predicate="intersects")
        common = shapely.area(shapely.intersection(parts[pieces], self._shapes[areas]))
        sums = np.bincount(areas, weights=common, minlength=len(self._codes)) / shapely.area(self._shapes)
        return {self._codes[index]: min(float(sums[index]), 1.0) for index in np.flatnonzero(sums).tolist()}

    def boundaries_geojson(self) -> dict[str, Any]:
        """FeatureCollection of the areas: id = code; properties code, name, kecamatan, approximate, source."""
        shapes = zip(self._areas.values(), _rounded(self._shapes), strict=True)
        return _collection(
            _feature(
                area.code,
                shape,
                code=area.code,
                name=area.name,
                kecamatan=area.kecamatan,
                approximate=self.is_approximate,
                source=self.source,
            )
            for area, shape in shapes
        )

    def labels_geojson(self) -> dict[str, Any]:
        """FeatureCollection of one label point per area: id = code; properties code, name, area_km2."""
        return _collection(
            _feature(
                area.code, shapely.Point(area.lon, area.lat), code=area.code, name=area.name, area_km2=area.area_km2
            )
            for area in self._areas.values()
        )

    def river_geojson(self) -> dict[str, Any]:
        """FeatureCollection of the river, always approximate; empty where none is on file."""
        return _collection(
            _feature(f"river-{number}", shape, name=self._river_name, approximate=True, source=self.source)
            for number, shape in enumerate(_rounded(np.array(self._river, dtype=object)))
        )


def _kelurahan(row: Any) -> Kelurahan:  # noqa: ANN401 — a row of an untyped GeoDataFrame
    return Kelurahan(
        code=row.code,
        name=row.name,
        kecamatan=row.kecamatan,
        lon=float(row.lon),
        lat=float(row.lat),
        area_km2=float(row.area_km2),
    )


def _grid(shapes: NDArray[np.object_]) -> Grid:
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    lons, lats = np.linspace(west, east, _BINS + 1), np.linspace(south, north, _BINS + 1)
    slack = 1e-9 * max(east - west, north - south)
    x, y = np.meshgrid(lons[:-1], lats[:-1])
    width, height = (east - west) / _BINS, (north - south) / _BINS
    boxes = shapely.box(x - slack, y - slack, x + width + slack, y + height + slack).ravel()
    areas, bins = shapely.STRtree(boxes).query(shapes, predicate="intersects")
    touching: list[list[int]] = [[] for _ in boxes]
    for area, bin_ in sorted(zip(areas.tolist(), bins.tolist(), strict=True)):
        touching[bin_].append(area)
    return Grid(
        west=west,
        south=south,
        bins_per_lon=1 / width if width else math.inf,
        bins_per_lat=1 / height if height else math.inf,
        candidates=tuple(map(tuple, touching)),
    )


def _rounded(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Every vertex rounded alike, so that neighbours go on sharing theirs."""
    return np.asarray(shapely.transform(shapes, lambda vertices: vertices.round(DECIMALS)), dtype=object)


def _feature(key: str, shape: BaseGeometry, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "id": key, "properties": properties, "geometry": mapping(shape)}


def _collection(features: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"type": "FeatureCollection", "features": list(features)}
