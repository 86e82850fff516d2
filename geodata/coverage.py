"""Polygons that share every border exactly: no gaps, no overlaps. Pure geometry, in metres."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Shapes = NDArray[np.object_]


def clean(shapes: Shapes, gap_width_m: float = 0.0) -> Shapes:
    """The same areas as a coverage: overlaps given to one of the two, gaps narrower than that closed."""
    return np.asarray(shapely.coverage_clean(shapes, gap_width=gap_width_m))  # type: ignore[attr-defined]  # newer than its stubs


def simplified(shapes: Shapes, tolerance_m: float) -> Shapes:
    """A clean coverage with fewer vertices, still clean."""
    return np.asarray(shapely.coverage_simplify(shapes, tolerance_m))


def is_clean(shapes: Shapes) -> bool:
    """Whether these are valid polygons that neither overlap nor miss each other's vertices."""
    return bool(shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes))


def polygonal(shapes: Shapes) -> Shapes:
    """Valid polygons of the same extent: bow ties untied, spikes and lines dropped; empty where nothing is left."""
    valid = np.where(shapely.is_valid(shapes), shapes, shapely.make_valid(shapes, method="structure"))
    return np.array([_polygons_of(shape) for shape in valid], dtype=object)


def _polygons_of(shape: BaseGeometry) -> BaseGeometry:
    if shape.geom_type in {"Polygon", "MultiPolygon"}:
        return shape
    parts = shapely.get_parts(np.array([shape]))
    polygons = [part for part in parts if part.geom_type in {"Polygon", "MultiPolygon"}]
    return shapely.union_all(polygons) if polygons else shapely.Polygon()


def filled(shape: BaseGeometry) -> shapely.Polygon:
    """The largest part of a shape, without its holes."""
    largest = max(shapely.get_parts(np.array([shape])), key=shapely.area)
    return shapely.Polygon(largest.exterior)
