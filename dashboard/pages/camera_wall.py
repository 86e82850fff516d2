"""The camera wall: nothing but street cameras, in a grid that fills whatever wall it stands on.

The page is a frame that never changes; `assets/` fills it from the live message and the shelf of pictures.
"""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.auth import VISITORS, is_admin, own_wall
from dashboard.components.camera_wall import camera_bar, camera_grid
from dashboard.page import Page
from dashboard.services import Services
from dashboard.wall_canvas import canvas_said
from layers.layer import Words

CAMERAS = "cams"
LOGIN_URL = "/login?next=/camera-wall"
DESK_URL = "/operate/cameras"


def layout(services: Services) -> Component:
    """The frame, with what does not change while the server runs: the build and the mode."""
    known: dict[str, Any] = {"data-build": services.build, "data-mode": services.mode, "data-connection": "connecting"}
    known["data-canvas"] = canvas_said(services.settings.walls, own_wall())
    if is_admin():
        known["data-desk"] = DESK_URL
    parts = [camera_bar(CAMERAS), camera_grid(CAMERAS, LOGIN_URL), html.Div([], className="wall-frame")]
    return html.Div(parts, id=CAMERAS, className="cams", **known)


PAGE = Page(
    path="/camera-wall",
    title=Words(id="Kamera · Layar 112", en="Cameras · Layar 112"),
    layout=layout,
    roles=VISITORS,
)
