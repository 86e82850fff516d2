"""The simulated view over the Mahakam: water, the far bank, an arch bridge, barges and boats."""

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from dashboard.demo.canvas import Canvas, Picture, Sheets
from dashboard.demo.light import Colour, Light
from dashboard.demo.scene import Scene
from dashboard.demo.traffic import Shine, shine

_BANK_M = 520.0
_DECK_Z = 15.0
_BRIDGE_NEAR, _BRIDGE_FAR = (-112.0, 80.0), (210.0, 500.0)
_FESTIVE: tuple[Colour, ...] = ((190, 120, 20), (200, 60, 120), (40, 150, 220), (120, 190, 30))
_ARCHES = ((0.06, 0.34), (0.36, 0.66), (0.68, 0.94))


def paint(scene: Scene) -> Sheets:
    """River, far bank and bridge, without boats and traffic."""
    canvas, dice = Canvas(scene.lens), np.random.default_rng([scene.seed, 8])
    _far_bank(canvas, dice)
    _water(canvas)
    _bridge(canvas)
    _mirror(canvas)
    _near_bank(canvas, dice)
    pools = np.full((scene.lens.height, scene.lens.width), 0.12, np.float32)
    return canvas.sheets(pools, np.zeros(pools.shape, np.bool_))


def _far_bank(canvas: Canvas, dice: np.random.Generator) -> None:
    columns = np.linspace(-900, 900, 70)
    for far, lift, green in ((1500.0, 95.0, (92, 110, 92)), (900.0, 48.0, (72, 104, 78))):
        tops = lift * (0.75 + 0.25 * np.sin(columns / 170 + dice.uniform(0, 6)) + 0.12 * np.sin(columns / 47))
        for i in range(len(columns) - 1):
            a, b = columns[i] * far / 700, columns[i + 1] * far / 700
            canvas.face([(a, far, 0), (b, far, 0), (b, far, tops[i + 1]), (a, far, tops[i])], green)
    x = -480.0
    while x < 480:  # noqa: PLR2004 — beyond the edges of the picture
        width, height = float(dice.uniform(10, 34)), float(dice.choice([5, 7, 9, 12, 16, 34]))
        tone = float(dice.uniform(0.7, 1.0))
        canvas.face(_wall(x, width, 0, height), (176 * tone, 184 * tone, 188 * tone))
        for z in np.arange(2.0, height - 1, 3.6):
            for at in np.arange(x + 1.5, x + width - 2, 4.0):
                if dice.random() < 0.5:  # noqa: PLR2004 — half the windows are lit
                    glow = float(dice.uniform(90, 235))
                    canvas.face(_wall(at, 2.0, float(z), float(z) + 1.7), (90, 84, 78), (glow * 0.5, glow * 0.8, glow))
        x += width + float(dice.choice([0.5, 3, 12]))
    for at in np.arange(-480, 480, 9.0):
        top = float(dice.uniform(3, 9))
        canvas.face(_wall(float(at), float(dice.uniform(7, 13)), 0, top), (50, 92, 64))


def _wall(x: float, width: float, low: float, high: float) -> list[tuple[float, float, float]]:
    return [(x, _BANK_M, low), (x + width, _BANK_M, low), (x + width, _BANK_M, high), (x, _BANK_M, high)]


def _water(canvas: Canvas) -> None:
    edges = [float(edge) for edge in np.geomspace(6, _BANK_M, 22)]
    for near, far in zip(reversed(edges[:-1]), reversed(edges[1:]), strict=True):
        canvas.face([(-900, near, 0), (900, near, 0), (900, far, 0), (-900, far, 0)], (96, 120, 130))


def _mirror(canvas: Canvas) -> None:
    """The far bank stands on its head in the water, broken into ripples; lights hang down in streaks."""
    far = canvas.lens.spot((0, _BANK_M, 0))
    shore = round(far[1]) if far else canvas.lens.height // 2
    high = min(shore, canvas.lens.height - shore)
    rows = np.arange(high)
    ripple = np.round(np.sin(rows * 0.9) * 2 + np.sin(rows * 0.31) * 3 * rows / 60).astype(int)
    for sheet, share, dims in ((canvas.albedo, 0.30, 0.6), (canvas.glow, 0.55, 0.0)):
        upper = cv2.blur(sheet[shore - high : shore][::-1], (3, 41))
        stretched = cv2.resize(upper, (sheet.shape[1], high * 2), interpolation=cv2.INTER_LINEAR)[:high]
        broken = np.stack([np.roll(row, shift, axis=0) for row, shift in zip(stretched, ripple, strict=True)])
        fade = np.linspace(share, 0, high)[:, None, None]
        water = sheet[shore : shore + high]
        sheet[shore : shore + high] = np.clip(water * (1 - fade * dims) + broken * fade, 0, 255).astype(np.uint8)


