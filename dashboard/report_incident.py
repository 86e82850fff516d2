"""The report of one incident: what was said, who came when, what the cameras near it kept. Pure.

It is for the room and for the agencies that answered: never one to be given away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.briefing_words import NONE, day_words, span_words
from dashboard.report_document import Block, Document, Figure, Figures, Heading, Note, Picture, Table
from dashboard.report_map import area_map
from geodata.places import Ground
from layers.incident_answer import FLAW_WORDS, arrivals, flaws
from layers.incident_facts import PRIORITY_WORDS, STATUS_WORDS, STATUSES, Incident
from layers.incident_reading import category_of, kelurahan_of, position_of, priority_of
from layers.intervals import INTERVALS, REASON_WORDS, Interval, interval_of, target_s

MOST_PICTURES = 8
_INTERVAL_WORDS: dict[Interval, str] = {
    "dispatch": "diteruskan",
    "first_on_scene": "pertama tiba",
    "relawan_on_scene": "relawan tiba",
    "opd_on_scene": "OPD tiba",
    "close": "selesai",
}
_MILESTONES = {"call": "laporan", "dispatch": "penugasan", "arrival": "kedatangan"}
_PHASES = {"before": "sebelum", "at": "saat", "after": "sesudah"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """One picture that was kept of an incident."""

    jpeg: bytes
    camera: str
    captured_at: datetime
    milestone: str
    phase: str


def incident_document(incident: Incident, ground: Ground, stills: Sequence[Still], *, may_see_stills: bool) -> Document:
    """All that is known of it. `may_see_stills` False: they are left out, and the report says so."""
    city = ground.city
    at = incident.report.reported_at if incident.report else incident.observed_at
    blocks: tuple[Block, ...] = (
        _figures(incident, ground),
        Note(text=_said(incident, ground)),
        _map(incident, ground),
        Heading(text="Langkah penanganan"),
        _steps(incident, ground),
        *_doubts(incident),
        Heading(text="Waktu tanggap"),
        _times(incident, ground),
        Heading(text="Gambar kamera"),
        *_pictures(stills, ground, may_see_stills=may_see_stills),
        Note(text=f"Sumber: {incident.source}. Nomor dan nama pelapor tidak dimuat.", is_small=True),
    )
    return Document(
        title=f"Laporan kejadian {incident.id}",
        period=f"Dilaporkan {_moment(at, ground)} {city.zone_label}",
        center=city.center_name,
        mode=incident.mode,
        is_public=False,
        blocks=blocks,
    )


def _moment(at: datetime, ground: Ground) -> str:
    local = at.astimezone(ground.city.zone)
    return f"{day_words(local)} {local.year} {local:%H.%M.%S}"


def _figures(incident: Incident, ground: Ground) -> Figures:
    city, come = ground.city, arrivals(incident, ground.city)
    first = interval_of(incident, "first_on_scene", city)
    aim = target_s(incident, "first_on_scene", city)
    ahead = {"relawan": "relawan", "opd": "OPD"}.get(come.first or "", NONE)
    lead = f"lebih cepat {span_words(come.lead_s)}" if come.first else "tidak dapat dibandingkan"
    is_told = not isinstance(first, str)
    return Figures(items=(
        Figure(label="Jenis", value=category_of(incident, city).id_name, note=_priority(incident, ground)),
        Figure(label="Keadaan", value=STATUS_WORDS[incident.status].id, note=f"OPD: {_agency(incident, ground)}"),
        Figure(
            label="Pertama tiba",
            value=span_words(first) if not isinstance(first, str) else NONE,
            note=f"target {span_words(aim)}" if is_told else REASON_WORDS[first].id,  # type: ignore[index]  # is_told says that it is a reason
        ),
        Figure(label="Lebih dulu tiba", value=ahead, note=lead),
    ))  # fmt: skip


def _priority(incident: Incident, ground: Ground) -> str:
    priority = priority_of(incident, ground.city)
    return f"prioritas {priority}, {PRIORITY_WORDS[priority].id}"


def _agency(incident: Incident, ground: Ground) -> str:
    return _named(incident.agency, ground) if incident.agency else "belum ditugaskan"


def _named(agency: str, ground: Ground) -> str:
    return next((one.short for one in ground.city.agencies if one.id == agency), agency)


def _said(incident: Incident, ground: Ground) -> str:
    area = ground.places.areas.get(kelurahan_of(incident, ground) or "")
    where = f"{area.name}, {area.kecamatan}" if area else "tanpa lokasi"
    text = incident.report.description if incident.report else None
    return f"Lokasi: {where}. Laporan: {text or 'tanpa keterangan'}"


def _map(incident: Incident, ground: Ground) -> Block:
    where = position_of(incident, ground)
    if where is None:
        return Note(text="Lokasi tidak diketahui: tidak ada peta.")
    code = kelurahan_of(incident, ground)
    lon, lat, is_exact = where
    said = "titik dari laporan" if is_exact else "hanya kelurahan yang diketahui; titik di tengahnya"
    return area_map(ground, {code: 1} if code else {}, said, point=(lon, lat), title=_place(code, ground))


def _place(code: str | None, ground: Ground) -> str:
    area = ground.places.areas.get(code or "")
    return f"Letak: {area.name}" if area else "Letak"


def _steps(incident: Incident, ground: Ground) -> Table:
    """Of the incident as a whole, then of each agency, in the order of the steps."""
    zero = incident.report.reported_at if incident.report else None
    rows = [_step(status, at, "semua", zero, ground) for status, at in _ordered(incident.milestones)]
    for agency, steps in sorted(incident.reached_by.items()):
        rows += [_step(status, at, _named(agency, ground), zero, ground) for status, at in _ordered(steps)]
    columns = ("Langkah", "Pihak", "Waktu", "Sejak laporan")
    return Table(name="Langkah", columns=columns, rows=tuple(rows), widths=(2, 2, 2.4, 2))


def _ordered(steps: object) -> list[tuple[str, datetime | None]]:
    known = dict(steps)  # type: ignore[call-overload]  # a mapping of both kinds
    return sorted(known.items(), key=lambda one: STATUSES.index(one[0]))


def _step(
    status: str, at: datetime | None, who: str, zero: datetime | None, ground: Ground
) -> tuple[str, str, str, str]:
    words = next(STATUS_WORDS[one].id for one in STATUSES if one == status)
    if at is None:
        return words, who, "tanpa waktu", NONE
    after = (at - zero).total_seconds() if zero else None
    said = NONE if after is None else f"sebelum laporan ({span_words(-after)})" if after < 0 else span_words(after)
    return words, who, _moment(at, ground), said


def _doubts(incident: Incident) -> tuple[Block, ...]:
    found = flaws(incident)
    if not found:
        return ()
    said = sorted({f"{STATUS_WORDS[one.status].id}: {FLAW_WORDS[one.flaw].id}" for one in found})
    return (Note(text=f"Tidak dipakai dalam hitungan: {'; '.join(said)}."),)


def _times(incident: Incident, ground: Ground) -> Table:
    rows = []
    for interval in INTERVALS:
        value = interval_of(incident, interval, ground.city)
        aim = target_s(incident, interval, ground.city)
        if isinstance(value, str):
            rows.append((_INTERVAL_WORDS[interval], NONE, span_words(aim), REASON_WORDS[value].id))
            continue
        kept = NONE if aim is None else "dalam target" if value <= aim else "lewat target"
        rows.append((_INTERVAL_WORDS[interval], span_words(value), span_words(aim), kept))
    columns = ("Sampai", "Waktu", "Target", "")
    return Table(name="Waktu tanggap", columns=columns, rows=tuple(rows), widths=(2, 2, 2, 3))


def _pictures(stills: Sequence[Still], ground: Ground, *, may_see_stills: bool) -> tuple[Block, ...]:
    if not may_see_stills:
        return (Note(text="Gambar kamera tidak dimuat: peran yang meminta laporan ini tidak melihat gambar lampau."),)
    if not stills:
        return (Note(text="Tidak ada gambar kamera yang disimpan untuk kejadian ini."),)
    shown = [Picture(jpeg=one.jpeg, caption=_caption(one, ground)) for one in stills[:MOST_PICTURES]]
    more = len(stills) - len(shown)
    return (*shown, Note(text=f"{more} gambar lagi tidak dimuat.")) if more else tuple(shown)


def _caption(still: Still, ground: Ground) -> str:
    phase, milestone = _PHASES.get(still.phase, still.phase), _MILESTONES.get(still.milestone, still.milestone)
    return f"Kamera {still.camera} · {_moment(still.captured_at, ground)} · {phase} {milestone}"
