"""Everything in a simulated street that does not move, painted once from far to near."""

import math
import random

import cv2
import numpy as np
from numpy.typing import NDArray

from dashboard.demo.canvas import BLACK, MOST_LAMPLIGHT, Canvas, Sheets
from dashboard.demo.lens import Point
from dashboard.demo.light import Colour
from dashboard.demo.scene import FAR_M, House, Lamp, Scene, Tree

_FLOOR_M = 3.3
_LETTERS_PX = 14.0


def paint(scene: Scene) -> Sheets:
    """The street of that scene, without sky and traffic."""
    canvas, dice = Canvas(scene.lens), np.random.default_rng([scene.seed, 7])
    _hills(canvas, dice)
    _ground(canvas, scene)
    things: list[House | Tree | Lamp] = sorted(
        (*scene.houses, *scene.trees, *scene.lamps), key=lambda thing: -_distance_m(thing)
    )
    for thing in things:
        if isinstance(thing, House):
            _house(canvas, thing)
        elif isinstance(thing, Tree):
            _tree(canvas, thing)
        else:
            _lamp(canvas, thing)
    _wires(canvas, scene)
    pools, is_road = _lamplight(scene)
    return canvas.sheets(pools, is_road)


def _distance_m(thing: House | Tree | Lamp) -> float:
    return thing.y1_m if isinstance(thing, House) else thing.y_m


def _hills(canvas: Canvas, dice: np.random.Generator) -> None:
    lens, columns = canvas.lens, np.linspace(0, canvas.lens.width, 60)
    for depth, lift in ((2600.0, 0.055), (1500.0, 0.034)):
        wave = sum(np.sin(columns / lens.width * np.pi * k + dice.uniform(0, 6)) / k for k in (1.3, 2.6, 4.7, 8.1))
        top = lens.horizon_px - lens.height * lift * (1.1 + 0.7 * np.asarray(wave))
        for i in range(len(columns) - 1):
            strip = [(columns[i], top[i]), (columns[i + 1], top[i + 1])]
            foot = [(columns[i + 1], lens.horizon_px + 6), (columns[i], lens.horizon_px + 6)]
            canvas.fill(np.array([*strip, *foot]), (78, 104, 84), (0, 0, 0), depth * 0.42)
    for _ in range(46):
        x, y = float(dice.uniform(0, lens.width)), lens.horizon_px - float(dice.uniform(0, 0.03)) * lens.height
        shine = float(dice.uniform(60, 190))
        canvas.spark(x, y, (shine * 0.6, shine * 0.85, shine))


def _ground(canvas: Canvas, scene: Scene) -> None:
    half, near = scene.road_m, 1.0
    _flat(canvas, -260, 260, near, 2400, (96, 118, 110))
    for side in (-1, 1):
        _flat(canvas, side * half, side * (half + 3.2), near, FAR_M, (158, 164, 166))
        _flat(canvas, side * (half + 3.2), side * (half + 16), near, FAR_M, (118, 128, 130))
        for k in range(26):  # kerbs are painted black and white here
            tone = 205.0 if k % 2 else 44.0
            _flat(canvas, side * half, side * (half + 0.32), near + k * 2.5, near + (k + 1) * 2.5, (tone, tone, tone))
    _flat(canvas, -half, half, near, FAR_M, (94, 92, 90))
    for lane in scene.lanes:  # where the tyres run
        for x in (lane.x_m - 0.75, lane.x_m + 0.75):
            _flat(canvas, x - 0.28, x + 0.28, near, 120, (84, 82, 80))
    if scene.cross_m is not None:
        _flat(canvas, -260, 260, scene.cross_m - 5.5, scene.cross_m + 5.5, (90, 88, 86))
    _markings(canvas, scene)


def _markings(canvas: Canvas, scene: Scene) -> None:
    paint, half = (214.0, 218.0, 218.0), scene.road_m
    cross = scene.cross_m
    if scene.has_median:
        stretches = [(1.0, FAR_M)] if cross is None else [(1.0, cross - 8), (cross + 8, FAR_M)]
        for y0, y1 in stretches:
            _flat(canvas, -0.8, 0.8, y0, y1, (176, 182, 182))
            _flat(canvas, -0.55, 0.55, y0, y1, (70, 116, 78))
        middles = [-(half + 0.8) / 2, (half + 0.8) / 2]
    else:
        middles = [0.0]
    for y in np.arange(2, 220, 6.0):
        for x in middles:
            if cross is None or abs(y + 1.5 - cross) > 9:  # noqa: PLR2004 — none on the crossing
                _flat(canvas, x - 0.08, x + 0.08, float(y), float(y) + 3, paint)
    if cross is not None:
        for x in np.arange(-half + 0.5, half - 0.4, 1.0):
            _flat(canvas, float(x), float(x) + 0.5, cross - 9.4, cross - 6.6, paint)
        _flat(canvas, -half, -0.8, cross - 10.6, cross - 10.2, paint)


