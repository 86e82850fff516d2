"""What a boundary file said, before anybody judged it: rows with attributes, a shape, and where they stood."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.errors import BadBoundaries

MAX_AREAS = 20_000
MAX_VERTICES = 5_000_000
_LOWEST, _HIGHEST = np.array([94.0, -12.0]), np.array([142.0, 7.5])
"""Indonesia with some sea around: lon, lat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawArea:
    """One area as the file has it. `where` is "line 51" or "feature 3"; `shape` is 2D, degrees WGS 84."""

    where: str
    values: Mapping[str, object]
    shape: BaseGeometry


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One row that cannot be read, and why."""

    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.where}: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFile:
    """All that a file gave. `notice` is its copyright line, to be kept with what is made of it."""

    areas: tuple[RawArea, ...]
    refusals: tuple[Refusal, ...] = ()
    notice: str | None = None


def judged(rows: Iterable[RawArea | Refusal], *, notice: str | None = None) -> RawFile:
    """Sort the rows of a file into areas and refusals: a shape must be made of polygons and lie in Indonesia.

    Raises BadBoundaries for more than we would ever draw.
    """
    areas: list[RawArea] = []
    refusals: list[Refusal] = []
    vertices = 0
    for row in rows:
        judgement = row if isinstance(row, Refusal) else _judged(row)
        if isinstance(judgement, Refusal):
            refusals.append(judgement)
            continue
        areas.append(judgement)
        vertices += int(shapely.get_num_coordinates(judgement.shape))
        if len(areas) > MAX_AREAS or vertices > MAX_VERTICES:
            raise BadBoundaries(
                f"{row.where}: more than {MAX_AREAS} areas or {MAX_VERTICES} vertices; cut the file down to one city",
                field=row.where,
            )
    return RawFile(areas=tuple(areas), refusals=tuple(refusals), notice=notice)


def _judged(area: RawArea) -> RawArea | Refusal:
    why = _fault(area.shape)
    if why:
        return Refusal(where=area.where, why=why)
    return RawArea(where=area.where, values=area.values, shape=shapely.force_2d(area.shape))


def _fault(shape: BaseGeometry | None) -> str | None:
    if shape is None or shape.is_empty:
        return "it has no shape"
    if shape.geom_type not in {"Polygon", "MultiPolygon"}:
        return f"it is a {shape.geom_type}, not a polygon"
    corners = shapely.get_coordinates(shape)
    if not np.isfinite(corners).all():
        return "a coordinate is not a number"
    if _in_indonesia(corners):
        return None
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    if _in_indonesia(corners[:, ::-1]):
        return f"longitude and latitude are swapped ({west:.4f}, {south:.4f})"
    return f"it lies outside Indonesia (longitude {west:.4f} to {east:.4f}, latitude {south:.4f} to {north:.4f})"


def _in_indonesia(corners: NDArray[np.float64]) -> bool:
    return bool(((corners >= _LOWEST) & (corners <= _HIGHEST)).all())
