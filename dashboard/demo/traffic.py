"""Vehicles on a simulated road: where each is at a moment, and how it looks. A function of time alone, no state."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from dashboard.demo.canvas import Picture
from dashboard.demo.lens import Lens
from dashboard.demo.light import Colour, Light
from dashboard.demo.scene import Lane, Scene

_SHIFT = 4
_NEAR_M, _FAR_M = 5.0, 260.0
_WAVE_S = 75.0
_PAINT: tuple[Colour, ...] = (
    (228, 230, 230), (40, 40, 42), (150, 152, 154), (96, 100, 102), (40, 40, 160), (140, 70, 30), (60, 90, 150),
    (208, 214, 216), (30, 120, 200), (84, 110, 60),
)  # fmt: skip
_ANGKOT: tuple[Colour, ...] = ((60, 160, 60), (40, 150, 235), (200, 120, 30), (50, 50, 200))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Outer size of a vehicle in metres; `cabin` is the part of its length that is glass, from the rear."""

    length_m: float
    width_m: float
    height_m: float
    waist_m: float
    cabin: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """One vehicle at one moment. `y_m` is its middle; `is_away` when it drives away from the lens."""

    x_m: float
    y_m: float
    is_away: bool
    is_braking: bool
    shape: str
    paint: Colour


SHAPES: Mapping[str, Shape] = {
    "car": Shape(length_m=4.3, width_m=1.75, height_m=1.55, waist_m=0.95, cabin=(0.08, 0.68)),
    "angkot": Shape(length_m=4.1, width_m=1.65, height_m=1.95, waist_m=1.15, cabin=(0.02, 0.86)),
    "truck": Shape(length_m=7.2, width_m=2.3, height_m=3.0, waist_m=1.2, cabin=(0.0, 1.0)),
    "bus": Shape(length_m=9.0, width_m=2.4, height_m=3.1, waist_m=1.3, cabin=(0.0, 1.0)),
    "motor": Shape(length_m=1.9, width_m=0.62, height_m=1.55, waist_m=0.85, cabin=(0.25, 0.62)),
}
_LOADS: tuple[Colour, ...] = ((112, 116, 118), (66, 92, 116), (124, 118, 96))
_SPECK_PX = 7.0
_MIX = ("motor",) * 9 + ("car",) * 9 + ("angkot",) * 4 + ("truck",) * 2 + ("bus",)


def traffic(scene: Scene, seconds: float) -> list[Vehicle]:
    """All vehicles in view, far to near. `seconds` may be any time; it runs on for ever."""
    seen = [vehicle for lane in scene.lanes for vehicle in _on_lane(lane, seconds)]
    return sorted(seen, key=lambda vehicle: -vehicle.y_m)


def _on_lane(lane: Lane, seconds: float) -> Iterator[Vehicle]:
    """A lane slows and flows with the light far ahead of it: one wave in time, never backwards."""
    phase = 2 * math.pi * (seconds / _WAVE_S + (lane.seed % 7) / 7)
    travelled = lane.speed_mps * (seconds + 0.86 * math.sin(phase) * _WAVE_S / (2 * math.pi))
    is_braking = math.cos(phase) < -0.45 and math.sin(phase) > -0.2  # noqa: PLR2004 — the wave is on its way down
    first = math.floor((travelled - _FAR_M) / lane.headway_m)
    for number in range(first, math.ceil((travelled - _NEAR_M) / lane.headway_m) + 1):
        shape, paint, early, aside = _identity(lane.seed, number)
        along = travelled - (number + early) * lane.headway_m
        y = along if lane.is_away else _FAR_M - along
        if _NEAR_M < y < _FAR_M:
            x = lane.x_m + aside
            yield Vehicle(x_m=x, y_m=y, is_away=lane.is_away, is_braking=is_braking, shape=shape, paint=paint)


@lru_cache(maxsize=6_000)
def _identity(seed: int, number: int) -> tuple[str, Colour, float, float]:
    """What vehicle `number` of a lane is: shape, paint, how early it is (part of the headway), metres aside."""
    dice = np.random.default_rng([seed, number & 0xFFFFFFFF])
    shape = _MIX[int(dice.integers(len(_MIX)))]
    colours = _ANGKOT if shape == "angkot" else _PAINT
    aside = float(dice.uniform(-1.1, 1.1)) if shape == "motor" else float(dice.uniform(-0.25, 0.25))
    return shape, colours[int(dice.integers(len(colours)))], float(dice.uniform(0, 0.62)), aside


