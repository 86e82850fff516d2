"""The basemap: tiles of streets and water that an operator brought. What is known of one, and how its words are read.

Nothing here opens a file: `basemap_pmtiles.py` and `basemap_mbtiles.py` read one, `basemap_book.py` keeps it.
"""

import gzip
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Literal, Protocol

from geodata.errors import BadBasemap
from geodata.tiles import Bounds

Schema = Literal["openmaptiles", "protomaps", "raster"]
"""How a style finds streets in the tiles; `raster`: they are pictures."""

TileFormat = Literal["pbf", "png", "jpg", "webp"]
CONTENT_TYPES: dict[TileFormat, str] = {
    "pbf": "application/x-protobuf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
}
MOST_TILE_BYTES = 4 * 1024 * 1024
_MOST_UNPACKED = 32 * 1024 * 1024
_GZIP = b"\x1f\x8b"
_LAYER_TAG = 0x1A
_MOST_CREDIT = 300
_HALF, _POLE = 180, 90
_OPENMAPTILES = frozenset({"transportation", "water"})
_PROTOMAPS = frozenset({"roads", "water"})
_IMAGE_SIGNS: tuple[tuple[TileFormat, int, bytes], ...] = (
    ("png", 0, b"\x89PNG\r\n\x1a\n"),
    ("jpg", 0, b"\xff\xd8\xff"),
    ("webp", 8, b"WEBP"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a file says of itself. `layers`: names of its vector layers; empty where the tiles are pictures."""

    tile_format: TileFormat
    bounds: Bounds
    min_zoom: int
    max_zoom: int
    attribution: str
    layers: tuple[str, ...]


class TileFile(Protocol):
    """A file of tiles, open for reading."""

    @property
    def about(self) -> About:
        """What it says of itself."""

    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        """The bytes of a tile as they are kept; None where there is none. Raises BadBasemap."""

    def close(self) -> None:
        """Let go of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basemap:
    """A basemap of this installation. `digest` is of all its tiles: the same tiles have the same address for ever."""

    name: str
    path: Path
    schema: Schema
    tile_format: TileFormat
    bounds: Bounds
    min_zoom: int
    max_zoom: int
    attribution: str
    tile_px: int
    tiles: int
    size: int
    digest: str
    source: str

    @property
    def content_type(self) -> str:
        """Of its tiles."""
        return CONTENT_TYPES[self.tile_format]


def schema_of(about: About) -> Schema:
    """Which of the schemas we have a style for. Raises BadBasemap, naming the layers there are."""
    if about.tile_format != "pbf":
        return "raster"
    found = frozenset(about.layers)
    if found >= _OPENMAPTILES:
        return "openmaptiles"
    if found >= _PROTOMAPS:
        return "protomaps"
    raise BadBasemap(
        f"its layers are {_listed(about.layers)}: neither OpenMapTiles (transportation, water, …) nor Protomaps "
        "(roads, water, …), so there is no style for it"
    )


def _listed(names: Collection[str]) -> str:
    shown = sorted(name[:30] for name in names)[:8]
    return ", ".join(shown) if shown else "not named"


def image_format(tile: bytes) -> TileFormat | None:
    """What kind of picture these bytes begin."""
    return next((kind for kind, at, sign in _IMAGE_SIGNS if tile[at : at + len(sign)] == sign), None)


def checked_tile(tile: bytes, tile_format: TileFormat) -> bytes:
    """The tile as it is served: a vector tile gzipped, a picture as it came. Raises BadBasemap."""
    if len(tile) > MOST_TILE_BYTES:
        raise BadBasemap(f"a tile has {len(tile) / 1e6:.1f} MB; at most {MOST_TILE_BYTES / 1e6:.0f} MB are served")
    if tile_format != "pbf":
        if image_format(tile) != tile_format:
            raise BadBasemap(f"a tile is no {tile_format} picture")
        return tile
    plain = _unzipped(tile)
    if plain and plain[0] != _LAYER_TAG:
        raise BadBasemap("a tile is no Mapbox Vector Tile")
    return tile if tile.startswith(_GZIP) else gzip.compress(tile, mtime=0)


def _unzipped(tile: bytes) -> bytes:
    if not tile.startswith(_GZIP):
        return tile
    reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        plain = reader.decompress(tile, _MOST_UNPACKED)
    except zlib.error as error:
        raise BadBasemap(f"a tile cannot be unpacked: {error}") from error
    if reader.unconsumed_tail or not reader.eof:
        raise BadBasemap("a tile is cut off, or too large when it is unpacked")
    return plain


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def plain_credit(said: object) -> str:
    """An attribution as text: files write it as HTML with links, and a page of ours shows no markup of others."""
    if not isinstance(said, str):
        return ""
    reader = _Text()
    reader.feed(said[: 10 * _MOST_CREDIT])
    reader.close()
    return " ".join("".join(reader.parts).split())[:_MOST_CREDIT]


def layers_in(metadata: Any) -> tuple[str, ...]:  # noqa: ANN401 — JSON of others
    """Names of the vector layers that a TileJSON lists; none where it lists nothing readable."""
    listed = metadata.get("vector_layers") if isinstance(metadata, dict) else None
    if not isinstance(listed, list):
        return ()
    return tuple(one["id"] for one in listed if isinstance(one, dict) and isinstance(one.get("id"), str))


def bounds_from(said: str) -> Bounds:
    """`west,south,east,north`. Raises BadBasemap."""
    try:
        west, south, east, north = (float(part) for part in said.split(","))
    except ValueError as error:
        raise BadBasemap(f"bounds: {said[:60]!r} are not west,south,east,north") from error
    return checked_bounds((west, south, east, north))


def checked_bounds(bounds: Bounds) -> Bounds:
    """The box, if it is one. Raises BadBasemap."""
    west, south, east, north = bounds
    if not (-_HALF <= west < east <= _HALF and -_POLE <= south < north <= _POLE):
        raise BadBasemap(f"bounds: {bounds} is no box on the earth")
    return bounds
