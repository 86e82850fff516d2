"""What a camera may not show: polygons that are painted over before a picture becomes a JPEG.

A mask is a list of corners `[x, y]` in fractions of the picture, 0,0 at its top left and 1,1 at its bottom right,
so that it holds in every size. What cannot be painted over faithfully is refused, never guessed.
"""

import json
import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from cctv.camera import Corner, Mask, Masks

MOST_MASKS = 32
MOST_CORNERS = 64
_LEAST_CORNERS = 3
_LEAST_AREA = 1e-5
_MOST_TEXT = 40_000
_PAINT = (58, 50, 44)
_MARGIN = 400


def read_masks(said: object) -> Masks:
    """The masks of a list, or of one written as JSON. Raises ValueError that says what is wrong."""
    if isinstance(said, str):
        said = _from_json(said.strip())
    if said is None:
        return ()
    if not isinstance(said, list | tuple):
        raise ValueError("is a list of polygons, each a list of [x, y] between 0 and 1")  # noqa: TRY004 — from outside
    if len(said) > MOST_MASKS:
        raise ValueError(f"holds more than {MOST_MASKS} polygons")
    return tuple(_mask(number, one) for number, one in enumerate(said, 1))


def masks_text(masks: Masks) -> str:
    """The masks as one cell of a list; `read_masks` reads them back."""
    return json.dumps(masks, separators=(",", ":")) if masks else ""


def _from_json(text: str) -> Any:  # noqa: ANN401 — whatever the cell holds
    if not text:
        return None
    if len(text) > _MOST_TEXT:
        raise ValueError(f"is longer than {_MOST_TEXT} characters")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("is not JSON, such as [[[0,0],[0.3,0],[0.3,0.2]]]") from None


def _mask(number: int, said: object) -> Mask:
    if not isinstance(said, list | tuple) or not _LEAST_CORNERS <= len(said) <= MOST_CORNERS:
        raise ValueError(f"polygon {number} has not {_LEAST_CORNERS} to {MOST_CORNERS} corners")
    corners = tuple(_corner(number, one) for one in said)
    if len(corners) > _LEAST_CORNERS and corners[0] == corners[-1]:
        corners = corners[:-1]  # GeoJSON's habit
    if abs(_area(corners)) < _LEAST_AREA and not _crosses_itself(corners):
        raise ValueError(f"polygon {number} covers nothing")
    if _crosses_itself(corners):
        raise ValueError(f"polygon {number} crosses itself, so it is not clear what it covers; draw it as two")
    return corners


def _corner(number: int, said: object) -> Corner:
    if not isinstance(said, list | tuple) or len(said) != 2:  # noqa: PLR2004 — x and y
        raise ValueError(f"polygon {number}: a corner is [x, y]")
    if any(isinstance(one, bool) or not isinstance(one, int | float) or not math.isfinite(one) for one in said):
        raise ValueError(f"polygon {number}: a corner is two numbers")
    if not all(0 <= one <= 1 for one in said):
        raise ValueError(f"polygon {number}: corners are fractions of the picture, between 0 and 1, not pixels")
    return float(said[0]), float(said[1])


def _area(mask: Mask) -> float:
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in _edges(mask)) / 2


def _edges(mask: Mask) -> Iterator[tuple[Corner, Corner]]:
    return pairwise((*mask, mask[0]))


def _crosses_itself(mask: Mask) -> bool:
    edges = list(_edges(mask))
    return any(_cross(*one, *other) for number, one in enumerate(edges) for other in edges[number + 2 :])


def _cross(a: Corner, b: Corner, c: Corner, d: Corner) -> bool:
    """Whether the inner parts of a to b and c to d meet in a point."""
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Corner, b: Corner, c: Corner) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def paint_over(pixels: NDArray[Any], masks: Masks) -> None:
    """Paint the masks into the picture, in place, with a margin of a 400th so that rounding uncovers nothing."""
    height, width = pixels.shape[:2]
    margin = 1 + 2 * math.ceil(max(width, height) / _MARGIN)
    for mask in masks:  # one by one: OpenCV leaves out what two polygons of one call both cover
        corners = np.rint(np.array(mask) * (width, height)).astype(np.int32)
        cv2.fillPoly(pixels, [corners], _PAINT)
        cv2.polylines(pixels, [corners], isClosed=True, color=_PAINT, thickness=margin)


def covered(masks: Masks, width: int, height: int) -> NDArray[np.bool_]:
    """Which pixels of a picture of that size the masks hide, (height, width)."""
    sheet = np.zeros((height, width, 3), np.uint8)
    paint_over(sheet, masks)
    return np.asarray(sheet.any(axis=2))
