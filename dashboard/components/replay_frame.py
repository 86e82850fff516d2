"""The parts of the replay page: a band that nobody takes for the present, the map, what was then, and the deck.

`assets/61-dvr*.js` fills them; every id begins with the one given.
"""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.briefing_words import MODE_SAID
from dashboard.i18n import said, said_of
from geodata.city import City
from layers.event import Mode
from layers.layer import Words

SPEEDS = (1, 2, 5, 10, 30, 60, 120)
TABS: Mapping[str, Words] = {
    "then": Words(id="Saat itu", en="Then"),
    "jump": Words(id="Lompat ke", en="Jump to"),
    "board": Words(id="Papan", en="Board"),
    "marks": Words(id="Penanda", en="Bookmarks"),
}
CONTEXTS: Mapping[str, Words] = {
    "day": Words(id="24 jam", en="24 hours"),
    "week": Words(id="7 hari", en="7 days"),
    "month": Words(id="30 hari", en="30 days"),
    "year": Words(id="12 bulan", en="12 months"),
}
_SENSES: Mapping[str, Words] = {
    "shown": Words(id="Tampil saat itu", en="Shown then"),
    "known": Words(id="Diketahui sekarang", en="Known now"),
}


def replay_top(dvr_id: str, mode: Mode) -> Component:
    """Which page this is, the band with the moment, in which sense it is shown, and where else to go."""
    brand = html.Div(["LAYAR", html.B("112")], className="brand-name")
    words = MODE_SAID[mode] if mode != "live" else None
    chip = said(words, className="dvr-mode") if words else None
    band = html.Div(
        [
            said(Words(id="PUTAR ULANG · bukan sekarang", en="REPLAY · not now"), className="dvr-warning"),
            html.Strong("", id=f"{dvr_id}-moment", className="dvr-moment"),
            html.Span("", id=f"{dvr_id}-how", className="dvr-how"),
        ],
        id=f"{dvr_id}-band",
        className="dvr-band",
        role="status",
    )
    senses = [_choice(f"{dvr_id}-sense", key, words) for key, words in _SENSES.items()]
    title = html.H1(said(Words(id="Putar ulang", en="Replay")))
    return html.Header(
        [
            html.Div([html.Div([brand, title], className="dvr-name"), chip, _links(dvr_id)], className="dvr-brand"),
            band,
            html.Div([html.Div(senses, **_group(f"{dvr_id}-sense", "Cara melihat", "Sense"))], className="dvr-senses"),
        ],
        className="dvr-top",
    )


def _links(dvr_id: str) -> Component:
    home = html.A(said(Words(id="Ringkasan", en="Briefing")), href="/briefing", className="dvr-link")
    figures = html.A(
        said(Words(id="Angka rentang ini", en="Figures of this range")),
        id=f"{dvr_id}-figures-link",
        href="/briefing",
        className="dvr-link",
    )
    return html.Nav([home, figures], className="dvr-links", **said_of("aria-label", Words(id="Halaman", en="Pages")))


def replay_stage(dvr_id: str, city: City, graph: Component) -> Component:
    """The map of then and the street cameras of then."""
    note = html.Div("", id=f"{dvr_id}-map-note", className="dvr-map-note panel", hidden=True)
    box = html.Div(
        [graph, note, html.Div("", id=f"{dvr_id}-toast", className="dvr-toast", role="status", hidden=True)],
        className="dvr-map",
    )
    label = Words(id=f"Peta {city.name}", en=f"Map of {city.name}")
    strip = html.Div([], id=f"{dvr_id}-stills", className="dvr-stills")
    return html.Section([box, html.Div("", id=f"{dvr_id}-stills-note", className="dvr-stills-note"), strip],
                        className="dvr-stage", **said_of("aria-label", label))  # fmt: skip


def replay_side(dvr_id: str) -> Component:
    """Figures of then, what the director showed, and four sheets."""
    tabs = [
        html.Button(said(words), id=f"{dvr_id}-tab-{key}", className="dvr-tab", role="tab", type="button",
                    **_data(tab=key))
        for key, words in TABS.items()
    ]  # fmt: skip
    sheets = [
        html.Div([], id=f"{dvr_id}-sheet-{key}", className="dvr-sheet", role="tabpanel", hidden=True) for key in TABS
    ]
    return html.Aside(
        [
            html.Div([], id=f"{dvr_id}-figures", className="dvr-figures"),
            html.Div([], id=f"{dvr_id}-scene", className="dvr-scene panel"),
            html.Div(tabs, className="dvr-tabs", role="tablist"),
            html.Div(sheets, className="dvr-sheets panel"),
        ],
        className="dvr-side",
    )


