"""What a camera can see: its cone on the ground."""

import math

import shapely
from shapely.geometry import Polygon

_METRES_PER_DEGREE = 111_320.0
_STEP_DEG = 5.0
_ALL_ROUND_DEG = 360.0


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


def sees(view: Polygon, lon: float, lat: float) -> bool:
    """Whether a point lies in a cone. Buildings and hills are not known here, so "may see" is meant."""
    return bool(shapely.intersects_xy(view, lon, lat))


def _offset(lon: float, lat: float, bearing_deg: float, distance_m: float) -> tuple[float, float]:
    bearing = math.radians(bearing_deg)
    north = distance_m * math.cos(bearing) / _METRES_PER_DEGREE
    east = distance_m * math.sin(bearing) / (_METRES_PER_DEGREE * math.cos(math.radians(lat)))
    return lon + east, lat + north
