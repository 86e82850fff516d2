"""A plausible street graph where the product ships no roads: invented from kelurahan points, banks and two bridges.

No street in it is a real one. What it keeps true: streets are dense where kelurahan are small, none leads
through the river, and the two banks meet only at the bridges.
"""

import heapq
import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from geodata.places import Ground, Kelurahan, Places

Place = tuple[float, float]
"""lon, lat."""
Floats = NDArray[np.float64]
Pair = tuple[int, int]

METRES_PER_DEGREE = 111_320.0
BRIDGES: tuple[tuple[str, str, str], ...] = (
    ("Jembatan Mahakam", "64.72.06.1006", "64.72.02.1001"),
    ("Jembatan Mahkota II", "64.72.07.1001", "64.72.01.1001"),
)
"""Name, and the kelurahan on either bank whose points the bridge lies between."""

_CLEAR_OF_RIVER_M = 45.0
_LONGEST_M = 7000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """A street between two crossings. `line` runs from the first crossing to the second."""

    ends: Pair
    line: tuple[Place, ...]
    length_m: float
    speed_mps: float
    bridge: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """Where something on a route is, where it heads (degrees from north), how fast it goes."""

    lon: float
    lat: float
    heading_deg: float
    speed_mps: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A way through the streets; `after_s[i]` is when `points[i]` is reached."""

    points: tuple[Place, ...]
    after_s: tuple[float, ...]

    @property
    def duration_s(self) -> float:
        """From the start to the end."""
        return self.after_s[-1]

    def at(self, elapsed_s: float) -> Fix:
        """Where one is after that time; stands still before the start and after the end."""
        leg = min(max(bisect_right(self.after_s, elapsed_s) - 1, 0), len(self.points) - 2)
        (lon, lat), (to_lon, to_lat) = self.points[leg], self.points[leg + 1]
        start, end = self.after_s[leg], self.after_s[leg + 1]
        share = min(max((elapsed_s - start) / (end - start), 0.0), 1.0)
        is_moving = 0 <= elapsed_s < self.duration_s
        return Fix(
            lon=lon + (to_lon - lon) * share,
            lat=lat + (to_lat - lat) * share,
            heading_deg=math.degrees(math.atan2(to_lon - lon, to_lat - lat)) % 360,
            speed_mps=distance_m((lon, lat), (to_lon, to_lat)) / (end - start) if is_moving else 0.0,
        )


class Streets:
    """Crossings by number, the roads between them, and the fastest way from one to another."""

    def __init__(self, crossings: Sequence[Place], roads: Sequence[Road]) -> None:
        self.crossings = tuple(crossings)
        self.roads = tuple(roads)
        self._from: Mapping[int, list[Road]] = {number: [] for number in range(len(self.crossings))}
        for road in self.roads:
            for end in road.ends:
                self._from[end].append(road)
        self._where = np.array(self.crossings)

    def nearest(self, place: Place) -> int:
        """The crossing next to a place."""
        return int(((self._where - place) ** 2).sum(axis=1).argmin())

    def roads_at(self, crossing: int) -> Sequence[Road]:
        """The roads that meet there."""
        return self._from[crossing]

    def route(self, start: int, end: int, *, pace: float = 1.0) -> Route | None:
        """The fastest way at `pace` times the speed of the roads; None when there is none or no way to go."""
        before: dict[int, tuple[int, Road]] = {}
        best = {start: 0.0}
        queue = [(0.0, start)]
        while queue:
            spent, here = heapq.heappop(queue)
            if here == end:
                break
            for road in self._from[here] if spent <= best[here] else ():
                there = road.ends[0] if road.ends[1] == here else road.ends[1]
                arrival = spent + road.length_m / road.speed_mps
                if arrival < best.get(there, math.inf):
                    best[there] = arrival
                    before[there] = (here, road)
                    heapq.heappush(queue, (arrival, there))
        return _route(list(_way_back(before, start, end)), pace) if end in before else None


def distance_m(one: Place, other: Place) -> float:
    """Metres between two places of one city; flat earth, within 10° of the equator."""
    east = (other[0] - one[0]) * math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot(east, other[1] - one[1]) * METRES_PER_DEGREE


def _way_back(before: Mapping[int, tuple[int, Road]], start: int, end: int) -> Iterator[tuple[Road, tuple[Place, ...]]]:
    """The roads from the end back to the start, each with its line turned the way one drives."""
    while end != start:
        previous, road = before[end]
        yield road, road.line if road.ends[1] == end else road.line[::-1]
        end = previous


def _route(backwards: list[tuple[Road, tuple[Place, ...]]], pace: float) -> Route:
    points: list[Place] = [backwards[-1][1][0]]
    after = [0.0]
    for road, line in reversed(backwards):
        for here, there in pairwise(line):
            metres = distance_m(here, there)
            if metres > 0:
                points.append(there)
                after.append(after[-1] + metres / (road.speed_mps * pace))
    return Route(points=tuple(points), after_s=tuple(after))


def street_graph(ground: Ground, seed: int) -> Streets:
    """The streets of a city, the same for the same ground and seed."""
    frame = _Frame(ground.city.view_lon, ground.city.view_lat)
    river = _river(ground.places, frame)
    dice = np.random.default_rng([seed, 41])
    nodes = _crossings(ground.places, frame, river, dice)
    pairs = _pairs(nodes, river)
    lines = {pair: _bent(nodes[pair[0]], nodes[pair[1]], river, dice) for pair in sorted(pairs)}
    bridges = _bridges(ground.places, frame, river, nodes)
    all_nodes = np.vstack([nodes, *(ends for _, ends, _ in bridges)])
    roads = [_road(frame, pair, line) for pair, line in lines.items()]
    first = len(nodes)
    for name, ends, (north, south) in bridges:
        roads.append(_road(frame, (first, first + 1), ends, name))
        roads += [_road(frame, (at, first + i), all_nodes[[at, first + i]]) for i, at in enumerate((north, south))]
        first += 2
    return Streets([frame.place(xy) for xy in all_nodes], roads)


class _Frame:
    """Flat metres around a place, good to 0.1 % over a city near the equator."""

    def __init__(self, lon: float, lat: float) -> None:
        self._origin = np.array([lon, lat])
        self._scale = np.array([METRES_PER_DEGREE * math.cos(math.radians(lat)), METRES_PER_DEGREE])

    def metres(self, places: Iterable[Place] | Floats) -> Floats:
        degrees = np.asarray(list(places), np.float64).reshape(-1, 2)
        return np.asarray((degrees - self._origin) * self._scale, np.float64)

    def degrees(self, xy: Floats) -> Floats:
        return np.asarray(xy / self._scale + self._origin, np.float64)

    def place(self, xy: Floats) -> Place:
        lon, lat = np.round(self.degrees(xy), 6)
        return float(lon), float(lat)


def _river(places: Places, frame: _Frame) -> BaseGeometry:
    """The river in metres, with a strip of bank nobody builds on; empty where the city has none."""
    shapes = [shapely.geometry.shape(f["geometry"]) for f in places.river_geojson()["features"]]
    flat = shapely.transform(shapely.union_all(shapes), frame.metres)
    return flat.buffer(_CLEAR_OF_RIVER_M)


def _crossings(places: Places, frame: _Frame, river: BaseGeometry, dice: np.random.Generator) -> Floats:
    """Every kelurahan's point, and around it a loose grid, finer where the kelurahan is small."""
    chosen = frame.metres([(area.lon, area.lat) for area in places.areas.values()])
    chosen = chosen[~shapely.contains_xy(river, chosen)]
    for area in sorted(places.areas.values(), key=lambda area: area.area_km2):
        spacing = float(np.clip(420 * math.sqrt(area.area_km2), 230, 1500))
        for xy in _grid(area, frame, spacing, dice):
            lon, lat = frame.place(xy)
            if (
                places.kelurahan_at(lon, lat) == area.code
                and not shapely.contains_xy(river, *xy)
                and np.hypot(*(chosen - xy).T).min() > spacing * 0.62
            ):
                chosen = np.vstack([chosen, xy])
    return chosen