def replay_deck(dvr_id: str) -> Component:
    """The buttons, the track that is scrubbed, and the longer time on which the range is chosen."""
    return html.Footer([_buttons(dvr_id), _track(dvr_id), _context(dvr_id)], className="dvr-deck")


def _buttons(dvr_id: str) -> Component:
    deeds = {
        "previous": Words(id="Kejadian sebelumnya (P)", en="Previous incident (P)"),
        "back": Words(id="Mundur (←)", en="Back (←)"),
        "play": Words(id="Putar atau henti (spasi)", en="Play or stop (space)"),
        "forward": Words(id="Maju (→)", en="Forward (→)"),
        "next": Words(id="Kejadian berikutnya (N)", en="Next incident (N)"),
    }
    drive = [
        html.Button(html.I(className=f"dvr-icon is-{name}"), id=f"{dvr_id}-{name}", className="dvr-button",
                    type="button", **said_of("aria-label", words), **said_of("title", words))
        for name, words in deeds.items()
    ]  # fmt: skip
    speeds = [
        html.Button(
            f"{speed}\N{MULTIPLICATION SIGN}",
            className="dvr-choice",
            type="button",
            role="radio",
            **_data(value=str(speed)),
        )
        for speed in SPEEDS
    ]
    skip = html.Button(
        said(Words(id="Lewati waktu sepi", en="Skip quiet time")),
        id=f"{dvr_id}-skip",
        className="dvr-choice is-alone",
        type="button",
        role="switch",
    )
    mark = said(Words(id="Tandai momen", en="Bookmark"))
    add = html.Button(mark, id=f"{dvr_id}-mark", className="dvr-choice is-alone", type="button")
    return html.Div(
        [
            html.Div(drive, className="dvr-drive"),
            html.Div(speeds, **_group(f"{dvr_id}-speed", "Kecepatan", "Speed")),
            skip,
            add,
            html.Div("", id=f"{dvr_id}-doing", className="dvr-doing", role="status"),
        ],
        className="dvr-buttons",
    )


def _track(dvr_id: str) -> Component:
    """The chosen range; a drag on it moves through time."""
    knob = html.I(className="dvr-knob")
    head = html.Div([knob], id=f"{dvr_id}-head", className="dvr-head", role="slider", tabIndex=0,
                    **said_of("aria-label", Words(id="Waktu yang ditampilkan", en="Moment shown")))  # fmt: skip
    return html.Div(
        [html.Canvas([], className="dvr-canvas"), html.Div([], className="dvr-flags"), head],
        id=f"{dvr_id}-track",
        className="dvr-strip is-track",
    )


def _context(dvr_id: str) -> Component:
    """A longer time; a drag on it chooses the range."""
    ends = [
        html.Div(html.I(), id=f"{dvr_id}-{name}", className="dvr-end", role="slider", tabIndex=0,
                 **said_of("aria-label", words))
        for name, words in (
            ("since", Words(id="Awal rentang", en="Begin of the range")),
            ("until", Words(id="Akhir rentang", en="End of the range")),
        )
    ]  # fmt: skip
    window = html.Div(ends, id=f"{dvr_id}-window", className="dvr-window")
    strip = html.Div(
        [html.Canvas([], className="dvr-canvas"), window], id=f"{dvr_id}-context", className="dvr-strip is-context"
    )
    spans = [_choice(f"{dvr_id}-span", key, words) for key, words in CONTEXTS.items()]
    head = html.Div(
        [
            html.Div(spans, **_group(f"{dvr_id}-span", "Jangka waktu", "Time span")),
            said(
                Words(
                    id="Batang: kejadian, merah kritis dan berat · garis: panggilan · arsir: belum ada catatan",
                    en="Bars: incidents, red critical and severe · line: calls · hatched: no record yet",
                ),
                className="dvr-legend",
            ),
            html.Span("", id=f"{dvr_id}-range", className="dvr-range"),
        ],
        className="dvr-context-head",
    )
    return html.Div([strip, head], className="dvr-context")


def _choice(of: str, key: str, words: Words) -> Component:
    return html.Button(
        said(words), id=f"{of}-{key}", className="dvr-choice", type="button", role="radio", **_data(value=key)
    )


def _group(group_id: str, name_id: str, name_en: str) -> dict[str, Any]:
    return {
        "id": group_id,
        "className": "dvr-choices",
        "role": "radiogroup",
        **said_of("aria-label", Words(id=name_id, en=name_en)),
    }


def _data(**words: str) -> dict[str, Any]:
    return {f"data-{name}": word for name, word in words.items()}
