"""The report of a shift, a day, a month or days by hand, as a document. Pure.

What stands in it is what the briefing shows, with the records that could not be counted and what is known of sources.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from dashboard.briefing import Brief, name_of
from dashboard.briefing_words import (
    WEEKDAY_WORDS,
    count_words,
    day_words,
    left_out_words,
    period_words,
    share_words,
    span_words,
)
from dashboard.report_compliance import Compliance, LeftOut, compliance
from dashboard.report_document import Bar, Block, Chart, Document, Figure, Figures, Heading, Note, Table
from dashboard.report_map import area_map
from dashboard.report_public import LEAST_TIMES, blurred, public_blocks, public_of
from dashboard.report_wanted import Kind, Wanted
from geodata.places import Ground
from layers.calls import KIND_WORDS
from layers.incident_facts import STATUS_WORDS, Incident
from layers.incident_reading import category_of, kelurahan_of
from layers.intervals import Dimension, grouped, interval_of, times

MOST_RECORDS = 200
_MOST_GROUPS = 15
_A_DAY = timedelta(days=1, minutes=1)
_TITLES: Mapping[Kind, str] = {
    "shift": "Laporan sif",
    "day": "Laporan harian",
    "month": "Laporan bulanan",
    "period": "Laporan periode",
    "incident": "Laporan kejadian",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What was read for a report. `extra` are further pages for the room, such as lifelines and disasters."""

    wanted: Wanted
    brief: Brief
    ground: Ground
    extra: tuple[Block, ...] = ()
    usual: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    name: str = ""


def document_of(read: Gathered) -> Document:
    """The whole of it; or, to be given away, what may be told to everybody."""
    city, brief = read.ground.city, read.brief
    source = f"sumber: catatan Layar 112 · {city.center_name}"
    title = f"{_TITLES[read.wanted.kind]}{f' {read.name}' if read.name else ''}"
    if read.wanted.is_public:
        blocks = public_blocks(public_of(brief, read.ground, _slots(brief)), read.ground, source)
    else:
        blocks = (*_room_blocks(read, source), *read.extra, *_records(read), *_sources(brief))
    return Document(
        title=title,
        period=period_words(brief.period, city.zone_label),
        center=city.center_name,
        mode=brief.period.mode,
        is_public=read.wanted.is_public,
        blocks=blocks,
        areas=_areas(brief, read.ground, is_public=read.wanted.is_public),
    )


def _room_blocks(read: Gathered, source: str) -> tuple[Block, ...]:
    brief, ground = read.brief, read.ground
    n = f"n {count_words(len(brief.incidents))} · {source}"
    usual = " · garis tegak: yang biasa (kuartil 8 minggu)" if read.usual else ""
    return (
        _figures(brief, ground),
        Chart(title="Kejadian menurut waktu", shape="columns", bars=_columns(read), note=n + usual),
        area_map(ground, brief.places, f"{n}{_nowhere(brief, ground)}"),
        Heading(text="Waktu sampai pertolongan pertama tiba"),
        *(_groups(brief, by, words, ground) for by, words in _wanted_groups(read.wanted.kind)),
        Heading(text="Kepatuhan waktu tanggap"),
        *_compliance(compliance(brief.incidents, ground.city), ground),
        Heading(text="Panggilan"),
        *_calls(brief, source),
        *_heat(brief, n),
    )


def _wanted_groups(kind: Kind) -> tuple[tuple[Dimension, str], ...]:
    some: tuple[tuple[Dimension, str], ...] = (("category", "Jenis"), ("agency", "OPD"))
    return some if kind == "shift" else (*some, ("kecamatan", "Kecamatan"), ("shift", "Sif"))


def _slots(brief: Brief) -> tuple[tuple[str, int], ...]:
    is_day = brief.period.until - brief.period.since <= _A_DAY
    return tuple((f"{at:%H}" if is_day else day_words(at), count) for at, count in brief.per_slot)


def _columns(read: Gathered) -> tuple[Bar, ...]:
    found = []
    for place, (label, count) in enumerate(_slots(read.brief)):
        low, high = read.usual.get(place, (None, None))
        found.append(Bar(label=label, value=count, low=low, high=high))
    return tuple(found)


