"""The list of cameras as a file again: what `layar cameras import` reads back without a change. Never a credential.

A cell that a spreadsheet would take for a formula gets a `'` before it, and loses it again on the way in.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from cctv.camera import Camera, PurposeCard
from cctv.masks import masks_text

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_DEFUSED = re.compile(r"'+[=+\-@\t\r]")
_NUMBERS = frozenset({"lon", "lat", "azimuth", "fov", "range", "period"})
_CARD = tuple(asdict(PurposeCard()))
COLUMNS = (
    "id", "name", "lon", "lat", "url", "snapshot_url", "kind", "period", "azimuth", "fov", "range", "night",
    "owner", "kelurahan", "group", "masks", "audience", *_CARD,
)  # fmt: skip


def row_of(camera: Camera) -> dict[str, Any]:
    """The camera as a line of a list, in our own spelling; `cctv/entry.py` reads it back."""
    said = asdict(camera)
    spelled = {"azimuth": "azimuth_deg", "fov": "fov_deg", "range": "range_m", "period": "period_s"}
    row = {column: said[spelled.get(column, column)] for column in COLUMNS if column not in _CARD}
    return {**row, "masks": [list(map(list, mask)) for mask in camera.masks], **said["card"]}


def csv_of(cameras: Iterable[Camera]) -> str:
    """All of them as CSV with a head, as Excel reads it."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(COLUMNS)
    for camera in cameras:
        row = {**row_of(camera), "masks": masks_text(camera.masks)}
        lines.writerow([_cell(column, row[column]) for column in COLUMNS])
    return "\ufeff" + text.getvalue()


def _cell(column: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return str(value) if column in _NUMBERS else defused(str(value))


def defused(cell: str) -> str:
    """The cell so that no spreadsheet calculates it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def as_meant(cell: str) -> str:
    """The cell as it was before `defused`."""
    return cell[1:] if _DEFUSED.match(cell) else cell


def geojson_of(cameras: Iterable[Camera]) -> str:
    """All of them as a FeatureCollection of points."""
    features = [_feature(camera) for camera in cameras]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1)


def _feature(camera: Camera) -> Mapping[str, Any]:
    row = row_of(camera)
    place = {"type": "Point", "coordinates": [row.pop("lon"), row.pop("lat")]}
    return {"type": "Feature", "id": camera.id, "geometry": place, "properties": row}
