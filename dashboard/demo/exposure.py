"""How a painted view looks in the light of the hour: sun or lamps, sky, haze, wet roads."""

import cv2
import numpy as np
from numpy.typing import NDArray

from dashboard.demo.canvas import MOST_LAMPLIGHT, Picture, Sheets
from dashboard.demo.lens import Lens
from dashboard.demo.light import Light

Light32 = NDArray[np.float32]
_LAMP = np.array((0.50, 0.74, 0.92), np.float32)


def lit(sheets: Sheets, lens: Lens, light: Light, seed: int) -> Picture:
    """The view as the camera sees it in that light."""
    pools = _share(sheets.pools) * MOST_LAMPLIGHT
    surface = sheets.albedo * (_row(light.ambient) + pools * (_LAMP * np.float32(light.lamps)))
    haze = np.clip(_share(sheets.haze) * np.float32(1.5 if light.is_raining else 0.85), 0, 1)
    shine = sheets.glow * np.float32(light.lamps)
    scene = surface * (1 - haze) + _row(light.horizon) * haze + shine * (1 - 0.5 * haze)
    sky = _share(sheets.is_sky)
    picture = scene * (1 - sky) + sky_of(lens, light, seed) * sky
    picture += cv2.GaussianBlur(shine, (0, 0), 5) * 0.55
    picture += (
        cv2.resize(cv2.GaussianBlur(cv2.resize(shine, None, fx=0.25, fy=0.25), (0, 0), 4.5), (lens.width, lens.height))
        * 0.5
    )
    if light.is_raining:
        picture += _wet(shine, picture, lens) * _share(sheets.is_road)
    return np.asarray(np.clip(picture * _vignette(lens), 0, 255), np.uint8)


def _share(sheet: Picture) -> Light32:
    return np.asarray(sheet[..., None] / np.float32(255), np.float32)


def _row(colour: tuple[float, float, float]) -> Light32:
    return np.array(colour, np.float32)


def _wet(shine: Light32, picture: Light32, lens: Lens) -> Light32:
    """What a wet road gives back: the lights above the horizon, hanging down in long streaks."""
    row = int(lens.horizon_px)
    streaks = np.zeros_like(shine)
    upper = np.flipud((shine + picture * 0.16)[: max(row + 60, 1)])
    depth = min(len(upper), lens.height - row)
    streaks[row : row + depth] = upper[:depth]
    return np.asarray(cv2.blur(streaks, (3, 61)) * 0.8, np.float32)


def sky_of(lens: Lens, light: Light, seed: int) -> Light32:
    """Sky with clouds, from the zenith at the top of the picture to the horizon."""
    rows = np.clip(np.arange(lens.height, dtype=np.float32) / max(lens.horizon_px, 1.0), 0, 1)[:, None, None] ** 1.4
    plain = np.array(light.zenith, np.float32) * (1 - rows) + np.array(light.horizon, np.float32) * rows
    sky = np.repeat(plain, lens.width, axis=1)
    lit_cloud = np.array(light.horizon, np.float32) * 1.04 + 10 * light.day
    share = _clouds(lens, seed)[..., None] * (0.75 if light.is_raining else 0.6) * (0.25 + 0.75 * light.day)
    return np.asarray(sky * (1 - share) + lit_cloud * share, np.float32)


def _clouds(lens: Lens, seed: int) -> Light32:
    dice = np.random.default_rng([seed, 3])
    total = np.zeros((lens.height, lens.width), np.float32)
    for octave in range(5):
        cells = 2 ** (octave + 1)
        grid = dice.random((cells * 2 + 1, cells + 1)).astype(np.float32)
        total += cv2.resize(grid, (lens.width, lens.height), interpolation=cv2.INTER_CUBIC) / 2**octave
    return np.asarray(np.clip((total - 0.95) / 0.65, 0, 1), np.float32)


def _vignette(lens: Lens) -> Light32:
    x = np.linspace(-1, 1, lens.width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, lens.height, dtype=np.float32)[:, None]
    return np.asarray(1 - 0.24 * np.clip((x**2 + y**2) / 2, 0, 1), np.float32)[..., None]
