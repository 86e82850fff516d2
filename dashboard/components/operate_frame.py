"""The frame of the operator's desk: rooms on the left, then the list, the map where a room has one, the chosen row.

A room is data (`dashboard/operate.py`): a new one needs no frame of its own.
"""

from dash import html
from dash.development.base_component import Component

from dashboard.i18n import said, said_of
from layers.layer import Words

_WALL = Words(id="Layar dinding", en="Wall")


def operate_top(desk_id: str, center: str) -> Component:
    """Whose desk it is, how real what is shown is, the time, who sits there."""
    name = html.Div(["LAYAR", html.B("112")], className="brand-name")
    title = html.H1(said(Words(id="Meja operator", en="Operator's desk")))
    return html.Header(
        [
            html.Div([name, title], className="ops-brand"),
            html.Div(center, className="ops-center"),
            html.Div([], id=f"{desk_id}-mode", className="ops-mode", role="status", hidden=True),
            html.Div([], id=f"{desk_id}-clock", className="ops-clock"),
            html.Div([], id=f"{desk_id}-who", className="ops-who"),
            html.A(said(_WALL), href="/wall", className="button is-quiet"),
        ],
        className="ops-top",
    )


def operate_nav(desk_id: str) -> Component:
    """The rooms; filled with those that who sits there may enter."""
    return html.Nav(
        [], id=f"{desk_id}-nav", className="ops-nav", **said_of("aria-label", Words(id="Ruang", en="Rooms"))
    )


def operate_list(desk_id: str) -> Component:
    """What stands above the list, new things, search, filter and the rows."""
    return html.Section(
        [
            html.Div([], id=f"{desk_id}-head", className="ops-head", hidden=True),
            html.Div([], id=f"{desk_id}-new", className="ops-new"),
            html.Div([], id=f"{desk_id}-seek", className="ops-seek", hidden=True),
            html.Div([], id=f"{desk_id}-groups", className="ops-groups"),
            html.Ul([], id=f"{desk_id}-rows", className="ops-rows"),
            html.Div([], id=f"{desk_id}-empty", className="ops-empty", hidden=True),
        ],
        id=f"{desk_id}-list",
        className="ops-list panel",
        **said_of("aria-label", Words(id="Daftar", en="List")),
    )


def operate_side(desk_id: str) -> Component:
    """The chosen row, what can be done to it, the form that is open, and what was done before."""
    return html.Aside(
        [
            html.Div([], id=f"{desk_id}-chosen", className="ops-chosen"),
            html.Div([], id=f"{desk_id}-form", className="ops-form", hidden=True),
            html.Div([], id=f"{desk_id}-more", className="ops-more"),
            html.Div([], id=f"{desk_id}-history", className="ops-history"),
        ],
        id=f"{desk_id}-side",
        className="ops-side panel",
        **said_of("aria-label", Words(id="Yang dipilih", en="Chosen")),
    )
