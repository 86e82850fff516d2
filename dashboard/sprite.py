"""The map's own icons, painted from our shapes: nothing of others, nothing fetched.

Priority is told by the plate's shape as well as its colour: 1 a diamond, 2 a triangle, 3 a square, 4 a disc.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from dashboard.glyphs import GLYPHS
from dashboard.strokes import Glyph, Points
from dashboard.style import Theme, Tokens, tokens

CELL = 56
"""CSS px of one icon's square at scale 1."""
DENSITY = 2
"""Pixels per CSS px of the plain sprite: the wall at 4K shows it at scale 2, so it must hold that many."""
SUPERSAMPLE = 2
PER_ROW = 15

Pixels = NDArray[np.uint8]
Painter = Callable[["Board"], None]


class Board:
    """A square to paint on, in coordinates from -1 to 1, y downwards; BGRA, straight alpha.

    `known` are the colours of the theme. Plates wear a rim and a ring of their own and are the same in every theme.
    """

    def __init__(self, side: int, known: Tokens) -> None:
        self.side = side
        self.known = known
        self.pixels: Pixels = np.zeros((side, side, 4), np.uint8)

    def mask(self) -> Pixels:
        """An empty coverage mask of this board's size."""
        return np.zeros((self.side, self.side), np.uint8)

    def at(self, points: Points) -> NDArray[np.int32]:
        """Pixel positions with 4 fractional bits."""
        half = self.side / 2
        return np.array([[(x * half + half) * 16, (y * half + half) * 16] for x, y in points], np.int32)

    def fill(self, outline: Points, colour: str, opacity: float = 1.0, grow: float = 0.0) -> None:
        """Paint the inside of an outline, grown on all sides by `grow` with round corners."""
        mask = self.mask()
        cv2.fillPoly(mask, [self.at(outline)], 255, cv2.LINE_AA, 4)
        if grow:
            self.trace(mask, (*outline, outline[0]), grow * self.side, 255)
        self.paint(mask, colour, opacity)

    def paint(self, mask: Pixels, colour: str, opacity: float = 1.0) -> None:
        """Lay a colour over the board where the mask is set."""
        over = (mask.astype(np.float32) / 255 * opacity)[..., None]
        under = self.pixels[..., 3:].astype(np.float32) / 255
        alpha = over + under * (1 - over)
        top = np.array(bgr(colour), np.float32)
        mixed = (top * over + self.pixels[..., :3] * under * (1 - over)) / np.maximum(alpha, 1e-6)
        self.pixels = np.concatenate([mixed, alpha * 255], axis=2).round().astype(np.uint8)

    def sign(self, glyph: Glyph, colour: str, *, x: float = 0.0, y: float = 0.0, size: float = 0.4) -> None:
        """Paint a glyph around (x, y); `size` is half its height."""
        mask = self.mask()
        for stroke in glyph:
            placed = tuple((x + px * size, y + py * size) for px, py in stroke.points)
            value = 255 if stroke.ink else 0
            if stroke.width:
                self.trace(mask, placed, stroke.width * size * self.side / 2, value)
            else:
                cv2.fillPoly(mask, [self.at(placed)], value, cv2.LINE_AA, 4)
        self.paint(mask, colour)

    def trace(self, mask: Pixels, points: Points, width: float, value: int) -> None:
        """Set a line with round ends and joints in a mask; `width` in pixels."""
        ends = self.at(points)
        cv2.polylines(mask, [ends], isClosed=False, color=value, thickness=max(1, round(width)), lineType=8, shift=4)
        for x, y in ends:
            centre = (int(x), int(y))
            cv2.circle(mask, centre, round(width * 8), value, -1, cv2.LINE_AA, 4)


def bgr(colour: str) -> tuple[int, int, int]:
    """Blue, green, red of a "#rrggbb"."""
    return int(colour[5:7], 16), int(colour[3:5], 16), int(colour[1:3], 16)


