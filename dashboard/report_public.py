"""A report to be given away: built from counts alone, so that it cannot hold what would name anybody. Pure.

`public_of` is the only way in, and what it gives has room for numbers and for names from lists of the city only: no
incident, id, text, time of a single report, place below a kelurahan or picture can pass. Small numbers are blurred.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.briefing import Brief, name_of
from dashboard.briefing_words import NONE
from dashboard.report_document import Bar, Block, Chart, Figure, Figures, Heading, Note, Table
from dashboard.report_map import area_map
from dashboard.report_words import Tongue
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


def public_of(brief: Brief, ground: Ground, slots: tuple[tuple[str, int], ...], say: Tongue) -> Public:
    """What of a briefing may be told to everybody. `slots` are its hours or days in words."""
    calls, start = brief.calls, brief.head_start
    groups = grouped(brief.incidents, "category", ground)
    counted = calls.by_kind if calls else {}
    kinds = tuple((say.of(KIND_WORDS[kind]), counted[kind]) for kind in KIND_WORDS if counted.get(kind))
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
            (name_of("category", name, ground, say.lang), len(some), _times(times(some, "first_on_scene", ground.city)))
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


def blurred(count: int, say: Tongue) -> str:
    """A count as everybody may read it."""
    return FEW if 0 < count < LEAST else say.count(count)


def public_blocks(public: Public, ground: Ground, source: str, say: Tongue) -> tuple[Block, ...]:
    """The pages."""
    n = f"n {say.count(public.incidents)} · {source}"
    over_time = say("Kejadian menurut waktu", "Incidents over time")
    return (
        _figures(public, say),
        Chart(title=over_time, shape="columns", bars=_columns(public, say), note=n),
        area_map(ground, public.places, n, say, words=lambda count: blurred(count, say)),
        Heading(text=say("Menurut jenis", "By kind")),
        _categories(public, say),
        Heading(text=say("Panggilan", "Calls")),
        *_calls(public, source, say),
        Chart(
            title=say("Hari dan jam", "Weekday and hour"),
            shape="heat",
            bars=tuple(Bar(label="", value=_at_least(count)) for row in public.heat for count in row),
            note=n + say(" · angka 1 dan 2 tidak ditulis", " · 1 and 2 are not written"),
            row_labels=say.weekdays,
        ),
        Note(text=_what_is_left_out(say), is_small=True),
    )


def _what_is_left_out(say: Tongue) -> str:
    return say(
        "Laporan ini hanya memuat jumlah. Nama, nomor, alamat, isi laporan, gambar dan waktu satu kejadian "
        f"tidak ada di dalamnya; jumlah di bawah {LEAST} ditulis {FEW}, dan waktu tanggap dari kurang dari "
        f"{LEAST_TIMES} kejadian tidak ditulis.",
        "This report holds counts only. Names, numbers, addresses, the text of reports, pictures and the time of a "
        f"single incident are not in it; counts below {LEAST} are written {FEW}, and response times of fewer than "
        f"{LEAST_TIMES} incidents are not written.",
    )


def _at_least(count: int) -> int:
    return count if count >= LEAST else 0


def _columns(public: Public, say: Tongue) -> tuple[Bar, ...]:
    return tuple(Bar(label=label, value=_softened(count), text=blurred(count, say)) for label, count in public.slots)


def _softened(count: int) -> float:
    """One and two look the same."""
    return (LEAST / 2) if 0 < count < LEAST else count


def _figures(public: Public, say: Tongue) -> Figures:
    first, left = public.first, blurred(public.left_out, say)
    n = f"n {say.count(first.n)}"
    told = n + say(f" · tidak dihitung {left}", f" · not counted {left}")
    share = public.genuine_share
    genuine = "" if share is None else say(f"{say.share(share)} nyata", f"{say.share(share)} real")
    calls = blurred(public.calls, say) if public.calls else NONE
    median = say("Pertama tiba (median)", "First on scene (median)")
    return Figures(items=(
        Figure(
            label=say("Kejadian", "Incidents"),
            value=blurred(public.incidents, say),
            note=say("darurat dan tidak darurat", "urgent and non-urgent"),
        ),
        Figure(label=say("Panggilan", "Calls"), value=calls, note=genuine),
        Figure(label=median, value=say.span(first.median_s), note=told),
        Figure(label=say("Pertama tiba (p90)", "First on scene (p90)"), value=say.span(first.p90_s), note=n),
        Figure(label=say("Dalam target", "Within target"), value=say.share(first.share_within), note=n),
        Figure(
            label=say("Relawan lebih dulu", "Volunteers first"),
            value=say.share(public.volunteers_share),
            note=f"n {public.volunteers_n}",
        ),
    ))  # fmt: skip


def _categories(public: Public, say: Tongue) -> Table:
    rows = tuple(
        (name, blurred(count, say), say.span(first.median_s), say.span(first.p90_s), say.share(first.share_within))
        for name, count, first in public.categories
    )
    kind = say("Jenis", "Kind")
    columns = (kind, say("Kejadian", "Incidents"), "Median", "p90", say("Dalam target", "Within target"))
    return Table(name=kind, columns=columns, rows=rows, widths=(3, 1, 1.2, 1.2, 1.2), numeric=frozenset({1, 2, 3, 4}))


def _calls(public: Public, source: str, say: Tongue) -> tuple[Block, ...]:
    if public.calls is None or not public.by_kind:
        none = say("Tidak ada catatan panggilan pada periode ini.", "There are no calls on record in this period.")
        return (Note(text=none),)
    bars = tuple(Bar(label=name, value=_softened(count), text=blurred(count, say)) for name, count in public.by_kind)
    note = f"n {say.count(public.calls)} · {source}"
    return (Chart(title=say("Panggilan menurut jenis", "Calls by kind"), shape="bars", bars=bars, note=note),)
