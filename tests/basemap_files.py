"""Real files of tiles, written by GDAL as anybody would: PMTiles and MBTiles in the two schemas we have a style for.

A vector tile is a list of layers, so the bytes of two tiles of one layer each, joined, are a tile of two layers.
"""

import json
import sqlite3
import struct
import zlib
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pyogrio
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from shapely.geometry import LineString, Point, box

ATTRIBUTION = '<a href="https://www.openstreetmap.org/copyright">&copy; OpenStreetMap contributors</a>'
WEST, SOUTH, EAST, NORTH = 117.0, -0.62, 117.3, -0.3

Tiles = dict[tuple[int, int, int], bytes]


def _streets(key: str, kinds: tuple[str, str]) -> gpd.GeoDataFrame:
    """A grid of streets over the middle of Samarinda; every fourth is a main one."""
    rows = []
    for number in range(13):
        lon, lat = 117.08 + number * 0.012, -0.56 + number * 0.012
        kind = kinds[0] if number % 4 == 0 else kinds[1]
        rows.append(({key: kind, "name": f"Jalan {number}"}, LineString([(lon, -0.58), (lon + 0.004, -0.38)])))
        rows.append(({key: kind, "name": f"Gang {number}"}, LineString([(117.06, lat), (117.26, lat + 0.003)])))
    return gpd.GeoDataFrame([said for said, _ in rows], geometry=[line for _, line in rows], crs=4326)


def _one(said: dict[str, object], shape) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame([said], geometry=[shape], crs=4326)


WATER = box(117.05, -0.53, 117.27, -0.515)
LAYERS = {
    "openmaptiles": {
        "transportation": _streets("class", ("primary", "minor")),
        "water": _one({"class": "river"}, WATER),
        "landuse": _one({"class": "residential"}, box(117.1, -0.5, 117.2, -0.42)),
        "place": _one({"class": "suburb", "name": "Segiri"}, Point(117.147, -0.488)),
    },
    "protomaps": {
        "roads": _streets("kind", ("major_road", "minor_road")),
        "water": _one({"kind": "river"}, WATER),
        "landuse": _one({"kind": "residential"}, box(117.1, -0.5, 117.2, -0.42)),
        "places": _one({"kind": "neighbourhood", "name": "Segiri"}, Point(117.147, -0.488)),
    },
}


def _layer_tiles(folder: Path, name: str, frame: gpd.GeoDataFrame, zooms: tuple[int, int]) -> Tiles:
    path = folder / f"{name}.mbtiles"
    path.unlink(missing_ok=True)
    pyogrio.write_dataframe(
        frame, path, layer=name, driver="MBTiles",
        dataset_options={"MINZOOM": str(zooms[0]), "MAXZOOM": str(zooms[1]), "NAME": name},
    )  # fmt: skip
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles").fetchall()
    return {(z, x, 2**z - 1 - y): zlib.decompress(data, zlib.MAX_WBITS | 32) for z, x, y, data in rows}


def vector_tiles(folder: Path, schema: str, zooms: tuple[int, int] = (8, 12)) -> Tiles:
    """Every tile, not packed."""
    folder.mkdir(parents=True, exist_ok=True)
    whole: Tiles = {}
    for name, frame in LAYERS[schema].items():
        for place, data in _layer_tiles(folder, name, frame, zooms).items():
            whole[place] = whole.get(place, b"") + data
    return whole


def png(colour: tuple[int, int, int], side: int = 256) -> bytes:
    """A square of one colour."""
    rows = (b"\x00" + bytes(colour) * side) * side

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def metadata(names: list[str]) -> dict[str, object]:
    """As planetiler and tippecanoe write it."""
    return {"attribution": ATTRIBUTION, "vector_layers": [{"id": name, "fields": {}} for name in names]}


def write_pmtiles(
    path: Path, tiles: Tiles, said: dict[str, object], tile_type: TileType = TileType.MVT, **more
) -> Path:
    """With the library of the format itself."""
    packed = {place: zlib_gzip(data) if tile_type is TileType.MVT else data for place, data in tiles.items()}
    with path.open("wb") as file:
        writer = Writer(file)
        for place in sorted(packed, key=lambda one: zxy_to_tileid(*one)):
            writer.write_tile(zxy_to_tileid(*place), packed[place])
        header = {
            "tile_type": tile_type,
            "tile_compression": Compression.GZIP if tile_type is TileType.MVT else Compression.NONE,
            "min_lon_e7": int(WEST * 1e7), "min_lat_e7": int(SOUTH * 1e7),
            "max_lon_e7": int(EAST * 1e7), "max_lat_e7": int(NORTH * 1e7),
        }  # fmt: skip
        writer.finalize({**header, **more}, said)
    return path


def zlib_gzip(data: bytes) -> bytes:
    """Packed as tiles are."""
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    return packer.compress(data) + packer.flush()


def write_mbtiles(path: Path, tiles: Tiles, said: dict[str, object], tile_format: str = "pbf") -> Path:
    """As its specification has it: rows from the south."""
    words = {
        "name": path.stem, "format": tile_format, "bounds": f"{WEST},{SOUTH},{EAST},{NORTH}",
        "attribution": str(said.get("attribution", "")),
        "json": json.dumps({"vector_layers": said.get("vector_layers")}),
    }  # fmt: skip
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            "CREATE TABLE metadata (name TEXT, value TEXT);"
            "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB);"
        )
        database.executemany("INSERT INTO metadata VALUES (?, ?)", words.items())
        rows = [
            (z, x, 2**z - 1 - y, zlib_gzip(data) if tile_format == "pbf" else data) for (z, x, y), data in tiles.items()
        ]
        database.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
        database.commit()
    return path


def basemap_file(folder: Path, schema: str, ending: str) -> Path:
    """A basemap of Samarinda in one of the schemas, as `.pmtiles` or `.mbtiles`."""
    tiles, said = vector_tiles(folder / "parts", schema), metadata(list(LAYERS[schema]))
    path = folder / f"{schema}.{ending}"
    return write_pmtiles(path, tiles, said) if ending == "pmtiles" else write_mbtiles(path, tiles, said)