def polygon(sides: int, radius: float, turn_deg: float = 0.0, y: float = 0.0) -> Points:
    """A regular polygon; the first corner points up at turn 0."""
    corners = [math.radians(turn_deg + 360 * i / sides) for i in range(sides)]
    return tuple((radius * math.sin(a), y - radius * math.cos(a)) for a in corners)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """The shape behind a glyph: a sharp outline, grown twice for the rim and the dark ring around it."""

    outline: Points
    radius: float
    glyph_y: float = 0.0
    glyph_size: float = 0.36


PLATES: Mapping[int, Plate] = {
    1: Plate(outline=polygon(4, 0.72), radius=0.1, glyph_size=0.47),
    2: Plate(outline=polygon(3, 0.78, y=0.16), radius=0.11, glyph_y=0.23, glyph_size=0.37),
    3: Plate(outline=polygon(4, 0.66, 45), radius=0.12, glyph_size=0.47),
    4: Plate(outline=polygon(40, 0.54), radius=0.06, glyph_size=0.44),
}
_RIM = 0.055
_RING = 0.1
_SOFT = 0.15


def plate(board: Board, shape: Plate, colour: str, rim: str, ring: str) -> None:
    """Shape, light rim and dark ring: stands out on any ground."""
    for grow, paint, opacity in ((_SOFT, ring, 0.3), (_RING, ring, 0.9), (_RIM, rim, 1.0), (0.0, colour, 1.0)):
        board.fill(shape.outline, paint, opacity, shape.radius + grow)


@cache
def incident_plate(priority: int, side: int) -> Pixels:
    """The plate of a priority, painted once for all its icons."""
    known = tokens()
    board = Board(side, known)
    plate(board, PLATES[priority], known[f"--priority-{priority}"], known["--icon-rim"], known["--icon-ring"])
    return board.pixels


def incident(priority: int, glyph: Glyph) -> Painter:
    """Painter of an incident's icon."""

    def paint(board: Board) -> None:
        known, shape = tokens(), PLATES[priority]
        board.pixels = incident_plate(priority, board.side).copy()
        ink = known[f"--priority-{priority}-glyph"]
        board.sign(glyph, ink, y=shape.glyph_y, size=shape.glyph_size)

    return paint


_CAMERA_PLATE = Plate(outline=polygon(4, 0.52, 45), radius=0.14)
_SLASH = ((-0.5, -0.5), (0.5, 0.5))


def camera(health: str) -> Painter:
    """Painter of a camera's marker: late wears a mark, lost is struck through, unknown asks."""

    def paint(board: Board) -> None:
        known = tokens()
        rim = known[{"ok": "--camera", "late": "--late"}.get(health, "--lost")]
        plate(board, _CAMERA_PLATE, known["--camera-plate"], rim, known["--icon-ring"])
        sign = GLYPHS["lain"] if health == "unknown" else GLYPHS["kamera"]
        board.sign(sign, known["--icon-rim"] if health == "ok" else rim, size=0.42)
        if health == "lost":
            _strike(board, known["--camera-plate"], 0.2)
            _strike(board, rim, 0.09)
        if health == "late":
            board.fill(polygon(30, 0.26, y=-0.5), known["--icon-ring"])
            board.fill(polygon(30, 0.19, y=-0.5), rim)

    return paint


def _strike(board: Board, colour: str, width: float) -> None:
    mask = board.mask()
    board.trace(mask, _SLASH, width * board.side / 2, 255)
    board.paint(mask, colour)


def vehicle(token: str) -> Painter:
    """Painter of the arrow that stands for a vehicle, for the legend."""
    arrow = ((0.0, -0.66), (0.5, 0.58), (0.0, 0.3), (-0.5, 0.58))

    def paint(board: Board) -> None:
        board.fill(arrow, board.known[token])

    return paint


def volunteer(token: str) -> Painter:
    """Painter of the disc that stands for a volunteer, for the legend."""

    def paint(board: Board) -> None:
        board.fill(polygon(48, 0.42), board.known[token])

    return paint


def ghost(board: Board) -> None:
    """The outline of a vehicle whose position is old, for the legend."""
    mask, arrow = board.mask(), ((0.0, -0.66), (0.5, 0.58), (0.0, 0.3), (-0.5, 0.58), (0.0, -0.66))
    board.trace(mask, arrow, 0.055 * board.side, 255)
    board.paint(mask, board.known["--unit-ghost"])


