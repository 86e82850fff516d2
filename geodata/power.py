"""Weighted cells: a plane shared out among points so that each cell gets a wished area (a power diagram).

Pure geometry in metres; knows nothing of cities. Cells are convex; a domain (any polygon) cuts them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]
Corner = tuple[float, float, int]
"""x, y, and the index of the cell beyond the edge that starts here (-1: the frame)."""

_ROUNDS = 40
_HALVINGS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfPlane:
    """All (x, y) with a·x + b·y ≤ c; beyond its edge lies cell `beyond`."""

    a: float
    b: float
    c: float
    beyond: int


def power_cells(sites: Floats, weights: Floats, frame: tuple[float, float, float, float]) -> list[list[Corner]]:
    """The cell of each site: where |p - site|² - weight is least. Corners anticlockwise; empty if it has none.

    `sites` (n, 2) and `frame` (west, south, east, north) in metres; `weights` (n,) in square metres.
    """
    west, south, east, north = frame
    box = [(west, south, -1), (east, south, -1), (east, north, -1), (west, north, -1)]
    norms = (sites**2).sum(axis=1) - weights
    return [_cell(index, sites, norms, box) for index in range(len(sites))]


def _cell(index: int, sites: Floats, norms: Floats, box: list[Corner]) -> list[Corner]:
    normals = 2 * (sites - sites[index])
    limits = norms - norms[index]
    corners = box
    for other in np.argsort((normals**2).sum(axis=1))[1:].tolist():
        a, b = normals[other].tolist()
        corners = clip(corners, HalfPlane(a=a, b=b, c=float(limits[other]), beyond=other))
    return corners


def clip(corners: list[Corner], half: HalfPlane) -> list[Corner]:
    """What of a convex polygon lies in the half plane."""
    outside = [half.a * x + half.b * y - half.c for x, y, _ in corners]
    if all(value <= 0 for value in outside):
        return corners
    kept: list[Corner] = []
    for k, (x, y, beyond) in enumerate(corners):
        here, there = outside[k], outside[(k + 1) % len(corners)]
        if here <= 0:
            kept.append((x, y, beyond))
        if (here <= 0) != (there <= 0):
            nx, ny, _ = corners[(k + 1) % len(corners)]
            share = here / (here - there)
            leaving = here <= 0
            kept.append((x + (nx - x) * share, y + (ny - y) * share, half.beyond if leaving else beyond))
    return kept


def balanced_weights(sites: Floats, wished_m2: Floats, domain: BaseGeometry) -> Floats:
    """Weights that give each site its wished area of `domain` (the wishes should sum to its area).

    Damped Newton steps on the areas (Kitagawa, Mérigot, Thibert 2019): no cell may vanish on the way.
    """
    weights = np.zeros(len(sites))
    areas, slope = _areas(sites, weights, domain)
    for _ in range(_ROUNDS):
        missing = wished_m2 - areas
        if np.abs(missing / wished_m2).max() < 1e-3:  # noqa: PLR2004 — a thousandth of a cell is out of sight
            break
        weights, areas, slope = _step(sites, weights, missing, slope, domain)
    return weights


def _step(
    sites: Floats, weights: Floats, missing: Floats, slope: Floats, domain: BaseGeometry
) -> tuple[Floats, Floats, Floats]:
    move = np.linalg.lstsq(slope, missing, rcond=1e-12)[0]
    wished = missing + _areas(sites, weights, domain)[0]
    share = 1.0
    for _ in range(_HALVINGS):
        areas, next_slope = _areas(sites, weights + share * move, domain)
        better = np.abs(wished - areas).sum() < np.abs(missing).sum()
        if better and areas.min() > 0:
            return weights + share * move, areas, next_slope
        share /= 2
    return weights, *_areas(sites, weights, domain)


def _areas(sites: Floats, weights: Floats, domain: BaseGeometry) -> tuple[Floats, Floats]:
    """Area of each cell, and how each area changes with each weight (n, n)."""
    cells = power_cells(sites, weights, domain.bounds)
    areas = shapely.area(shapely.intersection(polygons(cells), domain))
    edges = [
        (i, corners[k][2], (corners[k][:2], corners[(k + 1) % len(corners)][:2]))
        for i, corners in enumerate(cells)
        for k in range(len(corners))
        if corners[k][2] > i
    ]
    slope = np.zeros((len(sites), len(sites)))
    lengths = shapely.length(shapely.intersection(shapely.linestrings([edge for *_, edge in edges]), domain))
    for (i, j, _), length in zip(edges, lengths.tolist(), strict=True):
        change = length / (2 * float(np.hypot(*(sites[i] - sites[j]))))
        slope[[i, j], [j, i]] -= change
        slope[[i, j], [i, j]] += change
    return areas, slope


def polygons(cells: Sequence[list[Corner]]) -> NDArray[np.object_]:
    """The cells as shapely polygons; an empty polygon for a cell that has vanished."""
    shapes = [shapely.Polygon([(x, y) for x, y, _ in corners]) if corners else shapely.Polygon() for corners in cells]
    return np.array(shapes, dtype=object)
