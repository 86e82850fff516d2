"""Which part of a screen stands where: a grid of cells, each as large as a text needs, never across two panels. Pure.

A cell is a panel of the wall or a part of one. What is read (lists, cards, figures) stays inside one panel; only the
map and what is made of whole panels goes across. Large letters make few cells, and few cells show fewer parts: no
text is ever made smaller to fit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from dashboard.wall_sizes import Canvas
from dashboard.walls import Shows, WallSettings

Box = tuple[float, float, float, float]
"""Left, top, width and height in cells."""

CELL_REM = (28.0, 15.5)
LEAST_CELL_REM = (24.0, 13.4)
"""What a text needs to be complete."""

_HALVES_FROM_REM = (48.0, 27.0)
_CLASSIC_REM = (116.0, 62.0)
_STATUS_REM, _CLOCK_REM = 5.4, 7.6
_HEAD_REM, _TWO_ROWS_REM = 10.5, 15.0
_LINE_REM, _SENTENCE_REM = 3.2, 2.9
_THREE = 3
_FEW_CELLS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """The grid and the parts on it. `cards`: one box per card, or one for all where nothing cuts it (`is_flowing`).

    `is_classic`: the map to all edges with everything floating above it, as style sheets have it; then no parts.
    """

    cells: tuple[int, int]
    parts: dict[str, Box] = field(default_factory=dict)
    lists: tuple[Box, ...] = ()
    cards: tuple[Box, ...] = ()
    is_flowing: bool = False
    is_classic: bool = False


def arranged(shows: Shows, wall: WallSettings, canvas: Canvas) -> Arrangement:
    """The parts of a screen of this size."""
    is_whole = wall.columns * wall.rows == 1
    sides = canvas.wide_rem, canvas.high_rem
    is_fine = max(sides) >= _CLASSIC_REM[0] and min(sides) >= _CLASSIC_REM[1]
    is_flat = canvas.wide_rem >= canvas.high_rem
    if is_whole and is_fine and (shows == "kamera" or (shows == "penuh" and is_flat)):
        return Arrangement(cells=(1, 1), is_classic=True)
    grid = _Grid(
        across=_parts_of(canvas.wide_rem / wall.columns, 0) * wall.columns,
        down=_parts_of(canvas.high_rem / wall.rows, 1) * wall.rows,
        high_rem=canvas.high_rem,
        is_whole=is_whole,
    )
    return _with_chip(
        grid, {"penuh": _full, "peta": _map, "angka": _figures, "adegan": _scene, "kamera": _cameras}[shows](grid)
    )


def _with_chip(grid: "_Grid", made: Arrangement) -> Arrangement:
    """A map that follows the director says why: where the scene has no cell, beside or above the sentence at its foot.

    A map of one cell has room for neither; then it follows nobody (`assets/38-scene-map.js`).
    """
    if "map" not in made.parts or "scene" in made.parts:
        return made
    _, _, wide, high = made.parts["map"]
    left, top, broad, strip = made.parts["status"]
    parts = dict(made.parts)
    if wide > 1:
        parts["status"] = (left, top, 1.0, strip)
        parts["chip"] = (left + 1, top, broad - 1 if grid.is_whole else 1.0, strip)
    elif high > 1:
        parts["chip"] = (left, top - strip, broad, strip)
    return replace(made, parts=parts)


def _parts_of(rem: float, axis: int) -> int:
    return max(int(rem / CELL_REM[axis]), 2 if rem >= _HALVES_FROM_REM[axis] else 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
    across: int
    down: int
    high_rem: float
    is_whole: bool

    @property
    def cells(self) -> tuple[int, int]:
        return self.across, self.down

    def high(self, rem: float) -> float:
        """So many rem as a part of a cell's height."""
        return min(1.0, rem * self.down / self.high_rem)

    def over(self, ground: Box) -> dict[str, Box]:
        """What lies on the map: the sentence at its foot, the banners at its head; each within one panel."""
        left, top, wide, high = ground
        strip = self.high(_STATUS_REM)
        middle = left + (wide - 1) // 2
        status = (left, top + high - strip, wide if self.is_whole else 1.0, strip)
        banners = (left, top, wide, 0.5) if self.is_whole else (middle, top, 1.0, 0.5)
        return {"status": status, "banners": banners}

    def head(self, x: float, y: float) -> dict[str, Box]:
        """The clock above the figures in one cell."""
        clock = self.high(_CLOCK_REM)
        return {"clock": (x, y, 1.0, clock), "figures": (x, y + clock, 1.0, 1.0 - clock)}


def _full(grid: _Grid) -> Arrangement:
    across, down = grid.cells
    if across * down < _FEW_CELLS:
        return _few(grid)
    return _side_by_side(grid) if across >= _THREE or down == 2 else _stacked(grid)  # noqa: PLR2004 — two rows


