"""A PMTiles file (version 3), read for its tiles. Every directory is unpacked once, not once a tile."""

import gzip
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from pmtiles.tile import (
    Compression,
    Entry,
    HeaderDict,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_directory,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)

from geodata.basemap import MOST_TILE_BYTES, About, TileFormat, checked_bounds, layers_in, plain_credit
from geodata.errors import BadBasemap
from geodata.tiles import DEEPEST

MAGIC = b"PMTiles"
_HEADER = 127
_DEEPEST_DIRECTORY = 4
_MOST_DIRECTORY = 64 * 1024 * 1024
_FORMATS: dict[TileType, TileFormat] = {
    TileType.MVT: "pbf",
    TileType.PNG: "png",
    TileType.JPEG: "jpg",
    TileType.WEBP: "webp",
}
_READ = (Compression.NONE, Compression.GZIP, Compression.UNKNOWN)


class PmtilesFile:
    """Tiles by zoom, column and row."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        try:
            self._header = _header(self._file.read(_HEADER))
            self.about = _about(self._header, self._metadata())
        except BadBasemap:
            self._file.close()
            raise
        self._directory = lru_cache(maxsize=256)(self._read_directory)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        """The bytes of a tile as they are kept; None where there is none. Raises BadBasemap."""
        wanted, header = zxy_to_tileid(zoom, column, row), self._header
        offset, length = header["root_offset"], header["root_length"]
        for _ in range(_DEEPEST_DIRECTORY):
            entry = find_tile(self._directory(offset, length), wanted)
            if entry is None:
                return None
            if entry.run_length:
                return self._bytes(header["tile_data_offset"] + entry.offset, entry.length, MOST_TILE_BYTES)
            offset, length = header["leaf_directory_offset"] + entry.offset, entry.length
        raise BadBasemap("its directories lead nowhere")

    def _bytes(self, offset: int, length: int, most: int) -> bytes:
        if length > most:
            raise BadBasemap(f"a part of it has {length / 1e6:.1f} MB; at most {most / 1e6:.0f} MB are read")
        self._file.seek(offset)
        found = self._file.read(length)
        if len(found) != length:
            raise BadBasemap("it ends too early: copy it again")
        return found

    def _read_directory(self, offset: int, length: int) -> list[Entry]:
        packed = self._bytes(offset, length, _MOST_DIRECTORY)
        try:
            return deserialize_directory(packed)
        except (EOFError, OSError, ValueError) as error:
            raise BadBasemap(f"a directory of it cannot be read: {error}") from error

    def _metadata(self) -> Any:  # noqa: ANN401 — JSON of others
        packed = self._bytes(self._header["metadata_offset"], self._header["metadata_length"], _MOST_DIRECTORY)
        try:
            is_packed = self._header["internal_compression"] == Compression.GZIP
            return json.loads(gzip.decompress(packed) if is_packed else packed)
        except (EOFError, OSError, ValueError) as error:
            raise BadBasemap(f"its metadata cannot be read: {error}") from error


def _header(packed: bytes) -> HeaderDict:
    try:
        header = deserialize_header(packed)
    except SpecVersionUnsupported as error:
        raise BadBasemap("it is PMTiles of another version than 3: `pmtiles upgrade` makes it new") from error
    except (MagicNumberNotFound, ValueError, IndexError, UnicodeDecodeError) as error:
        raise BadBasemap("its header cannot be read: it is no whole PMTiles file") from error
    if header["internal_compression"] != Compression.GZIP:
        raise BadBasemap("its directories are not packed with gzip, so they cannot be read")
    if header["tile_compression"] not in _READ:
        raise BadBasemap(
            f"its tiles are packed with {header['tile_compression'].name.lower()}; browsers want gzip here"
        )
    return header


def _about(header: HeaderDict, metadata: Any) -> About:  # noqa: ANN401 — JSON of others
    tile_format = _FORMATS.get(header["tile_type"])
    if tile_format is None:
        raise BadBasemap(f"its tiles are {header['tile_type'].name}; MVT, PNG, JPEG and WebP can be shown")
    if not header["min_zoom"] <= header["max_zoom"] <= DEEPEST:
        raise BadBasemap(f"its zooms are {header['min_zoom']} to {header['max_zoom']}")
    box = (header["min_lon_e7"], header["min_lat_e7"], header["max_lon_e7"], header["max_lat_e7"])
    west, south, east, north = (part / 1e7 for part in box)
    return About(
        tile_format=tile_format,
        bounds=checked_bounds((west, south, east, north)),
        min_zoom=header["min_zoom"],
        max_zoom=header["max_zoom"],
        attribution=plain_credit(metadata.get("attribution") if isinstance(metadata, dict) else None),
        layers=layers_in(metadata),
    )
