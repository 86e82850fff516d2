"""The briefing: a period in figures for heads of agencies; on a desk, a wall or a telephone.

Nothing here is live: every figure says of which period it is, on how many records it rests and how many were left out.
"""

from collections.abc import Mapping
from typing import Any

from dash import Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from plotly.graph_objects import Figure

from dashboard.briefing import SPANS, Asked, Brief, Span, before_of, brief_of, name_of, period_of
from dashboard.briefing_figures import funnel_figure, groups_figure, heat_figure, map_figure, slots_figure
from dashboard.briefing_words import BY_WORDS, SPAN_WORDS, left_out_words, period_words
from dashboard.components.brief_cards import brief_cards, brief_records
from dashboard.page import Page
from dashboard.services import Services
from geodata.errors import StoreUnavailable
from layers.call_tally import funnel
from layers.counts import Counts
from layers.intervals import DIMENSIONS, Dimension
from layers.layer import Words
from layers.monthly import Period

ONLY: tuple[Dimension, ...] = ("category", "agency", "kecamatan", "shift")
_BARE: Any = {"displayModeBar": False, "responsive": True}
_BUSY = "Catatan sedang dibaca untuk yang lain. Coba lagi sebentar."
_FIGURES = ("slots", "groups", "map", "heat", "funnel")
_TITLES: Mapping[str, str] = {
    "slots": "Kejadian menurut waktu",
    "groups": "Waktu sampai pertolongan pertama tiba",
    "map": "Kejadian per kelurahan",
    "heat": "Hari dan jam",
    "funnel": "Panggilan",
}


def layout(services: Services) -> Component:
    """The frame with its choices; the figures come by callback, so that a long period does not hold up the page."""
    known: dict[str, Any] = {"data-mode": services.mode}
    return html.Div(
        [
            _top(services),
            html.Div([], id="brief-period", className="brief-period"),
            html.Div([], id="brief-note", className="brief-note", role="status"),
            html.Div([], id="brief-cards", className="brief-cards"),
            html.Div([_figure(name) for name in _FIGURES], className="brief-figures"),
            html.Div([], id="brief-records", className="brief-records panel"),
            html.Footer(f"Sumber: catatan Layar 112 · {services.ground.city.center_name}", className="brief-foot"),
        ],
        className="brief",
        **known,
    )


def _top(services: Services) -> Component:
    brand = html.Div(["LAYAR", html.B("112")], className="brand-name")
    spans = dcc.RadioItems(_options(SPAN_WORDS), "today", id="brief-span", className="brief-spans", inline=True)
    by = dcc.RadioItems(_options(BY_WORDS), "kelurahan", id="brief-by", className="brief-spans", inline=True)
    filters = [_filter(services, dimension) for dimension in ONLY]
    mode = html.Div(_mode_words(services.mode), className="brief-mode", hidden=services.mode == "live")
    return html.Header(
        [
            html.Div([brand, html.H1("Ringkasan"), mode], className="brief-brand"),
            spans,
            html.Div(filters, className="brief-filters"),
            html.Div([html.Span("Kelompokkan menurut"), by], className="brief-by"),
        ],
        className="brief-top",
    )


def _mode_words(mode: str) -> str:
    return {"demo": "SIMULASI · bukan kejadian nyata", "drill": "LATIHAN · bukan kejadian nyata"}.get(mode, "")


def _options(words: Mapping[Any, str]) -> list[Any]:
    return [{"label": label, "value": value} for value, label in words.items()]


def _filter(services: Services, dimension: Dimension) -> Component:
    """Every group there may be; an empty choice takes all."""
    city, areas = services.ground.city, services.ground.places.areas.values()
    names: dict[str, list[str]] = {
        "category": [category.id for category in city.categories],
        "agency": [agency.id for agency in city.agencies],
        "kecamatan": sorted({area.kecamatan for area in areas}),
        "shift": [shift.name for shift in city.shifts],
    }
    options = _options({name: name_of(dimension, name, services.ground) for name in names[dimension]})
    return dcc.Dropdown(options, id=f"brief-only-{dimension}", placeholder=BY_WORDS[dimension], className="brief-only")


