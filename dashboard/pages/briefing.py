"""The briefing: a period in figures for heads of agencies; on a desk, a wall or a telephone.

Nothing here is live: every figure says of which period it is, on how many records it rests and how many were left out.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from dash import Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboard.auth import BRIEFERS, VIEWERS, agency, may
from dashboard.briefing import SPANS, Asked, Span, hand_moment
from dashboard.briefing_behind import behind, touched
from dashboard.briefing_desk import BriefingDesk, Told
from dashboard.briefing_figures import drawn_in, map_figure
from dashboard.briefing_shown import (
    BUSY,
    Reader,
    busy_shown,
    counted_shown,
    has_already,
    reader_of,
    rendered,
    sized,
)
from dashboard.briefing_words import BY_SAID
from dashboard.components.brief_cards import brief_records
from dashboard.components.brief_frame import FIGURES, ONLY, brief_figures, brief_top, report_panel
from dashboard.exercise import mode_now
from dashboard.i18n import said
from dashboard.page import Page
from dashboard.services import Services
from geodata.city import City
from geodata.errors import StoreUnavailable
from geodata.places import Ground
from layers.intervals import DIMENSIONS, Dimension, grouped
from layers.layer import Words

_TOUCHED = ("groups", "slots", "map", "heat", "leads")
_DRAG = """function (moved) {
  const nothing = window.dash_clientside.no_update;
  const ends = moved ? [moved["xaxis.range[0]"], moved["xaxis.range[1]"]] : [];
  const graph = document.querySelector("#brief-slots .js-plotly-plot");
  const bars = graph && graph.data ? graph.data.find((one) => one.type === "bar") : null;
  if (!bars || typeof ends[0] !== "number" || typeof ends[1] !== "number") return nothing;
  const slots = Array.from(bars.customdata);
  const first = slots[Math.max(0, Math.round(ends[0]))];
  const last = slots[Math.min(slots.length - 1, Math.round(ends[1]))];
  if (first && last) window.layar.briefDays({ since: first[2], until: last[3] });
  return nothing;
}"""


def layout(services: Services) -> Component:
    """The frame with its choices; the figures come by callback, so that a long period does not hold up the page."""
    known: dict[str, Any] = {"data-mode": mode_now(services)}
    city = services.ground.city
    source = Words(id=f"Sumber: catatan Layar 112 · {city.center_name}", en=f"Source: log of Layar 112 · {city.name}")
    return html.Div(
        [
            brief_top(services.ground, mode_now(services), _bound()),
            dcc.Store("brief-hand"),
            dcc.Store("brief-reader", data={"lang": "id", "scale": 1}),
            html.Div([], id="brief-period", className="brief-period"),
            html.Div([], id="brief-note", className="brief-note", role="status"),
            report_panel(may_ask=may(BRIEFERS)),
            html.Div([], id="brief-cards", className="brief-cards"),
            brief_figures(),
            html.Div([], id="brief-records", className="brief-records panel"),
            html.Footer(said(source), className="brief-foot"),
        ],
        className="brief",
        **known,
    )


def register(app: Dash, services: Services) -> None:
    """The figures of what is asked for, the records behind what was touched, and the range that was dragged."""
    desk = BriefingDesk(services)
    _register_figures(app, services, desk)
    _register_records(app, services, desk)
    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash's
        _DRAG, Output("brief-hand", "data"), Input("brief-slots", "relayoutData"), prevent_initial_call=True
    )


def _register_figures(app: Dash, services: Services, desk: BriefingDesk) -> None:
    @app.callback(
        [Output("brief-period", "children"), Output("brief-note", "children"), Output("brief-cards", "children")]
        + [Output(f"brief-{name}", "figure") for name in FIGURES]
        + [Output(f"brief-{name}-n", "children") for name in FIGURES],
        [*_asked_inputs(Input), Input("brief-reader", "data")],
    )
    def show(*given: Any) -> list[Any]:  # noqa: ANN401 — what a browser sends
        city, reader = services.ground.city, reader_of(given[-1])
        try:
            answer = desk.answer(_asked(given[:-1], city), str(reader), partial(_drawn, services.ground, reader))
        except StoreUnavailable:
            return [no_update, busy_shown(), no_update, *(no_update for _ in range(2 * len(FIGURES)))]
        if ctx.triggered_id == "brief-reader" and has_already(given[-1], answer):
            raise PreventUpdate
        period, *rest = answer.shown
        return [[period, counted_shown(answer, city)], *rest]


def _drawn(ground: Ground, reader: Reader, told: Told) -> list[Any]:
    with drawn_in(reader[2]):
        return rendered(told, ground, reader)


def _register_records(app: Dash, services: Services, desk: BriefingDesk) -> None:
    @app.callback(
        [Output("brief-records", "children"), Output("brief-map", "figure", allow_duplicate=True)],
        [*(Input(f"brief-{name}", "clickData") for name in _TOUCHED), *_asked_inputs(Input)],
        State("brief-reader", "data"),
        prevent_initial_call="initial_duplicate",
    )
    def list_records(*given: Any) -> list[Any]:  # noqa: ANN401 — as above
        which = str(ctx.triggered_id or "").removeprefix("brief-")
        if which not in _TOUCHED:
            return [brief_records(None, services.ground), no_update]
        asked, reader = _asked(given[len(_TOUCHED) : -1], services.ground.city), reader_of(given[-1])
        try:
            brief = desk.told(asked).brief
        except StoreUnavailable:
            return [said(BUSY), no_update]
        found = behind(brief, which, touched(given[_TOUCHED.index(which)], which), services.ground)
        if found is None:
            return [no_update, no_update]
        counted = {code: len(some) for code, some in grouped(found.incidents, "kelurahan", services.ground).items()}
        lang, scale, theme = reader
        with drawn_in(theme):
            figure = map_figure(brief, services.ground, counted, lang)
        return [brief_records(found, services.ground), sized(figure, scale)]


def _asked_inputs(kind: Any) -> list[Any]:  # noqa: ANN401 — Dash's Input or State
    choices = [kind("brief-span", "value"), kind("brief-by", "value"), kind("brief-hand", "data")]
    return [*choices, *(kind(f"brief-only-{dimension}", "value") for dimension in ONLY)]


def _bound() -> str | None:
    """The only agency whose figures this reader sees; nobody reads while the pages are warmed up."""
    return agency() if may(VIEWERS) else None


def _asked(given: tuple[Any, ...], city: City) -> Asked:
    """A browser may send anything: what is not one of ours is the first of ours; a head stays with the own agency."""
    span, by, hand, *only = given
    known_span: Span = next((one for one in SPANS if one == span), "today")
    known_by: Dimension = next((one for one in DIMENSIONS if one == by and one in BY_SAID), "kelurahan")
    kept = {name: str(value) for name, value in zip(ONLY, only, strict=True) if value}
    bound = _bound()
    if bound is not None:
        kept["agency"] = bound
    words: Mapping[str, Any] = hand if isinstance(hand, dict) else {}
    since = hand_moment(str(words.get("since") or ""), city, is_end=False)
    until = hand_moment(str(words.get("until") or ""), city, is_end=True)
    return Asked(span=known_span, by=known_by, only=kept, since=since, until=until)


PAGE = Page(
    path="/briefing",
    title=Words(id="Ringkasan · Layar 112", en="Briefing · Layar 112"),
    layout=layout,
    register=register,
)
