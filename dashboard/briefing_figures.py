"""The figures of a briefing in plotly. Pure: a Brief in, a figure out; colours come from the tokens."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from dashboard.briefing import MOST_GROUPS, Brief, name_of
from dashboard.briefing_words import WEEKDAY_WORDS, day_words, span_words
from dashboard.style import tokens
from geodata.places import Ground
from layers.calls import KIND_WORDS

_MINUTE = 60
_NO_DATA = "Tidak ada data pada periode ini"


def _colour(name: str) -> str:
    return tokens()[f"--{name}"]


def _dressed(figure: go.Figure, *, n: int, **layout: Any) -> go.Figure:  # noqa: ANN401 — plotly's
    """The look all of them share; says so where there is nothing to draw."""
    axis = {"gridcolor": _colour("panel-line"), "zeroline": False, "fixedrange": True, "automargin": True}
    figure.update_layout(
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor=_colour("clear"),
        plot_bgcolor=_colour("clear"),
        font={"family": "Layar Text, sans-serif", "size": 16, "color": _colour("text-soft")},
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
            text=_NO_DATA, showarrow=False, x=0.5, y=0.5, xref="paper", yref="paper", font={"size": 18}
        )
    return figure


def slots_figure(brief: Brief) -> go.Figure:
    """Incidents per hour or day."""
    is_day = len(brief.per_slot) > 1 and (brief.per_slot[1][0] - brief.per_slot[0][0]).days == 0
    labels = [f"{at:%H}.00" if is_day else day_words(at) for at, _ in brief.per_slot]
    counts = [count for _, count in brief.per_slot]
    bars = go.Bar(
        x=list(range(len(labels))),
        y=counts,
        customdata=labels,
        marker={"color": _colour("priority-4")},
        hovertemplate="%{customdata}: %{y} kejadian<extra></extra>",
    )
    every = max(1, len(labels) // 8)
    ticks = list(range(0, len(labels), every))
    figure = _dressed(go.Figure(bars), n=sum(counts), bargap=0.15)
    figure.update_xaxes(tickvals=ticks, ticktext=[labels[tick] for tick in ticks], showgrid=False)
    figure.update_yaxes(rangemode="tozero")
    return figure


def groups_figure(brief: Brief, ground: Ground) -> go.Figure:
    """Median and p90 of the time until somebody was there, by group, with its target and its n."""
    groups = [group for group in brief.groups if group.first.n][:MOST_GROUPS][::-1]
    names = [f"{name_of(brief.by, group.name, ground)} (n {group.first.n})" for group in groups]
    medians = [_minutes(group.first.median_s) for group in groups]
    target = ground.city.response_target_min
    bars = go.Bar(
        y=names,
        x=medians,
        orientation="h",
        customdata=[[group.name, span_words(group.first.median_s), span_words(group.first.p90_s)] for group in groups],
        marker={"color": [_colour("late" if (median or 0) > target else "ok") for median in medians]},
        hovertemplate="%{y}<br>median %{customdata[1]}<br>p90 %{customdata[2]}<extra></extra>",
    )
    marks = go.Scatter(
        y=names,
        x=[_minutes(group.first.p90_s) for group in groups],
        mode="markers",
        marker={"symbol": "line-ns", "size": 16, "line": {"width": 3, "color": _colour("text")}},
        hoverinfo="skip",
    )
    figure = _dressed(go.Figure([bars, marks]), n=len(groups), bargap=0.25)
    if groups:
        figure.add_vline(x=target, line={"color": _colour("priority-2"), "width": 2, "dash": "dash"})
    figure.update_xaxes(title={"text": "menit"}, rangemode="tozero")
    figure.update_yaxes(showgrid=False)
    return figure


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / _MINUTE


def heat_figure(brief: Brief) -> go.Figure:
    """Incidents by weekday and hour."""
    total = sum(map(sum, brief.heat))
    steps = [_colour(f"pressure-{step}") for step in range(5)]
    squares = go.Heatmap(
        z=[list(row) for row in brief.heat],
        x=[f"{hour:02}" for hour in range(24)],
        y=list(WEEKDAY_WORDS),
        colorscale=[[step / 4, colour] for step, colour in enumerate(steps)],
        zmin=0,
        xgap=2,
        ygap=2,
        showscale=False,
        hovertemplate="%{y} %{x}.00: %{z} kejadian<extra></extra>",
    )
    figure = _dressed(go.Figure(squares), n=total)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(showgrid=False, dtick=3)
    return figure


def funnel_figure(brief: Brief) -> go.Figure:
    """What became of the calls."""
    calls = brief.calls
    steps: list[tuple[str, int, str]] = []
    if calls is not None:
        steps = [("Masuk", calls.came, "priority-4"), ("Dijawab", calls.answered, "priority-4")]
        kinds = sorted(KIND_WORDS, key=lambda kind: (kind != "normal", -calls.by_kind[kind]))
        steps += [
            (KIND_WORDS[kind].id.capitalize(), calls.by_kind[kind], "ok" if kind == "normal" else "lost")
            for kind in kinds
            if calls.by_kind[kind]
        ]
    return _lying(steps)


def _lying(steps: Sequence[tuple[str, int, str]]) -> go.Figure:
    back = list(steps)[::-1]
    bars = go.Bar(
        y=[name for name, _, _ in back],
        x=[count for _, count, _ in back],
        text=[f"{count:,}".replace(",", ".") for _, count, _ in back],
        textposition="auto",
        orientation="h",
        marker={"color": [_colour(colour) for _, _, colour in back]},
        hoverinfo="skip",
    )
    figure = _dressed(go.Figure(bars), n=sum(count for _, count, _ in back), bargap=0.2)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(showgrid=False)
    return figure


def map_figure(brief: Brief, ground: Ground) -> go.Figure:
    """Incidents per kelurahan; drawn as lines, so that it is the same on paper and without a graphics card."""
    counted = brief.places
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
            line={"color": _colour("boundary"), "width": 1},
            name=code,
            text=f"{name}: {counted.get(code, 0)} kejadian",
            hoveron="fills",
            hoverinfo="text",
        )
    _dressed(figure, n=1)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x", scaleratio=1.0)
    return figure


def _shade(count: int, most: int) -> str:
    """Five steps up to the most of any."""
    step = 0 if not count else 1 + min(3, int(4 * (count - 1) / max(1, most)))
    return _colour(f"pressure-{step}")


def _outline(geometry: dict[str, Any]) -> tuple[list[float | None], list[float | None]]:
    """Every ring, with a gap between two."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    lons: list[float | None] = []
    lats: list[float | None] = []
    for polygon in polygons:
        for ring in polygon:
            lons += [*(point[0] for point in ring), None]
            lats += [*(point[1] for point in ring), None]
    return lons, lats