def _nowhere(brief: Brief, ground: Ground) -> str:
    lost = sum(count for code, count in brief.places.items() if code not in ground.places.areas)
    return f" · {count_words(lost)} tanpa lokasi tidak di peta" if lost else ""


def _figures(brief: Brief, ground: Ground) -> Figures:
    first, start, calls, city = brief.first, brief.head_start, brief.calls, ground.city
    genuine = calls.genuine_share if calls else None
    share = start.ahead / start.n if start.n else None
    before = "" if brief.before is None else f"periode sebelumnya {count_words(brief.before)}"
    within = f"{first.within or 0} dari {first.n} · target {city.response_target_min:g} menit"
    ahead = f"{start.ahead} dari {start.n} · lebih cepat {span_words(start.lead_s)} (median)"
    real = "tidak ada catatan panggilan" if genuine is None else f"{share_words(genuine)} nyata"
    came = count_words(calls.came) if calls and calls.came else "\N{EN DASH}"
    return Figures(items=(
        Figure(label="Kejadian", value=count_words(len(brief.incidents)), note=before),
        Figure(label="Panggilan", value=came, note=real),
        Figure(label="Dalam target", value=share_words(first.share_within), note=within),
        Figure(
            label="Pertama tiba (median)",
            value=span_words(first.median_s),
            note=f"n {first.n} · {left_out_words(first)}",
        ),
        Figure(label="Pertama tiba (p90)", value=span_words(first.p90_s), note=f"n {first.n}"),
        Figure(label="Relawan lebih dulu", value=share_words(share), note=ahead),
    ))  # fmt: skip


def _groups(brief: Brief, by: Dimension, words: str, ground: Ground) -> Table:
    rows = []
    groups = sorted(grouped(brief.incidents, by, ground).items(), key=lambda one: (-len(one[1]), one[0]))
    for name, some in groups[:_MOST_GROUPS]:
        found = times(some, "first_on_scene", ground.city)
        left = sum(map(len, found.left_out.values()))
        shares = (span_words(found.median_s), span_words(found.p90_s), share_words(found.share_within))
        rows.append((name_of(by, name, ground), len(some), found.n, *shares, left))
    columns = (words, "Kejadian", "n waktu", "Median", "p90", "Dalam target", "Tanpa waktu")
    return Table(
        name=words,
        columns=columns,
        rows=tuple(rows),
        widths=(2.6, 1, 0.9, 1.4, 1.4, 1.2, 1.1),
        numeric=frozenset(range(1, len(columns))),
    )


def _compliance(found: Compliance, ground: Ground) -> tuple[Block, ...]:
    said = (
        f"{found.within} dari {found.n} kejadian ({share_words(found.share)}) dicapai dalam {found.minutes:g} menit "
        "sejak laporan (Permendagri 114/2018). "
        f"Tidak dihitung: {len(found.left_out)}; daftarnya di bawah, tidak pernah dianggap nol atau terlambat."
    )
    blocks: list[Block] = [Note(text=said)]
    if found.late:
        blocks += [Note(text=f"Lewat {found.minutes:g} menit: {len(found.late)}"), _late(found, ground)]
    if found.left_out:
        blocks += [Note(text=f"Tidak dihitung: {len(found.left_out)}"), _left_out(found.left_out, ground)]
    return tuple(blocks)


def _late(found: Compliance, ground: Ground) -> Table:
    rows = tuple((*_named(one, ground), span_words(seconds)) for one, seconds in found.late[:MOST_RECORDS])
    return _of_records("Lewat waktu", "Pertama tiba", rows)


def _left_out(left: Sequence[LeftOut], ground: Ground) -> Table:
    rows = tuple((*_named(one.incident, ground), one.why) for one in left[:MOST_RECORDS])
    return _of_records("Tidak dihitung", "Alasan", rows)


def _of_records(name: str, last: str, rows: tuple[tuple[str, ...], ...]) -> Table:
    columns = ("Nomor", "Dilaporkan", "Jenis", "Kelurahan", last)
    return Table(name=name, columns=columns, rows=rows, widths=(1.4, 1.1, 1.5, 1.5, 2.6))


