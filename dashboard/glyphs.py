"""The signs inside our icons, as shapes of our own: what stands for a fire, a flood, a fallen tree.

A glyph is a tuple of strokes in a square from -1 to 1, y downwards. `ink` False cuts a hole into what is already there.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A filled outline (`width` 0) or a round-ended line of that width."""

    points: Points
    width: float = 0.0
    ink: bool = True


Glyph = tuple[Stroke, ...]


def area(*points: tuple[float, float], ink: bool = True) -> Stroke:
    """A filled outline."""
    return Stroke(points=points, ink=ink)


def line(*points: tuple[float, float], width: float = 0.22, ink: bool = True) -> Stroke:
    """A line with round ends and joints."""
    return Stroke(points=points, width=width, ink=ink)


def disc(x: float, y: float, radius: float, *, ink: bool = True) -> Stroke:
    """A filled circle."""
    return Stroke(points=((x, y), (x, y)), width=radius * 2, ink=ink)


def smooth(*points: tuple[float, float], ink: bool = True) -> Stroke:
    """A filled outline through the points with no corners (closed Catmull-Rom)."""
    count, steps = len(points), 10
    curve: list[tuple[float, float]] = []
    for start in range(count):
        xs, ys = zip(*(points[(start + offset) % count] for offset in (-1, 0, 1, 2)), strict=True)
        curve += [(_between(xs, step / steps), _between(ys, step / steps)) for step in range(steps)]
    return Stroke(points=tuple(curve), ink=ink)


def _between(around: tuple[float, ...], t: float) -> float:
    """Catmull-Rom in one dimension: from the second of four values at t = 0 to the third at t = 1."""
    p, q, r, s = around
    return 0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t**2 + (3 * q - p - 3 * r + s) * t**3)


def _wave(y: float, width: float = 0.2) -> Stroke:
    xs = [-0.9 + 1.8 * i / 24 for i in range(25)]
    return line(*((x, y + 0.13 * math.sin(x * 7.0)) for x in xs), width=width)


def _hook(y: float, reach: float, turn: float) -> Stroke:
    """A line of wind that curls back at its end; `turn` -1 curls up, 1 down."""
    bends = [math.pi / 2 - math.pi * 1.35 * i / 10 for i in range(11)]
    curl = [(reach + 0.26 * math.cos(a), y + turn * (0.26 - 0.26 * math.sin(a))) for a in bends]
    return line((-0.9, y), (reach, y), *curl, width=0.2)


_TREE_TURN = math.radians(62)


def _felled(x: float, y: float) -> tuple[float, float]:
    c, s = math.cos(_TREE_TURN), math.sin(_TREE_TURN)
    return x * c - y * s - 0.05, x * s + y * c + 0.28


GLYPHS: Mapping[str, Glyph] = {
    "api": (
        smooth((0.08, -1.0), (0.32, -0.42), (0.66, 0.1), (0.6, 0.68), (0.0, 0.98), (-0.6, 0.68), (-0.64, 0.12),
               (-0.36, -0.28), (-0.2, -0.02), (-0.1, -0.5)),
        smooth((0.08, 0.1), (0.28, 0.5), (0.2, 0.78), (0.0, 0.86), (-0.22, 0.76), (-0.26, 0.48), (-0.06, 0.3),
               ink=False),
    ),
    "banjir": (area((0, -0.98), (0.92, -0.26), (0.62, -0.26), (0.62, 0.14), (-0.62, 0.14), (-0.62, -0.26),
                    (-0.92, -0.26)), _wave(0.44), _wave(0.84)),
    "longsor": (area((-0.95, -0.7), (-0.5, -0.45), (0.0, 0.25), (0.95, 0.85), (-0.95, 0.85)),
                disc(-0.02, -0.52, 0.2), disc(0.42, -0.12, 0.23), disc(0.8, 0.32, 0.16)),
    "pohon": (line(_felled(0, 0.95), _felled(0, -0.2), width=0.24), disc(*_felled(0, -0.72), 0.36),
              disc(*_felled(-0.34, -0.34), 0.3), disc(*_felled(0.34, -0.34), 0.3), line((-0.95, 0.86), (0.95, 0.86))),
    "laka": (area((-0.95, 0.06), (-0.78, -0.06), (-0.5, -0.58), (0.4, -0.58), (0.66, -0.06), (0.95, 0.06),
                  (0.95, 0.5), (-0.95, 0.5)),
             area((-0.46, -0.08), (-0.3, -0.38), (-0.06, -0.38), (-0.06, -0.08), ink=False),
             area((0.1, -0.08), (0.1, -0.38), (0.28, -0.38), (0.44, -0.08), ink=False),
             disc(-0.5, 0.52, 0.3, ink=False), disc(0.5, 0.52, 0.3, ink=False), disc(-0.5, 0.54, 0.21),
             disc(0.5, 0.54, 0.21)),
    "air": (smooth((0, -0.98), (0.3, -0.4), (0.62, 0.24), (0.46, 0.78), (0, 0.96), (-0.46, 0.78), (-0.62, 0.24),
                   (-0.3, -0.4)), line((-0.28, 0.34), (-0.2, 0.56), (0.0, 0.66), width=0.14, ink=False)),
    "medis": (line((0, -0.72), (0, 0.72), width=0.5), line((-0.72, 0), (0.72, 0), width=0.5)),
    "aman": (area((0, -0.96), (0.76, -0.68), (0.76, 0.02), (0.5, 0.58), (0, 0.96), (-0.5, 0.58), (-0.76, 0.02),
                  (-0.76, -0.68)), line((-0.32, -0.02), (-0.06, 0.26), (0.36, -0.3), width=0.2, ink=False)),
    "orang": (disc(0, -0.54, 0.36), smooth((-0.72, 0.92), (-0.66, 0.3), (-0.3, 0.02), (0.3, 0.02), (0.66, 0.3),
                                           (0.72, 0.92))),
    "listrik": (area((0.26, -0.98), (-0.62, 0.16), (-0.08, 0.16), (-0.28, 0.98), (0.62, -0.24), (0.08, -0.24)),),
    "gempa": (line((-0.95, 0.05), (-0.6, 0.05), (-0.38, -0.5), (-0.08, 0.82), (0.18, -0.86), (0.42, 0.3), (0.56, 0.05),
                   (0.95, 0.05), width=0.2),),
    "angin": (_hook(-0.24, 0.34, -1), _hook(0.1, 0.6, -1), _hook(0.44, 0.16, 1)),
    "hewan": (smooth((0, 0.0), (0.42, 0.32), (0.5, 0.74), (0.18, 0.84), (-0.18, 0.84), (-0.5, 0.74), (-0.42, 0.32)),
              disc(-0.66, 0.04, 0.21), disc(-0.27, -0.46, 0.23), disc(0.27, -0.46, 0.23), disc(0.66, 0.04, 0.21)),
    "info": (disc(0, -0.66, 0.2), line((0, -0.12), (0, 0.76), width=0.34)),
    "lain": (line((0, -0.78), (0, 0.18), width=0.34), disc(0, 0.72, 0.2)),
    "kamera": (area((-0.92, -0.42), (0.4, -0.42), (0.4, 0.42), (-0.92, 0.42)),
               area((0.5, -0.1), (0.94, -0.42), (0.94, 0.42), (0.5, 0.1))),
}  # fmt: skip
"""By the icon keys of the cities' taxonomies; `kamera` is for the camera markers."""
