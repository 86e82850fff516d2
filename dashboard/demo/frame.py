"""One picture of a simulated camera at one moment: backdrop, traffic, rain, grain, the burned-in text, JPEG."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

import cv2
import numpy as np

from dashboard.demo import backdrop, river
from dashboard.demo.canvas import Picture, Sheets
from dashboard.demo.exposure import lit
from dashboard.demo.light import Light, light_at
from dashboard.demo.scene import Scene
from dashboard.demo.traffic import draw_traffic, traffic

JPEG_QUALITY = 80
_GRAIN_TILES = 4
_APART_S = 600
_INK = (12, 12, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What the camera burns into its picture besides the time."""

    name: str
    zone: tzinfo
    zone_label: str


class Painter:
    """Draws one scene at any moment; keeps its sheets and the newest backdrop, nothing of the past."""

    def __init__(self, scene: Scene, caption: Caption, *, is_rainy: bool = False) -> None:
        self._scene, self._caption, self._is_rainy = scene, caption, is_rainy
        self._early = timedelta(seconds=scene.seed * 37 % _APART_S)  # or all cameras would be lit anew at one moment
        self._backdrop = lru_cache(maxsize=1)(self._lit)
        self._sheets = lru_cache(maxsize=1)(self._painted)

    def picture(self, moment: datetime) -> Picture:
        """The street as seen at `moment`: height by width by 3, blue first."""
        light = light_at(moment + self._early, self._caption.zone, is_raining=self._is_rainy)
        seconds = moment.timestamp()
        picture = self._backdrop(light).copy()
        if self._scene.kind == "river":
            river.draw_moving(picture, self._scene, seconds, light)
        else:
            draw_traffic(picture, self._scene, traffic(self._scene, seconds), light)
        if self._is_rainy:
            _rain(picture, seconds, light)
        _grain(picture, seconds, light)
        _burn_in(picture, self._caption, moment)
        return picture

    def jpeg(self, moment: datetime) -> bytes:
        """The picture as JPEG bytes."""
        return jpeg_of(self.picture(moment))

    def _painted(self) -> Sheets:
        paint: Callable[[Scene], Sheets] = river.paint if self._scene.kind == "river" else backdrop.paint
        return paint(self._scene)

    def _lit(self, light: Light) -> Picture:
        return lit(self._sheets(), self._scene.lens, light, self._scene.seed)


def jpeg_of(picture: Picture) -> bytes:
    """Encode; raises ValueError when OpenCV cannot."""
    is_done, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not is_done:
        raise ValueError("OpenCV could not encode a picture as JPEG")
    return encoded.tobytes()


def _rain(picture: Picture, seconds: float, light: Light) -> None:
    height, width = picture.shape[:2]
    fall = round(seconds * 997) % height
    drops = np.roll(_drops(height, width), (fall, -round(seconds * 131) % width), axis=(0, 1))
    share = 0.55 if light.day > 0.5 else 0.4  # noqa: PLR2004 — day or night
    cv2.addWeighted(picture, 1.0, drops, share, 0.0, dst=picture)


@lru_cache(maxsize=2)
def _drops(height: int, width: int) -> Picture:
    dice = np.random.default_rng(5)
    sheet = np.zeros((height, width, 3), np.uint8)
    for _ in range(260):
        x, y = int(dice.integers(width)), int(dice.integers(height))
        length, tone = int(dice.integers(7, 24)), float(dice.uniform(50, 130))
        cv2.line(sheet, (x, y), (x - length // 7, y + length), (tone, tone, tone), 1, cv2.LINE_AA)
    return np.ascontiguousarray(cv2.GaussianBlur(sheet, (3, 3), 0))


def _grain(picture: Picture, seconds: float, light: Light) -> None:
    """Noise of the sensor: little by day, more at night, another one in every picture."""
    height, width = picture.shape[:2]
    strength = 5 if light.day > 0.5 else 9  # noqa: PLR2004 — day or night
    tick = math.floor(seconds * 25)
    bright, dark = _grain_tile(height, width, strength, tick % _GRAIN_TILES), _grain_tile(height, width, strength, 9)
    cv2.add(picture, bright, dst=picture)
    cv2.subtract(picture, np.roll(dark, tick * 37 % height, axis=0), dst=picture)


@lru_cache(maxsize=12)
def _grain_tile(height: int, width: int, strength: int, number: int) -> Picture:
    dice = np.random.default_rng([strength, number])
    grey = dice.integers(0, strength * 2, (height, width, 1)) * dice.random((height, width, 1))
    return np.repeat(grey, 3, axis=2).astype(np.uint8)


def _burn_in(picture: Picture, caption: Caption, moment: datetime) -> None:
    """Name and time as cameras write them, and the word that says what this is."""
    height, width = picture.shape[:2]
    local = moment.astimezone(caption.zone)
    aside = width // 16  # tiles of another shape cut the edges off
    _write(picture, f"{local:%Y-%m-%d %H:%M:%S} {caption.zone_label}", (aside, 24))
    _write(picture, "SIMULASI", (aside, 46), (120, 205, 255))
    _write(picture, caption.name, (aside, height - 14))


def _write(picture: Picture, text: str, at: tuple[int, int], colour: tuple[int, int, int] = (244, 246, 248)) -> None:
    column, row = at
    for aside, below, tone in ((-1, 0, _INK), (1, 0, _INK), (0, -1, _INK), (1, 1, _INK), (0, 0, colour)):
        cv2.putText(picture, text, (column + aside, row + below), cv2.FONT_HERSHEY_DUPLEX, 0.5, tone, 1, cv2.LINE_AA)
