"""The river of a city whose kelurahan are known by bank: the border between the two banks, widened.

Approximate: where the banks meet is exact when the boundaries are real, how wide the water is never is.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata import mahakam
from geodata.coverage import Shapes
from geodata.facts import Fact
from geodata.plane import Plane

_LEAST_SHARED_M = 2000.0
"""Banks that share less than this do not tell where the river runs."""
_STEADY_M = 25.0
_APART_M = 1500.0


def river_of(shapes: Mapping[str, BaseGeometry], facts: Sequence[Fact], plane: Plane) -> Shapes:
    """The river in degrees, in one piece; none when the areas do not say where it runs.

    `shapes`: code → area in degrees. The points of the facts stay on land.
    """
    banks = {fact.code: fact.bank for fact in facts}
    sides = [
        plane.metres(np.array([shape for code, shape in shapes.items() if banks.get(code) == bank], dtype=object))
        for bank in ("utara", "selatan")
    ]
    course = _between(*sides) if all(len(side) for side in sides) else None
    if course is None:
        return np.array([], dtype=object)
    return plane.degrees(
        np.array([mahakam.water(_carried_on(course, plane), plane.points([(fact.lon, fact.lat) for fact in facts]))])
    )


def _between(north: Shapes, south: Shapes) -> shapely.LineString | None:
    """The longest run of border that both banks share, flowing east; None when they hardly touch."""
    northern, southern = shapely.boundary(shapely.union_all(north)), shapely.boundary(shapely.union_all(south))
    shared = shapely.get_parts(shapely.line_merge(shapely.intersection(northern, southern)))
    longest = max(shared, key=shapely.length, default=None)
    if longest is None or longest.geom_type != "LineString" or longest.length < _LEAST_SHARED_M:
        return None
    line = shapely.LineString(mahakam.smooth(shapely.get_coordinates(longest.simplify(_STEADY_M))))
    return line if line.coords[0] <= line.coords[-1] else line.reverse()


def _carried_on(course: shapely.LineString, plane: Plane) -> shapely.LineString:
    """The course with the hand-drawn one before its start and after its end: rivers do not stop at a border."""
    drawn = plane.points(mahakam.COURSE)
    line = shapely.LineString(drawn)
    known = shapely.get_coordinates(course)
    along = np.asarray(shapely.line_locate_point(line, shapely.points(drawn)))
    first, last = np.asarray(shapely.line_locate_point(line, shapely.points(known[[0, -1]]))).tolist()
    before, after = drawn[along < first - _APART_M], drawn[along > last + _APART_M]
    return shapely.LineString(np.vstack([_eased(before, known[0]), known, _eased(after[::-1], known[-1])[::-1]]))


def _eased(drawn: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    """Hand-drawn vertices bent smoothly towards `end`, without it."""
    return mahakam.smooth(np.vstack([drawn, end]))[:-1] if len(drawn) else drawn