def _grid(area: Kelurahan, frame: _Frame, spacing_m: float, dice: np.random.Generator) -> Floats:
    reach = float(np.clip(640 * math.sqrt(area.area_km2), 330, 3600))
    steps = np.arange(-reach, reach + 1, spacing_m)
    x, y = np.meshgrid(steps, steps)
    grid = np.stack([x.ravel(), y.ravel()], axis=1)
    near = grid[np.hypot(*grid.T) <= reach]
    stray = dice.normal(0, spacing_m * 0.16, near.shape)
    return np.asarray(frame.metres([(area.lon, area.lat)]) + near + stray, np.float64)


def _pairs(nodes: Floats, river: BaseGeometry) -> set[Pair]:
    """Neighbours (a Gabriel graph) on the same bank, and what else is needed to reach every crossing."""
    edges = shapely.delaunay_triangles(shapely.multipoints(nodes), only_edges=True)
    index = {(round(x, 3), round(y, 3)): number for number, (x, y) in enumerate(nodes)}
    dry: list[tuple[float, Pair]] = []
    for edge in shapely.get_parts(edges):
        if edge.length < _LONGEST_M and not edge.intersects(river):
            a, b = sorted(index[round(x, 3), round(y, 3)] for x, y in edge.coords)
            dry.append((edge.length, (a, b)))
    tree = _spanning(sorted(dry), len(nodes))
    return tree | {pair for _, pair in dry if _is_gabriel(nodes, pair)}


