"""The Mahakam through Samarinda, approximately: a course drawn by hand between the known points of both banks.

Not a survey. Each vertex lies about half way between the nearest kelurahan points of the right and the left
bank (`data/64.72.kelurahan.csv`); the first three and the last four carry the river on beyond the city.
"""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata import coverage

Floats = NDArray[np.float64]

NAME = "Sungai Mahakam"

# fmt: off
COURSE = (  # downstream, lon, lat
    (116.960, -0.6330), (117.010, -0.6240), (117.045, -0.6110), (117.0715, -0.5900), (117.0815, -0.5690),
    (117.0820, -0.5545), (117.0880, -0.5440), (117.1000, -0.5410), (117.1115, -0.5350), (117.1170, -0.5250),
    (117.1215, -0.5155), (117.1285, -0.5085), (117.1365, -0.5045), (117.1455, -0.5064), (117.1525, -0.5101),
    (117.1553, -0.5180), (117.1558, -0.5262), (117.1615, -0.5345), (117.1720, -0.5470), (117.1880, -0.5585),
    (117.2080, -0.5685), (117.2360, -0.5715), (117.2650, -0.5790), (117.2860, -0.5960), (117.3140, -0.6130),
    (117.3500, -0.6190), (117.4000, -0.6400),
)
# fmt: on

_WIDTH_M = 470.0
_NARROWEST_M = 200.0
_POINT_CLEARANCE_M = 30.0
_SMOOTHINGS = 4


def smooth(vertices: Floats) -> Floats:
    """Chaikin's corner cutting: the ends stay, every corner becomes a bend."""
    for _ in range(_SMOOTHINGS):
        early, late = 0.75 * vertices[:-1] + 0.25 * vertices[1:], 0.25 * vertices[:-1] + 0.75 * vertices[1:]
        vertices = np.vstack([vertices[:1], np.stack([early, late], axis=1).reshape(-1, 2), vertices[-1:]])
    return vertices


def water(course: shapely.LineString, points: Floats) -> BaseGeometry:
    """The river as a polygon in metres along its middle line: narrower where a point on land comes near."""
    along = shapely.segmentize(course, 100.0)
    middle = shapely.get_coordinates(along)
    downstream = np.asarray(shapely.line_locate_point(course, shapely.points(middle)))
    room = shapely.distance(shapely.points(middle), shapely.multipoints(points)) - _POINT_CLEARANCE_M
    half = _gentle(np.clip(room, _NARROWEST_M / 2, _widths(downstream) / 2))
    banks = shapely.union_all([_reach(middle[i : i + 2], half[i : i + 2]) for i in range(len(middle) - 1)])
    return coverage.filled(banks).simplify(3.0)


def _widths(downstream_m: Floats) -> Floats:
    """Metres from bank to bank: no river is as wide everywhere."""
    return _WIDTH_M * (1 + 0.16 * np.sin(downstream_m / 1300) + 0.07 * np.sin(downstream_m / 410 + 1))


def _gentle(widths: Floats) -> Floats:
    """No sudden narrows: each width is no more than its neighbours allow."""
    for _ in range(len(widths)):
        eased = np.minimum(widths, np.minimum(np.r_[widths[1:], widths[-1]], np.r_[widths[0], widths[:-1]]) + 12.0)
        if np.array_equal(eased, widths):
            break
        widths = eased
    return widths


def _reach(ends: Floats, half: Floats) -> BaseGeometry:
    discs = shapely.buffer(shapely.points(ends), half, quad_segs=6)
    return shapely.convex_hull(shapely.union_all(discs))
