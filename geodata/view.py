"""What a camera can see: its cone on the ground."""

import math

from shapely.geometry import Polygon

_METRES_PER_DEGREE = 111_320.0
_STEP_DEG = 5.0


def cone(lon: float, lat: float, azimuth_deg: float, fov_deg: float, range_m: float) -> Polygon:
    """The sector a camera at (lon, lat) covers, in degrees WGS 84.

    Flat-earth metres, good to 0.1 % within a kilometre near the equator.
    """
    steps = max(2, math.ceil(fov_deg / _STEP_DEG) + 1)
    bearings = [azimuth_deg - fov_deg / 2 + fov_deg * i / (steps - 1) for i in range(steps)]
    return Polygon([(lon, lat), *(_offset(lon, lat, bearing, range_m) for bearing in bearings)])


def _offset(lon: float, lat: float, bearing_deg: float, distance_m: float) -> tuple[float, float]:
    bearing = math.radians(bearing_deg)
    north = distance_m * math.cos(bearing) / _METRES_PER_DEGREE
    east = distance_m * math.sin(bearing) / (_METRES_PER_DEGREE * math.cos(math.radians(lat)))
    return lon + east, lat + north
