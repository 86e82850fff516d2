"""Reading a boundary file: GeoJSON, GeoPackage, shapefile, the wilayah_boundaries SQL, or one of them zipped.

A file is told by its first bytes, never by trust in its name: GDAL opens nothing but what we recognised.
"""

import json
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from geodata.boundary_sql import looks_like_sql, read_sql
from geodata.errors import BadBoundaries
from geodata.raw_areas import RawArea, RawFile, Refusal, judged

MAX_BYTES = 200_000_000
_MAX_MEMBERS = 200
_CHUNK = 1 << 20
_ZIP, _GPKG, _SHP = b"PK\x03\x04", b"SQLite format 3\0", b"\x00\x00\x27\x0a"
_LAYERS = (".gpkg", ".geojson", ".json", ".shp", ".sql")
_SIDE_FILES = (".shx", ".dbf", ".prj", ".cpg")
_GDAL_ERRORS = (DataSourceError, DataLayerError, FeatureError, FieldError, GeometryError)


def read_boundary_file(path: Path) -> RawFile:
    """All areas of the file. Raises BadBoundaries when it cannot be read at all."""
    if not path.is_file():
        raise BadBoundaries(f"there is no file {path}")
    if path.stat().st_size > MAX_BYTES:
        raise BadBoundaries(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB; cut it down to one city")
    return _read_zip(path) if _start(path).startswith(_ZIP) else _read_unpacked(path)


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(16)


def _read_unpacked(path: Path) -> RawFile:
    return _read_with_gdal(path) if _start(path).startswith((_GPKG, _SHP)) else _read_text(path)


def _read_text(path: Path) -> RawFile:
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadBoundaries(
            f"{path.name} is none of GeoJSON, GeoPackage, shapefile, zip, SQL (byte {error.start} is no text)"
        ) from error
    if text.lstrip()[:1] == "{":
        return _read_geojson(text, path.name)
    if looks_like_sql(text):
        return read_sql(text)
    raise BadBoundaries(f"{path.name} is none of GeoJSON, GeoPackage, shapefile, zip, SQL")


def _read_geojson(text: str, name: str) -> RawFile:
    try:
        said = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}"
        raise BadBoundaries(f"{name}: {where}, column {error.colno}: {error.msg}", field=where) from error
    except RecursionError as error:
        raise BadBoundaries(f"{name}: brackets are nested too deep") from error
    features = said.get("features")
    if said.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise BadBoundaries(f"{name} is JSON but no GeoJSON FeatureCollection")
    return judged(_features(features, _crs_of(said, name)))


def _crs_of(said: dict[str, object], name: str) -> CRS | None:
    """The coordinate system an old GeoJSON names; None for WGS 84."""
    match said.get("crs"):
        case None:
            return None
        case {"properties": {"name": str(crs)}}:
            return _known_crs(crs, name)
        case strange:
            raise BadBoundaries(f"{name}: `crs` {str(strange)[:80]!r} names no coordinate system", field="crs")


def _known_crs(crs: str, name: str) -> CRS | None:
    try:
        known = CRS.from_user_input(crs)
    except CRSError as error:
        raise BadBoundaries(f"{name}: unknown coordinate system {crs[:80]!r}", field="crs") from error
    return None if known.equals(CRS.from_epsg(4326), ignore_axis_order=True) else known


def _features(features: list[object], crs: CRS | None) -> Iterator[RawArea | Refusal]:
    to_degrees = Transformer.from_crs(crs, 4326, always_xy=True) if crs else None
    for number, said in enumerate(features, 1):
        where = f"feature {number}"
        if not isinstance(said, dict) or not isinstance(said.get("geometry"), dict):
            yield Refusal(where=where, why="it has no shape")
            continue
        try:
            shape = shapely.from_geojson(json.dumps(said["geometry"]))
            shape = _in_degrees(shape, to_degrees)
        except (GEOSException, ProjError) as error:
            yield Refusal(where=where, why=f"its shape is no GeoJSON: {error}"[:200])
            continue
        values = said.get("properties")
        yield RawArea(where=where, values=values if isinstance(values, dict) else {}, shape=shape)


