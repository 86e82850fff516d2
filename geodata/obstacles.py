"""What stands between a camera and what it looks at: polygons of buildings, from `DIR/obstacles.geojson`.

Optional. Heights are not known: whatever is listed hides all that lies behind it, so list what hides a street.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from geodata.coverage import polygonal
from geodata.errors import BadObstacles

FILE_NAME = "obstacles.geojson"
_MOST_BYTES = 20_000_000
_OWN_DEG = 1.0 / 111_320
"""One metre: a camera nearer than this to a building hangs on it, and looks away from it."""

_WORLD = shapely.box(-180, -90, 180, 90)
Shapes = NDArray[np.object_]


class Obstacles:
    """Polygons in degrees WGS 84, found by place. Never changes; two are equal only when they are one."""

    def __init__(self, shapes: Sequence[BaseGeometry] = ()) -> None:
        self._shapes: Shapes = polygonal(np.array(shapes, dtype=object)) if len(shapes) else np.array([], dtype=object)
        self._tree = shapely.STRtree(self._shapes)

    def __len__(self) -> int:
        return len(self._shapes)

    def within(self, view: BaseGeometry, lon: float, lat: float) -> Shapes:
        """Those that reach into a view of a camera at (lon, lat), without what the camera hangs on."""
        return self._others(view, shapely.Point(lon, lat))

    def is_between(self, camera: tuple[float, float], place: tuple[float, float]) -> bool:
        """Whether one hides the place (lon, lat) from the camera.

        The building at the place itself does not: a camera that sees a house sees the fire in it.
        """
        others = self._others(shapely.LineString([camera, place]), shapely.Point(camera))
        return bool((~shapely.intersects_xy(others, *place)).any())

    def _others(self, shape: BaseGeometry, camera: shapely.Point) -> Shapes:
        found = self._shapes[self._tree.query(shape, predicate="intersects")]
        return np.asarray(found[~shapely.dwithin(found, camera, _OWN_DEG)], dtype=object)


NO_OBSTACLES = Obstacles()


def load_obstacles(data_dir: Path) -> Obstacles:
    """The city's own, or none where there is no such file. Raises BadObstacles naming the feature to mend."""
    path = data_dir / FILE_NAME
    if not path.is_file():
        return NO_OBSTACLES
    if path.stat().st_size > _MOST_BYTES:
        raise BadObstacles(f"{FILE_NAME} is larger than {_MOST_BYTES // 1_000_000} MB; keep what stands near cameras")
    try:
        document = json.loads(path.read_bytes())
        features = document["features"]
    except (ValueError, RecursionError, KeyError, TypeError):
        raise BadObstacles(f"{FILE_NAME} is no GeoJSON FeatureCollection") from None
    if not isinstance(features, list):
        raise BadObstacles(f"{FILE_NAME} is no GeoJSON FeatureCollection: features is not a list")
    return Obstacles([_polygon(number, one) for number, one in enumerate(features, 1)])


def _polygon(number: int, feature: object) -> BaseGeometry:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in {"Polygon", "MultiPolygon"}:
        raise _wrong(number, f"is {kind or 'no shape'}, not a Polygon or MultiPolygon")
    try:
        shape: BaseGeometry = shapely.from_geojson(json.dumps(geometry))
    except (ShapelyError, ValueError, TypeError):
        raise _wrong(number, "has coordinates that make no polygon") from None
    if not _WORLD.covers(shape):
        raise _wrong(number, "is empty or not in degrees, longitude first (EPSG:4326)")
    return shape


def _wrong(number: int, why: str) -> BadObstacles:
    return BadObstacles(f"{FILE_NAME}: feature {number} {why}", field=f"feature {number}")