def _few(grid: _Grid) -> Arrangement:
    """One to three cells: the worst incidents and the clock, and a map where there is a cell for it."""
    across, down = grid.cells
    clock = grid.high(_CLOCK_REM)
    strip = grid.high(_STATUS_REM)
    if across * down == 1:
        bar, strip = grid.high(_LINE_REM), grid.high(_SENTENCE_REM)
        parts: dict[str, Box] = {
            "clock": (0, 0, 1, bar),
            "status": (0, 1 - strip, 1, strip),
            "banners": (0, 0, 1, 0.3),
        }
        return Arrangement(cells=grid.cells, parts=parts, lists=((0, bar, 1, 1 - bar - strip),))
    ground: Box = (0, 0, across - 1, 1) if across > 1 else (0, 0, 1, down - 1)
    x, y = (across - 1, 0) if across > 1 else (0, down - 1)
    parts = {"map": ground, "clock": (x, y, 1, clock), **grid.over(ground)}
    return Arrangement(cells=grid.cells, parts=parts, lists=((x, y + clock, 1, 1 - clock),))


def _side_by_side(grid: _Grid) -> Arrangement:
    """The map in the middle, text on both sides, cameras below it where there is a third row."""
    across, down = grid.cells
    left = 1 if across >= _THREE else 0
    rows = down - 1 if down >= _THREE else down
    ground: Box = (left, 0, across - left - 1, rows)
    right = across - 1
    parts = {"map": ground, **grid.over(ground), **grid.head(0 if left else right, 0)}
    if down >= _THREE:
        parts["cameras"] = (left, rows, ground[2], 1)
    sides = [(right, y) for y in range(0 if left else 1, down)]
    lists, sides = _cut(sides, 2 if down > _THREE else 1)
    rest = [*((0, y) for y in range(1, down) if left), *sides]
    if len(rest) > 1 and sides:
        parts["scene"] = _cell(*sides[0])
        rest.remove(sides[0])
    return _filled(grid, parts, lists, rest)


def _stacked(grid: _Grid) -> Arrangement:
    """A wall that is higher than wide: clock, map, list, cards and cameras from top to bottom."""
    across, down = grid.cells
    rows = down // 2 - (1 if _FEW_CELLS < down <= _FEW_CELLS + 2 else 0)
    ground: Box = (0, 1, across, rows)
    parts = {"map": ground, **grid.over(ground)}
    if across == 1:
        parts |= grid.head(0, 0)
    else:
        parts |= {"clock": (0, 0, 1, 1), "figures": (1, 0, 1, 1)}
    rest = [(x, y) for y in range(1 + rows, down) for x in range(across)]
    if down > _FEW_CELLS + 1:
        parts["cameras"] = (0, down - 1, across, 1)
        rest = [(x, y) for x, y in rest if y < down - 1]
    lists, rest = _cut(rest, 1)
    if len(rest) > 1:
        parts["scene"] = _cell(*rest.pop(0))
    return _filled(grid, parts, lists, rest)


def _map(grid: _Grid) -> Arrangement:
    """Nothing but the map, with the clock in its upper right corner."""
    across, down = grid.cells
    ground: Box = (0, 0, across, down)
    parts = {"map": ground, **grid.over(ground), "clock": (across - 1, 0, 1, grid.high(_CLOCK_REM))}
    if across == 1 or (across < _THREE and grid.is_whole):
        parts["banners"] = (across - 1, grid.high(_CLOCK_REM), 1, 0.4)
    if across * down == 1:
        return Arrangement(cells=grid.cells, parts=parts)
    left, _, wide, strip = parts["status"]
    if down >= _THREE or min(across, down) > 1:
        parts["legend"] = (0, down - 2 if down >= _THREE else 0, 1, 1)
    parts["status"] = (left, down - strip, wide, strip)
    return Arrangement(cells=grid.cells, parts=parts)


def _figures(grid: _Grid) -> Arrangement:
    """Every figure and card at once: nothing takes turns where there is room for all."""
    across, down = grid.cells
    strip = grid.high(_STATUS_REM)
    if across * down == 1:
        bar, strip = grid.high(_LINE_REM), grid.high(_SENTENCE_REM)
        alone: dict[str, Box] = {
            "clock": (0, 0, 1, bar), "figures": (0, bar, 1, 1 - bar - strip),
            "status": (0, 1 - strip, 1, strip), "banners": (0, 0, 1, 0.3),
        }  # fmt: skip
        return Arrangement(cells=grid.cells, parts=alone)
    if grid.is_whole and down >= _THREE:
        return _flowing(grid) if across > 1 else _column(grid)
    parts: dict[str, Box] = {
        "clock": (0, 0, 1, 1 - strip),
        "status": (0, 1 - strip, 1, strip),
        "banners": (0, 0, 1, 0.5),
    }
    rest = [(x, y) for y in range(down) for x in range(across)][1:]
    parts["figures"] = _cell(*rest.pop(0))
    lists, rest = _cut(rest, 0 if not rest else 2 if len(rest) > _FEW_CELLS + _THREE else 1)
    return _filled(grid, parts, lists, rest)