def _named(incident: Incident, ground: Ground) -> tuple[str, str, str, str]:
    at = incident.report.reported_at.astimezone(ground.city.zone) if incident.report else None
    area = ground.places.areas.get(kelurahan_of(incident, ground) or "")
    when = f"{day_words(at)} {at:%H.%M}" if at else "\N{EN DASH}"
    return incident.id, when, category_of(incident, ground.city).id_name, area.name if area else "tanpa lokasi"


def _calls(brief: Brief, source: str) -> tuple[Block, ...]:
    calls = brief.calls
    if calls is None or not calls.came:
        return (Note(text="Tidak ada catatan panggilan pada periode ini, atau laporan ini tersaring."),)
    kinds = sorted(KIND_WORDS, key=lambda kind: (kind != "normal", -calls.by_kind[kind]))
    bars = tuple(
        Bar(
            label=KIND_WORDS[kind].id,
            value=calls.by_kind[kind],
            text=f"{count_words(calls.by_kind[kind])} ({share_words(calls.by_kind[kind] / calls.came)})",
            mood="good" if kind == "normal" else "plain",
        )
        for kind in kinds
        if calls.by_kind[kind]
    )
    note = f"n {count_words(calls.came)} masuk, {count_words(calls.answered)} dijawab · {source}"
    late = f" · {calls.late} datang terlambat dan tidak dihitung" if calls.late else ""
    return (Chart(title="Panggilan menurut jenis", shape="bars", bars=bars, note=note + late),)


def _heat(brief: Brief, note: str) -> tuple[Block, ...]:
    if brief.period.until - brief.period.since <= _A_DAY:
        return ()
    bars = tuple(Bar(label="", value=count) for row in brief.heat for count in row)
    return (Chart(title="Hari dan jam", shape="heat", bars=bars, note=note, row_labels=WEEKDAY_WORDS),)


def _records(read: Gathered) -> tuple[Block, ...]:
    """Every incident of a shift or a day; of longer periods the tables above must do."""
    brief, city = read.brief, read.ground.city
    if brief.period.until - brief.period.since > _A_DAY or not brief.incidents:
        return ()
    ordered = sorted(brief.incidents, key=lambda one: one.report.reported_at if one.report else one.observed_at)
    rows = []
    for one in ordered[:MOST_RECORDS]:
        value = interval_of(one, "first_on_scene", city)
        told = "\N{EN DASH}" if isinstance(value, str) else span_words(value)
        rows.append((*_named(one, read.ground), f"{STATUS_WORDS[one.status].id} · {told}"))
    more = len(ordered) - len(rows)
    table = _of_records("Kejadian", "Keadaan · pertama tiba", tuple(rows))
    rest = (Note(text=f"{more} kejadian lagi tidak dimuat."),) if more else ()
    return (Heading(text="Semua kejadian"), table, *rest)


def _sources(brief: Brief) -> tuple[Block, ...]:
    names = sorted({one.source for one in brief.incidents if one.source})
    said = ", ".join(names[:20]) if names else "tidak ada kejadian"
    text = (
        f"Sumber kejadian: {said}. Persentil memakai peringkat terdekat: setiap angka adalah waktu satu kejadian. "
        "Waktu yang tidak dikatakan atau saling bertentangan tidak dipakai dan disebut. "
        "Sidik isi di kaki halaman sama selama isinya sama."
    )
    return (Note(text=text, is_small=True),)


def _areas(brief: Brief, ground: Ground, *, is_public: bool) -> dict[str, dict[str, str | float | None]]:
    """Per kelurahan, for the GeoJSON."""
    found: dict[str, dict[str, str | float | None]] = {}
    for code, some in grouped(brief.incidents, "kelurahan", ground).items():
        if code not in ground.places.areas:
            continue
        first = times(some, "first_on_scene", ground.city)
        is_told = not is_public or first.n >= LEAST_TIMES
        found[code] = {
            "incidents": blurred(len(some)) if is_public else len(some),
            "first_n": blurred(first.n) if is_public else first.n,
            "first_median_s": first.median_s if is_told else None,
            "first_p90_s": first.p90_s if is_told else None,
        }
    return found