def _in_degrees(shape: BaseGeometry, to_degrees: Transformer | None) -> BaseGeometry:
    if to_degrees is None:
        return shape
    return shapely.transform(shape, lambda xy: np.column_stack(to_degrees.transform(*xy.T)))


def _read_with_gdal(path: Path) -> RawFile:
    """A GeoPackage's first layer of polygons, or a shapefile."""
    try:
        with warnings.catch_warnings(action="ignore", category=RuntimeWarning):  # GDAL's remarks on odd file names
            frame = pyogrio.read_dataframe(path, layer=_polygon_layer(path))
    except _GDAL_ERRORS as error:
        raise BadBoundaries(f"{path.name} is damaged or not whole: {error}"[:300]) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise BadBoundaries(f"{path.name} holds no shapes")
    return judged(_rows(_frame_in_degrees(frame, path.name)))


def _polygon_layer(path: Path) -> str:
    layers = [name for name, kind in pyogrio.list_layers(path) if kind and "Polygon" in kind]
    if not layers:
        raise BadBoundaries(f"{path.name} has no layer of polygons")
    return str(layers[0])


def _frame_in_degrees(frame: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    if frame.crs is not None:
        return frame.to_crs(4326)
    if len(frame) and abs(frame.total_bounds).max() > 180:  # noqa: PLR2004 — degrees never exceed it
        raise BadBoundaries(f"{name} does not say its coordinate system (is its .prj missing?)", field="crs")
    return frame


def _rows(frame: gpd.GeoDataFrame) -> Iterator[RawArea]:
    attributes = frame.drop(columns=frame.geometry.name).to_dict("records")
    for number, (values, shape) in enumerate(zip(attributes, frame.geometry, strict=True), 1):
        yield RawArea(where=f"feature {number}", values=values, shape=shape)


def _read_zip(path: Path) -> RawFile:
    with TemporaryDirectory(prefix="layar-boundaries-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                inner = _unpacked(archive, path.name, Path(folder))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise BadBoundaries(f"{path.name} cannot be unpacked: {error}") from error
        return _read_unpacked(inner)


def _unpacked(archive: zipfile.ZipFile, name: str, folder: Path) -> Path:
    """The one boundary file of the archive with its side files, under names of ours, within a bound."""
    members = [member for member in archive.infolist() if not member.is_dir() and "__MACOSX" not in member.filename]
    layers = [member for member in members if Path(member.filename).suffix.lower() in _LAYERS]
    if len(members) > _MAX_MEMBERS or len(layers) != 1:
        found = ", ".join(member.filename for member in layers[:5]) or "none"
        raise BadBoundaries(f"{name} should hold exactly one boundary file ({' '.join(_LAYERS)}), it holds: {found}")
    stem = Path(layers[0].filename).with_suffix("")
    wanted = [m for m in members if Path(m.filename).with_suffix("") == stem and _is_wanted(m.filename)]
    room = MAX_BYTES
    for member in wanted:
        room -= _unpack(archive, member, folder / f"boundaries{Path(member.filename).suffix.lower()}", room)
    return folder / f"boundaries{Path(layers[0].filename).suffix.lower()}"


def _is_wanted(filename: str) -> bool:
    return Path(filename).suffix.lower() in _LAYERS + _SIDE_FILES


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, room: int) -> int:
    """Bytes written. Counts what comes out, not what the archive promises."""
    written = 0
    with archive.open(member) as packed, target.open("wb") as file:
        while chunk := packed.read(_CHUNK):
            written += len(chunk)
            if written > room:
                raise BadBoundaries(f"{member.filename} unpacks to more than {MAX_BYTES // 1_000_000} MB")
            file.write(chunk)
    return written
