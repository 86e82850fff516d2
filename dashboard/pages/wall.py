"""The wall: one map on which incidents, responders, kelurahan and cameras make one situation. Nobody touches it.

The page is a frame that never changes; `assets/` fills it from the live message. So there are no callbacks, and
a server that is gone leaves the last picture standing. Which of its parts are shown, where and how large, follows
from the wall and the screen that the address names (`assets/03-canvas.js`, docs/walls.md).
"""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.auth import VISITORS, own_wall
from dashboard.components.banners import banners
from dashboard.components.board import board
from dashboard.components.camera_wall import camera_note, camera_wall
from dashboard.components.clock import clock
from dashboard.components.figures import figures
from dashboard.components.incident_list import incident_list
from dashboard.components.map import map_panel
from dashboard.components.map_legend import city_inset, map_legend
from dashboard.components.shift_bar import shift_bar
from dashboard.components.status_bar import status_bar
from dashboard.components.still_strip import still_strip
from dashboard.i18n import said
from dashboard.page import Page
from dashboard.services import Services
from dashboard.wall_canvas import canvas_said
from geodata.city import City
from geodata.places import Places
from layers.layer import Words

WALL = "wall"
MAP = "wall-map"
MAP_NOTE = "wall-map-note"
INSET = "wall-inset"
LEGEND_MARKS = "wall-legend-marks"
APPROXIMATE = "wall-approximate"
SCALE = "wall-scale"
BOARD = "wall-board"
FIGURE = "wall-figure-"
FIGURES_AT = "wall-figures-at"
CLOCK = "wall-clock-"
SHIFT = "wall-shift"
INCIDENTS = "wall-incidents"
SCENE = "wall-scene"
STILLS = "wall-stills"
CAMERAS = "wall-cameras"
CAMERA_NOTE = "wall-camera-note"
STATUS = "wall-status"
MODE = "wall-mode"
AUDIENCE = "wall-audience"
CONNECTION = "wall-connection"
HAND = "wall-hand"

LOGIN_URL = "/login"


def layout(services: Services) -> Component:
    """The frame, with what does not change while the server runs: the city, the build, the mode."""
    city, places = services.ground.city, services.ground.places
    known: dict[str, Any] = {"data-build": services.build, "data-mode": services.mode, "data-connection": "connecting"}
    known["data-area"] = "kota" if city.is_kota else "kabupaten"
    known["data-canvas"] = canvas_said(services.settings.walls, own_wall())
    return html.Div(
        [
            html.Div([map_panel(MAP, city.view_lon, city.view_lat)], className="wall-ground"),
            html.Div([], className="wall-vignette"),
            html.Div(
                said(Words(id="Peta disiapkan …", en="Preparing the map …")), id=MAP_NOTE, className="map-note panel"
            ),
            _left(city),
            banners(MODE, AUDIENCE, CONNECTION, HAND, LOGIN_URL),
            incident_list(INCIDENTS),
            html.Div([], id=SCENE, className="wall-scene", hidden=True),
            still_strip(STILLS),
            camera_note(CAMERA_NOTE),
            camera_wall(CAMERAS),
            status_bar(STATUS, credit(places)),
            _top(city),
            html.Div([], className="wall-frame"),
        ],
        id=WALL,
        className="wall",
        **known,
    )


def _left(city: City) -> Component:
    legend = map_legend(LEGEND_MARKS, APPROXIMATE, SCALE)
    return html.Div([city_inset(INSET, city), board(BOARD, legend)], className="wall-left")


def _top(city: City) -> Component:
    name = html.Div(["LAYAR", html.B("112")], className="brand-name")
    brand = html.Div([name, html.Div(city.center_name, className="brand-center")], className="brand")
    return html.Div([brand, figures(FIGURE, FIGURES_AT), clock(CLOCK, shift_bar(SHIFT))], className="wall-top")


def credit(places: Places) -> str:
    """Where the boundaries come from, as their own data says it."""
    sources = {str(area["properties"].get("source", "")) for area in places.boundaries_geojson()["features"]}
    return "Peta: " + " · ".join(sorted(sources - {""})) if sources - {""} else ""


PAGE = Page(
    path="/wall",
    title=Words(id="Layar 112", en="Layar 112"),
    layout=layout,
    roles=VISITORS,
)
