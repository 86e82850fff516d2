"""Is everything working? One page for whoever is on duty: each part, since when, and what to do.

A frame; `assets/84-health.js` fills it every few seconds from `/api/v1/health`, and says so when nobody answers.
"""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.auth import OPERATORS, may
from dashboard.exercise import mode_now
from dashboard.i18n import said, said_of
from dashboard.page import Page
from dashboard.services import Services
from layers.layer import Words

HEALTH = "health"
_TITLE = Words(id="Kesehatan sistem", en="System health")
_DESK = Words(id="Meja operator", en="Operator's desk")
_WALL = Words(id="Layar dinding", en="Wall")
_PARTS = Words(id="Bagian-bagian", en="Parts")
_KEYS = Words(id="B bahasa · T siang atau malam · ? tombol lain", en="B language · T day or night · ? other keys")


def layout(services: Services) -> Component:
    """The frame, and whose clock it goes by."""
    city = services.ground.city
    known: dict[str, Any] = {
        "data-mode": mode_now(services),
        "data-zone": city.time_zone,
        "data-label": city.zone_label,
    }
    whole = html.Section(
        [
            html.Span([], className="health-shape", id=f"{HEALTH}-shape"),
            html.P([], id=f"{HEALTH}-said", className="health-said"),
            html.P([], id=f"{HEALTH}-at", className="health-at"),
        ],
        id=f"{HEALTH}-whole",
        className="health-whole panel",
        role="status",
    )
    parts = html.Ul([], id=f"{HEALTH}-parts", className="health-parts", **said_of("aria-label", _PARTS))
    foot = html.Footer(
        [html.Span([], id=f"{HEALTH}-hint"), html.Span(said(_KEYS), className="health-keys")], className="health-foot"
    )
    return html.Div([_top(), html.Main([whole, parts]), foot], id=HEALTH, className=HEALTH, **known)


def _top() -> Component:
    name = html.Div(["LAYAR", html.B("112")], className="brand-name")
    desk = [html.A(said(_DESK), href="/operate", className="button is-quiet")] if may(OPERATORS) else []
    return html.Header(
        [
            html.Div([name, html.H1(said(_TITLE))], className="health-brand"),
            html.Div([], id=f"{HEALTH}-mode", className="health-mode", hidden=True),
            html.Div([], id=f"{HEALTH}-clock", className="health-clock"),
            *desk,
            html.A(said(_WALL), href="/wall", className="button is-quiet"),
        ],
        className="health-top",
    )


PAGE = Page(
    path="/health", title=Words(id="Kesehatan sistem · Layar 112", en="System health · Layar 112"), layout=layout
)
