"""Areas as outsiders write them, rings and circles, as shapes and GeoJSON. Pure; nothing in it raises."""

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from shapely import LineString, Point, Polygon, make_valid
from shapely import box as box_of
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from geodata.places import Places

Ring = tuple[tuple[float, float], ...]
"""(lon, lat) of each corner, degrees WGS 84."""

Circle = tuple[float, float, float]
"""lon, lat, radius in km."""

_KM_PER_DEGREE = 111.32
_CORNERS = 48
_LEAST_RADIUS_KM = 0.05
_RING_LEAST = 4


def shapes_of(polygons: Iterable[Ring], circles: Iterable[Circle]) -> list[BaseGeometry]:
    """A shape each; a ring without area is the line or point that it is."""
    return [*(shape_of(ring) for ring in polygons), *(disc(*circle) for circle in circles)]


@lru_cache(maxsize=512)  # asked for every warning, again and again
def touched(polygons: tuple[Ring, ...], circles: tuple[Circle, ...], places: Places) -> frozenset[str]:
    """The kelurahan on which any of them lies."""
    return frozenset(code for shape in shapes_of(polygons, circles) for code in places.shares_within(shape))


def shape_of(ring: Ring) -> BaseGeometry:
    """A ring as senders write them: open, turned over itself, or without area."""
    if len(set(ring)) == 1:
        return Point(ring[0])
    if len(ring) < _RING_LEAST or len(set(ring)) < _RING_LEAST - 1:
        return LineString(ring)
    shape = Polygon(ring)
    return shape if shape.is_valid else make_valid(shape)


def disc(lon: float, lat: float, radius_km: float) -> BaseGeometry:
    """A circle on the ground; one without a radius is a small one around its middle."""
    north = max(radius_km, _LEAST_RADIUS_KM) / _KM_PER_DEGREE
    east = north / max(0.01, math.cos(math.radians(lat)))
    turns = [2 * math.pi * corner / _CORNERS for corner in range(_CORNERS)]
    return Polygon([(lon + east * math.sin(turn), lat + north * math.cos(turn)) for turn in turns])


def geometry_of(shapes: Iterable[BaseGeometry]) -> dict[str, Any] | None:
    """All of them as one GeoJSON geometry; None where there is nothing to see."""
    seen = [shape for shape in shapes if not shape.is_empty]
    return dict(mapping(unary_union(seen))) if seen else None


def point_within(shapes: Iterable[BaseGeometry], box: tuple[float, float, float, float]) -> tuple[float, float] | None:
    """A lon, lat on the largest of them inside a box (west, south, east, north); None where there is none."""
    parts = [part for shape in shapes if shape.area and not (part := shape.intersection(box_of(*box))).is_empty]
    if not parts:
        return None
    middle = max(parts, key=lambda part: (part.area, part.wkt)).representative_point()
    return middle.x, middle.y
