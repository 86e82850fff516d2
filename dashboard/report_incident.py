"""The report of one incident: what was said, who came when, what the cameras near it kept. Pure.

It is for the room and for the agencies that answered: never one to be given away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.briefing_words import NONE
from dashboard.report_document import Block, Document, Figure, Figures, Heading, Note, Picture, Table
from dashboard.report_map import area_map
from dashboard.report_words import Tongue
from geodata.places import Ground
from layers.incident_answer import FLAW_WORDS, arrivals, flaws
from layers.incident_facts import PRIORITY_WORDS, STATUS_WORDS, STATUSES, Incident
from layers.incident_reading import category_of, kelurahan_of, position_of, priority_of
from layers.intervals import INTERVALS, REASON_WORDS, Interval, interval_of, target_s
from layers.layer import Words

MOST_PICTURES = 8
_INTERVAL_WORDS: dict[Interval, Words] = {
    "dispatch": Words(id="diteruskan", en="forwarded"),
    "first_on_scene": Words(id="pertama tiba", en="first on scene"),
    "relawan_on_scene": Words(id="relawan tiba", en="volunteers on scene"),
    "opd_on_scene": Words(id="OPD tiba", en="agency on scene"),
    "close": Words(id="selesai", en="closed"),
}
_MILESTONES = {
    "call": Words(id="laporan", en="the report"),
    "dispatch": Words(id="penugasan", en="the dispatch"),
    "arrival": Words(id="kedatangan", en="the arrival"),
}
_PHASES = {
    "before": Words(id="sebelum", en="before"),
    "at": Words(id="saat", en="at"),
    "after": Words(id="sesudah", en="after"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """One picture that was kept of an incident."""

    jpeg: bytes
    camera: str
    captured_at: datetime
    milestone: str
    phase: str


def incident_document(
    incident: Incident, ground: Ground, stills: Sequence[Still], say: Tongue, *, may_see_stills: bool
) -> Document:
    """All that is known of it. `may_see_stills` False: they are left out, and the report says so."""
    city = ground.city
    at = incident.report.reported_at if incident.report else incident.observed_at
    blocks: tuple[Block, ...] = (
        _figures(incident, ground, say),
        Note(text=_said(incident, ground, say)),
        _map(incident, ground, say),
        Heading(text=say("Langkah penanganan", "Steps")),
        _steps(incident, ground, say),
        *_doubts(incident, say),
        Heading(text=say("Waktu tanggap", "Response times")),
        _times(incident, ground, say),
        Heading(text=say("Gambar kamera", "Camera pictures")),
        *_pictures(stills, ground, say, may_see_stills=may_see_stills),
        Note(text=_source(incident, say), is_small=True),
    )
    reported = f"{_moment(at, ground, say)} {city.zone_label}"
    return Document(
        title=say(f"Laporan kejadian {incident.id}", f"Report of incident {incident.id}"),
        period=say(f"Dilaporkan {reported}", f"Reported {reported}"),
        center=city.center_name,
        mode=incident.mode,
        is_public=False,
        lang=say.lang,
        blocks=blocks,
    )


def _source(incident: Incident, say: Tongue) -> str:
    return say(
        f"Sumber: {incident.source}. Nomor dan nama pelapor tidak dimuat.",
        f"Source: {incident.source}. Numbers and names of callers are left out.",
    )


def _moment(at: datetime, ground: Ground, say: Tongue) -> str:
    local = at.astimezone(ground.city.zone)
    return f"{say.day(local)} {local.year} {local:%H.%M.%S}"


def _figures(incident: Incident, ground: Ground, say: Tongue) -> Figures:
    city, come = ground.city, arrivals(incident, ground.city)
    kind, agency = category_of(incident, city), _agency(incident, ground, say)
    side = {"relawan": say("relawan", "volunteers"), "opd": say("OPD", "agency")}.get(come.first or "", NONE)
    lead = say.span(come.lead_s)
    none, priority = say("tidak dapat dibandingkan", "cannot be compared"), _priority(incident, ground, say)
    return Figures(items=(
        Figure(label=say("Jenis", "Kind"), value=say(kind.id_name, kind.en_name), note=priority),
        Figure(
            label=say("Keadaan", "State"),
            value=say.of(STATUS_WORDS[incident.status]),
            note=say(f"OPD: {agency}", f"Agency: {agency}"),
        ),
        _first(incident, ground, say),
        Figure(
            label=say("Lebih dulu tiba", "First to come"),
            value=side,
            note=say(f"lebih cepat {lead}", f"earlier by {lead}") if come.first else none,
        ),
    ))  # fmt: skip


def _first(incident: Incident, ground: Ground, say: Tongue) -> Figure:
    label, first = say("Pertama tiba", "First on scene"), interval_of(incident, "first_on_scene", ground.city)
    if isinstance(first, str):
        return Figure(label=label, value=NONE, note=say.of(REASON_WORDS[first]))
    aim = target_s(incident, "first_on_scene", ground.city)
    return Figure(label=label, value=say.span(first), note=f"target {say.span(aim)}")


def _priority(incident: Incident, ground: Ground, say: Tongue) -> str:
    priority = priority_of(incident, ground.city)
    words = say.of(PRIORITY_WORDS[priority])
    return say(f"prioritas {priority}, {words}", f"priority {priority}, {words}")


def _agency(incident: Incident, ground: Ground, say: Tongue) -> str:
    return _named(incident.agency, ground) if incident.agency else say("belum ditugaskan", "not assigned yet")


def _named(agency: str, ground: Ground) -> str:
    return next((one.short for one in ground.city.agencies if one.id == agency), agency)


def _said(incident: Incident, ground: Ground, say: Tongue) -> str:
    area = ground.places.areas.get(kelurahan_of(incident, ground) or "")
    where = f"{area.name}, {area.kecamatan}" if area else say("tanpa lokasi", "no place")
    text = (incident.report.description if incident.report else None) or say("tanpa keterangan", "nothing said")
    return say(f"Lokasi: {where}. Laporan: {text}", f"Place: {where}. Report: {text}")


def _map(incident: Incident, ground: Ground, say: Tongue) -> Block:
    where = position_of(incident, ground)
    if where is None:
        return Note(text=say("Lokasi tidak diketahui: tidak ada peta.", "The place is not known: there is no map."))
    code = kelurahan_of(incident, ground)
    lon, lat, is_exact = where
    exact = say("titik dari laporan", "the point of the report")
    near = say(
        "hanya kelurahan yang diketahui; titik di tengahnya", "only the kelurahan is known; its middle is marked"
    )
    counted, title = {code: 1} if code else {}, _place(code, ground, say)
    return area_map(ground, counted, exact if is_exact else near, say, point=(lon, lat), title=title)


def _place(code: str | None, ground: Ground, say: Tongue) -> str:
    area = ground.places.areas.get(code or "")
    where = say("Letak", "Where")
    return f"{where}: {area.name}" if area else where


def _steps(incident: Incident, ground: Ground, say: Tongue) -> Table:
    """Of the incident as a whole, then of each agency, in the order of the steps."""
    zero = incident.report.reported_at if incident.report else None
    everybody = say("semua", "all")
    rows = [_step(status, at, everybody, zero, ground, say) for status, at in _ordered(incident.milestones)]
    for agency, steps in sorted(incident.reached_by.items()):
        rows += [_step(status, at, _named(agency, ground), zero, ground, say) for status, at in _ordered(steps)]
    columns = (say("Langkah", "Step"), say("Pihak", "Who"), say("Waktu", "Time"), say("Sejak laporan", "Since report"))
    return Table(name=say("Langkah", "Steps"), columns=columns, rows=tuple(rows), widths=(2, 2, 2.4, 2))


def _ordered(steps: object) -> list[tuple[str, datetime | None]]:
    known = dict(steps)  # type: ignore[call-overload]  # a mapping of both kinds
    return sorted(known.items(), key=lambda one: STATUSES.index(one[0]))


def _step(  # noqa: PLR0913, PLR0917 — one row
    status: str, at: datetime | None, who: str, zero: datetime | None, ground: Ground, say: Tongue
) -> tuple[str, str, str, str]:
    words = next(say.of(STATUS_WORDS[one]) for one in STATUSES if one == status)
    if at is None:
        return words, who, say("tanpa waktu", "no time said"), NONE
    after = (at - zero).total_seconds() if zero else None
    if after is not None and after < 0:
        before = say.span(-after)
        return words, who, _moment(at, ground, say), say(f"sebelum laporan ({before})", f"before the report ({before})")
    return words, who, _moment(at, ground, say), say.span(after)


def _doubts(incident: Incident, say: Tongue) -> tuple[Block, ...]:
    found = flaws(incident)
    if not found:
        return ()
    said = "; ".join(sorted({f"{say.of(STATUS_WORDS[one.status])}: {say.of(FLAW_WORDS[one.flaw])}" for one in found}))
    return (Note(text=say(f"Tidak dipakai dalam hitungan: {said}.", f"Not used in any figure: {said}.")),)


def _times(incident: Incident, ground: Ground, say: Tongue) -> Table:
    rows = []
    for interval in INTERVALS:
        value, words = interval_of(incident, interval, ground.city), say.of(_INTERVAL_WORDS[interval])
        aim = target_s(incident, interval, ground.city)
        if isinstance(value, str):
            rows.append((words, NONE, say.span(aim), say.of(REASON_WORDS[value])))
            continue
        rows.append((words, say.span(value), say.span(aim), _kept(value, aim, say)))
    columns = (say("Sampai", "Until"), say("Waktu", "Time"), "Target", "")
    return Table(name=say("Waktu tanggap", "Response times"), columns=columns, rows=tuple(rows), widths=(2, 2, 2, 3))


def _kept(value: float, aim: float | None, say: Tongue) -> str:
    if aim is None:
        return NONE
    return say("dalam target", "within target") if value <= aim else say("lewat target", "overdue")


def _pictures(stills: Sequence[Still], ground: Ground, say: Tongue, *, may_see_stills: bool) -> tuple[Block, ...]:
    if not may_see_stills:
        return (Note(text=say(
            "Gambar kamera tidak dimuat: peran yang meminta laporan ini tidak melihat gambar lampau.",
            "Camera pictures are left out: whoever asked for this report does not see old pictures.",
        )),)  # fmt: skip
    if not stills:
        return (Note(text=say(
            "Tidak ada gambar kamera yang disimpan untuk kejadian ini.", "No camera picture was kept of this incident."
        )),)  # fmt: skip
    shown = [Picture(jpeg=one.jpeg, caption=_caption(one, ground, say)) for one in stills[:MOST_PICTURES]]
    more = len(stills) - len(shown)
    rest = say(f"{more} gambar lagi tidak dimuat.", f"{more} more pictures are left out.")
    return (*shown, Note(text=rest)) if more else tuple(shown)


def _caption(still: Still, ground: Ground, say: Tongue) -> str:
    phase = say.of(_PHASES[still.phase]) if still.phase in _PHASES else still.phase
    milestone = say.of(_MILESTONES[still.milestone]) if still.milestone in _MILESTONES else still.milestone
    camera = say(f"Kamera {still.camera}", f"Camera {still.camera}")
    return f"{camera} · {_moment(still.captured_at, ground, say)} · {phase} {milestone}"
