"""What stands where in front of one simulated camera: road, lanes, buildings, trees, lamps. Drawn elsewhere.

A scene is invented from its seed and never changes; it shows no real street.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from dashboard.demo.lens import Lens
from dashboard.demo.light import Colour

Kind = Literal["street", "crossing", "river"]
FAR_M = 420.0
_FIRST_HOUSE_M = 13.0
_SIDEWALK_M = 3.0
_MOSQUE_PITCH = 0.13  # a dome wants sky

_WALLS: tuple[Colour, ...] = (
    (196, 208, 214), (170, 190, 204), (150, 176, 196), (206, 200, 186), (184, 196, 172),
    (148, 160, 186), (120, 158, 196), (200, 188, 164), (166, 172, 176), (140, 190, 176),
)  # fmt: skip
_ROOFS: tuple[Colour, ...] = ((62, 78, 134), (74, 86, 110), (96, 92, 92), (70, 104, 70), (120, 92, 68))
_SIGNS: tuple[Colour, ...] = (
    (60, 70, 235), (70, 190, 250), (235, 150, 60), (90, 210, 120), (230, 230, 235), (200, 90, 220), (40, 140, 250),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One line of traffic at `x_m` from the middle of the road. `is_away`: we see tail lights."""

    x_m: float
    is_away: bool
    speed_mps: float
    headway_m: float
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A box beside the road from `y0_m` to `y1_m`; its front stands at `x_m`, its depth goes away from the road."""

    x_m: float
    y0_m: float
    y1_m: float
    depth_m: float
    floors: int
    wall: Colour
    sign: Colour | None
    roof: Colour | None
    is_mosque: bool = False
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A tree at the roadside; `is_palm` draws fronds instead of a round crown."""

    x_m: float
    y_m: float
    height_m: float
    is_palm: bool
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamp:
    """A street lamp; its head hangs over the road by the length of its arm."""

    x_m: float
    y_m: float
    arm_m: float
    height_m: float = 8.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything before one lens. Houses are sorted far to near. `cross_m` is where a side street crosses."""

    seed: int
    kind: Kind
    lens: Lens
    road_m: float
    has_median: bool
    cross_m: float | None
    lanes: tuple[Lane, ...]
    houses: tuple[House, ...] = ()
    trees: tuple[Tree, ...] = ()
    lamps: tuple[Lamp, ...] = ()


def scene_of(seed: int, kind: Kind, *, has_mosque: bool = False) -> Scene:
    """The scene of that seed; a river scene has no houses, its bridge is drawn by `river`."""
    dice = np.random.default_rng([seed, 112])
    if kind == "river":
        return _river(seed, dice)
    is_wide = kind == "crossing" or dice.random() < 0.55  # noqa: PLR2004 — rather more wide roads than narrow ones
    lanes_each = 2 if is_wide else 1
    half = lanes_each * 3.4 + (1.4 if is_wide else 0.6)
    cross = float(dice.uniform(34, 44)) if kind == "crossing" else None
    houses = [*_row(dice, -1, half, cross), *_row(dice, 1, half, cross)]
    if has_mosque:
        houses = [_mosque(half), *(h for h in houses if h.x_m < 0 or h.y0_m > 120)]  # noqa: PLR2004 — its square
    lens = _street_lens(dice, half)
    return Scene(
        seed=seed,
        kind=kind,
        lens=replace(lens, pitch_rad=_MOSQUE_PITCH) if has_mosque else lens,
        road_m=half,
        has_median=is_wide,
        cross_m=cross,
        lanes=tuple(_lanes(dice, seed, lanes_each, half)),
        houses=tuple(sorted(houses, key=lambda house: -house.y0_m)),
        trees=tuple(_trees(dice, half, cross)),
        lamps=tuple(_lamps(dice, half, cross)),
    )


def _river(seed: int, dice: np.random.Generator) -> Scene:
    lens = Lens(focal_px=470.0, height_m=13.0, pitch_rad=0.13, yaw_rad=float(dice.uniform(-0.10, 0.04)))
    return Scene(seed=seed, kind="river", lens=lens, road_m=0, has_median=False, cross_m=None, lanes=())


def _street_lens(dice: np.random.Generator, half_m: float) -> Lens:
    aside = float(dice.uniform(-0.75, 0.75)) * half_m
    return Lens(
        focal_px=float(dice.uniform(470, 600)),
        height_m=float(dice.uniform(6.5, 9.0)),
        pitch_rad=float(dice.uniform(0.17, 0.25)),
        yaw_rad=-aside / 60 + float(dice.uniform(-0.06, 0.06)),
        x_m=aside,
    )


def _lanes(dice: np.random.Generator, seed: int, each: int, half_m: float) -> Iterator[Lane]:
    """Traffic keeps left: what is left of the middle drives away from us."""
    busy = float(dice.uniform(0.8, 1.5))
    for number in range(each * 2):
        is_away = number < each
        offset = half_m - 2.0 - 3.3 * (number % each)
        yield Lane(
            x_m=-offset if is_away else offset,
            is_away=is_away,
            speed_mps=float(dice.uniform(7.5, 12.5)),
            headway_m=float(dice.uniform(15, 30)) * busy,
            seed=seed * 16 + number,
        )


def _row(dice: np.random.Generator, side: int, half_m: float, cross_m: float | None) -> Iterator[House]:
    """Houses along one side, from near to far; shop rows, small houses, now and then a tall one."""
    y = _FIRST_HOUSE_M + float(dice.uniform(0, 6))
    while y < FAR_M * 0.75:
        width = float(dice.choice([5, 6, 9, 12, 16, 22]))
        if cross_m is not None and y < cross_m + 8 and y + width > cross_m - 8:
            y = cross_m + 8.5
            continue
        yield _house(dice, side, half_m, y, width)
        y += width + float(dice.choice([0.1, 0.1, 0.1, 2.5, 6.0, 11.0]))


def _house(dice: np.random.Generator, side: int, half_m: float, y_m: float, width_m: float) -> House:
    is_tall = width_m > 14 and y_m > 40 and dice.random() < 0.45  # noqa: PLR2004 — towers stand back from the lens
    floors = int(dice.integers(6, 13)) if is_tall else int(dice.choice([1, 2, 2, 3, 3, 3, 4]))
    setback = half_m + _SIDEWALK_M + float(dice.choice([0.3, 0.8, 2.0, 5.0])) + (6.0 if is_tall else 0.0)
    return House(
        x_m=side * setback,
        y0_m=y_m,
        y1_m=y_m + width_m,
        depth_m=float(dice.uniform(9, 16)),
        floors=floors,
        wall=_WALLS[int(dice.integers(len(_WALLS)))],
        sign=_SIGNS[int(dice.integers(len(_SIGNS)))] if dice.random() < 0.62 else None,  # noqa: PLR2004 — most shops
        roof=_ROOFS[int(dice.integers(len(_ROOFS)))] if floors <= 2 else None,  # noqa: PLR2004 — low houses have tiles
        seed=int(dice.integers(1 << 30)),
    )


def _mosque(half_m: float) -> House:
    return House(
        x_m=half_m + 15, y0_m=74, y1_m=106, depth_m=30, floors=3, wall=(206, 222, 226), sign=None, roof=None,
        is_mosque=True, seed=7,
    )  # fmt: skip


def _trees(dice: np.random.Generator, half_m: float, cross_m: float | None) -> Iterator[Tree]:
    for side in (-1, 1):
        y = float(dice.uniform(15, 30))
        while y < FAR_M * 0.5:
            if cross_m is None or abs(y - cross_m) > 9:  # noqa: PLR2004 — none in the mouth of the side street
                yield Tree(
                    x_m=side * (half_m + float(dice.uniform(1.4, 2.6))),
                    y_m=y,
                    height_m=float(dice.uniform(4.5, 8.5)),
                    is_palm=dice.random() < 0.18,  # noqa: PLR2004 — a few palms
                    seed=int(dice.integers(1 << 30)),
                )
            y += float(dice.choice([8, 14, 22, 38]))


def _lamps(dice: np.random.Generator, half_m: float, cross_m: float | None) -> Iterator[Lamp]:
    first = float(dice.uniform(16, 24))
    for number in range(9):
        y = first + number * 28
        if cross_m is None or abs(y - cross_m) > 6:  # noqa: PLR2004 — no pole in the side street
            side = 1 if number % 2 else -1
            yield Lamp(x_m=side * (half_m + 0.7), y_m=y, arm_m=-side * 2.6)