def _figure(name: str) -> Component:
    graph = html.Div(dcc.Graph(id=f"brief-{name}", config=_BARE), className="brief-graph")
    head = html.Div([html.H2(_TITLES[name]), html.Span("", id=f"brief-{name}-n")], className="brief-figure-head")
    return html.Section([head, graph], className=f"brief-figure is-{name} panel")


def register(app: Dash, services: Services) -> None:
    """Two callbacks: the figures of what is asked for, and the records behind the group that was clicked."""

    @app.callback(
        [Output("brief-period", "children"), Output("brief-note", "children"), Output("brief-cards", "children")]
        + [Output(f"brief-{name}", "figure") for name in _FIGURES]
        + [Output(f"brief-{name}-n", "children") for name in _FIGURES],
        [Input("brief-span", "value"), Input("brief-by", "value"), *_only_inputs(Input)],
    )
    def show(span: str, by: str, *only: str | None) -> list[Any]:
        asked = _asked(span, by, only)
        try:
            brief = read_brief(services, asked)
        except StoreUnavailable:
            return [no_update, _BUSY, no_update, *(no_update for _ in range(2 * len(_FIGURES)))]
        period = period_words(brief.period, services.ground.city.zone_label)
        notes = [_note(name, brief) for name in _FIGURES]
        return [period, "", brief_cards(brief, services.ground.city), *_figures(brief, services), *notes]

    @app.callback(
        Output("brief-records", "children"),
        [Input("brief-groups", "clickData"), Input("brief-span", "value"), Input("brief-by", "value")],
        [*_only_inputs(State)],
    )
    def list_records(clicked: dict[str, Any] | None, span: str, by: str, *only: str | None) -> Any:  # noqa: ANN401
        if not clicked or ctx.triggered_id != "brief-groups":
            return brief_records(None, None, services.ground)
        asked = _asked(span, by, only)
        try:
            brief = read_brief(services, asked)
        except StoreUnavailable:
            return _BUSY
        return brief_records(brief, str(clicked["points"][0]["customdata"][0]), services.ground)


def _only_inputs(kind: Any) -> list[Any]:  # noqa: ANN401 — Dash's Input or State
    return [kind(f"brief-only-{dimension}", "value") for dimension in ONLY]


def _asked(span: str, by: str, only: tuple[str | None, ...]) -> Asked:
    """A browser may send anything: what is not one of ours is the first of ours."""
    known_span: Span = next((one for one in SPANS if one == span), "today")
    known_by: Dimension = next((one for one in DIMENSIONS if one == by and one in BY_WORDS), "kelurahan")
    kept = {name: value for name, value in zip(ONLY, only, strict=True) if value}
    return Asked(span=known_span, by=known_by, only=kept)


def read_brief(services: Services, asked: Asked) -> Brief:
    """Raises StoreUnavailable while the log cannot be read."""
    city, now = services.ground.city, services.clock()
    period = period_of(asked.span, now, city, services.mode)
    calls = funnel(services.history.tallies(period), period.since, period.until, services.mode)
    return brief_of(
        services.history.incidents(period), period, asked, services.ground, calls, _before(services, period)
    )


def _before(services: Services, period: Period) -> Counts | None:
    days = before_of(period)
    return None if days is None else services.store.counts(*days, "category", services.mode)


def _figures(brief: Brief, services: Services) -> list[Figure]:
    ground = services.ground
    return [
        slots_figure(brief),
        groups_figure(brief, ground),
        map_figure(brief, ground),
        heat_figure(brief),
        funnel_figure(brief),
    ]


def _note(name: str, brief: Brief) -> str:
    """On how much a figure rests."""
    if name == "groups":
        return f"batang median, garis p90, putus-putus target · n {brief.first.n} · {left_out_words(brief.first)}"
    if name == "funnel":
        return "tidak tersaring menurut jenis, OPD, tempat atau sif" if brief.calls is None else f"n {brief.calls.came}"
    return f"n {len(brief.incidents)}"


PAGE = Page(
    path="/briefing",
    title=Words(id="Ringkasan · Layar 112", en="Briefing · Layar 112"),
    layout=layout,
    register=register,
)
