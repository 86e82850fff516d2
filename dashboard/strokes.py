"""What the signs inside our icons are drawn with.

A glyph is a tuple of strokes in a square from -1 to 1, y downwards. `ink` False cuts a hole into what is already there.
"""

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
