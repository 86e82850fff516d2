"""An MBTiles file (SQLite), read for its tiles; also the form in which this installation keeps its own."""

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

from geodata.basemap import About, TileFormat, bounds_from, image_format, layers_in, plain_credit
from geodata.errors import BadBasemap
from geodata.tiles import DEEPEST, Bounds

MAGIC = b"SQLite format 3\x00"
_WORLD: Bounds = (-180.0, -85.0, 180.0, 85.0)
_FORMATS: dict[str, TileFormat] = {
    "pbf": "pbf",
    "mvt": "pbf",
    "png": "png",
    "jpg": "jpg",
    "jpeg": "jpg",
    "webp": "webp",
}
_TILE = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"


class MbtilesFile:
    """Tiles by zoom, column and row. May be asked by several threads."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._database = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False, timeout=5
        )
        try:
            self.metadata = self._said()
            self.about = self._about()
        except BadBasemap:
            self._database.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._database.close()

    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        """The bytes of a tile as they are kept; None where there is none. Raises BadBasemap."""
        found = self._one(_TILE, (zoom, column, 2**zoom - 1 - row))  # rows count from the south here
        return bytes(found[0]) if found and found[0] else None

    def is_whole(self) -> bool:
        """Whether SQLite finds nothing wrong in the file."""
        found: tuple[str] = self._one("PRAGMA quick_check(1)", ())
        return found == ("ok",)

    def _one(self, question: str, words: tuple[int, ...]) -> Any:  # noqa: ANN401 — a row
        try:
            with self._lock:
                return self._database.execute(question, words).fetchone()
        except sqlite3.Error as error:
            raise BadBasemap(f"it cannot be read: {error}") from error

    def _said(self) -> dict[str, str]:
        try:
            rows = self._database.execute("SELECT name, value FROM metadata LIMIT 1000").fetchall()
        except sqlite3.Error as error:
            raise BadBasemap(f"it is no MBTiles file: {error}") from error
        return {str(name): str(value) for name, value in rows}

    def _about(self) -> About:
        said = self.metadata
        lowest, highest = self._zooms()
        return About(
            tile_format=self._format(),
            bounds=bounds_from(said["bounds"]) if "bounds" in said else _WORLD,
            min_zoom=lowest,
            max_zoom=highest,
            attribution=plain_credit(said.get("attribution")),
            layers=_layers(said.get("json", "")),
        )

    def _zooms(self) -> tuple[int, int]:
        lowest, highest = self._one("SELECT min(zoom_level), max(zoom_level) FROM tiles", ())
        if not isinstance(lowest, int) or not 0 <= lowest <= highest <= DEEPEST:
            raise BadBasemap("it holds no tiles of any zoom")
        return lowest, highest

    def _format(self) -> TileFormat:
        """As the metadata say it, else as the first tile looks."""
        said = _FORMATS.get(self.metadata.get("format", "").casefold())
        if said is not None and said != "png":
            return said
        first = self._one("SELECT tile_data FROM tiles LIMIT 1", ())
        found = said if first is None else image_format(bytes(first[0]))  # writers say png of any picture
        if found is None:
            raise BadBasemap(
                f"its tiles are {self.metadata.get('format', 'of no format')[:20]!r}, not pbf, png, jpg or webp"
            )
        return found


def _layers(said: str) -> tuple[str, ...]:
    try:
        return layers_in(json.loads(said)) if said else ()
    except ValueError:
        return ()
