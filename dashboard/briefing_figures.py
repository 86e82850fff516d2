"""The figures of a briefing in plotly. Pure: a Brief in, a figure out; colours come from the tokens."""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Literal

import plotly.graph_objects as go

from dashboard.briefing import MOST_GROUPS, Brief, is_one_day, name_of
from dashboard.briefing_usual import Usual
from dashboard.briefing_words import WEEKDAY_WORDS, WEEKDAY_WORDS_EN, day_words, in_english, span_words
from dashboard.style import Theme, tokens
from geodata.places import Ground
from layers.calls import KIND_WORDS, CallKind

_THEME: ContextVar[Theme] = ContextVar("theme", default="night")
_MINUTE = 60
_SEEN_DEG = 0.0006
"""Some 65 m: less than a pixel of the figure of a whole city."""
Lang = Literal["id", "en"]
_NO_DATA: dict[Lang, str] = {"id": "Tidak ada data pada periode ini", "en": "No data in this period"}
_INCIDENTS: dict[Lang, str] = {"id": "kejadian", "en": "incidents"}


def colour_of(name: str) -> str:
    """A colour of the tokens, as the theme has it that is being drawn."""
    return tokens(_THEME.get())[f"--{name}"]


@contextmanager
def drawn_in(theme: Theme) -> Iterator[None]:
    """Figures that are made herein have the colours of that theme."""
    before = _THEME.set(theme)
    try:
        yield
    finally:
        _THEME.reset(before)


def dressed(figure: go.Figure, *, n: int, lang: Lang = "id", **layout: Any) -> go.Figure:  # noqa: ANN401 — plotly's
    """The look all of them share; says so where there is nothing to draw."""
    axis = {"gridcolor": colour_of("panel-line"), "zeroline": False, "fixedrange": True, "automargin": True}
    figure.update_layout(
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor=colour_of("clear"),
        plot_bgcolor=colour_of("clear"),
        font={"family": "Layar Text, sans-serif", "size": 16, "color": colour_of("text-soft")},
        showlegend=False,
        hoverlabel={"font": {"size": 16}},
        dragmode=False,
        separators=",.",
        **layout,
    )
    figure.update_xaxes(**axis)
    figure.update_yaxes(**axis)
    if n == 0:
        figure.update_xaxes(visible=False)
        figure.update_yaxes(visible=False)
        figure.add_annotation(
            text=_NO_DATA[lang], showarrow=False, x=0.5, y=0.5, xref="paper", yref="paper", font={"size": 18}
        )
    return figure


def slots_figure(brief: Brief, usual: Usual | None = None, lang: Lang = "id") -> go.Figure:
    """Incidents per hour or day, what is usual marked on them, and the day before as a line."""
    is_day = is_one_day(brief.period)
    labels = [f"{at:%H}.00" if is_day else _day(at, lang) for at, _ in brief.per_slot]
    counts, places = [count for _, count in brief.per_slot], list(range(len(brief.per_slot)))
    figure = go.Figure()
    figure.add_bar(
        x=places,
        y=counts,
        customdata=[[place, label, *_ends(brief, place)] for place, label in enumerate(labels)],
        marker={"color": colour_of("priority-4")},
        hovertemplate=f"%{{customdata[1]}}: %{{y}} {_INCIDENTS[lang]}<extra></extra>",
    )
    if usual is not None and usual.yesterday:
        figure.add_scatter(
            x=places,
            y=list(usual.yesterday[: len(places)]),
            mode="lines",
            line={"color": colour_of("text"), "width": 2, "dash": "dot", "shape": "hvh"},
            hoverinfo="skip",
        )
    if usual is not None and usual.bands:
        _add_usual(figure, usual, places)
    every = max(1, len(labels) // 8)
    ticks = list(range(0, len(labels), every))
    dressed(figure, n=sum(counts), lang=lang, bargap=0.15)
    figure.update_layout(dragmode="zoom")  # what is dragged over becomes the period
    words = [labels[tick] for tick in ticks]
    figure.update_xaxes(tickvals=ticks, ticktext=words, showgrid=False, fixedrange=False)
    figure.update_yaxes(rangemode="tozero")
    return figure


def _day(at: datetime, lang: Lang) -> str:
    return day_words(at) if lang == "id" else in_english(day_words(at))


def _ends(brief: Brief, place: int) -> tuple[str, str]:
    """From when to when a slot is, for a range that is dragged."""
    at = brief.per_slot[place][0]
    later = brief.per_slot[place + 1][0] if place + 1 < len(brief.per_slot) else brief.period.until
    return at.isoformat(), later.isoformat()


def _add_usual(figure: go.Figure, usual: Usual, places: Sequence[int]) -> None:
    """A mark at the median, a line from quartile to quartile; over the bars, which would hide it."""
    medians = [band.median for band in usual.bands]
    figure.add_scatter(
        x=list(places),
        y=medians,
        mode="markers",
        marker={"symbol": "line-ew", "size": 12, "line": {"width": 3, "color": colour_of("text")}},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [band.high - band.median for band in usual.bands],
            "arrayminus": [band.median - band.low for band in usual.bands],
            "color": colour_of("text"),
            "thickness": 2,
            "width": 0,
        },
        hoverinfo="skip",
    )


