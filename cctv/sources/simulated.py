"""A camera that does not exist: a drawn street, the same for the same camera and second. For rehearsals and tests.

`sim:anything` looks at a crossing with traffic; `sim:night` and `sim:rain` change the weather, and `sim:dead` or
`sim:freeze` what goes wrong. The picture says SIMULASI, so that nobody takes it for the city.
"""

import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

import cv2
import numpy as np

from cctv.camera import Reach, Snapshot, Source
from cctv.faults import Broken, each_lost_as
from cctv.picture import Pixels, encode

WIDTH, HEIGHT = 1280, 720
_FREEZES_AFTER = timedelta(seconds=6)
_CARS = 6
_LANES_Y = (430, 500, 590, 670)
_SKY, _ROAD, _WALL, _PAINT = (190, 160, 120), (72, 70, 68), (110, 120, 130), (210, 210, 210)


def draw(name: str, moment: datetime, words: frozenset[str] = frozenset()) -> Pixels:
    """The street of camera `name` at that moment."""
    street = np.random.default_rng(zlib.crc32(name.encode()))
    pixels = np.full((HEIGHT, WIDTH, 3), _SKY, np.uint8)
    _draw_houses(pixels, street)
    cv2.rectangle(pixels, (0, 390), (WIDTH, HEIGHT), _ROAD, -1)
    for x in range(-60, WIDTH, 160):
        cv2.line(pixels, (x, 545), (x + 80, 545), _PAINT, 6)
    _draw_cars(pixels, street, moment.timestamp())
    if "night" in words:
        pixels = (pixels * 0.3).astype(np.uint8)
    if "rain" in words:
        _draw_rain(pixels, int(moment.timestamp() * 10))
    text = f"SIMULASI {name} {moment:%Y-%m-%d %H:%M:%S}Z"
    cv2.putText(pixels, text, (24, 46), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (255, 255, 255), 2, cv2.LINE_AA)
    return pixels


def _draw_houses(pixels: Pixels, street: np.random.Generator) -> None:
    edges = [0, *sorted(int(x) for x in street.integers(80, WIDTH - 80, 7)), WIDTH]
    for left, right in pairwise(edges):
        shade = [int(c + street.integers(-40, 40)) for c in _WALL]
        cv2.rectangle(pixels, (left, int(street.integers(120, 320))), (right - 4, 390), shade, -1)


def _draw_cars(pixels: Pixels, street: np.random.Generator, now_s: float) -> None:
    for number in range(_CARS):
        lane = number % len(_LANES_Y)
        speed, offset = float(street.uniform(60, 220)), float(street.uniform(0, WIDTH))
        colour = [int(c) for c in street.integers(30, 240, 3)]
        along = (offset + speed * (now_s % 3600)) % (WIDTH + 300) - 150
        x, y = int(along if lane >= len(_LANES_Y) // 2 else WIDTH - along), _LANES_Y[lane]
        cv2.rectangle(pixels, (x - 60, y - 30), (x + 60, y), colour, -1)
        cv2.rectangle(pixels, (x - 35, y - 54), (x + 35, y - 30), colour, -1)


def _draw_rain(pixels: Pixels, seed: int) -> None:
    drops = np.random.default_rng(seed).integers((0, 0), (WIDTH, HEIGHT), (400, 2))
    for x, y in drops.tolist():
        cv2.line(pixels, (x, y), (x - 4, y + 22), (200, 200, 200), 1)


def _pictures(reach: Reach) -> Iterator[Snapshot]:
    words = frozenset(urlsplit(reach.camera.url).path.split(","))
    if "dead" in words:
        raise Broken("timed_out")
    last = reach.clock() + _FREEZES_AFTER
    while True:
        now = reach.clock()
        shown = min(now, last) if "freeze" in words else now
        drawn_s = time.monotonic()
        yield Snapshot(data=encode(draw(reach.camera.name, shown, words)), captured_at=now)
        if reach.is_over_by_next(drawn_s):
            return


@contextmanager
def open_simulated(reach: Reach) -> Iterator[Iterator[Snapshot]]:
    """No network, no file."""
    yield each_lost_as(reach.camera.id, _pictures(reach))


SOURCE = Source(schemes=("sim",), open=open_simulated)
