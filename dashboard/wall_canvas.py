"""What the page of the wall is told of the walls: every screen that may be asked for, its letters and its parts. Pure.

A page does not know its address while the server makes it, so all that can be asked for stands on it as one JSON
text; `assets/03-canvas.js` takes its own out of it.
"""

from collections.abc import Sequence
from typing import Any

import orjson

from dashboard.wall_layout import Arrangement, arranged
from dashboard.wall_sizes import canvas_of, height_mm, turned
from dashboard.walls import KINDS, ScreenSettings, WallSettings, screen_named, sized, walls_of

_DIGITS = 5


def canvas_said(configured: Sequence[WallSettings], own: str | None = None) -> str:
    """JSON: walls → screens → {shows, upright, flat}; the first of each is what an address without a name means.

    `own` is the one wall that a kiosk belongs to: then it is told of that one only.
    """
    known = [wall for wall in walls_of(configured) if own in {None, wall.name}]
    walls = [{"name": wall.name, "screens": _screens(wall)} for wall in known]
    return orjson.dumps(walls).decode()


def screens_of(wall: WallSettings) -> list[ScreenSettings]:
    """Those that are configured, then what else may be asked for by its kind."""
    named = {screen.name for screen in wall.screens}
    kinds = (screen_named(wall, kind) for kind in KINDS if kind not in named)
    return [*wall.screens, *(screen for screen in kinds if screen)]


def _screens(wall: WallSettings) -> list[dict[str, Any]]:
    return [_screen(wall, screen) for screen in screens_of(wall)]


def _screen(wall: WallSettings, screen: ScreenSettings) -> dict[str, Any]:
    """Both ways that the picture may stand: whoever turns a screen need not configure it anew."""
    size = sized(wall, screen)
    ways = (size, turned(size)) if size.width_mm >= height_mm(size) else (turned(size), size)
    flat, upright = (_way(screen, one) for one in ways)
    return {
        "name": screen.name,
        "shows": screen.shows,
        "is_configured": screen in wall.screens,
        "flat": flat,
        "upright": upright,
    }


def _way(screen: ScreenSettings, size: WallSettings) -> dict[str, Any]:
    canvas = canvas_of(size)
    here = arranged(screen.shows, size, canvas)
    return {
        "root": round(canvas.root_share, 7),
        "panels": [size.columns, size.rows],
        "bezel": round(size.bezel_mm / size.width_mm, 6),
        **_arrangement(here),
    }


def _arrangement(here: Arrangement) -> dict[str, Any]:
    return {
        "cells": here.cells,
        "classic": here.is_classic,
        "flowing": here.is_flowing,
        "parts": {name: _rounded(box) for name, box in here.parts.items()},
        "lists": [_rounded(box) for box in here.lists],
        "cards": [_rounded(box) for box in here.cards],
    }


def _rounded(box: Sequence[float]) -> list[float]:
    return [round(side, _DIGITS) for side in box]
