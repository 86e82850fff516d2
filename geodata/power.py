"""Land shared out among points so that each gets about a wished area and keeps its own point.

The cells are those of a power diagram: each has a generator (near its point) and a weight, and owns what is
nearest to it by distance² - weight. Pure geometry in metres; knows nothing of cities.
"""

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]
Corner = tuple[float, float, int]
"""x, y, and the index of the cell beyond the edge that starts here (-1: the frame)."""

_ROUNDS = 60
_SETTLING_ROUNDS = 15
"""Last rounds in which only weights move."""
_SLOPE_EVERY = 4
_EAGERNESS = 0.6
_LEANING = 0.4
_UPRIGHTING = 0.99
_FARTHEST_LEAN = 1.2
"""In sizes of a cell (the root of its area)."""
_MARGIN = 0.14
_HOLDS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfPlane:
    """All (x, y) with a·x + b·y ≤ c; beyond its edge lies cell `beyond`."""

    a: float
    b: float
    c: float
    beyond: int


def power_cells(generators: Floats, weights: Floats, frame: tuple[float, float, float, float]) -> list[list[Corner]]:
    """The convex cell of each generator, corners anticlockwise; an empty list where it has none.

    `generators` (n, 2) and `frame` (west, south, east, north) in metres; `weights` (n,) in square metres.
    """
    west, south, east, north = frame
    box = [(west, south, -1), (east, south, -1), (east, north, -1), (west, north, -1)]
    return [_cell(index, generators, weights, box) for index in range(len(generators))]


def _cell(index: int, generators: Floats, weights: Floats, box: list[Corner]) -> list[Corner]:
    """Cut by the nearest edges first, until the next one is farther off than any corner."""
    away = np.delete(generators - generators[index], index, axis=0)
    others = np.delete(np.arange(len(generators)), index)
    apart = np.hypot(away[:, 0], away[:, 1])
    edges = (apart + (weights[index] - weights[others]) / apart) / 2
    x, y = generators[index].tolist()
    corners = [(west - x, south - y, beyond) for west, south, beyond in box]
    for k in np.argsort(edges).tolist():
        if edges[k] > max((math.hypot(cx, cy) for cx, cy, _ in corners), default=-math.inf):
            break
        half = HalfPlane(a=away[k, 0] / apart[k], b=away[k, 1] / apart[k], c=edges[k], beyond=int(others[k]))
        corners = clip(corners, half)
    return [(cx + x, cy + y, beyond) for cx, cy, beyond in corners]


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
            kept.append((x + (nx - x) * share, y + (ny - y) * share, half.beyond if here <= 0 else beyond))
    return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """What decides the cells: generators (n, 2) in metres and weights (n,) in square metres."""

    generators: Floats
    weights: Floats


def shared_out(points: Floats, wished_m2: Floats, domain: BaseGeometry) -> Shapes:
    """A cell of `domain` for every point, about as large as wished and never without its point."""
    return cells_of(settled(points, wished_m2, domain), domain)


def settled(points: Floats, wished_m2: Floats, domain: BaseGeometry) -> Shares:
    """Shares that give every point about the wished area; a second of work for sixty of them.

    A weight grows while its cell is too small, but no further than the neighbour's point allows; where a
    point holds a border back, its generator leans that way, so that the cell gives way on its far side.
    """
    scale = _Scale.of(points, wished_m2)
    generators, weights = points.copy(), np.zeros(len(points))
    slopes = _slopes(generators, weights, domain)
    for round_ in range(_ROUNDS):
        if round_ % _SLOPE_EVERY == 0:
            slopes = _slopes(generators, weights, domain)
        areas = shapely.area(_cut(generators, weights, domain))
        weights = weights + _EAGERNESS * (wished_m2 - areas) / slopes
        if round_ < _ROUNDS - _SETTLING_ROUNDS:
            generators = _leaned(generators, weights, scale)
        weights = _held_back(weights, _limits(generators, scale))
    return Shares(generators=generators, weights=weights)


