"""The pinhole camera of a simulated street camera: metres on the street → pixels of the picture."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
NEAR_M = 1.0
_LEVEL = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """A camera on a pole over the origin. x is right, y along the road, z up, all in metres.

    `yaw_rad` turns it to the right of the road's direction, `pitch_rad` down; `x_m` moves it sideways.
    """

    width: int = 640
    height: int = 360
    focal_px: float = 540.0
    height_m: float = 7.5
    pitch_rad: float = 0.22
    yaw_rad: float = 0.0
    x_m: float = 0.0

    @property
    def horizon_px(self) -> float:
        """Row of the horizon."""
        return self.height / 2 - self.focal_px * math.tan(self.pitch_rad)

    def enlarged(self, times: int) -> "Lens":
        """The same view with `times` as many pixels each way."""
        return replace(self, width=self.width * times, height=self.height * times, focal_px=self.focal_px * times)

    def seen_from(self, points_m: ArrayLike) -> Floats:
        """(N, 3) metres of the street → (N, 3) right, down, depth of the camera."""
        points = np.asarray(points_m, dtype=np.float64).reshape(-1, 3)
        x, y, drop = points[:, 0] - self.x_m, points[:, 1], self.height_m - points[:, 2]
        ahead = x * math.sin(self.yaw_rad) + y * math.cos(self.yaw_rad)
        seen = np.empty((len(points), 3))
        seen[:, 0] = x * math.cos(self.yaw_rad) - y * math.sin(self.yaw_rad)
        seen[:, 1] = drop * math.cos(self.pitch_rad) - ahead * math.sin(self.pitch_rad)
        seen[:, 2] = ahead * math.cos(self.pitch_rad) + drop * math.sin(self.pitch_rad)
        return seen

    def pixels(self, seen: Floats) -> Floats:
        """(N, 3) of the camera → (N, 2) column, row. Depth must be positive."""
        return seen[:, :2] * (self.focal_px / seen[:, 2:3]) + (self.width / 2, self.height / 2)

    def polygon(self, corners_m: ArrayLike) -> Floats | None:
        """Corners of a flat face as (N, 2) pixels, cut at the near plane; None when it lies behind."""
        seen = before_lens(self.seen_from(corners_m))
        return self.pixels(seen) if len(seen) else None

    def spot(self, point_m: ArrayLike) -> tuple[float, float, float] | None:
        """(column, row, pixels per metre) of one point; None when it lies behind."""
        seen = self.seen_from(point_m)
        if seen[0, 2] < NEAR_M:
            return None
        column, row = self.pixels(seen)[0]
        return float(column), float(row), float(self.focal_px / seen[0, 2])

    def ground(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
        """x, y in metres of the ground under every pixel, and which pixels show ground at all."""
        columns, rows = np.meshgrid(np.arange(self.width) + 0.5, np.arange(self.height) + 0.5)
        right, down = (columns - self.width / 2) / self.focal_px, (rows - self.height / 2) / self.focal_px
        fall = down * math.cos(self.pitch_rad) + math.sin(self.pitch_rad)
        depth = self.height_m / np.maximum(fall, _LEVEL)
        ahead = depth * (math.cos(self.pitch_rad) - down * math.sin(self.pitch_rad))
        aside = depth * right
        x = aside * math.cos(self.yaw_rad) + ahead * math.sin(self.yaw_rad) + self.x_m
        y = ahead * math.cos(self.yaw_rad) - aside * math.sin(self.yaw_rad)
        return x.astype(np.float32), y.astype(np.float32), fall > _LEVEL


def before_lens(seen: Floats) -> Floats:
    """What of a polygon (N, 3) of the camera lies beyond the near plane; empty when nothing does."""
    if seen[:, 2].min() >= NEAR_M:
        return seen
    kept: list[Floats] = []
    for here, there in zip(seen, np.roll(seen, -1, axis=0), strict=True):
        if here[2] >= NEAR_M:
            kept.append(here)
        if (here[2] >= NEAR_M) != (there[2] >= NEAR_M):
            share = (NEAR_M - here[2]) / (there[2] - here[2])
            kept.append(here + (there - here) * share)
    return np.array(kept).reshape(-1, 3)
