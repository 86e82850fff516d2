"""What the zoo's RTSP cameras show: a film of some seconds as RTP payloads, encoded once, played in a loop."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import av
import cv2
import numpy as np
from fake_rtsp import fragments

FPS = 5
WIDTH, HEIGHT = 320, 180
_MOST_BYTES = 1200
_START = re.compile(rb"\0\0\0?\x01")


@dataclass(frozen=True, slots=True)
class Film:
    """`frames`: the RTP payloads of each."""

    frames: tuple[tuple[bytes, ...], ...]


def _street(seed=3):
    return np.random.default_rng(seed).integers(40, 200, (9, 16, 3), np.uint8).repeat(20, 0).repeat(20, 1)


def alive(number):
    """Something large moves."""
    pixels = _street()
    left = number * 13 % (WIDTH - 60)
    cv2.rectangle(pixels, (left, 70), (left + 60, 120), (250, 250, 250), -1)
    return _with_clock(pixels, number)


def frozen(number):
    """Nothing moves but the clock at its top."""
    return _with_clock(_street(), number)


def _with_clock(pixels, number):
    pixels[:18] = 0
    text = f"12:00:{number / FPS:05.2f}"
    cv2.putText(pixels, text, (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (255, 255, 255), 1)
    return pixels


@lru_cache(maxsize=8)
def film(draw, *, gop=2 * FPS, count=10 * FPS) -> Film:
    """`count` frames of `draw(number)`, a keyframe each `gop`."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.framerate, encoder.time_base = FPS, Fraction(1, FPS)
    encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "qp": "24", "sc_threshold": "0", "bf": "0"}
    encoder.gop_size = gop
    pictures = (av.VideoFrame.from_ndarray(draw(number), format="bgr24") for number in range(count))
    packets = [packet for picture in pictures for packet in encoder.encode(picture)] + encoder.encode(None)
    return Film(tuple(_payloads(bytes(packet)) for packet in packets))


def _payloads(access_unit):
    units = [unit for unit in _START.split(access_unit) if unit]
    return tuple(
        payload for unit in units for payload in (fragments(unit, _MOST_BYTES) if len(unit) > _MOST_BYTES else [unit])
    )