def _flat(canvas: Canvas, x0: float, x1: float, y0: float, y1: float, colour: Colour) -> None:  # noqa: PLR0913, PLR0917
    """A piece of ground; long ones in pieces, so that haze grows with the distance."""
    edges = [y0, *(edge for edge in (16.0, 40.0, 90.0, 180.0, 300.0, 700.0) if y0 < edge < y1), y1]
    for near, far in zip(reversed(edges[:-1]), reversed(edges[1:]), strict=True):
        canvas.face([(x0, near, 0), (x1, near, 0), (x1, far, 0), (x0, far, 0)], colour)


def _house(canvas: Canvas, house: House) -> None:
    height = house.floors * _FLOOR_M + 0.6
    away = 1 if house.x_m > 0 else -1
    back = house.x_m + away * house.depth_m
    front = [(house.x_m, house.y0_m), (house.x_m, house.y1_m)]
    flank = [(back, house.y0_m), (house.x_m, house.y0_m)]
    for (start, end), shade in ((flank, 0.72), (front, 0.95)):
        wall = [(*start, 0), (*end, 0), (*end, height), (*start, height)]
        canvas.face(wall, _shaded(house.wall, shade))
        _windows(canvas, house, start, end)
    if house.is_mosque:
        _dome(canvas, house, height)
    elif house.roof is not None:
        _roof(canvas, house, back, height)
    else:
        canvas.face(
            [
                (*p, z)
                for p, z in ((front[0], height), (front[1], height), (front[1], height + 0.5), (front[0], height + 0.5))
            ],
            _shaded(house.wall, 0.6),
        )
    if house.sign is not None:
        _sign(canvas, house)


def _shaded(colour: Colour, share: float) -> Colour:
    return colour[0] * share, colour[1] * share, colour[2] * share