def cells_of(shares: Shares, domain: BaseGeometry) -> Shapes:
    """The cell of each share, as far as it lies in the domain."""
    return _cut(shares.generators, shares.weights, domain)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """What does not change while the land is shared out. `margin_m` (n, n) keeps point j off the edge with i."""

    points: Floats
    size_m: Floats
    distance_m: Floats
    margin_m: Floats

    @classmethod
    def of(cls, points: Floats, wished_m2: Floats) -> "_Scale":
        size = np.sqrt(wished_m2)
        distance = _distances(points, points)
        np.fill_diagonal(distance, np.inf)
        margin = np.minimum(_MARGIN * np.minimum(size[:, None], size[None]), distance / 4)
        return cls(points=points, size_m=size, distance_m=distance, margin_m=margin)


def _cut(generators: Floats, weights: Floats, domain: BaseGeometry) -> Shapes:
    cells = power_cells(generators, weights, domain.bounds)
    shapes = [shapely.Polygon([(x, y) for x, y, _ in corners]) if corners else shapely.Polygon() for corners in cells]
    return _within(np.array(shapes, dtype=object), domain)


def _within(shapes: Shapes, domain: BaseGeometry) -> Shapes:
    """What of each shape lies in the domain; those wholly inside, most of them, are passed on as they are."""
    shapely.prepare(domain)
    crossing = ~shapely.contains_properly(domain, shapes)
    shapes[crossing] = shapely.intersection(shapes[crossing], domain)
    return shapes


def _slopes(generators: Floats, weights: Floats, domain: BaseGeometry) -> Floats:
    """How much the area of each cell grows with its own weight: its edges inside, over the distances across."""
    cells = power_cells(generators, weights, domain.bounds)
    edges = [
        (i, corner[2], (corner[:2], following[:2]))
        for i, corners in enumerate(cells)
        for corner, following in zip(corners, (*corners[1:], *corners[:1]), strict=True)
        if corner[2] >= 0
    ]
    owner, across = np.array([edge[:2] for edge in edges]).T
    lengths = shapely.length(_within(shapely.linestrings([edge[2] for edge in edges]), domain))
    apart = np.hypot(*(generators[owner] - generators[across]).T)
    slopes = np.bincount(owner, lengths / (2 * apart), minlength=len(generators))
    return np.asarray(np.maximum(slopes, 0.1))


def _limits(generators: Floats, scale: _Scale) -> Floats:
    """How much weight i may exceed weight j before the edge comes within the margin of point j."""
    across = _distances(generators, scale.points) ** 2
    own = ((scale.points - generators) ** 2).sum(axis=1)
    limits: Floats = across - own[None] - 2 * scale.margin_m * _distances(generators, generators)
    np.fill_diagonal(limits, np.inf)
    return limits


def _leaned(generators: Floats, weights: Floats, scale: _Scale) -> Floats:
    """Each generator a little towards the neighbours that its point holds back, and a little upright again."""
    excess = np.maximum(weights[:, None] - weights[None] - _limits(generators, scale), 0)
    towards = (scale.points[:, None] - scale.points[None]) / scale.distance_m[:, :, None]
    move = (_LEANING * (excess / (2 * scale.distance_m))[:, :, None] * towards).sum(axis=0)
    generators = generators + _shortened(move, 0.15 * scale.size_m)
    lean = (generators - scale.points) * _UPRIGHTING
    return scale.points + _shortened(lean, _FARTHEST_LEAN * scale.size_m)


def _shortened(moves: Floats, longest_m: Floats) -> Floats:
    lengths = np.hypot(*moves.T) + 1e-9
    return np.asarray(moves * np.minimum(1, longest_m / lengths)[:, None])


def _held_back(weights: Floats, limits: Floats) -> Floats:
    """The weights with the worst excesses over the limits shared between both sides, one after the other."""
    weights = weights.copy()
    for _ in range(_HOLDS):
        excess = weights[:, None] - weights[None] - limits
        i, j = np.unravel_index(excess.argmax(), excess.shape)
        if excess[i, j] <= 1:
            break
        weights[[i, j]] += np.array([-0.5, 0.5]) * excess[i, j]
    return weights


def _distances(first: Floats, second: Floats) -> Floats:
    """(n, m) metres from each of the first to each of the second."""
    return np.asarray(np.hypot(*(first[:, None] - second[None]).transpose(2, 0, 1)))