def lozenge(board: Board) -> None:
    """What stands for a tracker of unknown kind, for the legend."""
    board.fill(polygon(4, 0.56), board.known["--unit-unknown"])


def accuracy(board: Board) -> None:
    """A unit in the ring in which it may be, for the legend."""
    known, mask = board.known, board.mask()
    board.fill(polygon(48, 0.68), known["--unit-vehicle"], 0.16)
    board.trace(mask, (*polygon(48, 0.68), polygon(48, 0.68)[0]), 0.03 * board.side, 255)
    board.paint(mask, known["--unit-vehicle"])
    board.fill(polygon(24, 0.2), known["--unit-vehicle"])


def view(board: Board) -> None:
    """What a camera has in view, for the legend."""
    arc = tuple((-0.6 + 1.3 * math.cos(turn / 10), 1.3 * math.sin(turn / 10)) for turn in range(-5, 6))
    cone = ((-0.6, 0.0), *arc)
    mask = board.mask()
    board.fill(cone, board.known["--camera"], 0.35)
    board.trace(mask, (*cone, cone[0]), 0.03 * board.side, 255)
    board.paint(mask, board.known["--camera"])


def generic(board: Board) -> None:
    """What stands for an icon nobody drew: grey, so that nobody takes it for a priority."""
    known = tokens()
    plate(board, PLATES[4], known["--camera-plate"], known["--lost"], known["--icon-ring"])
    board.sign(GLYPHS["lain"], known["--lost"], size=PLATES[4].glyph_size)


def _painters() -> dict[str, Painter]:
    signs = {name: glyph for name, glyph in GLYPHS.items() if name != "kamera"}
    return {
        **{f"incident-{p}-{name}": incident(p, glyph) for p in PLATES for name, glyph in signs.items()},
        **{f"camera-{health}": camera(health) for health in ("ok", "late", "lost", "unknown")},
        "unit-vehicle": vehicle("--unit-vehicle"),
        "unit-volunteer": volunteer("--unit-volunteer"),
        "unit-ghost": ghost,
        "unit-unknown": lozenge,
        "unit-accuracy": accuracy,
        "camera-view": view,
        "lain": generic,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Sprite:
    """A sheet of icons: `png` the picture, `index` where each icon lies in it (MapLibre's sprite format)."""

    png: bytes
    index: dict[str, dict[str, Any]]


@cache
def sprite(ratio: int = 1, theme: Theme = "night") -> Sprite:
    """The sprite for screens of that pixel ratio (1 or 2)."""
    density = DENSITY * ratio
    side, painters = CELL * density, _painters()
    rows = math.ceil(len(painters) / PER_ROW)
    sheet = np.zeros((rows * side, PER_ROW * side, 4), np.uint8)
    index: dict[str, dict[str, Any]] = {}
    for number, (name, paint) in enumerate(painters.items()):
        x, y = number % PER_ROW * side, number // PER_ROW * side
        sheet[y : y + side, x : x + side] = _painted(paint, side, theme)
        index[name] = {"x": x, "y": y, "width": side, "height": side, "pixelRatio": density}
    return Sprite(png=cv2.imencode(".png", sheet, [cv2.IMWRITE_PNG_COMPRESSION, 7])[1].tobytes(), index=index)


def _painted(paint: Painter, side: int, theme: Theme) -> Pixels:
    board = Board(side * SUPERSAMPLE, tokens(theme))
    paint(board)
    small = cv2.resize(_premultiplied(board.pixels), (side, side), interpolation=cv2.INTER_AREA)
    return _straight(small)


def _premultiplied(pixels: Pixels) -> NDArray[np.float32]:
    alpha = pixels[..., 3:].astype(np.float32) / 255
    return np.concatenate([pixels[..., :3] * alpha, alpha * 255], axis=2).astype(np.float32)


def _straight(pixels: NDArray[Any]) -> Pixels:
    alpha = pixels[..., 3:] / 255
    colour = pixels[..., :3] / np.maximum(alpha, 1e-6)
    return np.concatenate([colour, alpha * 255], axis=2).clip(0, 255).round().astype(np.uint8)
