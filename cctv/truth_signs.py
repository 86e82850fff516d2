"""What the pixels say for or against a picture: a handful of values from a still of 320 by 180. Pure.

The top and bottom ninths, where cameras write clock and name, never count, nor does what masks hide: a clock may run
over a frozen picture, and the edges of a mask are sharp on any lens.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from cctv.camera import Masks
from cctv.masks import covered
from cctv.truth import RULES, Sign

Grey = NDArray[Any]
"""uint8 of shape (height, width)."""

WIDTH, HEIGHT = 320, 180
_FIELD = 20
_FIELDS = (WIDTH // _FIELD, HEIGHT // _FIELD)
_STRIP = _FIELD
_LEAST_FIELDS = 12
_SHARPEST = 80
_BRIGHTEST = 99
_AIM_SIZE = (WIDTH // 2, HEIGHT // 2 - _STRIP)
_NOISE_SIZE = (WIDTH // 4, HEIGHT // 4 - _STRIP // 2)
_DARK = 30
_LIKE_LIGHT = 30
_LEAST_SHARPNESS = 0.1
RECOGNISED = 0.15
"""A response from which on a shift can be believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Where a picture is looked at: by field of 20 by 20 pixels; by pixel where noise is taken out, and for the aim."""

    fields: NDArray[np.bool_]
    calm: NDArray[np.bool_]
    aim: NDArray[np.bool_]

    @property
    def is_enough(self) -> bool:
        """Whether so much is left between the masks that anything can be said."""
        return int(self.fields.sum()) >= _LEAST_FIELDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One capture as it is looked at. `light` is its mean grey, `sharpness` the mean edge of its sharper fields."""

    grey: Grey
    light: float
    brightest: float
    contrast: float
    sharpness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """How a camera looked when it was taught; `grey` is 160 by 90."""

    grey: Grey
    light: float
    sharpness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How a look lies on a reference: shifted by a share of the width in percent, and how alike the two are, 0 to 1."""

    shift_percent: float
    response: float


def region_between(masks: Masks) -> Region:
    """All but the strips of clock and name and what the masks hide."""
    hidden = covered(masks, WIDTH, HEIGHT).astype(np.float32)
    fields = cv2.resize(hidden, _FIELDS, interpolation=cv2.INTER_AREA)[1:-1] == 0
    calm = cv2.resize(hidden[_STRIP:-_STRIP], _NOISE_SIZE, interpolation=cv2.INTER_AREA) == 0
    aim = cv2.resize(hidden[_STRIP:-_STRIP], _AIM_SIZE, interpolation=cv2.INTER_AREA) == 0
    return Region(fields=np.asarray(fields), calm=np.asarray(calm), aim=np.asarray(aim))


def look_at(pixels: NDArray[Any], region: Region) -> Look:
    """The values of one still. `region` must be enough."""
    small = cv2.resize(pixels, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    # averaged over 4 by 4 pixels: noise of the night is neither light nor contrast
    calm = cv2.resize(grey[_STRIP:-_STRIP], _NOISE_SIZE, interpolation=cv2.INTER_AREA)[region.calm]
    edges = np.abs(cv2.Laplacian(cv2.GaussianBlur(grey, (0, 0), 1.0), cv2.CV_32F))
    return Look(
        grey=grey,
        light=float(calm.mean()),
        brightest=float(np.percentile(calm, _BRIGHTEST)),
        contrast=float(calm.std()),
        sharpness=float(np.percentile(_by_field(edges)[region.fields], _SHARPEST)),
    )


def _by_field(values: NDArray[Any]) -> NDArray[Any]:
    """Means over the fields between the strips."""
    return cv2.resize(values.astype(np.float32), _FIELDS, interpolation=cv2.INTER_AREA)[1:-1]


def change_between(one: Look, other: Look, region: Region) -> float:
    """How much the most changed field changed, grey levels."""
    return float(_by_field(cv2.absdiff(one.grey, other.grey))[region.fields].max())


def likeness(look: Look, reference: Reference, region: Region) -> Likeness:
    """How the look lies on the reference, by phase correlation: blind to light, noise and what moves."""
    (right, down), response = cv2.phaseCorrelate(
        _aimed(reference.grey, region), _aimed(sheet_of(look), region), cv2.createHanningWindow(_AIM_SIZE, cv2.CV_32F)
    )
    return Likeness(shift_percent=100 * float(np.hypot(right, down)) / _AIM_SIZE[0], response=float(response))


def sheet_of(look: Look) -> Grey:
    """The look at the size of a reference."""
    return cv2.resize(look.grey, (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA)


def _aimed(sheet: Grey, region: Region) -> NDArray[np.float32]:
    edge = _STRIP // 2
    middle = sheet[edge:-edge].astype(np.float32)
    return np.asarray(np.where(region.aim, middle, middle[region.aim].mean()), np.float32)


def is_like_light(look: Look, reference: Reference) -> bool:
    """Whether the two were taken in light so alike that they can be compared."""
    return abs(look.light - reference.light) <= _LIKE_LIGHT


def signs_of(look: Look, before: Look | None, reference: Reference | None, region: Region) -> Iterator[Sign]:
    """Everything that this capture says; where it cannot say, there is no sign.

    A black picture may be covered, blurred and frozen as well, but "black" says what to look for.
    """
    yield Sign(kind="black", value=look.brightest)
    if RULES["black"].is_bad(look.brightest):
        return
    yield Sign(kind="covered", value=look.contrast)
    if RULES["covered"].is_bad(look.contrast):
        return
    if before is not None:
        yield Sign(kind="frozen", value=change_between(before, look, region))
    if reference is not None and look.light >= _DARK and is_like_light(look, reference):
        yield from _compared(look, reference, region)


def _compared(look: Look, reference: Reference, region: Region) -> Iterator[Sign]:
    yield Sign(kind="blurred", value=look.sharpness / max(reference.sharpness, _LEAST_SHARPNESS))
    found = likeness(look, reference, region)
    yield Sign(kind="turned", value=found.response)
    if found.response >= RECOGNISED:
        yield Sign(kind="moved", value=found.shift_percent)
