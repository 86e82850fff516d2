"""The camera desk's frame: list on the left, map or picture in the middle, the chosen camera on the right."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components.map import map_panel
from dashboard.i18n import said, said_of
from layers.layer import Words

_EXPORTS = (
    (Words(id="Ekspor CSV", en="Export CSV"), "/api/v1/cameras.csv"),
    (Words(id="Ekspor GeoJSON", en="Export GeoJSON"), "/api/v1/cameras.geojson"),
)
_ACTIONS = (
    ("add", Words(id="Tambah kamera", en="Add a camera"), "button is-main"),
    ("discover", Words(id="Cari di jaringan", en="Search the network"), "button"),
    ("import", Words(id="Impor daftar", en="Import a list"), "button"),
)
TABS: Sequence[tuple[str, Words]] = (
    ("state", Words(id="Keadaan", en="State")),
    ("data", Words(id="Data", en="Data")),
    ("place", Words(id="Letak", en="Place")),
    ("masks", Words(id="Masker", en="Masks")),
    ("card", Words(id="Kartu tujuan", en="Purpose card")),
)


def desk_top(desk_id: str, home_url: str) -> Component:
    """What the page is, how many cameras are well, and what can be done with the whole list."""
    brand = html.Div(
        [html.Div(["LAYAR", html.B("112")], className="brand-name"), html.H1(said(Words(id="Kamera", en="Cameras")))]
    )
    buttons: list[Component] = [
        html.Button(said(words), id=f"{desk_id}-{key}", className=look, type="button") for key, words, look in _ACTIONS
    ]
    links = [html.A(said(words), href=url, className="button", download="") for words, url in _EXPORTS]
    home = html.A(said(Words(id="Ke layar dinding", en="To the wall")), href=home_url, className="button is-quiet")
    return html.Header(
        [
            html.Div(brand, className="desk-brand"),
            html.Div([], id=f"{desk_id}-mode", className="desk-mode", role="status", hidden=True),
            html.Div([], id=f"{desk_id}-counts", className="desk-counts", role="status"),
            html.Div([*buttons, *links, home], className="desk-actions"),
        ],
        className="desk-top",
    )


def desk_list(desk_id: str) -> Component:
    """Search, filter by state, the cameras, and what can be done with those that are ticked."""
    hint = html.Div([], id=f"{desk_id}-empty", className="desk-empty", hidden=True)
    return html.Nav(
        [
            html.Div([], id=f"{desk_id}-search", className="desk-search"),
            html.Div([], id=f"{desk_id}-filters", className="desk-filters"),
            hint,
            html.Ul([], id=f"{desk_id}-rows", className="desk-rows"),
            html.Div([], id=f"{desk_id}-picked", className="desk-picked", hidden=True),
        ],
        className="desk-list panel",
        **said_of("aria-label", Words(id="Daftar kamera", en="List of cameras")),
    )


def desk_stage(desk_id: str, lon: float, lat: float) -> Component:
    """The map with the chosen camera's cone above it; or, for masks, the still to draw on."""
    return html.Main(
        [
            map_panel(f"{desk_id}-map", lon, lat),
            html.Div([], id=f"{desk_id}-overlay", className="desk-overlay"),
            html.Div(
                said(Words(id="Peta disiapkan …", en="Preparing the map …")),
                id=f"{desk_id}-map-note",
                className="desk-note panel",
            ),
            html.Div([html.I(""), html.Span("")], id=f"{desk_id}-scale", className="desk-scale"),
            html.Div([], id=f"{desk_id}-hint", className="desk-hint panel", hidden=True),
            html.Div([], id=f"{desk_id}-canvas", className="desk-canvas", hidden=True),
        ],
        className="desk-stage panel",
        **said_of("aria-label", Words(id="Peta dan gambar", en="Map and picture")),
    )


def desk_side(desk_id: str, tabs: Sequence[tuple[str, Words]] = TABS) -> Component:
    """The chosen camera: picture and state, one sheet per tab, and what is not saved yet."""
    heads = [
        html.Button(said(words), id=f"{desk_id}-tab-{key}", className="desk-tab", role="tab", type="button")
        for key, words in tabs
    ]
    sheets = [
        html.Div([], id=f"{desk_id}-sheet-{key}", className="desk-sheet", role="tabpanel", hidden=True)
        for key, _ in tabs
    ]
    return html.Aside(
        [
            html.Div([], id=f"{desk_id}-nobody", className="desk-nobody"),
            html.Div([], id=f"{desk_id}-head", className="desk-head"),
            html.Div(heads, id=f"{desk_id}-tabs", className="desk-tabs", role="tablist"),
            html.Div(sheets, className="desk-sheets"),
            html.Div([], id=f"{desk_id}-foot", className="desk-foot"),
        ],
        id=f"{desk_id}-side",
        className="desk-side panel",
        **said_of("aria-label", Words(id="Kamera yang dipilih", en="Chosen camera")),
    )


def desk_news(desk_id: str) -> Component:
    """What the server said last, or that it says nothing."""
    return html.Div([], id=f"{desk_id}-news", className="desk-news", role="alert", hidden=True)
