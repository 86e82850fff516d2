"""Boundaries on disk: one GeoPackage per city, written whole or not at all, with where they came from."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from geodata.errors import BadBoundaries

LAYER = "kelurahan"
COLUMNS = ("code", "name", "kecamatan", "lon", "lat", "area_km2", "geometry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundaries:
    """A clean coverage: the columns of `COLUMNS`, degrees WGS 84, sorted by code; and its source in words."""

    frame: gpd.GeoDataFrame
    source: str


def path_of(folder: Path, code: str) -> Path:
    """Where the boundaries of a city lie; `folder` is `DIR/cities`."""
    return folder / f"{code}.boundaries.gpkg"


def save(path: Path, boundaries: Boundaries) -> None:
    """Replace the file atomically: a reader sees the old boundaries or the new ones."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".boundaries-") as folder:
        fresh = Path(folder) / path.name
        pyogrio.write_dataframe(
            boundaries.frame[list(COLUMNS)],
            fresh,
            layer=LAYER,
            driver="GPKG",
            layer_metadata={"source": boundaries.source},
        )
        with fresh.open("rb+") as written:
            os.fsync(written.fileno())
        fresh.replace(path)


def read(path: Path) -> Boundaries:
    """Read what `save` wrote. Raises BadBoundaries when it is damaged."""
    try:
        frame = pyogrio.read_dataframe(path, layer=LAYER)
        metadata = pyogrio.read_info(path, layer=LAYER)["layer_metadata"] or {}
    except (DataSourceError, DataLayerError) as error:
        raise BadBoundaries(f"{path} is damaged; import the boundaries again: {error}") from error
    missing = set(COLUMNS) - set(frame.columns)
    if missing or frame.empty:
        raise BadBoundaries(f"{path} is not a boundary file of ours (no {', '.join(sorted(missing)) or 'areas'})")
    return Boundaries(frame=frame, source=metadata.get("source", "unknown"))