def _is_gabriel(nodes: Floats, pair: Pair) -> bool:
    """No other crossing lies in the circle over the two."""
    a, b = nodes[pair[0]], nodes[pair[1]]
    within = np.hypot(*(nodes - (a + b) / 2).T) < np.hypot(*(a - b)) / 2 - 1e-6
    within[list(pair)] = False
    return not within.any()


def _spanning(edges: list[tuple[float, Pair]], count: int) -> set[Pair]:
    """The shortest edges that join all that can be joined (Kruskal)."""
    group = list(range(count))

    def root(number: int) -> int:
        while group[number] != number:
            group[number] = group[group[number]]
            number = group[number]
        return number

    kept: set[Pair] = set()
    for _, (a, b) in edges:
        if root(a) != root(b):
            group[root(a)] = root(b)
            kept.add((a, b))
    return kept


def _bent(start: Floats, end: Floats, river: BaseGeometry, dice: np.random.Generator) -> Floats:
    """A street with a bend or two instead of a ruled line, where the river leaves room for it."""
    length = float(np.hypot(*(end - start)))
    share = np.linspace(0, 1, 2 + min(int(length / 160), 7))
    across = np.array([-(end - start)[1], (end - start)[0]]) / length
    sway = float(dice.normal(0, 0.05)) * np.sin(np.pi * share) + float(dice.normal(0, 0.03)) * np.sin(2 * np.pi * share)
    line: Floats = start + (end - start) * share[:, None] + across * (sway * length)[:, None]
    return np.stack([start, end]) if LineString(line).intersects(river) else line


def _bridges(places: Places, frame: _Frame, river: BaseGeometry, nodes: Floats) -> list[tuple[str, Floats, Pair]]:
    """For every bridge its name, its two ends in metres, and the crossings its ramps lead to."""
    built: list[tuple[str, Floats, Pair]] = []
    for name, north, south in BRIDGES:
        if north not in places.areas or south not in places.areas:
            continue
        banks = [(places.areas[code].lon, places.areas[code].lat) for code in (north, south)]
        over = LineString(frame.metres(banks)).intersection(river)
        if isinstance(over, LineString) and not over.is_empty:
            ends = np.array(over.coords)
            along = (ends[1] - ends[0]) / np.hypot(*(ends[1] - ends[0]))
            ends += np.array([-along, along]) * 15.0
            built.append((name, ends, (_ramp(nodes, ends[0], river), _ramp(nodes, ends[1], river))))
    return built


def _ramp(nodes: Floats, end: Floats, river: BaseGeometry) -> int:
    """The nearest crossing one reaches from the end of the bridge without getting wet."""
    order = np.argsort(np.hypot(*(nodes - end).T))
    dry = (int(i) for i in order if not LineString([nodes[i], end]).intersects(river))
    return next(dry)


def _road(frame: _Frame, ends: Pair, line: Floats, bridge: str | None = None) -> Road:
    """Long roads are fast ones: 25 km/h in an alley, 55 km/h in the open."""
    length = float(np.hypot(*np.diff(line, axis=0).T).sum())
    speed = 14.0 if bridge else min(max(7.0 + length / 150, 7.0), 15.0)
    return Road(ends=ends, line=tuple(frame.place(xy) for xy in line), length_m=length, speed_mps=speed, bridge=bridge)
