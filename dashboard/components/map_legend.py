"""What the signs on the map mean, how long a kilometre is, and the whole city in a corner."""

from dash import html
from dash.development.base_component import Component

from dashboard.i18n import said
from geodata.city import City
from layers.layer import Words
from layers.numbers import joined


def city_inset(inset_id: str, city: City) -> Component:
    """The whole city, small, with the part the map shows framed."""
    kota, kabupaten = Words(id="Kota", en="City of"), Words(id="Kabupaten", en="Regency of")
    kind = kota if city.is_kota else kabupaten
    title = said(joined(kind, f" {city.name}"), className="eyebrow")
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
