"""What a camera can see: its cone on the ground, and what stands in its way."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geodata.obstacles import Obstacles

_METRES_PER_DEGREE = 111_320.0
_STEP_DEG = 5.0
_ALL_ROUND_DEG = 360.0
_BEYOND = 8.0
"""How many ranges a shadow is drawn long, so that its straight far side lies behind the cone's rim."""
_HAIR = 1e-9
_KEPT_VIEWS = 2_000

Looking = Literal["in_view", "hidden", "turned_away", "too_far", "direction_unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Where a camera stands and looks. `azimuth_deg` is clockwise from north, None where nobody told."""

    lon: float
    lat: float
    azimuth_deg: float | None
    fov_deg: float
    range_m: float


def cone(lon: float, lat: float, azimuth_deg: float, fov_deg: float, range_m: float) -> Polygon:
    """The sector a camera at (lon, lat) covers, in degrees WGS 84; a disc for one that looks all round.

    Flat-earth metres, good to 0.1 % within a kilometre near the equator.
    """
    fov_deg = min(fov_deg, _ALL_ROUND_DEG)
    steps = max(2, math.ceil(fov_deg / _STEP_DEG) + 1)
    bearings = [azimuth_deg - fov_deg / 2 + fov_deg * i / (steps - 1) for i in range(steps)]
    rim = [_offset(lon, lat, bearing, range_m) for bearing in bearings]
    return Polygon(rim[:-1] if fov_deg == _ALL_ROUND_DEG else [(lon, lat), *rim])


def cone_area_m2(fov_deg: float, range_m: float) -> float:
    """Area of the sector on flat ground."""
    return math.pi * range_m**2 * min(fov_deg, _ALL_ROUND_DEG) / _ALL_ROUND_DEG


def sees(view: BaseGeometry, lon: float, lat: float) -> bool:
    """Whether a point lies in a view. Hills are not known here, so "may see" is meant."""
    return bool(shapely.intersects_xy(view, lon, lat))


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Metres between two (lon, lat) of one city; flat earth, good to 0.1 % over 50 km near the equator."""
    return math.hypot(*_east_north_m(a, b))


def look(sight: Sight, lon: float, lat: float, obstacles: Obstacles) -> Looking:
    """How the camera stands to a place. A building hides what is behind it, never itself."""
    here, place = (sight.lon, sight.lat), (lon, lat)
    if sight.azimuth_deg is None:
        return "direction_unknown"
    east, north = _east_north_m(here, place)
    if not math.hypot(east, north) <= sight.range_m + _HAIR:
        return "too_far"
    aside = (math.degrees(math.atan2(east, north)) - sight.azimuth_deg + 180) % _ALL_ROUND_DEG - 180
    if (east, north) != (0, 0) and abs(aside) > sight.fov_deg / 2 + _HAIR:
        return "turned_away"
    return "hidden" if obstacles.is_between(here, place) else "in_view"


@lru_cache(maxsize=_KEPT_VIEWS)
def view_of(sight: Sight, obstacles: Obstacles) -> BaseGeometry | None:
    """The ground in view: the cone without the shadows of what stands in it. None where the direction is not known."""
    if sight.azimuth_deg is None:
        return None
    whole = cone(sight.lon, sight.lat, sight.azimuth_deg, sight.fov_deg, sight.range_m)
    walls = _walls(obstacles.within(whole, sight.lon, sight.lat), whole)
    if not len(walls):
        return whole
    apex = np.array([sight.lon, sight.lat])
    far_deg = _BEYOND * sight.range_m / _METRES_PER_DEGREE / math.cos(math.radians(sight.lat))
    return shapely.difference(whole, shapely.union_all(_shadows(walls - apex, apex, far_deg)))


def _walls(shapes: NDArray[np.object_], whole: Polygon) -> NDArray[np.float64]:
    """(n, 2, 2): both ends of every straight piece of wall within the cone."""
    lines = shapely.get_parts(shapely.intersection(shapely.boundary(shapes), whole))
    lines = shapely.get_parts(lines)  # a boundary with holes has parts of its own
    corners, of = shapely.get_coordinates(lines, return_index=True)
    pairs = np.stack([corners[:-1], corners[1:]], axis=1) if len(corners) else np.empty((0, 2, 2))
    return np.asarray(pairs[of[:-1] == of[1:]])


def _shadows(walls: NDArray[np.float64], apex: NDArray[np.float64], far_deg: float) -> NDArray[np.object_]:
    """What each wall (ends as seen from the apex) hides: itself and all behind it, as a convex shape."""
    ways = walls / np.linalg.norm(walls, axis=2, keepdims=True)
    middle = ways.sum(axis=1, keepdims=True)
    middle /= np.maximum(np.linalg.norm(middle, axis=2, keepdims=True), _HAIR)
    corners = np.concatenate([walls, ways * far_deg, middle * far_deg], axis=1) + apex
    return np.asarray(shapely.convex_hull(shapely.multipoints(corners)))


def _east_north_m(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    """From a to b. Uses the latitude of a, as the cone does."""
    return (b[0] - a[0]) * math.cos(math.radians(a[1])) * _METRES_PER_DEGREE, (b[1] - a[1]) * _METRES_PER_DEGREE


def _offset(lon: float, lat: float, bearing_deg: float, distance_m: float) -> tuple[float, float]:
    bearing = math.radians(bearing_deg)
    north = distance_m * math.cos(bearing) / _METRES_PER_DEGREE
    east = distance_m * math.sin(bearing) / (_METRES_PER_DEGREE * math.cos(math.radians(lat)))
    return lon + east, lat + north
