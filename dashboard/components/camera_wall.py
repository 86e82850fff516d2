"""Street cameras: the strip of the wall with the sentence above it, and the frame of a wall of nothing but cameras.

`assets/32-cameras.js` fills the strip, `assets/34-camera-wall.js` the wall.
"""

from dash import html
from dash.development.base_component import Component

from dashboard.i18n import said
from layers.layer import Words

_WAITING = Words(id="Menunggu data pertama …", en="Waiting for the first data …")


def camera_wall(strip_id: str) -> Component:
    """An empty strip."""
    return html.Div([], id=strip_id, className="wall-cameras")


def camera_note(note_id: str) -> Component:
    """How many cameras see the place that the strip is about; hidden until there is such a place."""
    return html.Div("", id=note_id, className="camera-note", hidden=True)


def camera_bar(prefix: str) -> Component:
    """The line above the wall of cameras: what is shown, what it is about, how it goes on, what time it is."""
    brand = html.Div(["LAYAR", html.B("112")], className="brand-name")
    mode = html.Div([html.B(""), html.Span("")], id=f"{prefix}-mode", className="mode", hidden=True)
    clock = html.Div([html.B("", id=f"{prefix}-time"), html.Span("", id=f"{prefix}-zone")], className="cams-clock")
    return html.Div(
        [
            brand,
            html.Div("", id=f"{prefix}-count", className="cams-count"),
            mode,
            html.Div("", id=f"{prefix}-note", className="cams-note"),
            html.Div("", id=f"{prefix}-live", className="cams-live", hidden=True),
            html.Div("", id=f"{prefix}-thin", className="cams-thin", hidden=True),
            html.Div("", id=f"{prefix}-turn", className="cams-turn"),
            clock,
        ],
        className="cams-bar",
    )


def camera_grid(prefix: str, login_url: str) -> Component:
    """The tiles, what is said where there are none, and what must not be overlooked."""
    link = html.A(said(Words(id="Pasangkan", en="Pair it")), href=login_url, hidden=True)
    news = html.Div([html.Span(""), link], id=f"{prefix}-connection", className="connection", hidden=True)
    return html.Div(
        [
            html.Div([], id=f"{prefix}-tiles", className="cams-tiles"),
            html.Div(said(_WAITING), id=f"{prefix}-none", className="cams-none"),
            news,
            html.Div("", id=f"{prefix}-keys", className="cams-keys panel", hidden=True),
        ],
        className="cams-body",
    )