def draw_traffic(picture: Picture, scene: Scene, vehicles: list[Vehicle], light: Light) -> None:
    """Draw the vehicles into the picture, bodies first, then all their lamps."""
    for vehicle in vehicles:
        _body(picture, scene.lens, vehicle, light)
    for vehicle in vehicles:
        _lamps(picture, scene.lens, vehicle, light)


def _body(picture: Picture, lens: Lens, vehicle: Vehicle, light: Light) -> None:
    at = lens.spot((vehicle.x_m, vehicle.y_m, 0.8))
    if at is None:
        return
    tint = _tint(light)
    if at[2] < _SPECK_PX:
        _speck(picture, vehicle, at, tint)
        return
    shape = SHAPES[vehicle.shape]
    half, long = shape.width_m / 2, shape.length_m / 2
    near, far = vehicle.y_m - long, vehicle.y_m + long
    x0, x1 = vehicle.x_m - half, vehicle.x_m + half
    shadow = [(x0 - 0.15, near - 0.1, 0), (x1 + 0.15, near - 0.1, 0), (x1 + 0.15, far, 0), (x0 - 0.15, far, 0)]
    _face(picture, lens, shadow, (40, 39, 38), tint)
    draw = _rider if vehicle.shape == "motor" else _lorry if vehicle.shape in {"truck", "bus"} else _car
    draw(picture, lens, vehicle, (x0, x1, near, far, 0.28, shape.waist_m, x0 if lens.x_m < x0 else x1), tint)


def _speck(picture: Picture, vehicle: Vehicle, at: tuple[float, float, float], tint: Colour) -> None:
    """A vehicle so far away that a roof and a dark foot are all one sees."""
    column, row, scale = at
    shape = SHAPES[vehicle.shape]
    half, top = shape.width_m / 2 * scale, (shape.height_m - 0.8) * scale
    left, right, foot = round(column - half), round(column + half), round(row + 0.7 * scale)
    cv2.rectangle(picture, (left, round(row)), (right, foot), _shown((44, 42, 42), tint), -1)
    cv2.rectangle(picture, (left, round(row - top)), (right, round(row)), _shown(vehicle.paint, tint), -1)


def _car(picture: Picture, lens: Lens, vehicle: Vehicle, box: "Box", tint: Colour) -> None:
    x0, x1, near, far, _, waist, side = box
    shape = SHAPES[vehicle.shape]
    _box(picture, lens, box, vehicle.paint, tint)
    rear, front = (c * shape.length_m for c in shape.cabin)
    ends = (near + rear, near + front) if vehicle.is_away else (far - front, far - rear)
    _cabin(picture, lens, (x0, x1, *ends, waist, shape.height_m, side), vehicle.paint, tint)


def _lorry(picture: Picture, lens: Lens, vehicle: Vehicle, box: "Box", tint: Colour) -> None:
    """A bus is one body with a band of glass; a truck carries a grey or brown load behind its cab."""
    x0, x1, near, far, _, _, side = box
    top, glass = SHAPES[vehicle.shape].height_m, (58.0, 50.0, 46.0)
    if vehicle.shape == "bus":
        parts: list[tuple[float, float, float, Colour]] = [(near, far, top, vehicle.paint)]
    elif vehicle.is_away:
        parts = [(far - 1.9, far, 2.4, vehicle.paint), (near, far - 2.1, top, _LOADS[int(vehicle.x_m * 10) % 3])]
    else:
        parts = [(near + 2.1, far, top, _LOADS[int(vehicle.x_m * 10) % 3]), (near, near + 1.9, 2.4, vehicle.paint)]
    for y0, y1, z1, colour in parts:
        _box(picture, lens, (x0, x1, y0, y1, 0.5, z1, side), colour, tint)
    if not vehicle.is_away or vehicle.shape == "bus":
        y, z0, z1 = near - 0.02, 1.35, 2.15
        _face(
            picture, lens, [(x0 + 0.15, y, z0), (x1 - 0.15, y, z0), (x1 - 0.2, y, z1), (x0 + 0.2, y, z1)], glass, tint
        )
    if vehicle.shape == "bus":
        _face(
            picture,
            lens,
            [(side, near + 0.4, 1.5), (side, far - 0.4, 1.5), (side, far - 0.4, 2.4), (side, near + 0.4, 2.4)],
            glass,
            tint,
        )