def _flowing(grid: _Grid) -> Arrangement:
    """Nothing cuts this screen: a row of figures above, the list along its side (across one that is narrow), cards."""
    across, down = grid.cells
    head, strip = grid.high(_HEAD_REM), grid.high(_STATUS_REM)
    body = down - head - strip
    parts: dict[str, Box] = {
        "clock": (0, 0, 1, head),
        "figures": (1, 0, across - 1, head),
        "status": (0, down - strip, across, strip),
        "banners": (0, 0, 1, 0.5),
    }
    if across >= _THREE:
        listed, cards = (across - 1, head, 1, body), (0, head, across - 1, body)
    else:
        listed, cards = (0, head, across, body / 3), (0, head + body / 3, across, body * 2 / 3)
    return Arrangement(cells=grid.cells, parts=parts, lists=(listed,), cards=(cards,), is_flowing=True)


def _column(grid: _Grid) -> Arrangement:
    """One above the other on a screen that is high and narrow; its cards take turns in one place."""
    down = grid.cells[1]
    clock, rows, strip = grid.high(_HEAD_REM), grid.high(_TWO_ROWS_REM), grid.high(_STATUS_REM)
    body = (down - clock - rows - strip) / 2
    parts: dict[str, Box] = {
        "clock": (0, 0, 1, clock),
        "figures": (0, clock, 1, rows),
        "status": (0, down - strip, 1, strip),
        "banners": (0, 0, 1, 0.5),
    }
    top = clock + rows
    return Arrangement(cells=grid.cells, parts=parts, lists=((0, top, 1, body),), cards=((0, top + body, 1, body),))


def _scene(grid: _Grid) -> Arrangement:
    """One incident: where it is, what is known of it, and what the cameras see of it."""
    across, down = grid.cells
    strip, clock = grid.high(_STATUS_REM), grid.high(_CLOCK_REM)
    if across * down == 1:
        bar, strip = grid.high(_LINE_REM), grid.high(_SENTENCE_REM)
        alone: dict[str, Box] = {
            "clock": (0, 0, 1, bar), "scene": (0, bar, 1, 1 - bar - strip),
            "status": (0, 1 - strip, 1, strip), "banners": (0, 0, 1, 0.3),
        }  # fmt: skip
        return Arrangement(cells=grid.cells, parts=alone)
    if across == 1:
        ground: Box = (0, 1, 1, down - 1 if down < _FEW_CELLS else down - 2)
        parts = {"map": ground, **grid.over(ground), "clock": (0, 0, 1, clock), "scene": (0, clock, 1, 1 - clock)}
        if down >= _FEW_CELLS:
            parts["cameras"] = (0, down - 1, 1, 1)
        return Arrangement(cells=grid.cells, parts=parts)
    half = across // 2
    ground = (0, 0, half, down)
    rows = max(1, down // 2) if down > 1 else 1
    parts = {"map": ground, **grid.over(ground), "clock": (across - 1, 0, 1, clock)}
    if down > rows:
        parts["cameras"] = (half, rows, across - half, down - rows)
    if across - half > 1 and not grid.is_whole:
        return _beside(grid, parts, [(x, y) for x in range(half, across) for y in range(rows)])
    if across - half > 1:
        parts["clock"] = (half, 0, across - half, clock)
        parts["scene"] = (half, clock, across - half, rows - clock)
    else:
        parts["scene"] = (half, clock, 1, rows - clock)
    return Arrangement(cells=grid.cells, parts=parts)


def _beside(grid: _Grid, parts: dict[str, Box], cells: list[tuple[int, int]]) -> Arrangement:
    """The scene in the first cell, clock and figures in the last of its row; the list and cards in the others."""
    left, right = cells[0][0], cells[-1][0]
    parts = {**parts, "scene": _cell(left, 0), **grid.head(right, 0)}
    lists, cards = _cut([cell for cell in cells if cell not in {(left, 0), (right, 0)}], 1)
    return Arrangement(
        cells=grid.cells, parts=parts, lists=tuple(_cell(*at) for at in lists), cards=tuple(_cell(*at) for at in cards)
    )


def _cameras(grid: _Grid) -> Arrangement:
    """A page of its own shows them; only its grid is said here."""
    return Arrangement(cells=grid.cells)


def _cell(x: float, y: float) -> Box:
    return x, y, 1, 1


def _cut(cells: list[tuple[int, int]], count: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    return cells[:count], cells[count:]


def _filled(
    grid: _Grid, parts: dict[str, Box], lists: list[tuple[int, int]], rest: list[tuple[int, int]]
) -> Arrangement:
    if "map" in parts and rest:
        parts["legend"] = _cell(*rest.pop(0))
    return Arrangement(
        cells=grid.cells,
        parts=parts,
        lists=tuple(_cell(*at) for at in lists),
        cards=tuple(_cell(*at) for at in rest),
    )


def boxes(made: Arrangement) -> Iterator[tuple[str, Box]]:
    """Every part with its box; lists and cards by their number."""
    yield from made.parts.items()
    yield from ((f"list-{number}", box) for number, box in enumerate(made.lists))
    yield from ((f"card-{number}", box) for number, box in enumerate(made.cards))
