"""Charts and maps of a report as vectors: a block in, a drawing out. Pure; colours come from the tokens.

They are drawn from the same data as those of the screen, without a browser, so the same data are the same bytes.
"""

import math
from collections.abc import Iterator
from typing import Literal

from reportlab.graphics.shapes import Drawing, Group, Line, Path, Polygon, Rect, String
from reportlab.lib.colors import Color, toColor

from dashboard.report_document import Bar, Chart, Map, Mood
from dashboard.report_words import Tongue
from dashboard.style import tokens

TEXT_FACE, BOLD_FACE = "Layar-Text", "Layar-Bold"
SMALL, PLAIN = 7.5, 8.5
Anchor = Literal["start", "middle", "end"]
_GAP = 4.0
_AXIS = 14.0
_BAR_HEIGHT = 15.0
_LABEL_SHARE = 0.36
_HEAT_ROW = 13.0
_MOST_TICKS = 12
_NICE = (1, 2, 5, 10)
_STEPS = 5
_LIGHT_UP_TO = 2


def colour(name: str) -> Color:
    """A colour of the paper, as the tokens have it."""
    return toColor(tokens()[f"--paper-{name}"])


_MOODS: dict[Mood, str] = {"plain": "bar", "good": "good", "late": "late"}


def drawn(chart: Chart, width: float, say: Tongue) -> Drawing:
    """The chart, as high as it needs."""
    if chart.shape == "bars":
        return _lying(chart, width, say)
    return _heat(chart, width) if chart.shape == "heat" else _columns(chart, width, say)


def _columns(chart: Chart, width: float, say: Tongue, height: float = 130.0) -> Drawing:
    drawing = Drawing(width, height)
    top = nice_top(max((max(bar.value, bar.high or 0) for bar in chart.bars), default=0))
    room, left = height - _AXIS - 8, 26.0
    for part in range(3):
        value = top * part / 2
        y = _AXIS + room * part / 2
        drawing.add(Line(left, y, width, y, strokeColor=colour("line"), strokeWidth=0.5))
        drawing.add(_text(left - 4, y - 2.5, say.number(value), anchor="end"))
    step = (width - left) / max(1, len(chart.bars))
    every = max(1, math.ceil(len(chart.bars) / _MOST_TICKS))
    for place, bar in enumerate(chart.bars):
        x = left + place * step
        _add_column(drawing, bar, (x, step), room / top)
        if place % every == 0:
            drawing.add(_text(x + step / 2, 3, bar.label, anchor="middle"))
    return drawing


def _add_column(drawing: Drawing, bar: Bar, across: tuple[float, float], scale: float) -> None:
    x, step = across
    wide, middle = max(step * 0.7, 0.5), x + step / 2
    drawing.add(_box(middle - wide / 2, _AXIS, wide, bar.value * scale, _MOODS[bar.mood]))
    if bar.low is not None and bar.high is not None:
        low, high = _AXIS + bar.low * scale - 1, _AXIS + bar.high * scale + 1
        drawing.add(Line(middle, low, middle, high, strokeColor=colour("usual"), strokeWidth=2.4))
        drawing.add(Line(middle, low, middle, high, strokeColor=colour("ink"), strokeWidth=1))


def nice_top(most: float) -> float:
    """The least round number that is not below it: the end of an axis."""
    if most <= 0:
        return 1.0
    size = 10 ** math.floor(math.log10(most))
    return float(next(step * size for step in _NICE if step * size >= most))


def _lying(chart: Chart, width: float, say: Tongue) -> Drawing:
    height = _BAR_HEIGHT * max(1, len(chart.bars)) + _GAP
    drawing = Drawing(width, height)
    left, most = width * _LABEL_SHARE, max((bar.value for bar in chart.bars), default=0) or 1
    room = width - left - 70
    for place, bar in enumerate(chart.bars):
        y = height - (place + 1) * _BAR_HEIGHT
        drawing.add(_text(left - 6, y + 4, bar.label, PLAIN, anchor="end"))
        long = room * bar.value / most
        drawing.add(_box(left, y + 2, long, _BAR_HEIGHT - 4, _MOODS[bar.mood]))
        drawing.add(_text(left + long + 4, y + 4, bar.text or say.number(bar.value), PLAIN))
    if chart.target is not None and chart.target <= most:
        x = left + room * chart.target / most
        drawing.add(Line(x, 0, x, height, strokeColor=colour("late"), strokeWidth=1, strokeDashArray=[3, 2]))
    return drawing


