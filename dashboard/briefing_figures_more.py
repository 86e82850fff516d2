"""More figures of a briefing: relawan first, callers who call again, lifelines, the days of a disaster. Pure."""

from collections.abc import Sequence
from datetime import datetime

import plotly.graph_objects as go

from dashboard.briefing_city import Callers, Course, Leads, Stretch
from dashboard.briefing_figures import Lang, colour_of, dressed, lying
from dashboard.briefing_words import day_words, in_english
from geodata.places import Ground
from layers.areas import area_name
from layers.lifelines import STATE_WORDS, STATES, State
from layers.numbers import count_words

_STATE_COLOURS: dict[State, str] = {"normal": "ok", "jammed": "late", "down": "priority-1"}
_MOST_LINES = 14


def leads_figure(found: Leads, lang: Lang) -> go.Figure:
    """By how many minutes relawan were first, and how often OPD were."""
    if not found.n:
        return dressed(go.Figure(), n=0, lang=lang)
    minutes = "menit" if lang == "id" else "minutes"
    steps = [
        (
            f"{least}+ {minutes}" if most is None else f"{least}\N{EN DASH}{most} {minutes}",
            count,
            "unit-volunteer",
            place,
        )
        for place, (least, most, count) in enumerate(found.steps)
    ]
    last = "OPD dulu / bersamaan" if lang == "id" else "agency first / same"
    return lying([*steps, (last, found.behind, "lost", -1)], lang)


def callers_figure(found: Callers, lang: Lang) -> go.Figure:
    """How many calls came from numbers that called so often; no number is told."""
    if not found.numbers:
        return dressed(go.Figure(), n=0, lang=lang)
    of = "nomor" if lang == "id" else "numbers"
    steps = [
        (
            f"{_times(least, most, lang)} · {_count(numbers, lang)} {of}",
            calls,
            "priority-4" if least < 5 else "late",  # noqa: PLR2004 — from five on it repeats, as layers/callers.py has it
            None,
        )
        for least, most, numbers, calls, _ in found.groups
    ]
    return lying(steps, lang)


def _times(least: int, most: int | None, lang: Lang) -> str:
    if lang == "id":
        return f"{_span(least, most)} kali"
    return "once" if least == most == 1 else f"{_span(least, most)} times"


def _count(count: int, lang: Lang) -> str:
    said = count_words(count)
    return said.id if lang == "id" else said.en


def _span(least: int, most: int | None) -> str:
    if most is None:
        return f"{least}+"
    return str(least) if least == most else f"{least}\N{EN DASH}{most}"


def lifelines_figure(found: Sequence[Stretch], ground: Ground, lang: Lang) -> go.Figure:
    """One line for each provider and area, coloured and named by its state."""
    names = list(dict.fromkeys(f"{one.provider} · {area_name(ground, one.area)}" for one in found))[:_MOST_LINES]
    figure = go.Figure()
    for state in STATES:
        words = STATE_WORDS[state].id if lang == "id" else STATE_WORDS[state].en
        some = [one for one in found if one.state == state and _name(one, ground) in names]
        figure.add_bar(
            y=[_name(one, ground) for one in some],
            x=[(one.until - one.since).total_seconds() * 1000 for one in some],
            base=[one.since.replace(tzinfo=None).isoformat() for one in some],
            orientation="h",
            name=words,
            marker={"color": colour_of(_STATE_COLOURS[state]), "line": {"width": 1, "color": colour_of("panel")}},
            text=[words if state != "normal" else "" for _ in some],
            textposition="inside",
            insidetextanchor="middle",
            hovertemplate=[
                f"%{{y}}<br>{words}<br>{_moment(one.since, lang)} \N{EN DASH} {_moment(one.until, lang)}<extra></extra>"
                for one in some
            ],
        )
    dressed(figure, n=len(names), lang=lang, barmode="overlay", bargap=0.3)
    figure.update_layout(margin_r=36)
    figure.update_xaxes(type="date", tickangle=0, ticklabeloverflow="allow", **_three_ticks(found, lang))
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure


def _name(one: Stretch, ground: Ground) -> str:
    return f"{one.provider} · {area_name(ground, one.area)}"


def _moment(at: datetime, lang: Lang, between: str = " ") -> str:
    said = f"{day_words(at)}{between}{at:%H.%M}"
    return said if lang == "id" else in_english(said)


def _three_ticks(found: Sequence[Stretch], lang: Lang) -> dict[str, list[str]]:
    """The begin, the middle and the end: as many as a telephone has room for, in words of ours."""
    if not found:
        return {}
    begin, end = min(one.since for one in found), max(one.until for one in found)
    moments = (begin, begin + (end - begin) / 2, end)
    return {
        "tickvals": [at.replace(tzinfo=None).isoformat() for at in moments],
        "ticktext": [_moment(at, lang, "<br>") for at in moments],
    }


def flood_figure(found: Sequence[Course], lang: Lang) -> go.Figure:
    """Calls of each day since the first, and the heads in its shelters at the end of the day."""
    figure = go.Figure()
    calls, heads = ("panggilan", "pengungsi") if lang == "id" else ("calls", "evacuees")
    for course in found[:1]:
        days = [f"{'hari' if lang == 'id' else 'day'} {day.number}" for day in course.days]
        figure.add_bar(
            x=days,
            y=[day.calls for day in course.days],
            name=calls,
            width=min(0.8, 0.15 * (len(days) + 1)),
            marker={"color": colour_of("priority-4")},
            hovertemplate=f"%{{x}}: %{{y}} {calls}<extra></extra>",
        )
        figure.add_scatter(
            x=days,
            y=[day.occupants for day in course.days],
            name=heads,
            mode="lines+markers",
            line={"color": colour_of("late"), "width": 3},
            hovertemplate=f"%{{x}}: %{{y}} {heads}<extra></extra>",
        )
    n = sum(day.calls + (day.occupants or 0) for course in found[:1] for day in course.days)
    dressed(figure, n=n, lang=lang, bargap=0.3)
    figure.update_yaxes(rangemode="tozero")
    return figure
