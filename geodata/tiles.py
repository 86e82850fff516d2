"""Which square of the web's tile pyramid lies where: arithmetic of Web Mercator. Pure."""

import math
from collections.abc import Iterator

Bounds = tuple[float, float, float, float]
"""west, south, east, north in degrees WGS 84."""

Tile = tuple[int, int, int]
"""zoom, column from the west, row from the north."""

_MOST_LAT = 85.05112878
DEEPEST = 22


def column_of(lon: float, zoom: int) -> int:
    """The column that holds a longitude."""
    return _within(int((lon + 180) / 360 * 2**zoom), zoom)


def row_of(lat: float, zoom: int) -> int:
    """The row that holds a latitude, counted from the north."""
    slope = math.radians(max(-_MOST_LAT, min(_MOST_LAT, lat)))
    return _within(int((1 - math.asinh(math.tan(slope)) / math.pi) / 2 * 2**zoom), zoom)


def _within(number: int, zoom: int) -> int:
    return max(0, min((1 << zoom) - 1, number))


def tiles_over(bounds: Bounds, zoom: int) -> Iterator[Tile]:
    """Every tile of a zoom that touches the box."""
    west, south, east, north = bounds
    for column in range(column_of(west, zoom), column_of(east, zoom) + 1):
        for row in range(row_of(north, zoom), row_of(south, zoom) + 1):
            yield zoom, column, row


def is_tile(zoom: int, column: int, row: int) -> bool:
    """Whether there is such a square."""
    return 0 <= zoom <= DEEPEST and 0 <= column < 2**zoom and 0 <= row < 2**zoom


def widened(bounds: Bounds, share: float) -> Bounds:
    """The box with that share of its own size added on each side."""
    west, south, east, north = bounds
    aside, above = (east - west) * share, (north - south) * share
    return (
        max(-180, west - aside),
        max(-_MOST_LAT, south - above),
        min(180, east + aside),
        min(_MOST_LAT, north + above),
    )


def share_covered(inner: Bounds, outer: Bounds) -> float:
    """How much of `inner` lies in `outer`, 0 to 1, in square degrees."""
    wide = min(inner[2], outer[2]) - max(inner[0], outer[0])
    high = min(inner[3], outer[3]) - max(inner[1], outer[1])
    whole = (inner[2] - inner[0]) * (inner[3] - inner[1])
    return max(0.0, wide) * max(0.0, high) / whole if whole else 0.0
