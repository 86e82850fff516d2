"""What must not be overlooked: not now, not real, not all of it, the connection gone, the map moved by hand."""

from dash import html
from dash.development.base_component import Component

from dashboard.i18n import said
from layers.layer import Words

PAST = "wall-past"


def banners(mode_id: str, audience_id: str, connection_id: str, hand_id: str, login_url: str) -> Component:
    """All of them, hidden until they have something to say."""
    moment = html.Div([html.B(""), html.Strong(""), html.Span(""), html.Em("")], id=PAST, className="past", hidden=True)
    mode = html.Div([html.B(""), html.Span("")], id=mode_id, className="mode", hidden=True)
    audience = html.Div([html.B(""), html.Span("")], id=audience_id, className="audience", hidden=True)
    link = html.A(said(Words(id="Pasangkan", en="Pair it")), href=login_url, hidden=True)
    connection = html.Div([html.Span(""), link], id=connection_id, className="connection", hidden=True)
    hand = html.Div("", id=hand_id, className="hand panel", hidden=True)
    return html.Div([moment, mode, audience, connection, hand], className="wall-banners")
