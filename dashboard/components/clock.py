"""The clock in the city's own time, its date, and the shift on duty."""

from dash import html
from dash.development.base_component import Component


def clock(prefix: str, shift: Component) -> Component:
    """Time, zone, date; `shift` stands under them."""
    return html.Div(
        [
            html.Div("", id=f"{prefix}time", className="clock-time"),
            html.Div("", id=f"{prefix}zone", className="clock-zone"),
            html.Div("", id=f"{prefix}date", className="clock-date"),
            shift,
        ],
        className="clock",
    )
