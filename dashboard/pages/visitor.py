"""The visitors' tour: a story in scenes that runs by itself, for people who are shown around and for a guide's keys.

The page is a frame; `assets/80-visitor.js` and its followers fill it from the tour and the live message. Whoever opens
it, an admin too, is sent what visitors get (docs/visitor.md).
"""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.auth import VISITORS
from dashboard.components.map import map_panel
from dashboard.exercise import mode_now
from dashboard.i18n import said
from dashboard.page import Page
from dashboard.services import Services
from layers.layer import Words

VISITOR = "visitor"
MAP = "wall-map"
_KEYS = Words(id="← → adegan · spasi berhenti · B bahasa", en="← → scenes · space holds · B language")
_WAIT = Words(id="Tur disiapkan …", en="The tour is being prepared …")


def layout(services: Services) -> Component:
    """The frame: a map under all, a stage on the right, words on the left, what must not be overlooked on top."""
    city = services.ground.city
    known: dict[str, Any] = {"data-build": services.build, "data-mode": mode_now(services)}
    ground = html.Div([map_panel(MAP, city.view_lon, city.view_lat)], className="visitor-ground")
    parts = [
        ground,
        html.Div([], className="visitor-veil"),
        html.Div([], id="visitor-stage", className="visitor-stage"),
        html.Div([html.B(""), html.Span("")], id="visitor-mode", className="mode visitor-mode", hidden=True),
        html.Div("", id="visitor-note", className="visitor-note", hidden=True),
        _words(city.center_name),
        html.Div([], className="wall-frame"),
    ]
    return html.Main(parts, id=VISITOR, className="visitor", **known)


def _words(center: str) -> Component:
    brand = html.Div(
        [html.Div(["LAYAR", html.B("112")], className="brand-name"), html.Div(center, className="brand-center")]
    )
    story = html.Div(
        [
            html.Div("", id="visitor-count", className="visitor-count"),
            html.H1(said(_WAIT), id="visitor-title"),
            html.P("", id="visitor-caption"),
        ],
        className="visitor-story",
    )
    foot = html.Div(
        [html.Div([], id="visitor-dots", className="visitor-dots"), html.Div(said(_KEYS), className="visitor-keys")]
    )
    return html.Div([brand, story, foot], className="visitor-words")


PAGE = Page(
    path="/visitor",
    title=Words(id="Tur tamu · Layar 112", en="Visitors' tour · Layar 112"),
    layout=layout,
    roles=VISITORS,
)
