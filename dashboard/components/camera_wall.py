"""The strip of street cameras and the sentence above it; `assets/32-cameras.js` fills both."""

from dash import html
from dash.development.base_component import Component


def camera_wall(strip_id: str) -> Component:
    """An empty strip."""
    return html.Div([], id=strip_id, className="wall-cameras")


def camera_note(note_id: str) -> Component:
    """How many cameras see the place that the strip is about; hidden until there is such a place."""
    return html.Div("", id=note_id, className="camera-note", hidden=True)
