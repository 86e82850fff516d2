"""The briefing in the gallery's states: its real cards, figures and notes, of what `dashboard/gallery.py` tells."""

from datetime import datetime
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.briefing import Asked, brief_of, period_of
from dashboard.briefing_city import callers, leads
from dashboard.briefing_desk import Told
from dashboard.briefing_figures import drawn_in
from dashboard.briefing_reading import Around
from dashboard.briefing_shown import BUSY, Reader, rendered
from dashboard.briefing_usual import Usual
from dashboard.components.brief_frame import FIGURES, TITLES
from dashboard.gallery import STATES, State, Studio, situation_of
from dashboard.i18n import said
from layers.call_tally import funnel
from layers.layer import Words

WORDS: dict[State, Words] = {
    "empty": Words(id="kosong", en="empty"),
    "one": Words(id="satu", en="one"),
    "many": Words(id="banyak", en="many"),
    "late": Words(id="terlambat", en="late"),
    "broken": Words(id="rusak", en="broken"),
}
_BARE: Any = {"displayModeBar": False, "responsive": True}


def gallery_brief(studio: Studio, now: datetime, reader: Reader) -> list[Component]:
    """One briefing of today for each state; where the log cannot be read, what the page says then."""
    with drawn_in(reader[2]):
        return [_briefing(studio, state, now, reader) for state in STATES]


def _briefing(studio: Studio, state: State, now: datetime, reader: Reader) -> Component:
    title = html.H2([said(Words(id="Ringkasan: ", en="Briefing: ")), said(WORDS[state])])
    if state == "broken":
        parts: list[Any] = [html.Div(said(BUSY), className="brief-note")]
    else:
        period, _, cards, *rest = rendered(_told(studio, state, now), studio.ground, reader)
        drawn = zip(FIGURES, rest[: len(FIGURES)], rest[len(FIGURES) :], strict=True)
        figures = html.Div([_figure(*one) for one in drawn], className="brief-figures")
        parts = [html.Div(period, className="brief-period"), html.Div(cards, className="brief-cards"), figures]
    return html.Section([title, *parts], className="gallery-shot", **{"data-part": "brief", "data-state": state})  # type: ignore[arg-type]  # any data-*


def _figure(name: str, figure: Any, note: Component) -> Component:  # noqa: ANN401 — plotly's JSON
    head = html.Div([html.H3(said(TITLES[name])), html.Div(note, className="brief-n")], className="brief-figure-head")
    graph = html.Div(dcc.Graph(figure=figure, config=_BARE), className="brief-graph")
    return html.Section([head, graph], className=f"brief-figure is-{name} panel")


def _told(studio: Studio, state: State, now: datetime) -> Told:
    situation, asked, city = situation_of(studio, state, now), Asked(), studio.ground.city
    period = period_of("today", now, city, "demo")
    incidents = list(situation.of("incidents").values())
    tallies = list(situation.of("call_tally").values())
    brief = brief_of(incidents, period, asked, studio.ground, funnel(tallies, period.since, period.until, "demo"))
    around = Around(
        lifelines=(),
        courses=(),
        callers=callers(situation.of("callers").values(), period, period.until - period.since, now),
        leads=leads(brief.incidents, city),
    )
    return Told(brief=brief, usual=Usual(weeks=0), around=around)
