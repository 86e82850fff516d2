"""Light of the day on the simulated streets: from the local hour to the colours of sky, sun and lamps."""

import math
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache

Colour = tuple[float, float, float]
"""Blue, green, red, 0 to 255 (or a factor where said), as OpenCV orders them."""

SUNRISE_H, SUNSET_H = 6.25, 18.4
_STEPS = 24


@dataclass(frozen=True, slots=True)
class Light:
    """`sun` is -1 (deep night) over 0 (sun on the horizon) to 1 (noon); hashable, so pictures can be kept by it."""

    sun: float
    is_raining: bool = False

    @property
    def day(self) -> float:
        """0 at night, 1 in full daylight."""
        return _smooth(-0.12, 0.25, self.sun)

    @property
    def dusk(self) -> float:
        """1 while the sun is on the horizon, 0 far from it."""
        return math.exp(-((self.sun / 0.16) ** 2)) * (0.35 if self.is_raining else 1.0)

    @property
    def lamps(self) -> float:
        """How far the street lamps and shop signs count, 0 to 1."""
        return 1 - _smooth(-0.05, 0.12, self.sun)

    @property
    def ambient(self) -> Colour:
        """Factors by which the light of the sky multiplies every surface."""
        return _ambient(self)

    @property
    def zenith(self) -> Colour:
        """Top of the sky."""
        noon = (150.0, 142.0, 136.0) if self.is_raining else (214.0, 164.0, 110.0)
        return _mix(_mix((34.0, 20.0, 12.0), noon, self.day), (122.0, 72.0, 62.0), self.dusk * 0.75)

    @property
    def horizon(self) -> Colour:
        """Bottom of the sky, and of everything far away."""
        noon = (176.0, 172.0, 168.0) if self.is_raining else (232.0, 222.0, 206.0)
        return _mix(_mix((64.0, 46.0, 40.0), noon, self.day), (92.0, 138.0, 226.0), self.dusk * 0.85)


def light_at(moment: datetime, zone: tzinfo, *, is_raining: bool = False) -> Light:
    """The light at a moment; the sun's height is taken in steps, so that a backdrop lasts some minutes."""
    local = moment.astimezone(zone)
    hour = local.hour + local.minute / 60
    day = SUNSET_H - SUNRISE_H
    turn = (hour - SUNRISE_H) / day if SUNRISE_H <= hour <= SUNSET_H else -((hour - SUNSET_H) % 24) / (24 - day)
    return Light(sun=round(math.sin(math.pi * turn) * _STEPS) / _STEPS, is_raining=is_raining)


@lru_cache(maxsize=16)
def _ambient(light: Light) -> Colour:
    noon = 0.62 if light.is_raining else 1.0
    lit = _mix((0.20, 0.15, 0.125), (noon, noon * 0.99, noon * 0.97), light.day)
    return _mix(lit, (0.50, 0.44, 0.56), light.dusk * 0.6)


def _smooth(low: float, high: float, value: float) -> float:
    share = min(1.0, max(0.0, (value - low) / (high - low)))
    return share * share * (3 - 2 * share)


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    (b, g, r), (b2, g2, r2) = one, other
    return b + (b2 - b) * share, g + (g2 - g) * share, r + (r2 - r) * share
