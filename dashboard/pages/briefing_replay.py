"""The replay: any moment of the past on one page, scrubbed and played, for those who must know how it was.

The page is a frame; `assets/61-dvr.js` and its followers fill it from the timeline and from what the past tells
(docs/decisions/0013-replay.md). Nothing on it is live, and all of it says so.
"""

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.auth import BRIEFERS, SUPERVISORS, may
from dashboard.components.map import map_panel
from dashboard.components.replay_frame import replay_deck, replay_side, replay_stage, replay_top
from dashboard.exercise import mode_now
from dashboard.page import Page
from dashboard.services import Services
from layers.layer import Words

DVR = "dvr"
MAP = "wall-map"


def layout(services: Services) -> Component:
    """The frame, and what this reader may do with bookmarks."""
    city = services.ground.city
    known: dict[str, Any] = {
        "data-build": services.build,
        "data-mode": mode_now(services),
        "data-may-mark": str(may(BRIEFERS)).lower(),
        "data-may-remove": str(may(SUPERVISORS)).lower(),
    }
    graph = map_panel(MAP, city.view_lon, city.view_lat)
    body = [replay_stage(DVR, city, graph), replay_side(DVR)]
    parts = [replay_top(DVR, mode_now(services)), html.Main(body, className="dvr-body"), replay_deck(DVR)]
    return html.Div(parts, id=DVR, className="dvr", **known)


PAGE = Page(
    path="/briefing/replay",
    title=Words(id="Putar ulang · Layar 112", en="Replay · Layar 112"),
    layout=layout,
)
