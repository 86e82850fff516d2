"""The camera desk: add, test, place, mask, explain and remove cameras. For admins, with mouse and keyboard.

The page is a frame; `assets/50-desk.js` and its followers fill it from `/api/v1/cameras` and send back what changed.
"""

from typing import Any

import orjson
from dash import html
from dash.development.base_component import Component

from dashboard.components.desk_frame import desk_list, desk_news, desk_side, desk_stage, desk_top
from dashboard.components.desk_words import desk_words
from dashboard.page import Page
from dashboard.services import Services
from layers.layer import Words

DESK = "desk"
HOME_URL = "/wall"


def layout(services: Services) -> Component:
    """The frame, with the words its scripts need and where the city lies."""
    city, places = services.ground.city, services.ground.places
    words = orjson.dumps(desk_words(places)).decode()
    known: dict[str, Any] = {"data-words": words, "data-mode": services.mode, "data-zone": city.time_zone}
    body = [desk_list(DESK), desk_stage(DESK, city.view_lon, city.view_lat), desk_side(DESK)]
    return html.Div(
        [desk_top(DESK, HOME_URL), desk_news(DESK), html.Div(body, className="desk-body")],
        id=DESK,
        className="desk",
        **known,
    )


PAGE = Page(
    path="/operate/cameras",
    title=Words(id="Kamera · Layar 112", en="Cameras · Layar 112"),
    layout=layout,
    roles=frozenset({"admin"}),
)
