"""The board: cards that take turns with the legend beside the map; `assets/29-board.js` fills it."""

from dash import html
from dash.development.base_component import Component


def board(board_id: str, legend: Component) -> Component:
    """The place they share; it is the legend's until there is something to say."""
    return html.Div([legend, html.Div([], id=board_id, className="board panel", hidden=True)], className="turns")