Box = tuple[float, float, float, float, float, float, float]
"""x0, x1, y0, y1, z0, z1 and the x of the side that is in view, in metres."""


def _box(picture: Picture, lens: Lens, box: Box, colour: Colour, tint: Colour) -> None:
    x0, x1, y0, y1, z0, z1, side = box
    _face(picture, lens, [(x0, y0, z1), (x1, y0, z1), (x1, y1, z1), (x0, y1, z1)], colour, tint)
    if lens.x_m < x0 or lens.x_m > x1:
        _face(
            picture, lens, [(side, y0, z0), (side, y1, z0), (side, y1, z1), (side, y0, z1)], colour, _times(tint, 0.66)
        )
    _face(picture, lens, [(x0, y0, z0), (x1, y0, z0), (x1, y0, z1), (x0, y0, z1)], colour, _times(tint, 0.82))


def _cabin(picture: Picture, lens: Lens, box: Box, colour: Colour, tint: Colour) -> None:
    """A cabin with slanting glass all round and a roof in the colour of the car."""
    x0, x1, y0, y1, z0, z1, side = box
    lean, slope = 0.16, min(0.55, (y1 - y0) * 0.22)
    roof = [
        (x0 + lean, y0 + slope, z1),
        (x1 - lean, y0 + slope, z1),
        (x1 - lean, y1 - slope, z1),
        (x0 + lean, y1 - slope, z1),
    ]
    glass: Colour = (66, 58, 52)
    if lens.x_m < x0 or lens.x_m > x1:
        inner = side + (lean if side == x0 else -lean)
        flank = [(side, y0, z0), (side, y1, z0), (inner, y1 - slope, z1), (inner, y0 + slope, z1)]
        _face(picture, lens, flank, glass, _times(tint, 0.8))
    _face(picture, lens, [(x0 + 0.05, y0, z0), (x1 - 0.05, y0, z0), roof[1], roof[0]], glass, tint)
    _face(picture, lens, roof, colour, _times(tint, 1.04))


def _rider(picture: Picture, lens: Lens, vehicle: Vehicle, box: Box, tint: Colour) -> None:
    x, near, far = vehicle.x_m, box[2], box[3]
    wheel = [(x - 0.08, near, 0), (x + 0.08, near, 0), (x + 0.08, near, 0.62), (x - 0.08, near, 0.62)]
    _face(picture, lens, wheel, (28, 28, 28), tint)
    _box(picture, lens, (x - 0.2, x + 0.2, near + 0.3, far, 0.4, 0.82, x + 0.2), vehicle.paint, tint)
    y = vehicle.y_m - 0.1
    blue, green, red = vehicle.paint
    torso = [(x - 0.24, y, 0.75), (x + 0.24, y, 0.75), (x + 0.2, y, 1.38), (x - 0.2, y, 1.38)]
    _face(picture, lens, torso, (red * 0.8, green * 0.8, blue * 0.8), tint)
    head = lens.spot((x, y, 1.55))
    if head:
        radius = max(1, round(0.17 * head[2]))
        cv2.circle(picture, (round(head[0]), round(head[1])), radius, _shown((104, 100, 120), tint), -1, cv2.LINE_AA)


def _shown(colour: Colour, tint: Colour) -> Colour:
    return min(255.0, colour[0] * tint[0]), min(255.0, colour[1] * tint[1]), min(255.0, colour[2] * tint[2])


def _times(tint: Colour, share: float) -> Colour:
    return tint[0] * share, tint[1] * share, tint[2] * share


@lru_cache(maxsize=16)
def _tint(light: Light) -> Colour:
    """The light that falls on a vehicle: of the sky, and of the lamps it passes."""
    blue, green, red = light.ambient
    return blue + 0.12 * light.lamps, green + 0.17 * light.lamps, red + 0.21 * light.lamps


