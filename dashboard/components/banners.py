"""What must not be overlooked: that this is not real, that the connection is gone, that a hand moved the map."""

from dash import html
from dash.development.base_component import Component


def banners(mode_id: str, connection_id: str, hand_id: str, login_url: str) -> Component:
    """All three, hidden until they have something to say."""
    mode = html.Div([html.B(""), html.Span("")], id=mode_id, className="mode", hidden=True)
    link = html.A("Pasangkan", href=login_url, hidden=True)
    connection = html.Div([html.Span(""), link], id=connection_id, className="connection", hidden=True)
    hand = html.Div("", id=hand_id, className="hand panel", hidden=True)
    return html.Div([mode, connection, hand], className="wall-banners")
