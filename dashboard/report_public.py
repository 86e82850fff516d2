"""A report to be given away: built from counts alone, so that it cannot hold what would name anybody. Pure.

`public_of` is the only way in, and what it gives has room for numbers and for names from lists of the city only: no
incident, id, text, time of a single report, place below a kelurahan or picture can pass. Small numbers are blurred.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.briefing import Brief, name_of
from dashboard.briefing_words import WEEKDAY_WORDS, count_words, share_words, span_words
from dashboard.report_document import Bar, Block, Chart, Figure, Figures, Heading, Note, Table
from dashboard.report_map import area_map
from geodata.places import Ground
from layers.calls import KIND_WORDS
from layers.intervals import NOWHERE, Times, grouped, times

LEAST = 3
"""Fewer than so many are told as "1-2": with what people know already one may be recognised."""
LEAST_TIMES = 5
"""A median of fewer would be nearly the time of one of them."""
FEW = "1\N{EN DASH}2"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicTimes:
    """Times over many; all None where they are of too few."""

    n: int
    median_s: float | None
    p90_s: float | None
    share_within: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """Everything a report for everybody may hold. `places` and `categories` are by names of the city's lists."""

    incidents: int
    calls: int | None
    genuine_share: float | None
    by_kind: tuple[tuple[str, int], ...]
    first: PublicTimes
    left_out: int
    slots: tuple[tuple[str, int], ...]
    heat: tuple[tuple[int, ...], ...]
    places: Mapping[str, int]
    categories: tuple[tuple[str, int, PublicTimes], ...]
    volunteers_n: int
    volunteers_share: float | None


def public_of(brief: Brief, ground: Ground, slots: tuple[tuple[str, int], ...]) -> Public:
    """What of a briefing may be told to everybody. `slots` are its hours or days in words."""
    calls, start = brief.calls, brief.head_start
    groups = grouped(brief.incidents, "category", ground)
    counted = calls.by_kind if calls else {}
    kinds = tuple((KIND_WORDS[kind].id, counted[kind]) for kind in KIND_WORDS if counted.get(kind))
    return Public(
        incidents=len(brief.incidents),
        calls=calls.came if calls else None,
        genuine_share=calls.genuine_share if calls else None,
        by_kind=kinds,
        first=_times(brief.first),
        left_out=sum(map(len, brief.first.left_out.values())),
        slots=slots,
        heat=brief.heat,
        places={code: count for code, count in brief.places.items() if code in ground.places.areas},
        categories=tuple(
            (name_of("category", name, ground), len(some), _times(times(some, "first_on_scene", ground.city)))
            for name, some in sorted(groups.items(), key=lambda one: (-len(one[1]), one[0]))
            if name != NOWHERE
        ),
        volunteers_n=start.n,
        volunteers_share=start.ahead / start.n if start.n >= LEAST_TIMES else None,
    )


def _times(found: Times) -> PublicTimes:
    if found.n < LEAST_TIMES:
        return PublicTimes(n=found.n, median_s=None, p90_s=None, share_within=None)
    return PublicTimes(n=found.n, median_s=found.median_s, p90_s=found.p90_s, share_within=found.share_within)


def blurred(count: int) -> str:
    """A count as everybody may read it."""
    return FEW if 0 < count < LEAST else count_words(count)


def public_blocks(public: Public, ground: Ground, source: str) -> tuple[Block, ...]:
    """The pages."""
    n = f"n {count_words(public.incidents)} · {source}"
    return (
        _figures(public),
        Chart(title="Kejadian menurut waktu", shape="columns", bars=_columns(public), note=n),
        area_map(ground, public.places, n, words=blurred),
        Heading(text="Menurut jenis"),
        _categories(public),
        Heading(text="Panggilan"),
        *_calls(public, source),
        Chart(
            title="Hari dan jam",
            shape="heat",
            bars=tuple(Bar(label="", value=_at_least(count)) for row in public.heat for count in row),
            note=f"{n} · angka 1 dan 2 tidak ditulis",
            row_labels=WEEKDAY_WORDS,
        ),
        Note(
            text="Laporan ini hanya memuat jumlah. Nama, nomor, alamat, isi laporan, gambar dan waktu satu kejadian "
            f"tidak ada di dalamnya; jumlah di bawah {LEAST} ditulis {FEW}, dan waktu tanggap dari kurang dari "
            f"{LEAST_TIMES} kejadian tidak ditulis.",
            is_small=True,
        ),
    )


def _at_least(count: int) -> int:
    return count if count >= LEAST else 0


def _columns(public: Public) -> tuple[Bar, ...]:
    return tuple(Bar(label=label, value=_softened(count), text=blurred(count)) for label, count in public.slots)


def _softened(count: int) -> float:
    """One and two look the same."""
    return (LEAST / 2) if 0 < count < LEAST else count


def _figures(public: Public) -> Figures:
    first = public.first
    n = f"n {count_words(first.n)} · tidak dihitung {blurred(public.left_out)}"
    genuine = "" if public.genuine_share is None else f"{share_words(public.genuine_share)} nyata"
    return Figures(items=(
        Figure(label="Kejadian", value=blurred(public.incidents), note="darurat dan tidak darurat"),
        Figure(label="Panggilan", value=blurred(public.calls) if public.calls else "\N{EN DASH}", note=genuine),
        Figure(label="Pertama tiba (median)", value=span_words(first.median_s), note=n),
        Figure(label="Pertama tiba (p90)", value=span_words(first.p90_s), note=f"n {count_words(first.n)}"),
        Figure(label="Dalam target", value=share_words(first.share_within), note=f"n {count_words(first.n)}"),
        Figure(label="Relawan lebih dulu", value=share_words(public.volunteers_share), note=f"n {public.volunteers_n}"),
    ))  # fmt: skip


def _categories(public: Public) -> Table:
    rows = tuple(
        (name, blurred(count), span_words(first.median_s), span_words(first.p90_s), share_words(first.share_within))
        for name, count, first in public.categories
    )
    columns = ("Jenis", "Kejadian", "Median", "p90", "Dalam target")
    return Table(
        name="Jenis", columns=columns, rows=rows, widths=(3, 1, 1.2, 1.2, 1.2), numeric=frozenset({1, 2, 3, 4})
    )


def _calls(public: Public, source: str) -> tuple[Block, ...]:
    if public.calls is None or not public.by_kind:
        return (Note(text="Tidak ada catatan panggilan pada periode ini."),)
    bars = tuple(Bar(label=name, value=_softened(count), text=blurred(count)) for name, count in public.by_kind)
    note = f"n {count_words(public.calls)} · {source}"
    return (Chart(title="Panggilan menurut jenis", shape="bars", bars=bars, note=note),)
