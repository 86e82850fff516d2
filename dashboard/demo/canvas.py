"""Where a simulated view is painted once, under white light, as sheets that can be lit anew at any time of day."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.demo.lens import Floats, Lens, before_lens
from dashboard.demo.light import Colour

Picture = NDArray[np.uint8]
OVERSAMPLED = 2
SHIFT = 4
"""Bits after the point in the coordinates OpenCV is given."""

MOST_LAMPLIGHT = 1.25
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
    """Where a scene is painted, oversampled. Later faces hide earlier ones, so paint far to near."""

    def __init__(self, lens: Lens) -> None:
        self.lens = lens.enlarged(OVERSAMPLED)
        size = (self.lens.height, self.lens.width)
        self.albedo: Picture = np.zeros((*size, 3), np.uint8)
        self.glow: Picture = np.zeros((*size, 3), np.uint8)
        self.haze: Picture = np.full(size, 255, np.uint8)
        self.sky: Picture = np.full(size, 255, np.uint8)

    def face(self, corners_m: ArrayLike, colour: Colour, glow: Colour = (0, 0, 0)) -> None:
        """A flat, convex face in metres."""
        seen = before_lens(self.lens.seen_from(corners_m))
        if len(seen):
            self.fill(self.lens.pixels(seen), colour, glow, float(seen[0, 2]))

    def fill(self, outline_px: Floats, colour: Colour, glow: Colour, depth_m: float) -> None:
        """A convex outline in pixels of the oversampled picture."""
        bounded = outline_px.clip(-8 * self.lens.width, 8 * self.lens.width)
        corners = (bounded * (1 << SHIFT)).astype(np.int32)
        air = 255 * (1 - math.exp(-max(depth_m, 0) / _HAZE_M))
        for sheet, value in ((self.albedo, colour), (self.glow, glow), (self.haze, (air,)), (self.sky, (0,))):
            cv2.fillConvexPoly(sheet, corners, value, cv2.LINE_AA, SHIFT)

    def sheets(self, pools: NDArray[np.float32], is_road: NDArray[np.bool_]) -> Sheets:
        """The finished painting, at the size of the picture; `pools` 0 to `MOST_LAMPLIGHT`."""
        return Sheets(
            albedo=self._small(self.albedo),
            glow=self._small(self.glow),
            haze=self._small(self.haze),
            is_sky=self._small(self.sky),
            pools=np.asarray(pools * (255 / MOST_LAMPLIGHT), np.uint8),
            is_road=np.asarray(is_road * 255, np.uint8),
        )

    def _small(self, sheet: Picture) -> Picture:
        size = (self.lens.width // OVERSAMPLED, self.lens.height // OVERSAMPLED)
        return np.asarray(cv2.resize(sheet, size, interpolation=cv2.INTER_AREA), np.uint8)
