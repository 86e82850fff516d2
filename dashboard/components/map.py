"""The map: a Plotly graph that owns a MapLibre map. Its figure is set once; what lives on it comes from `assets/`."""

import plotly.graph_objects as go
from dash import dcc, html
from dash.development.base_component import Component

STYLE_URL = "/map/style.json"
_FIRST_ZOOM = 12.35


def first_figure(lon: float, lat: float) -> go.Figure:
    """The figure of the first paint. It is never updated: that would cost 100 ms and may wedge the graph."""
    nothing = go.Scattermap(lon=[lon], lat=[lat], mode="markers", marker={"size": 1, "opacity": 0}, hoverinfo="skip")
    figure = go.Figure(nothing)
    figure.update_layout(
        map={"style": STYLE_URL, "center": {"lon": lon, "lat": lat}, "zoom": _FIRST_ZOOM},
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        showlegend=False,
        hovermode=False,
        template="none",
        paper_bgcolor="rgba(0,0,0,0)",
    )
    return figure


def map_panel(map_id: str, lon: float, lat: float) -> Component:
    """The map, filling the screen, first looking at (lon, lat)."""
    graph = dcc.Graph(
        figure=first_figure(lon, lat),
        config={"displayModeBar": False, "scrollZoom": True, "doubleClick": False},
        responsive=True,
        className="wall-graph",
    )
    return html.Div([graph], id=map_id, className="wall-map")