def _face(
    picture: Picture, lens: Lens, corners_m: Sequence[tuple[float, float, float]], colour: Colour, tint: Colour
) -> None:
    outline = lens.polygon(corners_m)
    if outline is None:
        return
    corners = (outline.clip(-2 * lens.width, 3 * lens.width) * (1 << _SHIFT)).astype(np.int32)
    cv2.fillConvexPoly(picture, corners, _shown(colour, tint), cv2.LINE_AA, _SHIFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shine:
    """A soft light: its `radius_px` across, `flat` times as high as it is wide, `share` of its colour bright."""

    colour: Colour
    radius_px: float
    share: float = 1.0
    flat: float = 1.0


def _lamps(picture: Picture, lens: Lens, vehicle: Vehicle, light: Light) -> None:
    """Tail lights of those that leave us, headlights of those that come; motorcycles have theirs on by day too."""
    shape = SHAPES[vehicle.shape]
    is_motor = vehicle.shape == "motor"
    share = max(light.lamps, 0.35 if is_motor or light.is_raining else 0.0, 0.5 * vehicle.is_braking * vehicle.is_away)
    if share < 0.05:  # noqa: PLR2004 — nothing to see
        return
    y = vehicle.y_m - shape.length_m / 2
    colour: Colour = (30, 30, 255) if vehicle.is_away else (215, 240, 255)
    reach = (0.42 + 0.25 * vehicle.is_braking) if vehicle.is_away else 0.95
    for aside in (0.0,) if is_motor else (-shape.width_m * 0.38, shape.width_m * 0.38):
        at = lens.spot((vehicle.x_m + aside, y, 0.72))
        if at:
            radius = max(2.2, reach * at[2] * (0.6 + 0.4 * light.lamps))
            shine(picture, at, Shine(colour=colour, radius_px=radius, share=share))
            _core(picture, at, colour)
    foot = lens.spot((vehicle.x_m, y, 0))
    if foot is None:
        return
    column, row, scale = foot
    if not vehicle.is_away and light.lamps > 0.5:  # noqa: PLR2004 — beams are seen in the dark only
        ahead = lens.spot((vehicle.x_m, y - 4.0, 0)) or foot
        shine(picture, ahead, Shine(colour=(120, 150, 165), radius_px=2.3 * ahead[2], share=0.36, flat=0.42))
    if light.is_raining:
        below = (column, row + 1.3 * scale, scale)
        shine(picture, below, Shine(colour=colour, radius_px=0.55 * scale, share=share * 0.4, flat=3.2))


def _core(picture: Picture, at: tuple[float, float, float], colour: Colour) -> None:
    """The lamp itself, where it is near enough to be seen as one."""
    radius = round(0.11 * at[2])
    if radius >= 1:
        white = tuple(min(255.0, 90 + 0.65 * v) for v in colour)
        cv2.circle(picture, (round(at[0]), round(at[1])), radius, white, -1, cv2.LINE_AA)


def shine(picture: Picture, at: tuple[float, float, float], light: Shine) -> None:
    """Add a soft light to the picture at a column and row."""
    wide = _stepped(min(light.radius_px, 90.0))
    high = _stepped(min(light.radius_px * light.flat, 110.0))
    blue, green, red = (round(v * light.share) for v in light.colour)
    stamp = _stamp(wide, high, (blue, green, red))
    left, top = round(at[0]) - wide, round(at[1]) - high
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + 2 * wide + 1, picture.shape[1]), min(top + 2 * high + 1, picture.shape[0])
    if x0 < x1 and y0 < y1:
        part = picture[y0:y1, x0:x1]
        picture[y0:y1, x0:x1] = cv2.add(part, stamp[y0 - top : y1 - top, x0 - left : x1 - left])


def _stepped(radius_px: float) -> int:
    """Large lights differ by no less than a tenth, so that there are few of them to keep."""
    step = max(1, int(radius_px / 10))
    return max(2, round(radius_px / step) * step)


@lru_cache(maxsize=256)
def _stamp(wide: int, high: int, colour: tuple[int, int, int]) -> NDArray[np.uint8]:
    x, y = np.linspace(-1, 1, 2 * wide + 1)[None, :], np.linspace(-1, 1, 2 * high + 1)[:, None]
    fall = np.clip(1 - np.sqrt(x**2 + y**2), 0, 1) ** 2.4
    return np.asarray(fall[..., None] * np.array(colour), np.uint8)
