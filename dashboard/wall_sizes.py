"""How large letters must be on a wall: from its size and its farthest seat to the size of one rem. Pure.

A letter of height h, seen from a distance d, fills an angle θ: h = 2 · d · tan(θ / 2). NUREG-0700 asks for 16 minutes
of arc at least, measured on capital letters. A typeface's capitals are a part of its size (CAP_RATIO), and the
smallest text of any wall is SMALLEST_REM: so the size of one rem follows, and with it every text and every box.
"""

import math
from dataclasses import dataclass

from dashboard.walls import WallSettings

LEAST_ARCMIN = 16.0
CAP_RATIO = 0.654
"""Height of the H of Source Sans Semibold, the lowest of the faces in use; a test measures it in the file."""

SMALLEST_REM = 1.0
_LONG_REM, _SHORT_REM = 120.0, 67.5
"""A wall is never laid out finer than so many rem: from nearby, letters grow instead of things becoming many."""

_PANEL_REM = 30.0
"""The same for each panel of a wall of many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """One screen in rem. `root_share` is one rem as a part of the width; `arcmin` what the smallest text then fills."""

    wide_rem: float
    high_rem: float
    root_share: float
    arcmin: float
    root_px: float


def cap_height_mm(distance_m: float, arcmin: float = LEAST_ARCMIN) -> float:
    """How high a capital must be to fill `arcmin` at a distance."""
    return 2 * distance_m * 1000 * math.tan(math.radians(arcmin / 60) / 2)


def arcmin_of(cap_mm: float, distance_m: float) -> float:
    """The angle that a capital fills: the other way round."""
    return 60 * math.degrees(2 * math.atan(cap_mm / (2 * distance_m * 1000)))


def type_px(distance_m: float, pitch_mm: float, cap_ratio: float = CAP_RATIO) -> float:
    """The size of type, in pixels of `pitch_mm`, whose capitals fill the least angle."""
    return cap_height_mm(distance_m) / cap_ratio / pitch_mm


def height_mm(wall: WallSettings) -> float:
    """Of its picture: as said, or in the shape of its pixels."""
    if wall.height_mm is not None:
        return wall.height_mm
    across, down = wall.pixels[0] * wall.columns, wall.pixels[1] * wall.rows
    return wall.width_mm * down / across


def root_size_mm(wall: WallSettings) -> float:
    """One rem in millimetres: as the farthest seat needs it, and never finer than walls of this shape are laid out."""
    needed = cap_height_mm(wall.farthest_seat_m) / (CAP_RATIO * SMALLEST_REM)
    wide, high = wall.width_mm, height_mm(wall)
    most_wide, most_high = (_LONG_REM, _SHORT_REM) if wide >= high else (_SHORT_REM, _LONG_REM)
    if wall.columns * wall.rows > 1:
        most_wide = max(most_wide, _PANEL_REM * wall.columns)
        most_high = max(most_high, _PANEL_REM * wall.rows * 9 / 16)
    return max(needed, wide / most_wide, high / most_high)


def canvas_of(wall: WallSettings) -> Canvas:
    """The screen in rem."""
    root_mm = root_size_mm(wall)
    share = root_mm / wall.width_mm
    return Canvas(
        wide_rem=1 / share,
        high_rem=height_mm(wall) / root_mm,
        root_share=share,
        arcmin=arcmin_of(root_mm * CAP_RATIO * SMALLEST_REM, wall.farthest_seat_m),
        root_px=share * wall.pixels[0] * wall.columns,
    )


def turned(wall: WallSettings) -> WallSettings:
    """The same wall, stood on its side."""
    return wall.model_copy(
        update={
            "width_mm": height_mm(wall),
            "height_mm": wall.width_mm,
            "columns": wall.rows,
            "rows": wall.columns,
            "pixels": wall.pixels[::-1],
        }
    )