def _heat(chart: Chart, width: float) -> Drawing:
    rows = math.ceil(len(chart.bars) / chart.per_row)
    height, left = _HEAT_ROW * rows + _AXIS, 30.0
    drawing = Drawing(width, height)
    most, step = max((bar.value for bar in chart.bars), default=0), (width - left) / chart.per_row
    for place, bar in enumerate(chart.bars):
        row, column = divmod(place, chart.per_row)
        x, y = left + column * step, height - (row + 1) * _HEAT_ROW
        shade = step_of(bar.value, most)
        drawing.add(_box(x, y, step - 1, _HEAT_ROW - 1, f"step-{shade}"))
        if bar.value:
            ink = "ink" if shade <= _LIGHT_UP_TO else "ground"
            drawing.add(_text(x + step / 2, y + 3.5, f"{bar.value:g}", anchor="middle", ink=ink))
    for row, label in enumerate(chart.row_labels):
        drawing.add(_text(left - 5, height - (row + 1) * _HEAT_ROW + 3.5, label, anchor="end"))
    for column in range(0, chart.per_row, 3):
        drawing.add(_text(left + column * step + step / 2, 3, f"{column:02}", anchor="middle"))
    return drawing


def step_of(value: float, most: float) -> int:
    """Five steps: nothing, and four up to the most of any."""
    return 0 if not value else 1 + min(_STEPS - 2, int((_STEPS - 1) * (value - 1) / max(1, most)))


def mapped(block: Map, width: float, height: float) -> Drawing:
    """Areas as lines and fills; a degree of longitude is as wide as it is there."""
    points = [point for area in block.areas for ring in area.rings for point in ring]
    if not points:
        return Drawing(width, 1)
    place, wide, high = _projection(points, width, height)
    drawing, ground = Drawing(wide, high), Group()
    for area in block.areas:
        ground.add(_area(area.rings, place, f"step-{area.step}"))
    drawing.add(ground)
    if block.point is not None:
        _add_point(drawing, place(block.point))
    return drawing


class _Place:
    """lon, lat → where on the drawing."""

    def __init__(self, west: float, south: float, across: float, scale: float) -> None:
        self._origin = (west, south)
        self._across = across
        self._scale = scale

    def __call__(self, point: tuple[float, float]) -> tuple[float, float]:
        """To a hundredth of a point: the same bytes on every machine."""
        west, south = self._origin
        x, y = (point[0] - west) * self._across * self._scale, (point[1] - south) * self._scale
        return round(x, 2), round(y, 2)


def _projection(points: list[tuple[float, float]], width: float, height: float) -> tuple[_Place, float, float]:
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    across = math.cos(math.radians((min(lats) + max(lats)) / 2))
    wide, high = (max(lons) - min(lons)) * across, max(lats) - min(lats)
    scale = min(width / max(wide, 1e-9), height / max(high, 1e-9))
    return _Place(min(lons), min(lats), across, scale), wide * scale, high * scale


def _area(rings: tuple[tuple[tuple[float, float], ...], ...], place: _Place, fill: str) -> Path:
    path = Path(fillColor=colour(fill), strokeColor=colour("edge"), strokeWidth=0.4, fillMode=0)
    for ring in rings:
        for number, point in enumerate(_thinned(place(one) for one in ring)):
            (path.lineTo if number else path.moveTo)(*point)
        path.closePath()
    return path


def _thinned(points: Iterator[tuple[float, float]], least: float = 0.35) -> Iterator[tuple[float, float]]:
    """Without the points that no eye could tell from the one before."""
    last: tuple[float, float] | None = None
    for point in points:
        if last is None or math.dist(point, last) >= least:
            last = point
            yield point


def _add_point(drawing: Drawing, at: tuple[float, float]) -> None:
    x, y = at
    corners = [x, y, x - 5, y + 12, x + 5, y + 12]
    drawing.add(Polygon(corners, fillColor=colour("late"), strokeColor=colour("ground"), strokeWidth=0.8))


def _box(x: float, y: float, width: float, height: float, name: str) -> Rect:
    box = Rect(x, y, width, height)
    box.fillColor, box.strokeColor = colour(name), None
    return box


def _text(  # noqa: PLR0913, PLR0917 — where, what, and how it looks
    x: float, y: float, text: str, size: float = SMALL, anchor: Anchor = "start", ink: str = "soft"
) -> String:
    return String(x, y, text, fontName=TEXT_FACE, fontSize=size, fillColor=colour(ink), textAnchor=anchor)
