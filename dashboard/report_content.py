"""The report of a shift, a day, a month or days by hand, as a document. Pure.

What stands in it is what the briefing shows, with the records that could not be counted and what is known of sources.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from dashboard.briefing import Brief, name_of
from dashboard.briefing_words import BY_SAID, NONE, period_words
from dashboard.report_compliance import Compliance, LeftOut, compliance
from dashboard.report_document import Bar, Block, Chart, Document, Figure, Figures, Heading, Note, Table
from dashboard.report_map import area_map
from dashboard.report_public import LEAST_TIMES, blurred, public_blocks, public_of
from dashboard.report_wanted import Kind, Wanted
from dashboard.report_words import Tongue
from geodata.places import Ground
from layers.call_tally import Funnel
from layers.calls import KIND_WORDS
from layers.incident_facts import STATUS_WORDS, Incident
from layers.incident_reading import category_of, kelurahan_of
from layers.intervals import Dimension, grouped, interval_of, times
from layers.layer import Words

MOST_RECORDS = 200
_MOST_GROUPS = 15
_A_DAY = timedelta(days=1, minutes=1)
_TITLES: Mapping[Kind, Words] = {
    "shift": Words(id="Laporan sif", en="Report of a shift"),
    "day": Words(id="Laporan harian", en="Report of a day"),
    "month": Words(id="Laporan bulanan", en="Report of a month"),
    "period": Words(id="Laporan periode", en="Report of a period"),
    "incident": Words(id="Laporan kejadian", en="Report of an incident"),
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

    @property
    def say(self) -> Tongue:
        """In its language."""
        return Tongue(self.wanted.lang)


def document_of(read: Gathered) -> Document:
    """The whole of it; or, to be given away, what may be told to everybody."""
    city, brief, say = read.ground.city, read.brief, read.say
    source = say(f"sumber: catatan Layar 112 · {city.center_name}", f"source: log of Layar 112 · {city.center_name}")
    title = f"{say.of(_TITLES[read.wanted.kind])}{f' {read.name}' if read.name else ''}"
    if read.wanted.is_public:
        public = public_of(brief, read.ground, _slots(brief, say), say)
        blocks = public_blocks(public, read.ground, source, say)
    else:
        blocks = (*_room_blocks(read, source), *read.extra, *_records(read), *_sources(brief, say))
    return Document(
        title=title,
        period=say.ours(period_words(brief.period, city.zone_label)),
        center=city.center_name,
        mode=brief.period.mode,
        is_public=read.wanted.is_public,
        lang=say.lang,
        blocks=blocks,
        areas=_areas(brief, read.ground, say, is_public=read.wanted.is_public),
    )


def _room_blocks(read: Gathered, source: str) -> tuple[Block, ...]:
    brief, ground, say = read.brief, read.ground, read.say
    n = f"n {say.count(len(brief.incidents))} · {source}"
    usual = say(" · garis tegak: yang biasa (kuartil 8 minggu)", " · upright lines: the usual (quartiles of 8 weeks)")
    return (
        _figures(brief, ground, say),
        Chart(
            title=say("Kejadian menurut waktu", "Incidents over time"),
            shape="columns",
            bars=_columns(read),
            note=n + (usual if read.usual else ""),
        ),
        area_map(ground, brief.places, f"{n}{_nowhere(brief, ground, say)}", say),
        Heading(text=say("Waktu sampai pertolongan pertama tiba", "Time until the first was on scene")),
        *(_groups(brief, by, ground, say) for by in _wanted_groups(read.wanted.kind)),
        Heading(text=say("Kepatuhan waktu tanggap", "Compliance of response times")),
        *_compliance(compliance(brief.incidents, ground.city, say=say), ground, say),
        Heading(text=say("Panggilan", "Calls")),
        *_calls(brief, source, say),
        *_heat(brief, n, say),
    )


def _wanted_groups(kind: Kind) -> tuple[Dimension, ...]:
    some: tuple[Dimension, ...] = ("category", "agency")
    return some if kind == "shift" else (*some, "kecamatan", "shift")


def _slots(brief: Brief, say: Tongue) -> tuple[tuple[str, int], ...]:
    is_day = brief.period.until - brief.period.since <= _A_DAY
    return tuple((f"{at:%H}" if is_day else say.day(at), count) for at, count in brief.per_slot)


def _columns(read: Gathered) -> tuple[Bar, ...]:
    found = []
    for place, (label, count) in enumerate(_slots(read.brief, read.say)):
        low, high = read.usual.get(place, (None, None))
        found.append(Bar(label=label, value=count, low=low, high=high))
    return tuple(found)


def _nowhere(brief: Brief, ground: Ground, say: Tongue) -> str:
    lost = sum(count for code, count in brief.places.items() if code not in ground.places.areas)
    count = say.count(lost)
    return say(f" · {count} tanpa lokasi tidak di peta", f" · {count} without a place not on the map") if lost else ""


def _figures(brief: Brief, ground: Ground, say: Tongue) -> Figures:
    first, calls = brief.first, brief.calls
    start, share = brief.head_start, brief.head_start.ahead / brief.head_start.n if brief.head_start.n else None
    before = "" if brief.before is None else say.count(brief.before)
    goal = f"{ground.city.response_target_min:g}"
    lead, within = say.span(start.lead_s), first.within or 0
    return Figures(items=(
        Figure(
            label=say("Kejadian", "Incidents"),
            value=say.count(len(brief.incidents)),
            note=say(f"periode sebelumnya {before}", f"period before {before}") if before else "",
        ),
        Figure(
            label=say("Panggilan", "Calls"),
            value=say.count(calls.came) if calls and calls.came else NONE,
            note=_genuine(calls, say),
        ),
        Figure(
            label=say("Dalam target", "Within target"),
            value=say.share(first.share_within),
            note=say(f"{within} dari {first.n} · target {goal} menit", f"{within} of {first.n} · target {goal} min"),
        ),
        Figure(
            label=say("Pertama tiba (median)", "First on scene (median)"),
            value=say.span(first.median_s),
            note=f"n {first.n} · {say.left_out(first)}",
        ),
        Figure(
            label=say("Pertama tiba (p90)", "First on scene (p90)"),
            value=say.span(first.p90_s),
            note=f"n {first.n}",
        ),
        Figure(
            label=say("Relawan lebih dulu", "Volunteers first"),
            value=say.share(share),
            note=say(
                f"{start.ahead} dari {start.n} · lebih cepat {lead} (median)",
                f"{start.ahead} of {start.n} · earlier by {lead} (median)",
            ),
        ),
    ))  # fmt: skip


def _genuine(calls: Funnel | None, say: Tongue) -> str:
    share = calls.genuine_share if calls else None
    if share is None:
        return say("tidak ada catatan panggilan", "no calls on record")
    return say(f"{say.share(share)} nyata", f"{say.share(share)} real")


def _groups(brief: Brief, by: Dimension, ground: Ground, say: Tongue) -> Table:
    rows, words = [], say.of(BY_SAID[by])
    groups = sorted(grouped(brief.incidents, by, ground).items(), key=lambda one: (-len(one[1]), one[0]))
    for name, some in groups[:_MOST_GROUPS]:
        found = times(some, "first_on_scene", ground.city)
        left = sum(map(len, found.left_out.values()))
        shares = (say.span(found.median_s), say.span(found.p90_s), say.share(found.share_within))
        rows.append((name_of(by, name, ground, say.lang), len(some), found.n, *shares, left))
    columns = (
        words, say("Kejadian", "Incidents"), say("n waktu", "n with a time"), "Median", "p90",
        say("Dalam target", "Within target"), say("Tanpa waktu", "Without a time"),
    )  # fmt: skip
    return Table(
        name=words,
        columns=columns,
        rows=tuple(rows),
        widths=(2.6, 1, 0.9, 1.4, 1.4, 1.2, 1.1),
        numeric=frozenset(range(1, len(columns))),
    )


def _compliance(found: Compliance, ground: Ground, say: Tongue) -> tuple[Block, ...]:
    minutes, left, late = f"{found.minutes:g}", len(found.left_out), len(found.late)
    said = say(
        f"{found.within} dari {found.n} kejadian ({say.share(found.share)}) dicapai dalam {minutes} menit "
        "sejak laporan (Permendagri 114/2018). "
        f"Tidak dihitung: {left}; daftarnya di bawah, tidak pernah dianggap nol atau terlambat.",
        f"{found.within} of {found.n} incidents ({say.share(found.share)}) were reached within {minutes} minutes "
        "of the report (Permendagri 114/2018). "
        f"Not counted: {left}; they are listed below, and never taken as zero or as late.",
    )
    blocks: list[Block] = [Note(text=said)]
    if found.late:
        over = say(f"Lewat {minutes} menit: {late}", f"Over {minutes} minutes: {late}")
        blocks += [Note(text=over), _late(found, ground, say)]
    if found.left_out:
        none = say(f"Tidak dihitung: {left}", f"Not counted: {left}")
        blocks += [Note(text=none), _left_out(found.left_out, ground, say)]
    return tuple(blocks)


def _late(found: Compliance, ground: Ground, say: Tongue) -> Table:
    rows = tuple((*_named(one, ground, say), say.span(seconds)) for one, seconds in found.late[:MOST_RECORDS])
    return _of_records(say("Lewat waktu", "Late"), say("Pertama tiba", "First on scene"), rows, say)


def _left_out(left: Sequence[LeftOut], ground: Ground, say: Tongue) -> Table:
    rows = tuple((*_named(one.incident, ground, say), one.why) for one in left[:MOST_RECORDS])
    return _of_records(say("Tidak dihitung", "Not counted"), say("Alasan", "Reason"), rows, say)


def _of_records(name: str, last: str, rows: tuple[tuple[str, ...], ...], say: Tongue) -> Table:
    columns = (say("Nomor", "Number"), say("Dilaporkan", "Reported"), say("Jenis", "Kind"), "Kelurahan", last)
    return Table(name=name, columns=columns, rows=rows, widths=(1.4, 1.1, 1.5, 1.5, 2.6))


def _named(incident: Incident, ground: Ground, say: Tongue) -> tuple[str, str, str, str]:
    area, kind = ground.places.areas.get(kelurahan_of(incident, ground) or ""), category_of(incident, ground.city)
    when = say.moment(incident.report.reported_at if incident.report else None, ground)
    return incident.id, when, say(kind.id_name, kind.en_name), area.name if area else say("tanpa lokasi", "no place")


def _calls(brief: Brief, source: str, say: Tongue) -> tuple[Block, ...]:
    calls = brief.calls
    if calls is None or not calls.came:
        return (Note(text=say(
            "Tidak ada catatan panggilan pada periode ini, atau laporan ini tersaring.",
            "There are no calls on record in this period, or this report is filtered.",
        )),)  # fmt: skip
    kinds = sorted(KIND_WORDS, key=lambda kind: (kind != "normal", -calls.by_kind[kind]))
    bars = tuple(
        Bar(
            label=say.of(KIND_WORDS[kind]),
            value=calls.by_kind[kind],
            text=f"{say.count(calls.by_kind[kind])} ({say.share(calls.by_kind[kind] / calls.came)})",
            mood="good" if kind == "normal" else "plain",
        )
        for kind in kinds
        if calls.by_kind[kind]
    )
    came, answered = say.count(calls.came), say.count(calls.answered)
    note = say(f"n {came} masuk, {answered} dijawab · {source}", f"n {came} came in, {answered} answered · {source}")
    late = say(f" · {calls.late} datang terlambat dan tidak dihitung", f" · {calls.late} came late and are not counted")
    title = say("Panggilan menurut jenis", "Calls by kind")
    return (Chart(title=title, shape="bars", bars=bars, note=note + (late if calls.late else "")),)


def _heat(brief: Brief, note: str, say: Tongue) -> tuple[Block, ...]:
    if brief.period.until - brief.period.since <= _A_DAY:
        return ()
    bars = tuple(Bar(label="", value=count) for row in brief.heat for count in row)
    title = say("Hari dan jam", "Weekday and hour")
    return (Chart(title=title, shape="heat", bars=bars, note=note, row_labels=say.weekdays),)


def _records(read: Gathered) -> tuple[Block, ...]:
    """Every incident of a shift or a day; of longer periods the tables above must do."""
    brief, city, say = read.brief, read.ground.city, read.say
    if brief.period.until - brief.period.since > _A_DAY or not brief.incidents:
        return ()
    ordered = sorted(brief.incidents, key=lambda one: one.report.reported_at if one.report else one.observed_at)
    rows = []
    for one in ordered[:MOST_RECORDS]:
        value = interval_of(one, "first_on_scene", city)
        told = NONE if isinstance(value, str) else say.span(value)
        rows.append((*_named(one, read.ground, say), f"{say.of(STATUS_WORDS[one.status])} · {told}"))
    more = len(ordered) - len(rows)
    last = say("Keadaan · pertama tiba", "State · first on scene")
    table = _of_records(say("Kejadian", "Incidents"), last, tuple(rows), say)
    rest = Note(text=say(f"{more} kejadian lagi tidak dimuat.", f"{more} more incidents are left out."))
    return (Heading(text=say("Semua kejadian", "Every incident")), table, *((rest,) if more else ()))


def _sources(brief: Brief, say: Tongue) -> tuple[Block, ...]:
    names = sorted({one.source for one in brief.incidents if one.source})
    said = ", ".join(names[:20]) if names else say("tidak ada kejadian", "no incidents")
    text = say(
        f"Sumber kejadian: {said}. Persentil memakai peringkat terdekat: setiap angka adalah waktu satu kejadian. "
        "Waktu yang tidak dikatakan atau saling bertentangan tidak dipakai dan disebut. "
        "Sidik isi di kaki halaman sama selama isinya sama.",
        f"Sources of incidents: {said}. Percentiles are by nearest rank: each figure is the time of one incident. "
        "Times that nobody said or that contradict each other are not used, and named. "
        "The fingerprint at the foot is the same as long as the content is, in this language.",
    )
    return (Note(text=text, is_small=True),)


def _areas(brief: Brief, ground: Ground, say: Tongue, *, is_public: bool) -> dict[str, dict[str, str | float | None]]:
    """Per kelurahan, for the GeoJSON."""
    found: dict[str, dict[str, str | float | None]] = {}
    for code, some in grouped(brief.incidents, "kelurahan", ground).items():
        if code not in ground.places.areas:
            continue
        first = times(some, "first_on_scene", ground.city)
        is_told = not is_public or first.n >= LEAST_TIMES
        found[code] = {
            "incidents": blurred(len(some), say) if is_public else len(some),
            "first_n": blurred(first.n, say) if is_public else first.n,
            "first_median_s": first.median_s if is_told else None,
            "first_p90_s": first.p90_s if is_told else None,
        }
    return found
