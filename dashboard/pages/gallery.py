"""The gallery: every part of the screens when it is empty, has one thing, has many, is late, or is broken.

The parts are not copies: the frames of the real pages stand out of sight, the real scripts fill them with what
`dashboard/gallery.py` tells, and `assets/86-gallery-shots.js` takes a picture of each part. For admins; needs no
internet. Frames that are heavy or seldom looked at come when somebody chooses them.
"""

from typing import Any

import orjson
from dash import Dash, Input, Output, dcc, html, no_update
from dash.development.base_component import Component

from dashboard.auth import ADMIN
from dashboard.briefing_shown import reader_of
from dashboard.gallery import Studio, messages
from dashboard.gallery_brief import gallery_brief
from dashboard.gallery_desk import desks
from dashboard.gallery_rooms import answers
from dashboard.i18n import said
from dashboard.page import Page
from dashboard.services import Services
from layers.layer import Words

GALLERY = "gallery"
BRIEF = "gallery-brief"
READER = "gallery-reader"
_CANVAS = "data-canvas"
_WANTED = "gallery-wanted"
_FRAMES = ("wall", "camera_wall", "operate")
_ROOMS = ("map", "health", "visitor", "operate_cameras", "briefing_replay")
"""Those that come later; the map is that of the wall."""
_TITLE = Words(id="Galeri", en="Gallery")
_WHY = Words(
    id="Setiap bagian layar dalam lima keadaan. Semua isinya contoh; tidak ada yang nyata.",
    en="Every part of the screens in five states. All of it is made up; nothing is real.",
)


_CREDIT = Words(
    id="Huruf: Red Hat Display © The Red Hat Project Authors, Source Sans © Adobe (SIL OFL 1.1).",
    en="Letters: Red Hat Display © The Red Hat Project Authors, Source Sans © Adobe (SIL OFL 1.1).",
)


def layout(services: Services) -> Component:
    """The studio with the real frames, what they are told, and the place of the pictures."""
    studio, now = _studio(services), services.clock()
    known: dict[str, Any] = {
        "data-messages": orjson.dumps(messages(studio, now)).decode(),
        "data-desks": orjson.dumps(desks(studio, services, now)).decode(),
    }
    name = html.Div(["LAYAR", html.B("112")], className="brand-name")
    top = [name, html.H1(said(_TITLE)), html.Div([], id="gallery-acts", className="gallery-acts")]
    return html.Div(
        [
            html.Div(
                [
                    *(_frame(services, name) for name in _FRAMES if name in services.pages),
                    *(html.Div([], id=_slot(name), className="gallery-room") for name in _ROOMS),
                ],
                id="gallery-studio",
            ),
            html.Header(top, className="gallery-top"),
            html.P(said(_WHY), className="gallery-why"),
            html.Nav([], id="gallery-nav", className="gallery-nav"),
            html.Main([], id="gallery-shots", className="gallery-shots"),
            html.Div([], id=BRIEF, className="brief gallery-brief"),
            dcc.Store(READER),
            dcc.Store(_WANTED),
            html.Footer(said(_CREDIT), className="gallery-foot"),
        ],
        id=GALLERY,
        className="gallery",
        **known,
    )


def register(app: Dash, services: Services) -> None:
    """The briefings, once somebody wants to see them: they are the heaviest part."""

    @app.callback(Output(BRIEF, "children"), Input(READER, "data"), prevent_initial_call=True)
    def show(told: Any) -> list[Component]:  # noqa: ANN401 — what a browser sends
        return gallery_brief(_studio(services), services.clock(), reader_of(told))

    @app.callback(
        [Output(_slot(name), "children") for name in _ROOMS], Input(_WANTED, "data"), prevent_initial_call=True
    )
    def enter(wanted: Any) -> list[Any]:  # noqa: ANN401 — what a browser sends
        return [_room(services, name) if name == wanted else no_update for name in _ROOMS]


def _slot(name: str) -> str:
    return f"gallery-room-{name}"


def _room(services: Services, name: str) -> list[Component]:
    """What its scripts ask for in each state, and its frame."""
    told: dict[str, Any] = {
        "data-answers": orjson.dumps(answers(name, _studio(services), services.clock())).decode(),
        "data-room": name,
    }
    frame = [_frame(services, name)] if name in services.pages else []
    return [*frame, html.Div([], className="gallery-answers", hidden=True, **told)]


def _frame(services: Services, name: str) -> Component:
    """A page's frame, of no wall of this room: it is laid out alike everywhere, and is never taken for a screen.

    There is one map, that of the wall: a graphics card has room for few.
    """
    frame: Component = services.pages[name].layout(services)
    if hasattr(frame, _CANVAS):
        setattr(frame, _CANVAS, "[]")
    return frame if name == "wall" else _without_maps(frame)


def _without_maps(part: Component) -> Component:
    inside = getattr(part, "children", None)
    if isinstance(inside, list | tuple):
        part.children = [_without_maps(one) for one in inside if not isinstance(one, dcc.Graph)]
    elif isinstance(inside, Component):
        _without_maps(inside)
    return part


def _studio(services: Services) -> Studio:
    return Studio(ground=services.ground, layers=services.layers, feeds=services.feeds)


PAGE = Page(
    path="/gallery",
    title=Words(id="Galeri · Layar 112", en="Gallery · Layar 112"),
    layout=layout,
    register=register,
    roles=ADMIN,
)
