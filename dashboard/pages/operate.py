"""The operator's desk: what is open, what was said, what is done by hand. For operators, keyboard first.

One frame for all its rooms (`dashboard/operate_rooms.py`): `assets/70-operate.js` and its followers fill it from
`/api/v1/desk`. The address says which room and which row: `/operate/incidents?key=…`.
"""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.auth import OPERATORS
from dashboard.components.map import map_panel
from dashboard.components.operate_frame import operate_list, operate_nav, operate_side, operate_top
from dashboard.i18n import said_of
from dashboard.page import Page
from dashboard.services import Services
from layers.layer import Words

OPS = "ops"


def layout(services: Services) -> Component:
    """The frame, and the city's clock and middle."""
    city = services.ground.city
    known: dict[str, Any] = {"data-mode": services.mode, "data-zone": city.time_zone, "data-label": city.zone_label}
    stage = html.Div(
        [
            map_panel(f"{OPS}-map", city.view_lon, city.view_lat),
            html.Div([], id=f"{OPS}-hint", className="ops-hint panel"),
        ],
        id=f"{OPS}-stage",
        className="ops-stage panel",
        hidden=True,
        **said_of("aria-label", Words(id="Peta", en="Map")),
    )
    now = html.Div([], id=f"{OPS}-now", className="ops-now", hidden=True)
    body = [operate_nav(OPS), now, operate_list(OPS), stage, operate_side(OPS)]
    return html.Div(
        [operate_top(OPS, city.center_name), html.Main(body, className="ops-body"), html.Div([], id=f"{OPS}-news")],
        id=OPS,
        className="ops",
        **known,
    )


PAGE = Page(
    path="/operate",
    title=Words(id="Meja operator · Layar 112", en="Operator's desk · Layar 112"),
    layout=layout,
    roles=OPERATORS,
)
