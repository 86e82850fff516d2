"""Where a simulated view is painted once, under white light, as sheets that can be lit anew at any time of day."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dashboard.demo.lens import NEAR_M, Floats, Lens, Point, before_lens
from dashboard.demo.light import Colour

Picture = NDArray[np.uint8]
OVERSAMPLED = 2
SHIFT = 4
"""Bits after the point in the coordinates OpenCV is given."""

MOST_LAMPLIGHT = 1.25
BLACK: Colour = (0.0, 0.0, 0.0)
_HAZE_M = 520.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """The parts of a backdrop at the size of the picture, in bytes: there are thirty of them in memory.

    `albedo` (colours) and `glow` (what shines by itself) have three channels; `haze` (air before it), `is_sky`
    and `is_road` are shares of 255; `pools` (where street lamps fall) is a share of `MOST_LAMPLIGHT`.
    """

    albedo: Picture
    glow: Picture
    haze: Picture
    pools: Picture
    is_road: Picture
    is_sky: Picture


class Canvas:
    """Where a scene is painted, oversampled. Later faces hide earlier ones, so paint far to near.

    Two pictures of four channels: colours and haze, glow and sky; so that a face is filled twice, not four times.
    """

    def __init__(self, lens: Lens) -> None:
        self.lens = lens.enlarged(OVERSAMPLED)
        size = (self.lens.height, self.lens.width, 4)
        self._surface: Picture = np.zeros(size, np.uint8)
        self._shine: Picture = np.zeros(size, np.uint8)
        self._surface[..., 3] = self._shine[..., 3] = 255

    @property
    def albedo(self) -> Picture:
        """Colours under white light; a view that may be written to."""
        return self._surface[..., :3]

    @property
    def glow(self) -> Picture:
        """What shines by itself; a view that may be written to."""
        return self._shine[..., :3]

    def face(self, corners_m: Iterable[Point], colour: Colour, glow: Colour = BLACK) -> None:
        """A flat, convex face in metres."""
        seen = before_lens(self.lens.seen_from(corners_m))
        if seen:
            self.fill(self.lens.pixels(seen), colour, glow, seen[0][2])

    def fill(self, outline_px: Floats, colour: Colour, glow: Colour, depth_m: float) -> None:
        """A convex outline in pixels of the oversampled picture."""
        far = 8.0 * self.lens.width
        corners = (np.minimum(np.maximum(outline_px, -far), far) * (1 << SHIFT)).astype(np.int32)
        air = 255 * (1 - math.exp(-max(depth_m, 0) / _HAZE_M))
        cv2.fillConvexPoly(self._surface, corners, (*colour, air), cv2.LINE_AA, SHIFT)
        cv2.fillConvexPoly(self._shine, corners, (*glow, 0), cv2.LINE_AA, SHIFT)

    def line(self, points_m: Iterable[Point], colour: Colour, width_px: int) -> None:
        """A thin line that does not shine."""
        seen = [point for point in self.lens.seen_from(points_m) if point[2] >= NEAR_M]
        if seen:
            corners = np.round(self.lens.pixels(seen) * (1 << SHIFT)).astype(np.int32)
            cv2.polylines(self._surface, [corners], False, (*colour, 0), width_px, cv2.LINE_AA, SHIFT)  # noqa: FBT003 — an open line
            cv2.polylines(self._shine, [corners], False, (0, 0, 0, 0), width_px, cv2.LINE_AA, SHIFT)  # noqa: FBT003

    def spark(self, column: float, row: float, glow: Colour) -> None:
        """A far light, one pixel large."""
        cv2.circle(self._shine, (round(column), round(row)), 1, (*glow, 0), -1, cv2.LINE_AA)

    def sheets(self, pools: NDArray[np.float32], is_road: NDArray[np.bool_]) -> Sheets:
        """The finished painting, at the size of the picture; `pools` 0 to `MOST_LAMPLIGHT`."""
        surface, shine = self._small(self._surface), self._small(self._shine)
        return Sheets(
            albedo=np.ascontiguousarray(surface[..., :3]),
            glow=np.ascontiguousarray(shine[..., :3]),
            haze=np.ascontiguousarray(surface[..., 3]),
            is_sky=np.ascontiguousarray(shine[..., 3]),
            pools=np.asarray(pools * (255 / MOST_LAMPLIGHT), np.uint8),
            is_road=np.asarray(is_road * 255, np.uint8),
        )

    def _small(self, sheet: Picture) -> Picture:
        size = (self.lens.width // OVERSAMPLED, self.lens.height // OVERSAMPLED)
        return np.asarray(cv2.resize(sheet, size, interpolation=cv2.INTER_AREA), np.uint8)
