"""Headline figures: a value, what it counts, and what it rests on."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

WAITING = "…"

FIGURES: Mapping[str, str] = {
    "open": "Kejadian terbuka",
    "critical": "Kritis",
    "units": "Armada, relawan",
    "cameras": "Kamera",
    "response": "Waktu tanggap (median)",
    "calls": "Panggilan hari ini",
}
"""By the name under which `assets/30-header.js` fills them."""


def figure(figure_id: str, label: str) -> Component:
    """One figure, empty until the first picture has come."""
    return html.Div(
        [
            html.Div(WAITING, className="figure-value"),
            html.Div(label, className="figure-label"),
            html.Div("", className="figure-note"),
        ],
        id=figure_id,
        className="figure",
    )


def figures(prefix: str, at_id: str) -> Component:
    """All of them, and the time they are of."""
    boxes = [figure(f"{prefix}{name}", label) for name, label in FIGURES.items()]
    return html.Div([*boxes, html.Div("", id=at_id, className="figures-at")], className="figures")