def _on_bridge(share: float, height_m: float) -> tuple[float, float, float]:
    x = _BRIDGE_NEAR[0] + (_BRIDGE_FAR[0] - _BRIDGE_NEAR[0]) * share
    y = _BRIDGE_NEAR[1] + (_BRIDGE_FAR[1] - _BRIDGE_NEAR[1]) * share
    return x, y, height_m


def _bridge(canvas: Canvas) -> None:
    steel: Colour = (96, 112, 118)
    for start, end in reversed(_ARCHES):
        for share in (end + 0.01, start - 0.01):
            _bar(canvas, _on_bridge(share, -1), _on_bridge(share, _DECK_Z), 3.2, (150, 154, 156))
        steps = [start + (end - start) * i / 14 for i in range(15)]
        crown = [_DECK_Z + 26 * math.sin(math.pi * i / 14) ** 0.9 for i in range(15)]
        for i in range(14):
            tone = _FESTIVE[(i // 3) % len(_FESTIVE)]
            _bar(canvas, _on_bridge(steps[i], crown[i]), _on_bridge(steps[i + 1], crown[i + 1]), 2.2, steel, tone)
            _bar(canvas, _on_bridge(steps[i], _DECK_Z), _on_bridge(steps[i], crown[i]), 0.5, steel)
            _bar(canvas, _on_bridge(steps[i], _DECK_Z), _on_bridge(steps[i + 1], crown[i + 1]), 0.35, steel)
    for i in range(30, -2, -1):
        a, b = i / 30, (i + 1) / 30
        deck = [
            _on_bridge(a, _DECK_Z - 2.2),
            _on_bridge(b, _DECK_Z - 2.2),
            _on_bridge(b, _DECK_Z),
            _on_bridge(a, _DECK_Z),
        ]
        canvas.face(deck, (164, 168, 168))
        lamp = _on_bridge(a, _DECK_Z + 5)
        _bar(canvas, _on_bridge(a, _DECK_Z), lamp, 0.3, steel)
        _bar(canvas, lamp, (lamp[0], lamp[1], lamp[2] + 1.1), 1.5, (200, 210, 215), (150, 215, 255))


def _bar(  # noqa: PLR0913, PLR0917 — a line has two ends
    canvas: Canvas,
    start: tuple[float, float, float],
    end: tuple[float, float, float],
    wide_m: float,
    colour: Colour,
    glow: Colour = (0, 0, 0),
) -> None:
    a, b = canvas.lens.spot(start), canvas.lens.spot(end)
    if a is None or b is None:
        return
    along = np.array([b[0] - a[0], b[1] - a[1]])
    across = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-6) / 2
    near, far = across * max(wide_m * a[2], 1.3), across * max(wide_m * b[2], 1.3)
    outline = np.array([a[:2] - near, a[:2] + near, b[:2] + far, b[:2] - far])
    canvas.fill(outline, colour, glow, canvas.lens.focal_px / a[2] * 0.5)


def _near_bank(canvas: Canvas, dice: np.random.Generator) -> None:
    canvas.face([(-90, 2, 1.5), (90, 2, 1.5), (90, 28, 1.5), (-90, 28, 1.5)], (150, 156, 158))
    for x in np.arange(-40, 40, 2.2):
        _bar(canvas, (float(x), 27.5, 1.5), (float(x), 27.5, 3.0), 0.14, (214, 216, 216), (26, 36, 42))
    for z in (2.3, 3.0):
        _bar(canvas, (-60, 27.5, z), (60, 27.5, z), 0.16, (214, 216, 216), (26, 36, 42))
    for x in (-21.0, 19.0):
        for _ in range(90):
            turn, out = float(dice.uniform(0, 6.28)), float(np.sqrt(dice.random())) * 3.4
            at = canvas.lens.spot((x + out * math.cos(turn), 24, 5.6 + out * 0.8 * math.sin(turn)))
            if at:
                tone, size = 0.6 + 0.12 * out * math.sin(turn) + float(dice.uniform(0, 0.2)), 0.55 * at[2]
                ring = np.linspace(0, 2 * np.pi, 7, endpoint=False)
                leaf = np.stack([at[0] + size * np.cos(ring), at[1] + size * 0.8 * np.sin(ring)], axis=1)
                canvas.fill(leaf, (58 * tone, 124 * tone, 74 * tone), (0, 0, 0), 24)
        _bar(canvas, (x, 24, 0.5), (x, 24, 4.5), 0.35, (58, 74, 88))


def draw_moving(picture: Picture, scene: Scene, seconds: float, light: Light) -> None:
    """Glitter on the water, barges and boats, lights of the cars on the bridge."""
    _glitter(picture, scene, seconds, light)
    for number, (speed, y, length, is_barge) in enumerate(
        ((1.6, 240, 62, True), (-1.3, 330, 70, True), (4.2, 130, 11, False), (-3.6, 180, 12, False))
    ):
        reach = y * 0.75 + length
        x = (seconds * speed + number * 211 + scene.seed * 97) % (2 * reach) - reach
        _boat(picture, scene, (float(x), float(y), float(length)), light, is_barge=is_barge, heading=speed)
    _deck_traffic(picture, scene, seconds, light)


def _glitter(picture: Picture, scene: Scene, seconds: float, light: Light) -> None:
    top = round(scene.lens.horizon_px) + 10
    water = picture[top:]
    tone = 26 if light.day > 0.5 else 11  # noqa: PLR2004 — day or night
    waves = _waves(water.shape[0], water.shape[1], tone)
    first = np.roll(waves, round(seconds * 11) % water.shape[1], axis=1)
    second = np.roll(waves, (round(seconds * 3) % water.shape[0], -round(seconds * 17) % water.shape[1]), axis=(0, 1))
    cv2.add(water, cv2.min(first, second), dst=water)


def _waves(height: int, width: int, tone: int) -> NDArray[np.uint8]:
    key = (height, width, tone)
    if key not in _WAVES:
        dice = np.random.default_rng(11)
        rows = [
            cv2.resize(dice.random((1, max(8, 14 + 130 * (height - y) // height))), (width, 1)) for y in range(height)
        ]
        sheet = np.clip(np.concatenate(rows) - 0.42, 0, 1) * tone * 2.2
        _WAVES[key] = np.repeat(sheet[..., None], 3, axis=2).astype(np.uint8)
    return _WAVES[key]


_WAVES: dict[tuple[int, int, int], NDArray[np.uint8]] = {}


def _boat(  # noqa: PLR0913 — what, where, how it goes
    picture: Picture, scene: Scene, at: tuple[float, float, float], light: Light, *, is_barge: bool, heading: float
) -> None:
    x, y, length = at
    tint = np.array(light.ambient) + 0.05
    bow = length / 2 * (1 if heading > 0 else -1)
    hull = [
        (x - bow, y, 0),
        (x + bow * 0.92, y, 0),
        (x + bow, y, 2.6 if is_barge else 1.2),
        (x - bow, y, 2.6 if is_barge else 1.2),
    ]
    _shape(picture, scene, hull, (58, 54, 74) if is_barge else (70, 110, 150), tint)
    if is_barge:
        pile = [
            (x + bow * s, y, 2.6 + 4.2 * h)
            for s, h in ((-0.9, 0), (-0.55, 1), (-0.2, 0.86), (0.1, 1.02), (0.5, 0.9), (0.86, 0))
        ]
        _shape(picture, scene, pile, (38, 38, 40), tint)
    cabin_x = x - bow * (1.16 if is_barge else 0.3)
    cabin = (
        [(cabin_x - 4, y, 1), (cabin_x + 4, y, 1), (cabin_x + 3, y, 6), (cabin_x - 3, y, 6)]
        if is_barge
        else [(cabin_x - 2.5, y, 1), (cabin_x + 2.5, y, 1), (cabin_x + 2.2, y, 2.6), (cabin_x - 2.2, y, 2.6)]
    )
    _shape(picture, scene, cabin, (214, 218, 220), tint)
    mast = scene.lens.spot((cabin_x, y, 7 if is_barge else 3))
    if mast and light.lamps > 0.3:  # noqa: PLR2004 — lanterns are lit at dusk
        lantern: Colour = (150, 225, 255)
        shine(picture, mast, Shine(colour=lantern, radius_px=5, share=light.lamps))
        below = (mast[0], mast[1] + 16, mast[2])
        shine(picture, below, Shine(colour=lantern, radius_px=4, share=light.lamps * 0.4, flat=3.5))


def _shape(
    picture: Picture,
    scene: Scene,
    corners_m: Sequence[tuple[float, float, float]],
    colour: Colour,
    tint: NDArray[np.float64],
) -> None:
    outline = scene.lens.polygon(corners_m)
    if outline is not None:
        corners = np.round(np.clip(outline, -2000, 3000) * 16).astype(np.int32)
        cv2.fillPoly(picture, [corners], tuple(map(float, np.array(colour) * tint)), cv2.LINE_AA, 4)


def _deck_traffic(picture: Picture, scene: Scene, seconds: float, light: Light) -> None:
    for number in range(26):
        is_away = number % 2 == 0
        share = (seconds * (0.022 if is_away else -0.025) + number * 0.618) % 1.0
        at = scene.lens.spot(_on_bridge(share, _DECK_Z + 0.9))
        if at is None:
            continue
        size = max(1, round(0.9 * at[2]))
        tone = np.array(((205, 205, 208), (60, 60, 62), (70, 70, 150))[number % 3]) * np.array(light.ambient)
        cv2.circle(picture, (round(at[0]), round(at[1])), size, tuple(map(float, tone)), -1, cv2.LINE_AA)
        if light.lamps > 0.3:  # noqa: PLR2004 — headlights are lit at dusk
            colour: Colour = (40, 40, 250) if is_away else (205, 235, 255)
            shine(picture, at, Shine(colour=colour, radius_px=max(3.0, 1.6 * at[2]), share=light.lamps))
