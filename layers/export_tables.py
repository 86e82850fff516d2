"""What can be exported: the tables by name, each with its columns and how its rows come out of events. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from layers.calls import Call, CallRecord, CallRecorded
from layers.calls import fold as fold_call
from layers.cameras import CameraHealthChanged
from layers.enquiries import EnquiryRecorded
from layers.event import Event
from layers.export import PROVENANCE, Cell, Column, Frame, Kind, Row, Span, Table, Word, picked
from layers.incident_answer import arrivals
from layers.incident_facts import STATUSES, Incident, IncidentReported, IncidentStatusChanged
from layers.incident_fold import fold as fold_incident
from layers.incident_reading import category_of, kelurahan_of, position_of, priority_of
from layers.intervals import INTERVALS, interval_of
from layers.lifelines import PROVIDERS, LifelineReported
from layers.shelters import ShelterReported
from layers.shifts import Shift, ShiftAttended, ShiftHandedOver, ShiftRostered, staffing
from layers.shifts import fold as fold_shift
from layers.water import WaterLevelReported

_A_DAY, _LATER = timedelta(days=1), timedelta(days=3)
"""A report may be told a day before its time, so to say, and its end up to three days after."""


def _columns(kind: Kind, /, **words: str) -> tuple[Column, ...]:
    return tuple(Column(name=name, kind=kind, words=said) for name, said in words.items())


_PLACE = (
    *_columns("text", kelurahan="kode kelurahan", kelurahan_name="kelurahan", kecamatan="kecamatan"),
    *_columns("number", lon="bujur, tengah sel 280 m", lat="lintang, tengah sel 280 m"),
)
_SPOT = _columns("number", lon="bujur", lat="lintang")


def _area(frame: Frame, code: str | None) -> tuple[Cell, Cell, Cell]:
    area = frame.ground.places.areas.get(code or "")
    return (Word(area.code), Word(area.name), Word(area.kecamatan)) if area else (None, None, None)


def _folded(events: Iterable[Event], fold: Any) -> dict[str, Any]:  # noqa: ANN401 — any layer's fold
    known: dict[str, Any] = {}
    for event in events:
        known.update(fold(known, event))
    return known


def _incidents_in(events: Iterable[Event], span: Span) -> Iterator[tuple[Incident, datetime]]:
    """(incident, when it was reported)."""
    known: dict[str, Incident] = _folded(events, fold_incident)
    told = [(i, i.report.reported_at) for i in known.values() if i.report and span.holds(i.report.reported_at)]
    yield from sorted(told, key=lambda one: (one[1], one[0].id))


def _incident_rows(events: Iterable[Event], span: Span, frame: Frame) -> Iterator[Row]:
    ground = frame.ground
    for incident, reported_at in _incidents_in(events, span):
        category, where = category_of(incident, ground.city), position_of(incident, ground)
        first = arrivals(incident, ground.city)
        spans = [_interval(interval_of(incident, interval, ground.city)) for interval in INTERVALS]
        yield (
            frame.opaque(incident.id),
            reported_at,
            Word(category.id),
            Word(category.service_class),
            priority_of(incident, ground.city),
            Word(incident.status),
            incident.status_at,
            frame.agency(incident.agency),
            *_area(frame, kelurahan_of(incident, ground)),
            *(frame.cell(where[0], where[1]) if where else (None, None)),
            picked(first.first, {"relawan", "opd"}),
            first.lead_s,
            *(cell for pair in spans for cell in pair),
            *frame.provenance_of(incident.source, incident.mode, incident.observed_at, incident.report_seen),
        )


def _interval(found: float | str) -> tuple[float | None, Word | None]:
    return (None, Word(found)) if isinstance(found, str) else (float(found), None)


def _interval_columns() -> Iterator[Column]:
    for name in INTERVALS:
        yield Column(name=f"{name}_s", kind="number", words=f"detik sejak laporan: {name}")
        yield Column(name=f"{name}_why", kind="text", words="mengapa tidak ada waktunya")


_INCIDENT = _columns("text", incident="kunci buram kejadian, sama di setiap tabel")
INCIDENTS = Table(
    title="Kejadian",
    columns=(
        *_INCIDENT,
        *_columns("time", reported_at="waktu lapor"),
        *_columns("text", category="kategori", service_class="kelas layanan"),
        *_columns("number", priority="1 kritis … 4 ringan"),
        *_columns("text", status="status terakhir"),
        *_columns("time", status_at="sejak kapan"),
        *_columns("text", agency="OPD yang menangani"),
        *_PLACE,
        *_columns("text", first="siapa tiba lebih dahulu: relawan atau opd"),
        *_columns("number", lead_s="selisihnya, detik"),
        *_interval_columns(),
        *PROVENANCE,
    ),
    kinds=(IncidentReported.kind, IncidentStatusChanged.kind),
    rows=_incident_rows,
    before=_A_DAY,
    after=_LATER,
)


def _response_rows(events: Iterable[Event], span: Span, frame: Frame) -> Iterator[Row]:
    for incident, reported_at in _incidents_in(events, span):
        for agency, steps in sorted(incident.reached_by.items()):
            for status in STATUSES:
                if status in steps:
                    at = steps[status]
                    after_s = (at - reported_at).total_seconds() if at else None
                    head = (frame.opaque(incident.id), reported_at, frame.agency(agency), Word(status), at, after_s)
                    told = (incident.source, incident.mode, incident.observed_at, incident.report_seen)
                    yield (*head, *frame.provenance_of(*told))


RESPONSES = Table(
    title="Respons per OPD",
    columns=(
        *_INCIDENT,
        *_columns("time", reported_at="waktu lapor"),
        *_columns("text", agency="OPD atau relawan", status="langkah"),
        *_columns("time", reached_at="kapan; kosong: tidak ada yang menyebut"),
        *_columns("number", after_s="detik sejak laporan; negatif: waktu bertentangan"),
        *PROVENANCE,
    ),
    kinds=INCIDENTS.kinds,
    rows=_response_rows,
    before=_A_DAY,
    after=_LATER,
)


def _call_rows(events: Iterable[Event], span: Span, frame: Frame) -> Iterator[Row]:
    known: dict[str, Call] = _folded(events, fold_call)
    calls = [call for call in known.values() if span.holds(call.record.came_at)]
    for call in sorted(calls, key=lambda one: (one.record.came_at, one.id)):
        record, told = call.record, call.told
        yield (
            frame.opaque(call.id),
            record.came_at,
            record.answered_at,
            record.ended_at,
            _wait_s(record),
            None if record.kind is None else Word(record.kind),
            picked(record.provider, PROVIDERS),
            frame.area(record.kelurahan),
            frame.opaque(record.incident),
            *frame.provenance_of(told.source, told.mode, told.at, told.seen),
        )


def _wait_s(record: CallRecord) -> float | None:
    return None if record.answered_at is None else (record.answered_at - record.came_at).total_seconds()


CALLS = Table(
    title="Panggilan",
    columns=(
        *_columns("text", call="kunci buram panggilan"),
        *_columns("time", came_at="masuk", answered_at="dijawab", ended_at="selesai"),
        *_columns("number", wait_s="menunggu, detik"),
        *_columns(
            "text", kind="jenis", provider="operator seluler", kelurahan="kode kelurahan", incident="kejadiannya"
        ),
        *PROVENANCE,
    ),
    kinds=(CallRecorded.kind,),
    rows=_call_rows,
    before=_A_DAY,
    after=_A_DAY,
)


def _shift_rows(events: Iterable[Event], span: Span, frame: Frame) -> Iterator[Row]:
    newest: dict[str, Event] = {}
    known: dict[str, Shift] = {}
    for event in events:
        changes = fold_shift(known, event)
        known.update(changes)
        newest.update(dict.fromkeys(changes, event))
    for key, shift in sorted(known.items()):
        day, name = _shift_of(key)
        if day is None or not span.holds(datetime.combine(day, datetime.min.time(), frame.ground.city.zone)):
            continue
        found = staffing(shift)
        present, volunteers = (found.present, found.volunteers) if found.is_known else (None, None)
        yield (
            Word(day.isoformat()),
            picked(name, {shift.name for shift in frame.ground.city.shifts}),
            found.rostered,
            found.needed,
            present,
            volunteers,
            found.is_understaffed,
            shift.note is not None,
            *frame.provenance(newest[key]),
        )


def _shift_of(key: str) -> tuple[date | None, str]:
    day, _, name = key.partition("/")
    try:
        return date.fromisoformat(day), name
    except ValueError:
        return None, name


SHIFTS = Table(
    title="Sif",
    columns=(
        *_columns("text", day="hari mulai", shift="nama sif"),
        *_columns("number", rostered="terjadwal", needed="dibutuhkan", present="hadir", volunteers="relawan hadir"),
        *_columns("flag", understaffed="kurang orang", handed_over="ada catatan serah terima"),
        *PROVENANCE,
    ),
    kinds=(ShiftRostered.kind, ShiftAttended.kind, ShiftHandedOver.kind),
    rows=_shift_rows,
    before=timedelta(days=40),
    after=_A_DAY,
)


def _each(events: Iterable[Event], fact: type[Any]) -> Iterator[tuple[Event, Any]]:
    return ((event, event.fact) for event in events if isinstance(event.fact, fact))


def _lifeline_rows(events: Iterable[Event], _span: Span, frame: Frame) -> Iterator[Row]:
    areas = frame.ground.places.areas
    known = {frame.ground.city.code, *areas, *(code.rpartition(".")[0] for code in areas)}
    for event, fact in _each(events, LifelineReported):
        said = (picked(fact.provider, PROVIDERS), picked(fact.area, known), Word(fact.state), fact.since)
        yield (*said, *frame.provenance(event))


LIFELINES = Table(
    title="Jaringan vital",
    columns=(
        *_columns("text", provider="penyedia", area="kode kota, kecamatan atau kelurahan", state="keadaan"),
        *_columns("time", since="sejak"),
        *PROVENANCE,
    ),
    kinds=(LifelineReported.kind,),
    rows=_lifeline_rows,
)


def _shelter_rows(events: Iterable[Event], _span: Span, frame: Frame) -> Iterator[Row]:
    for event, fact in _each(events, ShelterReported):
        yield (
            frame.opaque(fact.shelter),
            frame.opaque(fact.disaster),
            fact.occupants,
            fact.capacity,
            fact.home,
            frame.area(fact.kelurahan),
            *frame.spot(fact.lon, fact.lat),
            *frame.provenance(event),
        )


SHELTERS = Table(
    title="Pengungsian",
    columns=(
        *_columns("text", shelter="kunci buram pengungsian", disaster="kunci buram bencana"),
        *_columns("number", occupants="penghuni", capacity="daya tampung", home="sudah pulang"),
        *_columns("text", kelurahan="kode kelurahan"),
        *_SPOT,
        *PROVENANCE,
    ),
    kinds=(ShelterReported.kind,),
    rows=_shelter_rows,
)


def _water_rows(events: Iterable[Event], _span: Span, frame: Frame) -> Iterator[Row]:
    for event, fact in _each(events, WaterLevelReported):
        yield (frame.opaque(fact.gauge), fact.level_m, *frame.provenance(event))


WATER = Table(
    title="Tinggi muka air",
    columns=(
        *_columns("text", gauge="kunci buram pos duga air"),
        *_columns("number", level_m="tinggi, meter"),
        *PROVENANCE,
    ),
    kinds=(WaterLevelReported.kind,),
    rows=_water_rows,
)


def _camera_rows(events: Iterable[Event], _span: Span, frame: Frame) -> Iterator[Row]:
    for event, fact in _each(events, CameraHealthChanged):
        yield (frame.opaque(fact.camera), Word(fact.health), fact.last_picture_at, *frame.provenance(event))


CAMERAS = Table(
    title="Kesehatan kamera",
    columns=(
        *_columns("text", camera="kunci buram kamera", health="keadaan sejak saat itu"),
        *_columns("time", last_picture_at="gambar terakhir"),
        *PROVENANCE,
    ),
    kinds=(CameraHealthChanged.kind,),
    rows=_camera_rows,
)


def _enquiry_rows(events: Iterable[Event], _span: Span, frame: Frame) -> Iterator[Row]:
    for event, fact in _each(events, EnquiryRecorded):
        said = (frame.opaque(fact.enquiry), fact.asked_at, fact.answered_at, frame.opaque(fact.disaster))
        yield (*said, *frame.provenance(event))


ENQUIRIES = Table(
    title="Pencarian keluarga",
    columns=(
        *_columns("text", enquiry="kunci buram"),
        *_columns("time", asked_at="ditanyakan", answered_at="dijawab"),
        *_columns("text", disaster="kunci buram bencana"),
        *PROVENANCE,
    ),
    kinds=(EnquiryRecorded.kind,),
    rows=_enquiry_rows,
)

TABLES: Mapping[str, Table] = {
    "incidents": INCIDENTS,
    "responses": RESPONSES,
    "calls": CALLS,
    "shifts": SHIFTS,
    "lifelines": LIFELINES,
    "shelters": SHELTERS,
    "water": WATER,
    "cameras": CAMERAS,
    "enquiries": ENQUIRIES,
}
"""By the name it is asked for."""
