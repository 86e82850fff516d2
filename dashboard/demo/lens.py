"""The pinhole camera of a simulated street camera: metres on the street → pixels of the picture."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Point = tuple[float, float, float]
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

    def seen_from(self, points_m: Iterable[Point]) -> list[Point]:
        """Metres of the street → right, down, depth of the camera. Plain numbers: faces have few corners."""
        sin_yaw, cos_yaw = math.sin(self.yaw_rad), math.cos(self.yaw_rad)
        sin_pitch, cos_pitch = math.sin(self.pitch_rad), math.cos(self.pitch_rad)
        seen = []
        for x_m, y, z in points_m:
            x, drop = x_m - self.x_m, self.height_m - z
            ahead = x * sin_yaw + y * cos_yaw
            right, down = x * cos_yaw - y * sin_yaw, drop * cos_pitch - ahead * sin_pitch
            seen.append((right, down, ahead * cos_pitch + drop * sin_pitch))
        return seen

    def pixels(self, seen: Iterable[Point]) -> Floats:
        """Points of the camera → (N, 2) column, row. Depth must be positive."""
        middle, centre = self.width / 2, self.height / 2
        return np.array([(r / d * self.focal_px + middle, v / d * self.focal_px + centre) for r, v, d in seen])

    def polygon(self, corners_m: Iterable[Point]) -> Floats | None:
        """Corners of a flat face as (N, 2) pixels, cut at the near plane; None when it lies behind."""
        seen = before_lens(self.seen_from(corners_m))
        return self.pixels(seen) if seen else None

    def spot(self, point_m: Point) -> tuple[float, float, float] | None:
        """(column, row, pixels per metre) of one point; None when it lies behind."""
        ((right, down, depth),) = self.seen_from((point_m,))
        if depth < NEAR_M:
            return None
        scale = self.focal_px / depth
        return right * scale + self.width / 2, down * scale + self.height / 2, scale

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


def before_lens(seen: list[Point]) -> list[Point]:
    """What of a polygon of the camera lies beyond the near plane; empty when nothing does."""
    if min(depth for _, _, depth in seen) >= NEAR_M:
        return seen
    kept: list[Point] = []
    for here, there in zip(seen, [*seen[1:], seen[0]], strict=True):
        if here[2] >= NEAR_M:
            kept.append(here)
        if (here[2] >= NEAR_M) != (there[2] >= NEAR_M):
            share = (NEAR_M - here[2]) / (there[2] - here[2])
            kept.append((here[0] + (there[0] - here[0]) * share, here[1] + (there[1] - here[1]) * share, NEAR_M))
    return kept
