"""The headline figures of a briefing, and the records behind one of its groups."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.briefing import Brief, name_of
from dashboard.briefing_words import NONE, change_words, count_words, day_words, left_out_words, share_words, span_words
from geodata.city import City
from geodata.places import Ground
from layers.incident_facts import STATUS_WORDS, Incident
from layers.incident_reading import category_of, kelurahan_of
from layers.intervals import REASON_WORDS, grouped, interval_of

_MOST_RECORDS = 100
_HINT = "Sentuh satu batang waktu untuk melihat kejadian di baliknya."
_COLUMNS = ("Nomor", "Dilaporkan", "Jenis", "Kelurahan", "Keadaan", "Pertama tiba")


def brief_cards(brief: Brief, city: City) -> list[Component]:
    """Six figures, each with what it rests on."""
    first, start, calls = brief.first, brief.head_start, brief.calls
    genuine = calls.genuine_share if calls else None
    came = count_words(calls.came) if calls else NONE
    target = f"{city.response_target_min:g} menit"
    return [
        _card("Kejadian", count_words(len(brief.incidents)), change_words(len(brief.incidents), brief.before)),
        _card("Panggilan", came, f"{share_words(genuine)} nyata" if genuine is not None else "tidak tersaring"),
        _card("Pertama tiba (median)", span_words(first.median_s), f"n {first.n} · {left_out_words(first)}"),
        _card("Pertama tiba (p90)", span_words(first.p90_s), f"n {first.n}"),
        _card("Dalam target", share_words(first.share_within), f"{first.within or 0} dari {first.n} · target {target}"),
        _card(
            "Relawan lebih dulu",
            share_words(start.ahead / start.n if start.n else None),
            f"{start.ahead} dari {start.n} · lebih cepat {span_words(start.lead_s)} (median)",
        ),
    ]


def _card(label: str, value: str, note: str) -> Component:
    parts = [html.Div(label, className="brief-label"), html.Div(value, className="brief-value")]
    return html.Div([*parts, html.Div(note, className="brief-small")], className="brief-card panel")


def brief_records(brief: Brief | None, group: str | None, ground: Ground) -> list[Component]:
    """The incidents of a group, the slowest answer first, then those without a time and why."""
    if brief is None or group is None:
        return [html.P(_HINT, className="brief-hint")]
    found = grouped(brief.incidents, brief.by, ground).get(group, [])
    ordered = sorted(found, key=lambda one: (-_seconds(one, ground.city), one.id))
    shown = ordered[:_MOST_RECORDS]
    more = f" · {len(found) - len(shown)} lagi tidak ditampilkan" if len(found) > len(shown) else ""
    title = html.H2(f"{name_of(brief.by, group, ground)} · {len(found)} kejadian{more}")
    head = html.Thead(html.Tr([html.Th(words) for words in _COLUMNS]))
    body = html.Tbody([html.Tr([html.Td(cell) for cell in _cells(one, ground)]) for one in shown])
    return [title, html.Div(html.Table([head, body]), className="brief-scroll")]


def _seconds(incident: Incident, city: City) -> float:
    value = interval_of(incident, "first_on_scene", city)
    return -1.0 if isinstance(value, str) else value


def _cells(incident: Incident, ground: Ground) -> Sequence[str]:
    city = ground.city
    at = incident.report.reported_at.astimezone(city.zone) if incident.report else None
    value = interval_of(incident, "first_on_scene", city)
    code = kelurahan_of(incident, ground)
    area = ground.places.areas.get(code) if code else None
    return (
        incident.id,
        f"{day_words(at)} {at:%H.%M}" if at else NONE,
        category_of(incident, city).id_name,
        area.name if area else "tanpa lokasi",
        STATUS_WORDS[incident.status].id,
        REASON_WORDS[value].id if isinstance(value, str) else span_words(value),
    )
