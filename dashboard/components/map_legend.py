"""What the signs on the map mean, how long a kilometre is, and the whole city in a corner."""

from dash import html
from dash.development.base_component import Component

from dashboard.i18n import said
from layers.layer import Words


def city_inset(inset_id: str, city: str) -> Component:
    """The whole city, small, with the part the map shows framed."""
    title = said(Words(id=f"Kota {city}", en=f"City of {city}"), className="eyebrow")
    return html.Div([title, html.Div([], id=inset_id, className="inset-map")], className="inset panel")


def map_legend(marks_id: str, approximate_id: str, scale_id: str) -> Component:
    """Signs and colours, a note where boundaries are approximate, north and the scale."""
    note = html.Div(
        [html.I(""), said(Words(id="batas perkiraan", en="approximate boundaries"))],
        id=approximate_id,
        className="legend-approximate",
        hidden=True,
    )
    north = html.Div([html.I(""), said(Words(id="U", en="N"))], className="scale-north")
    scale = html.Div([north, html.Div([], className="scale-bar"), html.Span("")], id=scale_id, className="scale")
    return html.Div([html.Div([], id=marks_id), note, scale], className="legend panel")
