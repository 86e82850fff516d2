"""One sentence that says what is not working, and where the shapes on the map come from."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.i18n import said
from layers.layer import Words

_WAITING = Words(id="Menunggu data pertama", en="Waiting for the first data")


def status_bar(status_id: str, source: str) -> Component:
    """A lamp, a sentence, a count of further ones, and the credit the map owes."""
    waiting: dict[str, Any] = {"data-state": "waiting"}
    return html.Div(
        [
            html.I("", className="status-lamp"),
            html.Span(said(_WAITING), className="status-text"),
            html.Span("", className="status-count"),
            html.Span(source, className="status-source"),
        ],
        id=status_id,
        className="wall-status",
        **waiting,
    )
