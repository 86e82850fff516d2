"""Between degrees WGS 84 and the metres of a UTM zone."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]

DECIMALS = 6
"""Of degrees: about 11 cm, finer than any boundary is known."""
_ZONE_DEG = 6
_NORTH, _SOUTH = 32600, 32700


def utm_epsg(lon: float, lat: float) -> int:
    """EPSG code of the UTM zone of a place (its northern variant on the equator)."""
    zone = int((lon + 180) // _ZONE_DEG) % 60 + 1
    return (_NORTH if lat >= 0 else _SOUTH) + zone


class Plane:
    """One UTM zone. Longitude before latitude, east before north."""

    def __init__(self, epsg: int) -> None:
        self._to_metres = Transformer.from_crs(4326, epsg, always_xy=True)
        self._to_degrees = Transformer.from_crs(epsg, 4326, always_xy=True)

    def points(self, places: Sequence[tuple[float, float]]) -> Floats:
        """(n, 2) metres of places in degrees."""
        return np.column_stack(self._to_metres.transform(*np.array(places).T)).astype(float)

    def metres(self, shapes: Shapes) -> Shapes:
        """Shapes in degrees, in metres."""
        flat = shapely.transform(shapes, lambda xy: np.column_stack(self._to_metres.transform(*xy.T)))
        return np.asarray(flat)

    def degrees(self, shapes: Shapes) -> Shapes:
        """Shapes in metres, in degrees; every vertex rounded alike, so that neighbours go on sharing theirs."""
        round_ = shapely.transform(
            shapes, lambda xy: np.column_stack(self._to_degrees.transform(*xy.T)).round(DECIMALS)
        )
        return np.asarray(round_)
