"""The frame of the briefing: its choices, its figures still empty, and the panel that asks for reports."""

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.briefing import name_of
from dashboard.briefing_words import BY_SAID, MODE_SAID, SPAN_SAID
from dashboard.i18n import said
from geodata.places import Ground
from layers.event import Mode
from layers.intervals import Dimension
from layers.layer import Words

ONLY: tuple[Dimension, ...] = ("category", "agency", "kecamatan", "kelurahan", "shift")
TITLES: Mapping[str, Words] = {
    "slots": Words(id="Kejadian menurut waktu", en="Incidents over time"),
    "map": Words(id="Kejadian per kelurahan", en="Incidents per kelurahan"),
    "groups": Words(id="Waktu sampai pertolongan pertama tiba", en="Time until the first was on scene"),
    "heat": Words(id="Hari dan jam", en="Weekday and hour"),
    "funnel": Words(id="Panggilan", en="Calls"),
    "leads": Words(id="Relawan mendahului OPD", en="Volunteers before agencies"),
    "callers": Words(id="Penelepon berulang", en="Repeated callers"),
    "lifelines": Words(id="Jaringan vital", en="Lifelines"),
    "flood": Words(id="Hari-hari bencana", en="Days of the disaster"),
}
FIGURES = tuple(TITLES)
_BARE: Any = {"displayModeBar": False, "responsive": True}


def brief_top(ground: Ground, mode: Mode, agency: str | None) -> Component:
    """What is chosen. `agency`: the only one whose figures this reader sees."""
    brand = html.Div(["LAYAR", html.B("112")], className="brand-name")
    mark = html.Div(said(MODE_SAID[mode]), className="brief-mode", hidden=mode == "live")
    title = html.H1(said(Words(id="Ringkasan", en="Briefing")))
    spans = dcc.RadioItems(_options(SPAN_SAID), "today", id="brief-span", className="brief-spans", inline=True)
    by = dcc.RadioItems(_options(BY_SAID), "kelurahan", id="brief-by", className="brief-spans", inline=True)
    grouped = said(Words(id="Kelompokkan menurut", en="Group by"))
    return html.Header(
        [
            html.Div([brand, title, mark, _links()], className="brief-brand"),
            html.Div([spans, html.Div([], id="brief-hand-box", className="brief-hand")], className="brief-when"),
            html.Div([_filter(ground, one, agency) for one in ONLY], className="brief-filters"),
            html.Div([grouped, by], className="brief-by"),
        ],
        className="brief-top",
    )


def _links() -> Component:
    replay = said(Words(id="Putar ulang", en="Replay"))
    return html.Div(
        [html.A(replay, href="/briefing/replay", id="brief-replay", className="brief-act")], className="brief-acts"
    )


def _options(words: Mapping[Any, Words]) -> list[Any]:
    return [{"label": said(label), "value": value} for value, label in words.items()]


def _filter(ground: Ground, dimension: Dimension, agency: str | None) -> Component:
    """Every group there may be; an empty choice takes all. A head of one agency cannot leave it."""
    city, areas = ground.city, ground.places.areas
    names: dict[str, list[str]] = {
        "category": [category.id for category in city.categories],
        "agency": [one.id for one in city.agencies],
        "kecamatan": sorted({area.kecamatan for area in areas.values()}),
        "kelurahan": sorted(areas, key=lambda code: areas[code].name),
        "shift": [shift.name for shift in city.shifts],
    }
    is_bound = dimension == "agency" and agency is not None
    options = [
        {"label": _both(dimension, name, ground), "value": name, "search": name_of(dimension, name, ground)}
        for name in names[dimension]
    ]
    choice = dcc.Dropdown(
        options,
        agency if is_bound else None,
        id=f"brief-only-{dimension}",
        placeholder="semua · all",
        disabled=is_bound,
        className="brief-only",
    )
    return html.Div([said(BY_SAID[dimension], className="brief-only-name"), choice], className="brief-filter")


def _both(dimension: Dimension, name: str, ground: Ground) -> Component:
    return said(Words(id=name_of(dimension, name, ground), en=name_of(dimension, name, ground, "en")))


def brief_figures() -> Component:
    """One box for each, with the place for its n and source."""
    return html.Div([_figure(name) for name in FIGURES], className="brief-figures")


def _figure(name: str) -> Component:
    graph = html.Div(dcc.Graph(id=f"brief-{name}", config=_BARE), className="brief-graph")
    words = [html.H2(said(TITLES[name])), html.Div([], id=f"brief-{name}-n", className="brief-n")]
    head = html.Div(words, className="brief-figure-head")
    return html.Section([head, graph], className=f"brief-figure is-{name} panel", id=f"brief-box-{name}")


def report_panel(*, may_ask: bool) -> Component:
    """Filled by `assets/62-report.js`; empty for who may not ask."""
    known: dict[str, Any] = {"data-may": str(may_ask).lower()}
    return html.Section([], id="brief-report", className="brief-report panel", hidden=not may_ask, **known)
