"""The strip of street cameras; `assets/32-cameras.js` fills it with tiles."""

from dash import html
from dash.development.base_component import Component


def camera_wall(strip_id: str) -> Component:
    """An empty strip."""
    return html.Div([], id=strip_id, className="wall-cameras")
