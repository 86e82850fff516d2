"""Whether what a screen is to show has room on it with letters as large as its farthest seat needs. Pure.

Nothing is made smaller where it has not: parts are left out, and `layar check` says which, and what would help.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dashboard.wall_layout import LEAST_CELL_REM, Arrangement, arranged
from dashboard.wall_sizes import Canvas, canvas_of
from dashboard.walls import KINDS, ScreenSettings, Shows, WallSettings, sized, walls_of

_WANTED: dict[Shows, tuple[str, ...]] = {
    "penuh": ("map", "figures", "incidents", "cards", "cameras"),
    "peta": ("map", "legend"),
    "angka": ("figures", "incidents", "cards"),
    "adegan": ("map", "scene", "cameras"),
    "kamera": (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """One screen: what it has no room for, and what else would have room for all of its own.

    `text_fits`: whether its smallest cell is large enough for a line of text; else `seat_m` is the farthest seat from
    which this screen can be laid out, and `width_mm` the width that it needs for the seat it has.
    """

    wall: str
    screen: ScreenSettings
    canvas: Canvas
    missing: tuple[str, ...]
    instead: tuple[Shows, ...]
    text_fits: bool
    seat_m: float
    width_mm: float


def fits(configured: Sequence[WallSettings]) -> Iterator[Fit]:
    """Every screen of every wall."""
    for wall in walls_of(configured):
        for screen in wall.screens:
            yield fit_of(sized(wall, screen), screen)


def fit_of(wall: WallSettings, screen: ScreenSettings) -> Fit:
    """`wall` is of the size of this screen."""
    canvas = canvas_of(wall)
    share = min(
        canvas.wide_rem / wall.columns / LEAST_CELL_REM[0], canvas.high_rem / wall.rows / LEAST_CELL_REM[1], 1.0
    )
    missing = _missing(screen.shows, wall, canvas)
    others = (kind for kind in KINDS if kind != screen.shows and not _missing(kind, wall, canvas))
    return Fit(
        wall=wall.name,
        screen=screen,
        canvas=canvas,
        missing=missing,
        instead=tuple(others) if missing else (),
        text_fits=share >= 1,
        seat_m=wall.farthest_seat_m * share,
        width_mm=wall.width_mm / share,
    )


def _missing(shows: Shows, wall: WallSettings, canvas: Canvas) -> tuple[str, ...]:
    here = arranged(shows, wall, canvas)
    return () if here.is_classic else tuple(part for part in _WANTED[shows] if not _has(here, part))


def _has(here: Arrangement, part: str) -> bool:
    held = {"incidents": here.lists, "cards": here.cards}
    return bool(held[part]) if part in held else part in here.parts


def lines(configured: Sequence[WallSettings]) -> Iterator[str]:
    """What `layar check` says of the walls."""
    for fit in fits(configured):
        size = f"{fit.canvas.wide_rem:.0f} by {fit.canvas.high_rem:.0f} letters, each {fit.canvas.root_px:.0f} px"
        yield f"wall      {fit.wall} · {fit.screen.name}: shows {fit.screen.shows}, {size}"
        if not fit.text_fits:
            yield (
                f"wall      {fit.wall} · {fit.screen.name}: TOO SMALL for its farthest seat; text will be cut. "
                f"It is legible whole from {fit.seat_m:.1f} m, or {fit.width_mm:.0f} mm wide."
            )
        if fit.missing:
            yield f"wall      {fit.wall} · {fit.screen.name}: NO ROOM for {', '.join(fit.missing)}; {_advice(fit)}"


def _advice(fit: Fit) -> str:
    if fit.instead:
        return f"whole on it: shows = {' or '.join(fit.instead)}, and the rest on other screens of the wall"
    return "give them screens of their own, a larger wall, or a nearer seat"
