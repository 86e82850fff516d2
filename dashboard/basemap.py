"""Tiles of the basemap in use, to whoever may see the map. A tile of a file never changes, so browsers keep it."""

from functools import cache
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
import structlog
from flask import Flask, Response, abort, request

from dashboard.basemap_online import OnlineTiles
from dashboard.basemap_style import Shown
from dashboard.config import BasemapSettings
from geodata.basemap import CONTENT_TYPES, Basemap, image_format
from geodata.basemap_book import FOLDER, chosen
from geodata.basemap_mbtiles import MbtilesFile
from geodata.city import City
from geodata.errors import BadBasemap, NotFound
from geodata.tiles import Bounds, is_tile, share_covered

_LOG = structlog.get_logger()
NONE = "none"
ONLINE = "online"
_FOR_EVER_S = 365 * 86_400
_ONLINE_S = 6 * 3_600
_EMPTY_S = 60
_ENOUGH = 0.98
"""Of the city, for the water of the tiles to take the place of the river that is drawn from facts."""


class Ground(Protocol):
    """What the style asks of the map's ground; None where the city has no basemap."""

    @property
    def shown(self) -> Shown:
        """How it is drawn."""

    def answer(self, name: str, zoom: int, column: int, row: int) -> Response:
        """One tile."""


class Kept:
    """A basemap of this installation."""

    def __init__(self, basemap: Basemap, city: City) -> None:
        self._basemap = basemap
        self._file = MbtilesFile(basemap.path)
        self.shown = Shown(
            schema=basemap.schema,
            tiles=f"/map/basemap/{basemap.name}/{{z}}/{{x}}/{{y}}?v={basemap.digest}",
            bounds=basemap.bounds,
            min_zoom=basemap.min_zoom,
            max_zoom=basemap.max_zoom,
            tile_px=basemap.tile_px,
            attribution=basemap.attribution,
            has_river=basemap.schema == "raster" or share_covered(_box(city), basemap.bounds) >= _ENOUGH,
        )

    def answer(self, name: str, zoom: int, column: int, row: int) -> Response:
        """The tile as it is kept; 204 where there is none, a clear picture where pictures are expected."""
        if name != self._basemap.name:
            abort(404)
        tile = self._tile(zoom, column, row)
        if tile is None:
            return _missing(self._basemap.schema == "raster", _FOR_EVER_S)
        response = Response(tile, content_type=self._basemap.content_type)
        if self._basemap.tile_format == "pbf":
            response.headers["Content-Encoding"] = "gzip"
        response.set_etag(f"{self._basemap.digest}-{zoom}-{column}-{row}")
        return _kept_for(response, _FOR_EVER_S)

    def _tile(self, zoom: int, column: int, row: int) -> bytes | None:
        try:
            return self._file.tile(zoom, column, row)
        except BadBasemap as error:  # a bad sector: the rest of the map goes on
            _LOG.warning("basemap_unreadable", basemap=self._basemap.name, reason=str(error))
            return None


class Online:
    """Pictures of a server elsewhere, asked for by this one."""

    def __init__(self, settings: BasemapSettings, data_dir: Path) -> None:
        self._tiles = OnlineTiles(settings.online_url, data_dir / FOLDER / ONLINE, settings.online_cache_mb)
        self.shown = Shown(
            schema="raster",
            tiles=f"/map/basemap/{ONLINE}/{{z}}/{{x}}/{{y}}",
            bounds=None,
            min_zoom=0,
            max_zoom=settings.online_max_zoom,
            tile_px=256,
            attribution=settings.online_attribution,
            has_river=False,
        )

    def answer(self, name: str, zoom: int, column: int, row: int) -> Response:
        """The picture; a clear one where it cannot be had, to be asked for again soon."""
        if name != ONLINE or zoom > self.shown.max_zoom:
            abort(404)
        tile = self._tiles.get(zoom, column, row)
        kind = image_format(tile) if tile else None
        if tile is None or kind is None:
            return _missing(is_picture=True, keep_s=_EMPTY_S)
        response = Response(tile, content_type=CONTENT_TYPES[kind])
        response.add_etag()
        return _kept_for(response, _ONLINE_S)


def ground_of(settings: BasemapSettings, city: City, data_dir: Path) -> Ground | None:
    """The basemap that the settings name, the one added last, or the one online; None where there is none.

    One that cannot be used is said in the log and left out: the map goes on with boundaries and river.
    """
    if settings.use == NONE:
        return None
    try:
        basemap = chosen(data_dir, settings.use)
        if basemap is not None:
            return Kept(basemap, city)
    except (BadBasemap, NotFound) as error:
        _LOG.error("basemap_left_out", reason=str(error))
    return Online(settings, data_dir) if settings.online_url else None


def trace(data_dir: Path) -> bytes:
    """What changes when another basemap may be shown: then the screens load their style anew."""
    files = sorted((data_dir / FOLDER).glob("*.mbtiles"))
    return "".join(f"{path.name} {path.stat().st_mtime_ns};" for path in files).encode()


def register(server: Flask, ground: Ground | None) -> None:
    """Add `/map/basemap/<name>/<z>/<x>/<y>`."""

    def map_basemap(name: str, z: int, x: int, y: int) -> Response:
        if ground is None or not is_tile(z, x, y):
            abort(404)
        return ground.answer(name, z, x, y)

    server.add_url_rule("/map/basemap/<name>/<int:z>/<int:x>/<int:y>", "map_basemap", map_basemap)


def _box(city: City) -> Bounds:
    return city.extent.west, city.extent.south, city.extent.east, city.extent.north


def _missing(is_picture: bool, keep_s: int) -> Response:  # noqa: FBT001 — a property of the tiles
    """No news for vector tiles; MapLibre takes an empty picture for a broken one, so it gets a clear one."""
    response = Response(_clear(), content_type="image/png") if is_picture else Response(status=204)
    return _kept_for(response, keep_s)


def _kept_for(response: Response, keep_s: int) -> Response:
    response.headers["Cache-Control"] = f"private, max-age={keep_s}"
    response.make_conditional(request)
    return response


@cache
def _clear() -> bytes:
    return bytes(cv2.imencode(".png", np.zeros((1, 1, 4), np.uint8))[1])
