"""Polygons that share every border exactly: no gaps, no overlaps. Pure geometry, in metres."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Shapes = NDArray[np.object_]


def clean(shapes: Shapes, gap_width_m: float = 0.0) -> Shapes:
    """The same areas as a coverage: overlaps given to one of the two, gaps narrower than that closed."""
    return np.asarray(shapely.coverage_clean(shapes, gap_width=gap_width_m))  # type: ignore[attr-defined]  # newer than its stubs


def filled(shape: BaseGeometry) -> shapely.Polygon:
    """The largest part of a shape, without its holes."""
    largest = max(shapely.get_parts(np.array([shape])), key=shapely.area)
    return shapely.Polygon(largest.exterior)