def groups_figure(brief: Brief, ground: Ground, lang: Lang = "id") -> go.Figure:
    """Median and p90 of the time until somebody was there, by group, with its target and its n."""
    groups = [group for group in brief.groups if group.first.n][:MOST_GROUPS][::-1]
    names = [f"{name_of(brief.by, group.name, ground, lang)} (n {group.first.n})" for group in groups]
    medians = [_minutes(group.first.median_s) for group in groups]
    target = ground.city.response_target_min
    bars = go.Bar(
        y=names,
        x=medians,
        orientation="h",
        customdata=[
            [group.name, *(_span(one, lang) for one in (group.first.median_s, group.first.p90_s))] for group in groups
        ],
        marker={"color": [colour_of("late" if (median or 0) > target else "ok") for median in medians]},
        hovertemplate="%{y}<br>median %{customdata[1]}<br>p90 %{customdata[2]}<extra></extra>",
    )
    marks = go.Scatter(
        y=names,
        x=[_minutes(group.first.p90_s) for group in groups],
        mode="markers",
        marker={"symbol": "line-ns", "size": 16, "line": {"width": 3, "color": colour_of("text")}},
        hoverinfo="skip",
    )
    figure = dressed(go.Figure([bars, marks]), n=len(groups), lang=lang, bargap=0.25)
    if groups:
        figure.add_vline(x=target, line={"color": colour_of("priority-2"), "width": 2, "dash": "dash"})
    figure.update_xaxes(title={"text": "menit" if lang == "id" else "minutes"}, rangemode="tozero")
    figure.update_yaxes(showgrid=False)
    return figure


def _span(seconds: float | None, lang: Lang) -> str:
    return span_words(seconds) if lang == "id" else in_english(span_words(seconds))


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / _MINUTE


def heat_figure(brief: Brief, lang: Lang = "id") -> go.Figure:
    """Incidents by weekday and hour."""
    total = sum(map(sum, brief.heat))
    steps = [colour_of(f"pressure-{step}") for step in range(5)]
    squares = go.Heatmap(
        z=[list(row) for row in brief.heat],
        x=[f"{hour:02}" for hour in range(24)],
        y=list(WEEKDAY_WORDS if lang == "id" else WEEKDAY_WORDS_EN),
        customdata=[[[day, hour] for hour in range(24)] for day in range(7)],
        colorscale=[[step / 4, colour] for step, colour in enumerate(steps)],
        zmin=0,
        xgap=2,
        ygap=2,
        showscale=False,
        hovertemplate=f"%{{y}} %{{x}}.00: %{{z}} {_INCIDENTS[lang]}<extra></extra>",
    )
    figure = dressed(go.Figure(squares), n=total, lang=lang)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(showgrid=False, dtick=3)
    return figure


