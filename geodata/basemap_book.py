"""The basemaps of this installation: `DIR/basemaps/<name>.mbtiles`, each cut to the city and checked tile by tile.

Whatever was brought is kept as MBTiles: one way to serve, and a country on a stick becomes a city on a disk.
"""

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from geodata import basemap_mbtiles, basemap_pmtiles
from geodata.basemap import Basemap, Schema, TileFile, checked_tile, schema_of
from geodata.basemap_mbtiles import MbtilesFile
from geodata.basemap_pmtiles import PmtilesFile
from geodata.errors import BadBasemap, NotFound
from geodata.tiles import Bounds, share_covered, tiles_over, widened

FOLDER = "basemaps"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
MOST_BYTES = 4 * 1024**3
_MOST_TILES = 2_000_000
_AROUND = 0.5
"""A wall shows more than the city: so much of its width is kept on each side."""
_STREETS_FROM = 12
_USUAL_PX = 256
_PNG_WIDTH = slice(16, 20)
_TABLES = """
CREATE TABLE metadata (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB NOT NULL,
  PRIMARY KEY (zoom_level, tile_column, tile_row));
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A basemap that was taken in. `covered`: how much of the city it has tiles for; `notes` are for the operator."""

    basemap: Basemap
    covered: float
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A file in the folder that cannot be used, and why."""

    name: str
    why: str


def opened(path: Path) -> TileFile:
    """A file of tiles, told by its content. Raises BadBasemap."""
    try:
        with path.open("rb") as file:
            start = file.read(16)
        if start.startswith(basemap_pmtiles.MAGIC):
            return PmtilesFile(path)
        if start == basemap_mbtiles.MAGIC:
            return MbtilesFile(path)
    except (OSError, sqlite3.Error) as error:
        raise BadBasemap(f"{path.name} cannot be read: {error}") from error
    raise BadBasemap(f"{path.name} is neither PMTiles nor MBTiles")


def add(path: Path, data_dir: Path, city: Bounds, name: str | None = None) -> Added:
    """Take in what `path` has of the city and its surroundings; one of the same name is replaced. Raises BadBasemap."""
    name = checked_name(name or _name_of(path))
    with closing(opened(path)) as file:
        about = file.about
        schema, covered = schema_of(about), share_covered(city, about.bounds)
        if not covered:
            raise BadBasemap(f"{path.name} covers {_said(about.bounds)}; the city lies in {_said(city)}")
        folder = data_dir / FOLDER
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = folder / f".{name}.fresh"
        fresh.unlink(missing_ok=True)
        try:
            _copy(file, fresh, widened(city, _AROUND), {"name": name, "schema": schema, "source": path.name})
            kept = folder / f"{name}.mbtiles"
            fresh.replace(kept)
        finally:
            fresh.unlink(missing_ok=True)
    basemap = read(kept)
    return Added(basemap=basemap, covered=covered, notes=tuple(_notes(basemap, covered)))


def basemaps(data_dir: Path) -> list[Basemap | Unreadable]:
    """All there are, the newest first."""
    files = sorted((data_dir / FOLDER).glob("*.mbtiles"), key=lambda one: (-one.stat().st_mtime_ns, one.name))
    return [_read_or_why(path) for path in files]


def chosen(data_dir: Path, name: str) -> Basemap | None:
    """The one to be shown: of that name, or the newest where `name` is empty. Raises NotFound."""
    usable = [one for one in basemaps(data_dir) if isinstance(one, Basemap)]
    found = next((one for one in usable if name in {"", one.name}), None)
    if found is None and name:
        raise NotFound(f"there is no basemap {name!r}; `layar basemap list` says which there are")
    return found


def remove(data_dir: Path, name: str) -> None:
    """Delete one. Raises NotFound."""
    path = data_dir / FOLDER / f"{checked_name(name)}.mbtiles"
    if not path.is_file():
        raise NotFound(f"there is no basemap {name!r}; `layar basemap list` says which there are")
    path.unlink()


def check(basemap: Basemap) -> None:
    """Read every tile again and compare. Raises BadBasemap."""
    with closing(MbtilesFile(basemap.path)) as file:
        if not file.is_whole():
            raise BadBasemap(f"{basemap.path.name} is damaged: add it again")
    with closing(sqlite3.connect(f"{basemap.path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        found = _digest(database)
    if found != basemap.digest:
        raise BadBasemap(f"{basemap.path.name} is not what was added: its tiles have changed")


def read(path: Path) -> Basemap:
    """What is known of a file of ours. Raises BadBasemap."""
    try:
        with closing(MbtilesFile(path)) as file:
            return _basemap(file, path)
    except sqlite3.Error as error:
        raise BadBasemap(f"{path.name} cannot be read: {error}") from error


def _basemap(file: MbtilesFile, path: Path) -> Basemap:
    about, said = file.about, file.metadata
    schema = next((one for one in get_args(Schema) if one == said.get("layar_schema")), None)
    if schema is None or not said.get("layar_digest"):
        raise BadBasemap(f"{path.name} was not added by `layar basemap add`")
    return Basemap(
        name=path.stem,
        path=path,
        schema=schema,
        tile_format=about.tile_format,
        bounds=about.bounds,
        min_zoom=about.min_zoom,
        max_zoom=about.max_zoom,
        attribution=about.attribution,
        tile_px=int(said.get("layar_tile_px", _USUAL_PX)),
        tiles=int(said.get("layar_tiles", 0)),
        size=path.stat().st_size,
        digest=said["layar_digest"],
        source=said.get("layar_source", ""),
    )


def _read_or_why(path: Path) -> Basemap | Unreadable:
    try:
        return read(path)
    except (BadBasemap, ValueError) as error:
        return Unreadable(name=path.stem, why=str(error))


def checked_name(name: str) -> str:
    """The name, if it can be a file's and part of an address. Raises BadBasemap."""
    if not NAME.fullmatch(name):
        raise BadBasemap(f"{name[:60]!r} is no name: small letters, digits, - and _, at most 40", field="name")
    return name


