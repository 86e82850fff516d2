"""The shift on duty and how much of it is left."""

from dash import html
from dash.development.base_component import Component


def shift_bar(shift_id: str) -> Component:
    """A line that fills as the shift goes by."""
    parts = [html.B("", id=f"{shift_id}-name"), html.Span("", id=f"{shift_id}-left")]
    return html.Div(parts, id=shift_id, className="shift")