def _windows(canvas: Canvas, house: House, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A grid of windows over one wall; about a third of them are lit at night."""
    dice = random.Random(house.seed * 2 + (start[0] == end[0]))  # noqa: S311 — windows, not secrets
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    columns = max(1, int(length / 2.3))
    lit_share = dice.uniform(0.18, 0.55)

    def at(share: float) -> tuple[float, float]:
        return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share

    for floor in range(house.floors):
        is_shop = floor == 0 and house.floors <= 4  # noqa: PLR2004 — ground floors of shop houses
        low, high = (0.25, 2.5) if is_shop else (1.0, 2.35)
        z0, z1 = floor * _FLOOR_M + low, floor * _FLOOR_M + high
        for column in range(columns):
            p, q = at((column + 0.16) / columns), at((column + 0.84) / columns)
            tint = dice.uniform(0.65, 1.0)
            glow = _window_glow(dice) if dice.random() < (lit_share * 1.5 if is_shop else lit_share) else BLACK
            canvas.face(_pane(p, q, z0, z1), (104 * tint, 92 * tint, 80 * tint), glow)
            if is_shop:  # goods stand before the light
                shelf = z0 + (z1 - z0) * dice.uniform(0.3, 0.55)
                canvas.face(_pane(p, at((column + 0.53) / columns), z0, shelf), (70, 66, 60), _shaded(glow, 0.5))


def _pane(start: tuple[float, float], end: tuple[float, float], low: float, high: float) -> list[Point]:
    return [(*start, low), (*end, low), (*end, high), (*start, high)]


def _window_glow(dice: random.Random) -> Colour:
    shine = dice.uniform(0.5, 1.0)
    warm: Colour = (110, 190, 250) if dice.random() < 0.7 else (225, 235, 225)  # noqa: PLR2004 — bulbs, the rest tubes
    return _shaded(warm, shine)


def _roof(canvas: Canvas, house: House, back_m: float, height_m: float) -> None:
    if house.roof is None:
        return
    ridge_x, ridge_z, over = (house.x_m + back_m) / 2, height_m + 2.4, 0.7 if house.x_m < 0 else -0.7
    eave = house.x_m + over
    gable = [(house.x_m, house.y0_m, height_m), (back_m, house.y0_m, height_m), (ridge_x, house.y0_m, ridge_z)]
    canvas.face(gable, _shaded(house.wall, 0.78))
    slope = [
        (eave, house.y0_m, height_m),
        (eave, house.y1_m, height_m),
        (ridge_x, house.y1_m, ridge_z),
        (ridge_x, house.y0_m, ridge_z),
    ]
    canvas.face(slope, house.roof)


def _sign(canvas: Canvas, house: House) -> None:
    """A board over the ground floor, and on some houses one that stands out over the sidewalk."""
    sign = house.sign or (0, 0, 0)
    out = house.x_m - (0.25 if house.x_m > 0 else -0.25)
    inset = (house.y1_m - house.y0_m) * 0.08
    y0, y1 = house.y0_m + inset, house.y1_m - inset
    canvas.face([(out, y0, 2.75), (out, y1, 2.75), (out, y1, 3.75), (out, y0, 3.75)], sign, _shaded(sign, 0.72))
    dice = np.random.default_rng([house.seed, 5])
    at = y0 + 0.5
    near = canvas.lens.spot((out, y0, 3.2))
    while near is not None and near[2] > _LETTERS_PX and at < y1 - 0.8:  # letters too small to be read
        wide = float(dice.uniform(0.2, 0.5))
        low, high = (3.0, 3.5) if dice.random() < 0.7 else (3.0, 3.38)  # noqa: PLR2004 — tall and small letters
        if dice.random() < 0.85:  # noqa: PLR2004 — the rest are spaces
            letter = [(out, at, low), (out, at + wide, low), (out, at + wide, high), (out, at, high)]
            canvas.face(letter, (236, 240, 240), (215, 222, 225))
        at += wide + 0.16
    if house.seed % 3 == 0:
        reach = out - (1.3 if house.x_m > 0 else -1.3)
        board = [(out, house.y0_m, 4.2), (reach, house.y0_m, 4.2), (reach, house.y0_m, 6.4), (out, house.y0_m, 6.4)]
        canvas.face(board, sign, sign)


def _dome(canvas: Canvas, house: House, height_m: float) -> None:
    """A green dome and two minarets, lit at night."""
    middle, away = (house.y0_m + house.y1_m) / 2, house.x_m + house.depth_m / 2
    for y in (house.y0_m + 1.5, house.y1_m - 1.5):
        for z0, z1, wide in (
            (0, height_m + 12, 1.1),
            (height_m + 12, height_m + 13, 1.7),
            (height_m + 13, height_m + 17, 0.5),
        ):
            shape = [
                (house.x_m - wide, y, z0),
                (house.x_m + wide, y, z0),
                (house.x_m + wide * 0.8, y, z1),
                (house.x_m - wide * 0.8, y, z1),
            ]
            canvas.face(shape, (200, 218, 222), (58, 96, 92))
    centre = canvas.lens.spot((away, middle, height_m))
    if centre is None:
        return
    turn, radius = np.linspace(0, np.pi, 28), 8.5 * centre[2]
    arch = np.stack([centre[0] + radius * np.cos(turn), centre[1] - radius * 0.95 * np.sin(turn) ** 0.8], axis=1)
    depth = canvas.lens.focal_px / centre[2]
    canvas.fill(arch, (96, 150, 66), (52, 120, 44), depth)
    tip = [
        (centre[0] - 0.25 * centre[2], centre[1] - radius * 0.9),
        (centre[0], centre[1] - radius * 1.3),
        (centre[0] + 0.25 * centre[2], centre[1] - radius * 0.9),
    ]
    canvas.fill(np.array(tip), (70, 190, 220), (40, 110, 130), depth)


def _tree(canvas: Canvas, tree: Tree) -> None:
    dice = np.random.default_rng(tree.seed)
    trunk = 0.16
    x, y, top = tree.x_m, tree.y_m, tree.height_m
    canvas.face(
        [(x - trunk, y, 0), (x + trunk, y, 0), (x + trunk, y, top * 0.7), (x - trunk, y, top * 0.7)], (58, 74, 88)
    )
    crown = canvas.lens.spot((x, y, top * 0.74))
    if crown is None:
        return
    column, row, scale = crown
    depth = canvas.lens.focal_px / scale
    if tree.is_palm:
        _fronds(canvas, dice, (column, row), scale, depth)
        return
    leaves = round(min(max(scale * 1.6, 14), 64))
    for i in range(leaves):
        turn, out = float(dice.uniform(0, 2 * np.pi)), float(np.sqrt(dice.random()))
        lift = float(np.sin(turn)) * out
        centre = (column + np.cos(turn) * out * top * 0.30 * scale, row - lift * top * 0.24 * scale)
        tone = 0.55 + 0.34 * lift + 0.2 * i / leaves + float(dice.uniform(-0.08, 0.12))
        _leaf(
            canvas,
            centre,
            float(dice.uniform(0.35, 0.75)) * scale * (64 / leaves) ** 0.25,
            (56 * tone, 126 * tone, 74 * tone),
            depth,
        )


_RING = np.stack([np.cos(np.linspace(0, 5.2, 7)), 0.8 * np.sin(np.linspace(0, 5.2, 7))], axis=1)


def _leaf(canvas: Canvas, centre: tuple[float, float], radius_px: float, colour: Colour, depth_m: float) -> None:
    canvas.fill(_RING * radius_px + centre, colour, BLACK, depth_m)


def _fronds(canvas: Canvas, dice: np.random.Generator, at: tuple[float, float], scale: float, depth_m: float) -> None:
    for i in range(11):
        turn, reach = 2 * np.pi * i / 11 + float(dice.uniform(-0.2, 0.2)), float(dice.uniform(1.7, 2.4)) * scale
        tip = (at[0] + np.cos(turn) * reach, at[1] - np.sin(turn) * reach * 0.55 + reach * 0.28)
        bend = (at[0] + np.cos(turn) * reach * 0.55, at[1] - np.sin(turn) * reach * 0.5 - reach * 0.08)
        wide, tone = 0.16 * scale, float(dice.uniform(0.6, 1.0))
        blade = [at, (bend[0], bend[1] - wide), tip, (bend[0], bend[1] + wide)]
        canvas.fill(np.array(blade), (60 * tone, 132 * tone, 86 * tone), (0, 0, 0), depth_m)


def _lamp(canvas: Canvas, lamp: Lamp) -> None:
    x, y, z, head = lamp.x_m, lamp.y_m, lamp.height_m, lamp.x_m + lamp.arm_m
    canvas.face([(x - 0.09, y, 0), (x + 0.09, y, 0), (x + 0.06, y, z), (x - 0.06, y, z)], (96, 98, 98))
    canvas.face([(x, y, z - 0.1), (head, y, z + 0.3), (head, y, z + 0.4), (x, y, z)], (96, 98, 98))
    canvas.face(
        [(head - 0.45, y, z + 0.2), (head + 0.45, y, z + 0.2), (head + 0.45, y, z + 0.45), (head - 0.45, y, z + 0.45)],
        (140, 146, 150),
        (225, 245, 255),
    )


def _wires(canvas: Canvas, scene: Scene) -> None:
    """Power lines hang from pole to pole along one side."""
    x, z = (scene.road_m + 2.6) * (1 if scene.lens.x_m < 0 else -1), 9.2
    for number, y in enumerate(np.arange(12, 200, 34.0)):
        pole = [(x - 0.12, y, 0), (x + 0.12, y, 0), (x + 0.1, y, z + 0.6), (x - 0.1, y, z + 0.6)]
        canvas.face(pole, (112, 116, 118))
        for line in range(3):
            aside = x + (line - 1) * 0.55
            hang = [(aside, y + s * 34, z - 0.1 * line - 1.1 * (1 - (2 * s - 1) ** 2)) for s in np.linspace(0, 1, 9)]
            canvas.line(hang, (42, 42, 44), 2 if number == 0 else 1)


def _lamplight(scene: Scene) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """How strongly lamps fall on every pixel, and which pixels are road; walls take some light from below."""
    x, y, is_ground = scene.lens.ground()
    pools = np.zeros_like(x)
    for lamp in scene.lamps:
        pools += np.exp(-((x - lamp.x_m - lamp.arm_m) ** 2 + (y - lamp.y_m) ** 2) / 72.0)
    pools = np.where(is_ground, pools, 0).astype(np.float32)
    creep = cv2.blur(pools, (61, 141)) * 1.1 + 0.10
    return np.minimum(np.maximum(pools, creep), MOST_LAMPLIGHT), is_ground & (np.abs(x) < scene.road_m)