def _name_of(path: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "-", path.stem.casefold()).strip("-")[:40] or "basemap"


def _copy(file: TileFile, fresh: Path, area: Bounds, words: dict[str, str]) -> None:
    about = file.about
    # Rows go in one transaction: a broken file leaves nothing behind but a name that is deleted.
    with closing(sqlite3.connect(fresh)) as database:
        database.executescript(f"PRAGMA journal_mode=OFF; {_TABLES}")
        size = count = 0
        first = b""
        for zoom, column, row, tile in _tiles(file, area):
            size, count, first = size + len(tile), count + 1, first or tile
            if size > MOST_BYTES or count > _MOST_TILES:
                raise BadBasemap(f"more than {MOST_BYTES / 1e9:.0f} GB or {_MOST_TILES:,} tiles lie around the city")
            database.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)", (zoom, column, 2**zoom - 1 - row, tile))
        if not count:
            raise BadBasemap("it has no tile of the city")
        box = tuple(map(max, about.bounds[:2], area[:2])) + tuple(map(min, about.bounds[2:], area[2:]))
        known = {
            "name": words["name"],
            "format": about.tile_format,
            "bounds": ",".join(f"{part:.6f}" for part in box),
            "attribution": about.attribution,
            "layar_schema": words["schema"],
            "layar_source": words["source"][:120],
            "layar_tile_px": str(_width(first) if about.tile_format == "png" else _USUAL_PX),
            "layar_tiles": str(count),
            "layar_digest": _digest(database),
        }
        database.executemany("INSERT INTO metadata VALUES (?, ?)", known.items())
        database.commit()


def _tiles(file: TileFile, area: Bounds) -> Iterator[tuple[int, int, int, bytes]]:
    about = file.about
    for zoom in range(about.min_zoom, about.max_zoom + 1):
        for _, column, row in tiles_over(area, zoom):
            tile = file.tile(zoom, column, row)
            if tile:
                yield zoom, column, row, checked_tile(tile, about.tile_format)


def _digest(database: sqlite3.Connection) -> str:
    digest = hashlib.blake2s(digest_size=10)
    ordered = "SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles ORDER BY 1, 2, 3"
    for zoom, column, row, tile in database.execute(ordered):
        digest.update(f"{zoom}/{column}/{row}/{len(tile)};".encode())
        digest.update(tile)
    return digest.hexdigest()


def _width(png: bytes) -> int:
    """Pictures of 512 pixels are shown as such, everything else as the usual 256."""
    return 512 if int.from_bytes(png[_PNG_WIDTH], "big") == 2 * _USUAL_PX else _USUAL_PX


def _notes(basemap: Basemap, covered: float) -> Iterator[str]:
    if covered < 1:
        yield f"it covers {covered:.0%} of the city; the rest is drawn without streets"
    if basemap.max_zoom < _STREETS_FROM:
        yield f"its closest zoom is {basemap.max_zoom}: small streets come with {_STREETS_FROM} and more"
    if not basemap.attribution:
        yield "it names no source: where it is from OpenStreetMap, give --attribution '© OpenStreetMap contributors'"


def _said(bounds: Bounds) -> str:
    return ", ".join(f"{part:.3f}" for part in bounds)


def with_attribution(basemap: Basemap, attribution: str) -> Basemap:
    """The same file with another source named."""
    with closing(sqlite3.connect(basemap.path)) as database:
        database.execute("UPDATE metadata SET value = ? WHERE name = 'attribution'", (attribution,))
        database.commit()
    return replace(basemap, attribution=attribution)
