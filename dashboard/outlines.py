"""What the map's ground is drawn from, derived from the boundaries: ranked lines, the river's name, a graticule.

Pure functions on GeoJSON. A stretch of boundary is drawn once and by its highest rank: around the city (kota),
between two kecamatan, or between two kelurahan of one kecamatan.
"""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, groupby, pairwise
from typing import Any

from geodata.city import Extent

Json = dict[str, Any]
Place = tuple[float, float]
Ring = Sequence[Place]
Edge = tuple[Place, Place]

GRATICULE_STEP_DEG = 1 / 60
_SAMPLES = 60


def collection(features: Iterable[Json]) -> Json:
    """A FeatureCollection of them."""
    return {"type": "FeatureCollection", "features": list(features)}


def ranked_boundaries(areas: Json) -> Json:
    """Lines with property `rank`: kota, kecamatan or kelurahan. `areas` must be a clean coverage."""
    owners: dict[Edge, list[str]] = defaultdict(list)
    for feature in areas["features"]:
        for edge in (edge for ring in rings(feature["geometry"]) for edge in pairwise(ring)):
            owners[_sorted(edge)].append(feature["properties"]["kecamatan"])
    ranks = {edge: _rank(names) for edge, names in owners.items()}
    return collection(_lines(areas, ranks))


def rings(geometry: Json) -> list[Ring]:
    """All rings of a polygon or multipolygon, as (lon, lat)."""
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[(point[0], point[1]) for point in ring] for part in parts for ring in part]


def _sorted(edge: Edge) -> Edge:
    return edge if edge[0] <= edge[1] else (edge[1], edge[0])


def _rank(kecamatan: Sequence[str]) -> str:
    if len(kecamatan) == 1:
        return "kota"
    return "kecamatan" if len(set(kecamatan)) > 1 else "kelurahan"


def _lines(areas: Json, ranks: Mapping[Edge, str]) -> Iterator[Json]:
    drawn: set[Edge] = set()
    for feature in areas["features"]:
        for ring in rings(feature["geometry"]):
            for rank, edges in groupby(pairwise(ring), key=lambda edge: _fresh_rank(_sorted(edge), ranks, drawn)):
                run = list(edges)
                if rank:
                    drawn.update(map(_sorted, run))
                    yield _line([run[0][0], *(end for _, end in run)], rank=rank)


def _fresh_rank(edge: Edge, ranks: Mapping[Edge, str], drawn: set[Edge]) -> str | None:
    return None if edge in drawn else ranks[edge]


def _line(places: Sequence[Place], **properties: object) -> Json:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "LineString", "coordinates": [list(place) for place in places]},
    }


def graticule(extent: Extent, step_deg: float = GRATICULE_STEP_DEG) -> Json:
    """Meridians and parallels over the extent and as much again around it."""
    wide, high = extent.east - extent.west, extent.north - extent.south
    west, east = extent.west - wide, extent.east + wide
    south, north = extent.south - high, extent.north + high
    meridians = [[(lon, south), (lon, north)] for lon in _steps(west, east, step_deg)]
    parallels = [[(west, lat), (east, lat)] for lat in _steps(south, north, step_deg)]
    return collection(_line(places) for places in (*meridians, *parallels))


def _steps(low: float, high: float, step: float) -> list[float]:
    return [number * step for number in range(math.ceil(low / step), math.floor(high / step) + 1)]


def labels(points: Json, river: Json) -> Json:
    """Names on the map: a point per kelurahan, and the river's middle line for the river's name."""
    areas = [{**f, "properties": {**f["properties"], "kind": "kelurahan"}} for f in points["features"]]
    waters = [
        _line(middle_line(ring), kind="water", name=f["properties"]["name"])
        for f in river["features"]
        if f["properties"].get("name")
        for ring in rings(f["geometry"])[:1]
    ]
    return collection([*areas, *waters])


def middle_line(ring: Ring) -> list[Place]:
    """A line half way between the banks of a river's outline, from west to east; good enough for its name."""
    corners = list(ring[:-1])
    start = corners.index(min(corners))
    turned = [*corners[start:], *corners[:start]]
    end = turned.index(max(turned))
    one, other = evenly(turned[: end + 1]), evenly([turned[0], *reversed(turned[end:])])
    return [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in zip(one, other, strict=True)]


def evenly(line: Sequence[Place], count: int = _SAMPLES) -> list[Place]:
    """`count` places along a line, the same distance apart (in degrees)."""
    reached = [0.0, *accumulate(math.dist(a, b) for a, b in pairwise(line))]
    return [_at(line, reached, reached[-1] * i / (count - 1)) for i in range(count)]


def _at(line: Sequence[Place], reached: Sequence[float], distance: float) -> Place:
    after = min(max(bisect_left(reached, distance), 1), len(line) - 1)
    (ax, ay), (bx, by) = line[after - 1], line[after]
    span = reached[after] - reached[after - 1]
    share = (distance - reached[after - 1]) / span if span else 0.0
    return ax + (bx - ax) * share, ay + (by - ay) * share
