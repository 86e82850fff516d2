"""Headline figures: a value, what it counts, and what it rests on."""

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from dashboard.i18n import said
from layers.layer import Words

WAITING = "…"

FIGURES: Mapping[str, Words] = {
    "open": Words(id="Kejadian terbuka", en="Open incidents"),
    "critical": Words(id="Kritis", en="Critical"),
    "units": Words(id="Armada, relawan", en="Units, volunteers"),
    "cameras": Words(id="Kamera", en="Cameras"),
    "response": Words(id="Waktu tanggap (median)", en="Response time (median)"),
    "calls": Words(id="Panggilan hari ini", en="Calls today"),
}
"""By the name under which `assets/30-header.js` fills them."""


def figure(figure_id: str, label: Words) -> Component:
    """One figure, empty until the first picture has come."""
    return html.Div(
        [
            html.Div(WAITING, className="figure-value"),
            html.Div(said(label), className="figure-label"),
            html.Div("", className="figure-note"),
        ],
        id=figure_id,
        className="figure",
    )


def figures(prefix: str, at_id: str) -> Component:
    """All of them, and the time they are of."""
    boxes = [figure(f"{prefix}{name}", label) for name, label in FIGURES.items()]
    return html.Div([*boxes, html.Div("", id=at_id, className="figures-at")], className="figures")
