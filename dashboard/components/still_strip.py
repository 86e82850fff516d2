"""The drawer with an incident's kept stills: before, at and after. `assets/36-strip.js` fills it for admins."""

from dash import html
from dash.development.base_component import Component

from dashboard.i18n import said
from layers.layer import Words


def still_strip(drawer_id: str) -> Component:
    """A closed drawer: a title, a button that closes it, and the place of the strip."""
    close = html.Button(
        said(Words(id="Tutup", en="Close")), id=f"{drawer_id}-close", className="stills-close", title="Esc"
    )
    head = html.Div([html.B("", id=f"{drawer_id}-title"), close], className="stills-head")
    return html.Div([head, html.Div([], id=f"{drawer_id}-strip")], id=drawer_id, className="stills panel", hidden=True)
