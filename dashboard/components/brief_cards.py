"""The headline figures of a briefing, and the records behind what was touched."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.briefing import Brief
from dashboard.briefing_behind import Behind
from dashboard.briefing_usual import LEAST_WEEKS, Usual
from dashboard.briefing_words import (
    NONE,
    both_said,
    change_said,
    day_words,
    left_out_said,
    span_words,
)
from dashboard.i18n import said
from geodata.city import City
from geodata.places import Ground
from layers import numbers
from layers.incident_facts import STATUS_WORDS, Incident
from layers.incident_reading import category_of, kelurahan_of
from layers.intervals import REASON_WORDS, interval_of
from layers.layer import Words

_MOST_RECORDS = 100
_HINT = Words(
    id="Sentuh satu batang, kotak jam atau kelurahan untuk melihat kejadian di baliknya dan letaknya di peta.",
    en="Touch a bar, an hour or a kelurahan to see the incidents behind it and where they are.",
)
_COLUMNS = (
    Words(id="Nomor", en="Number"),
    Words(id="Dilaporkan", en="Reported"),
    Words(id="Jenis", en="Kind"),
    Words(id="Kelurahan", en="Kelurahan"),
    Words(id="Keadaan", en="State"),
    Words(id="Pertama tiba", en="First on scene"),
)
Cell = str | Words


def brief_cards(brief: Brief, city: City, usual: Usual | None = None) -> list[Component]:
    """Six figures, each with what it rests on."""
    first, start, calls = brief.first, brief.head_start, brief.calls
    genuine = calls.genuine_share if calls else None
    came = numbers.count_words(calls.came) if calls and calls.came else NONE
    share, lead = _share(start.ahead / start.n if start.n else None), both_said(span_words(start.lead_s))
    within, left = first.within or 0, left_out_said(first)
    return [
        _card(Words(id="Kejadian", en="Incidents"), numbers.count_words(len(brief.incidents)), _compared(brief, usual)),
        _card(Words(id="Panggilan", en="Calls"), came, _genuine(genuine, is_filtered=calls is None)),
        _card(
            Words(id="Pertama tiba (median)", en="First on scene (median)"),
            both_said(span_words(first.median_s)),
            Words(id=f"n {first.n} · {left.id}", en=f"n {first.n} · {left.en}"),
        ),
        _card(
            Words(id="Pertama tiba (p90)", en="First on scene (p90)"),
            both_said(span_words(first.p90_s)),
            Words(id=f"n {first.n}", en=f"n {first.n}"),
        ),
        _card(
            Words(id="Dalam target", en="Within target"),
            _share(first.share_within),
            Words(
                id=f"{within} dari {first.n} · target {city.response_target_min:g} menit",
                en=f"{within} of {first.n} · target {city.response_target_min:g} minutes",
            ),
        ),
        _card(
            Words(id="Relawan lebih dulu", en="Volunteers first"),
            share,
            Words(
                id=f"{start.ahead} dari {start.n} · lebih cepat {lead.id} (median)",
                en=f"{start.ahead} of {start.n} · earlier by {lead.en} (median)",
            ),
        ),
    ]


def _genuine(share: float | None, *, is_filtered: bool) -> Words:
    if is_filtered:
        return Words(id="tidak tersaring", en="not filtered")
    if share is None:
        return Words(id="tidak ada catatan panggilan", en="no calls on record")
    said_share = numbers.share_words(share)
    return Words(id=f"{said_share.id} nyata", en=f"{said_share.en} real")


def _share(share: float | None) -> Cell:
    return NONE if share is None else numbers.share_words(share)


def _compared(brief: Brief, usual: Usual | None) -> Words:
    """Beside the period before; of today beside yesterday by the same time."""
    if usual is not None and usual.so_far is not None:
        so_far = numbers.count_words(usual.so_far)
        return Words(id=f"kemarin sampai jam ini {so_far.id}", en=f"yesterday by now {so_far.en}")
    return change_said(len(brief.incidents), brief.before)


def usual_said(usual: Usual | None) -> Words:
    """What the band of the first figure is, or why there is none."""
    if usual is None or not usual.weeks:
        return Words(id="tanpa pembanding", en="nothing to compare with")
    if usual.weeks < LEAST_WEEKS:
        return Words(
            id=f"yang biasa belum dapat dikatakan: baru {usual.weeks} minggu",
            en=f"what is usual cannot be said yet: {usual.weeks} weeks only",
        )
    line = (" · titik-titik: hari sebelumnya", " · dotted: the day before") if usual.yesterday else ("", "")
    return Words(
        id=f"tanda mendatar: yang biasa, median dan kuartil {usual.weeks} minggu{line[0]}",
        en=f"flat marks: what is usual, median and quartiles of {usual.weeks} weeks{line[1]}",
    )


def _card(label: Words, value: Cell, note: Words) -> Component:
    parts = [said(label, className="brief-label"), html.Div(_shown(value), className="brief-value")]
    return html.Div([*parts, said(note, className="brief-small")], className="brief-card panel")


def brief_records(found: Behind | None, ground: Ground) -> list[Component]:
    """The incidents behind what was touched, the slowest answer first, then those without a time and why."""
    if found is None:
        return [html.P(said(_HINT), className="brief-hint")]
    ordered = sorted(found.incidents, key=lambda one: (-_seconds(one, ground.city), one.id))
    shown, count = ordered[:_MOST_RECORDS], len(ordered)
    more = (f" · {count - len(shown)} lagi tidak ditampilkan", f" · {count - len(shown)} more not shown")
    rest = more if count > len(shown) else ("", "")
    said_count = numbers.count_words(count)
    title = Words(
        id=f"{found.title.id} · {said_count.id} kejadian{rest[0]}",
        en=f"{found.title.en} · {said_count.en} incidents{rest[1]}",
    )
    head = html.Thead(html.Tr([html.Th(said(words)) for words in _COLUMNS]))
    body = html.Tbody([html.Tr([html.Td(_shown(cell)) for cell in _cells(one, ground)]) for one in shown])
    return [html.H2(said(title)), html.Div(html.Table([head, body]), className="brief-scroll")]


def _shown(cell: Cell) -> Component | str:
    return said(cell) if isinstance(cell, Words) else cell


def _seconds(incident: Incident, city: City) -> float:
    value = interval_of(incident, "first_on_scene", city)
    return -1.0 if isinstance(value, str) else value


def _cells(incident: Incident, ground: Ground) -> Sequence[Cell]:
    city = ground.city
    at = incident.report.reported_at.astimezone(city.zone) if incident.report else None
    value = interval_of(incident, "first_on_scene", city)
    code = kelurahan_of(incident, ground)
    area = ground.places.areas.get(code) if code else None
    category = category_of(incident, city)
    return (
        incident.id,
        both_said(f"{day_words(at)} {at:%H.%M}") if at else NONE,
        Words(id=category.id_name, en=category.en_name),
        area.name if area else Words(id="tanpa lokasi", en="no place"),
        STATUS_WORDS[incident.status],
        REASON_WORDS[value] if isinstance(value, str) else both_said(span_words(value)),
    )
