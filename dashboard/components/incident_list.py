"""The list of open incidents, worst first; `assets/31-incidents.js` fills it."""

from dash import html
from dash.development.base_component import Component

from dashboard.i18n import said
from layers.layer import Words


def incident_list(list_id: str) -> Component:
    """The panel with its count, its rows and the count of those not shown."""
    head = html.Div(
        [
            said(Words(id="Kejadian terbuka", en="Open incidents"), className="eyebrow"),
            html.B("", id=f"{list_id}-count"),
        ],
        className="list-head",
    )
    none = html.Div("Tidak ada kejadian terbuka", id=f"{list_id}-none", className="list-none", hidden=True)
    rows = html.Ul([], id=list_id, className="incidents")
    rest = html.Div("", id=f"{list_id}-rest", className="list-rest")
    return html.Div([head, none, rows, rest], className="wall-list panel")