def funnel_figure(brief: Brief, lang: Lang = "id") -> go.Figure:
    """What became of the calls."""
    calls = brief.calls
    steps: list[Step] = []
    if calls is not None:
        came, answered = ("Masuk", "Dijawab") if lang == "id" else ("Came in", "Answered")
        steps = [(came, calls.came, "priority-4", None), (answered, calls.answered, "priority-4", None)]
        kinds = sorted(KIND_WORDS, key=lambda kind: (kind != "normal", -calls.by_kind[kind]))
        steps += [
            (_kind(kind, lang), calls.by_kind[kind], "ok" if kind == "normal" else "lost", None)
            for kind in kinds
            if calls.by_kind[kind]
        ]
    return lying(steps, lang)


def _kind(kind: CallKind, lang: Lang) -> str:
    words = KIND_WORDS[kind]
    return (words.id if lang == "id" else words.en).capitalize()


Step = tuple[str, int, str, int | None]
"""(label, count, colour token, what a touch tells)."""


def lying(steps: Sequence[Step], lang: Lang = "id") -> go.Figure:
    """Lying bars with their counts, the first on top."""
    back = list(steps)[::-1]
    bars = go.Bar(
        y=[name for name, _, _, _ in back],
        x=[count for _, count, _, _ in back],
        text=[f"{count:,}".replace(",", ".") for _, count, _, _ in back],
        customdata=[[key] for _, _, _, key in back],
        textposition="auto",
        textangle=0,
        orientation="h",
        marker={"color": [colour_of(colour) for _, _, colour, _ in back]},
        hoverinfo="none",
    )
    figure = dressed(go.Figure(bars), n=sum(count for _, count, _, _ in back), lang=lang, bargap=0.2)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(showgrid=False)
    return figure


def map_figure(brief: Brief, ground: Ground, chosen: Mapping[str, int] | None = None, lang: Lang = "id") -> go.Figure:
    """Incidents per kelurahan; drawn as lines, so that it is the same on paper and without a graphics card.

    `chosen` counts those behind what was touched: then they are painted, and their areas outlined.
    """
    counted = brief.places if chosen is None else chosen
    most = max((count for code, count in counted.items() if code in ground.places.areas), default=0)
    figure = go.Figure()
    for area in ground.places.boundaries_geojson()["features"]:
        code, name = area["properties"]["code"], area["properties"]["name"]
        lons, lats = _outline(area["geometry"])
        figure.add_scatter(
            x=lons,
            y=lats,
            mode="lines",
            fill="toself",
            fillcolor=_shade(counted.get(code, 0), most),
            line=_edge(code, chosen),
            name=code,
            text=f"{name}: {counted.get(code, 0)} {_INCIDENTS[lang]}",
            customdata=[[code]] * len(lons),
            hoveron="fills",
            hoverinfo="text",
        )
    dressed(figure, n=1, lang=lang)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x", scaleratio=1.0)
    return figure


def _edge(code: str, chosen: Mapping[str, int] | None) -> dict[str, Any]:
    is_chosen = chosen is not None and chosen.get(code, 0) > 0
    return {"color": colour_of("focus" if is_chosen else "boundary"), "width": 3 if is_chosen else 1}


def _shade(count: int, most: int) -> str:
    """Five steps up to the most of any."""
    step = 0 if not count else 1 + min(3, int(4 * (count - 1) / max(1, most)))
    return colour_of(f"pressure-{step}")


def _outline(geometry: dict[str, Any]) -> tuple[list[float | None], list[float | None]]:
    """Every ring, with a gap between two."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    lons: list[float | None] = []
    lats: list[float | None] = []
    for polygon in polygons:
        for ring in polygon:
            points = list(_thinned(ring))
            lons += [*(point[0] for point in points), None]
            lats += [*(point[1] for point in points), None]
    return lons, lats


def _thinned(ring: Sequence[Sequence[float]]) -> Iterator[Sequence[float]]:
    """Without the points that no screen could tell from the one before."""
    last: Sequence[float] | None = None
    for number, point in enumerate(ring):
        if last is None or number == len(ring) - 1 or math.dist(point, last) >= _SEEN_DEG:
            last = point
            yield point
