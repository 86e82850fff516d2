"""From polygons that almost fit to a coverage without gaps and overlaps; and what that changed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geodata import coverage
from geodata.coverage import Shapes
from geodata.errors import BadBoundaries
from geodata.plane import Floats, Plane

GAP_WIDTH_M = 50.0
"""Slivers narrower than this are closed; a lake or an enclave is wider."""
SIMPLIFY_M = 5.0
"""Triangles smaller than this squared are dropped from a border, on both its sides."""
LEAST_M2 = 1000.0
"""A sixth of a football field: no kelurahan is smaller."""
MOST_CHANGE = 0.2
"""A repair that changes an area more than this share is no repair."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A clean coverage in degrees, and the figures of the way there, one per area in the given order.

    `fitted`: whether the borders fitted those of the neighbours before. `label_points` (n, 2) in degrees.
    """

    shapes: Shapes
    km2_before: tuple[float, ...]
    km2_after: tuple[float, ...]
    fitted: tuple[bool, ...]
    vertices_before: int
    label_points: tuple[tuple[float, float], ...]

    @property
    def vertices_after(self) -> int:
        """Of all areas, a shared one counted on both sides, as before."""
        return int(shapely.get_num_coordinates(self.shapes).sum())


def repaired(shapes: Shapes, names: Sequence[str], plane: Plane) -> Repair:
    """Clean and simplify. Raises BadBoundaries, naming the area, when it would change beyond recognition."""
    before = coverage.polygonal(plane.metres(shapes))
    _check_size(names, shapely.area(before))
    misfits = shapely.coverage_invalid_edges(before, gap_width=GAP_WIDTH_M)
    clean = coverage.simplified(coverage.clean(before, GAP_WIDTH_M), SIMPLIFY_M)
    areas_before, areas_after = shapely.area(before), shapely.area(clean)
    _check_change(names, areas_before, areas_after)
    return Repair(
        shapes=_in_degrees(clean, plane),
        km2_before=tuple((areas_before / 1e6).tolist()),
        km2_after=tuple((areas_after / 1e6).tolist()),
        fitted=tuple(shapely.is_empty(misfits).tolist()),
        vertices_before=int(shapely.get_num_coordinates(shapes).sum()),
        label_points=_label_points(clean, plane),
    )


def _check_size(names: Sequence[str], areas: Floats) -> None:
    smallest = int(areas.argmin())
    if areas[smallest] < LEAST_M2:
        raise BadBoundaries(f"{names[smallest]} has no area: its corners lie on one line", field=names[smallest])


def _check_change(names: Sequence[str], before: Floats, after: Floats) -> None:
    changes = np.abs(after - before) / np.maximum(before, 1.0)
    worst = int(changes.argmax())
    if changes[worst] > MOST_CHANGE:
        raise BadBoundaries(
            f"{names[worst]} would shrink or grow by {changes[worst]:.0%} "
            f"({before[worst] / 1e6:.2f} km² to {after[worst] / 1e6:.2f} km²): the areas overlap too much to be "
            "repaired. Does the file hold two layers, or one area twice under two codes?",
            field=names[worst],
        )


def _in_degrees(clean: Shapes, plane: Plane) -> Shapes:
    shapes = plane.degrees(clean)
    if not coverage.is_clean(shapes):
        shapes = coverage.clean(shapes)
    if not coverage.is_clean(shapes):
        raise BadBoundaries("the boundaries cannot be repaired to a coverage without gaps and overlaps")
    return shapes


def _label_points(shapes: Shapes, plane: Plane) -> tuple[tuple[float, float], ...]:
    """The middle of the largest circle inside each area: always inside, unlike a centroid."""
    radii = shapely.maximum_inscribed_circle(shapes, tolerance=10.0)
    middles = plane.degrees(shapely.get_point(radii, 0))
    return tuple((float(point.x), float(point.y)) for point in middles)
