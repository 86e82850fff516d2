"""A briefing as its page and the gallery show it: cards, figures and notes, ready to be sent."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component
from plotly.graph_objects import Figure

from dashboard.briefing_desk import Answer, Told
from dashboard.briefing_figures import (
    Lang,
    funnel_figure,
    groups_figure,
    heat_figure,
    map_figure,
    slots_figure,
)
from dashboard.briefing_figures_more import callers_figure, flood_figure, leads_figure, lifelines_figure
from dashboard.briefing_words import both_said, period_words
from dashboard.components.brief_cards import brief_cards
from dashboard.components.brief_frame import FIGURES
from dashboard.components.brief_notes import note_of
from dashboard.i18n import said
from dashboard.style import Theme
from geodata.city import City
from geodata.places import Ground
from layers.layer import Words

BUSY = Words(
    id="Catatan sedang dibaca untuk yang lain. Coba lagi sebentar.",
    en="The log is being read for others. Try again in a moment.",
)
_SCALES = (1, 1.25, 1.5, 2, 2.5, 3, 4)
Reader = tuple[Lang, float, Theme]


def reader_of(told: object) -> Reader:
    """The language, how much larger than usual the letters of figures must be (plotly knows pixels only), the theme."""
    words: Mapping[str, Any] = told if isinstance(told, dict) else {}
    scale = words.get("scale")
    theme: Theme = "day" if words.get("theme") == "day" else "night"
    return "en" if words.get("lang") == "en" else "id", scale if scale in _SCALES else 1, theme


def has_already(told: object, answer: Answer) -> bool:
    """Whether the browser that asks again shows this answer and no other: it says when what it shows was counted."""
    words: Mapping[str, Any] = told if isinstance(told, dict) else {}
    return answer.is_renewed and words.get("has") == answer.counted_at.isoformat()


def counted_shown(answer: Answer, city: City) -> Component:
    """When the figures were counted. A browser asks again while they are being counted anew."""
    at = f"{answer.counted_at.astimezone(city.zone):%H.%M.%S} {city.zone_label}"
    words = Words(id=f"dihitung pukul {at}", en=f"counted at {at}")
    if answer.is_renewed:
        words = Words(id=f"{words.id} · sedang dihitung lagi", en=f"{words.en} · being counted again")
    known: dict[str, Any] = {
        "data-counted": answer.counted_at.isoformat(),
        "data-again": str(answer.is_renewed).lower(),
    }
    return said(words, className="brief-counted", **known)


def busy_shown() -> Component:
    """That the log cannot be read now; a browser asks again."""
    known: dict[str, Any] = {"data-again": "true"}
    return said(BUSY, **known)


def sized(figure: Figure, scale: float) -> dict[str, Any]:
    """The figure as it is sent, its letters, points and lines so much larger."""
    plain: dict[str, Any] = figure.to_plotly_json()
    if scale != 1:
        for part in (*plain["data"], plain["layout"], *plain["layout"].get("annotations", ())):
            _grow(part, scale)
    return plain


def _grow(part: dict[str, Any], scale: float) -> None:
    for key, value in part.items():
        if isinstance(value, dict):
            _grow(value, scale)
        elif key == "size" or (key == "width" and "x" not in part):
            part[key] = value * scale


def rendered(told: Told, ground: Ground, reader: Reader) -> list[Any]:
    """Everything on the page, ready to be sent: plain, so that the cache holds it as it goes."""
    brief, around, (lang, scale, _) = told.brief, told.around, reader
    figures = [
        slots_figure(brief, told.usual, lang),
        map_figure(brief, ground, None, lang),
        groups_figure(brief, ground, lang),
        heat_figure(brief, lang),
        funnel_figure(brief, lang),
        leads_figure(around.leads, lang),
        callers_figure(around.callers, lang),
        lifelines_figure(around.lifelines or (), ground, lang),
        flood_figure(around.courses, lang),
    ]
    period = period_words(brief.period, ground.city.zone_label)
    shown = html.Span(
        said(both_said(period)),
        **{"data-since": brief.period.since.isoformat(), "data-until": brief.period.until.isoformat()},  # type: ignore[arg-type]  # any data-*
    )
    notes = [said(note_of(name, told)) for name in FIGURES]
    plain = [sized(figure, scale) for figure in figures]
    return [shown, "", brief_cards(brief, ground.city, told.usual), *plain, *notes]
