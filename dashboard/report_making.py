"""Making a report: reads the log for what is wanted, and gives the file. Says how far it is as it goes."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import orjson
import pypdfium2

from dashboard.briefing import Asked, Brief, before_of, brief_of, name_of
from dashboard.briefing_reading import around_of, usual_of
from dashboard.history import History
from dashboard.past import Past
from dashboard.report_content import Gathered, document_of
from dashboard.report_document import Block, Document, Printed
from dashboard.report_extra import extra_blocks
from dashboard.report_incident import MOST_PICTURES, Still, incident_document
from dashboard.report_map import as_geojson
from dashboard.report_pdf import pdf_of
from dashboard.report_sheets import sheets_of
from dashboard.report_wanted import Wanted, file_name, period_of
from dashboard.report_words import Tongue
from geodata.clock import Clock
from geodata.errors import ArchiveUnavailable, BadInput, NotFound
from geodata.places import Ground
from layers.call_tally import funnel
from layers.event import Mode
from layers.fields import day_of
from layers.incident_facts import Incident
from layers.monthly import Period
from layers.store.store import Store
from layers.watches import watch_at

_SHARP = 2.0
"""Of a page as a picture: 144 dots an inch."""
_A_DAY = timedelta(days=1)
Tell = Callable[[float, str], None]
"""How much is done (0 to 1), and what is being done, in words for the reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a report is made from."""

    ground: Ground
    store: Store
    history: History
    past: Past
    clock: Clock
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The file. `fingerprint` is of its content, `name` what it is saved as."""

    name: str
    data: bytes
    fingerprint: str
    title: str


def make(room: Room, wanted: Wanted, tell: Tell, *, may_see_stills: bool = False) -> Made:
    """Raises BadInput and NotFound for what cannot be, StoreUnavailable while the log cannot be read."""
    tell(0.05, "membaca catatan")
    now = room.clock()
    cursor = room.store.live().situation.cursor
    if wanted.kind == "incident":
        period, document = None, _of_incident(room, wanted, may_see_stills=may_see_stills)
    else:
        period = period_of(wanted, now, room.ground.city, room.mode)
        document = _of_period(room, wanted, period, tell)
    tell(0.7, "menyusun berkas")
    local = now.astimezone(room.ground.city.zone)
    said = f"{Tongue(wanted.lang).day(local)} {local.year} {local:%H.%M} {room.ground.city.zone_label}"
    data = file_of(document, wanted, room.ground, Printed(made=said, cursor=cursor))
    tell(1.0, "selesai")
    return Made(name=file_name(wanted, period), data=data, fingerprint=document.fingerprint, title=f"{document.title}")


def _of_period(room: Room, wanted: Wanted, period: Period, tell: Tell) -> Document:
    incidents = room.history.incidents(period)
    tell(0.4, "menghitung")
    calls = funnel(room.history.tallies(period), period.since, period.until, period.mode)
    days = before_of(period) if wanted.kind != "shift" else None
    before = None if days is None else room.store.counts(*days, "category", period.mode)
    asked = Asked(only={"agency": wanted.agency} if wanted.agency else {})
    brief = brief_of(incidents, period, asked, room.ground, calls, before)
    extra = () if wanted.is_public else _extra(room, period, brief, Tongue(wanted.lang))
    usual = () if wanted.is_public else usual_of(room.store, room.history.incidents, asked, period, room.ground).bands
    name = watch_at(room.ground.city, period.since).name if wanted.kind == "shift" else ""
    if wanted.agency:
        name = f"{name} · {name_of('agency', wanted.agency, room.ground, wanted.lang)}".strip(" ·")
    spans = {slot: (band.low, band.high) for slot, band in enumerate(usual)}
    return document_of(Gathered(wanted=wanted, brief=brief, ground=room.ground, extra=extra, usual=spans, name=name))


def _extra(room: Room, period: Period, brief: Brief, say: Tongue) -> tuple[Block, ...]:
    situation = room.store.live().situation
    around = around_of(room.store, room.history.tallies(period), situation, period, list(brief.incidents), room.clock())
    return extra_blocks(around, period, room.ground, say)


def _of_incident(room: Room, wanted: Wanted, *, may_see_stills: bool) -> Document:
    incident = _found(room, wanted.at)
    if wanted.agency is not None and wanted.agency not in {incident.agency, *incident.reached_by}:
        raise NotFound(f"no incident {wanted.at[:60]!r} of this agency")
    stills = _stills(room.past, incident) if may_see_stills else ()
    return incident_document(incident, room.ground, stills, Tongue(wanted.lang), may_see_stills=may_see_stills)


def _found(room: Room, at: str) -> Incident:
    """By its id; an older one by the day of its report before it: 2026-11-20/INC-1."""
    known: Incident | None = room.store.live().situation.of("incidents").get(at)
    day, _, id_ = at.partition("/")
    if known is None and id_:
        known = next((one for one in room.history.incidents(_day(room, day)) if one.id == id_), None)
    if known is None:
        raise NotFound(f"no incident {at[:60]!r}; of one that is closed for days say the day too: 2026-11-20/INC-1")
    return known


def _day(room: Room, said: str) -> Period:
    try:
        day_of(said)
    except ValueError as error:
        raise BadInput(f"at: {error}", field="at") from error
    return period_of(Wanted(kind="day", at=said), room.clock(), room.ground.city, room.mode)


def _stills(past: Past, incident: Incident) -> tuple[Still, ...]:
    """Those that can be read; the archive may be away, and the report must not wait for it."""
    found = []
    try:
        for pinned in past.of_incident(incident.id)[: MOST_PICTURES * 2]:
            picture = past.picture(pinned.still.camera, pinned.still.captured_at)
            if picture is not None:
                found.append(Still(
                    jpeg=picture.jpeg,
                    camera=pinned.still.camera,
                    captured_at=picture.captured_at,
                    milestone=pinned.slot.milestone,
                    phase=pinned.slot.phase,
                ))  # fmt: skip
    except ArchiveUnavailable:
        return tuple(found)
    return tuple(found)


def file_of(document: Document, wanted: Wanted, ground: Ground, printed: Printed) -> bytes:
    """The document in the format that is wanted. Raises BadInput for a page there is none of."""
    if wanted.format == "xlsx":
        return sheets_of(document, printed)
    if wanted.format == "geojson":
        head = {
            "title": document.title,
            "period": document.period,
            "mode": document.mode,
            "lang": document.lang,
            "publishable": document.is_public,
            "fingerprint": document.fingerprint,
        }
        said: bytes = orjson.dumps(as_geojson(ground, document.areas, head), option=orjson.OPT_SORT_KEYS)
        return said
    pdf = pdf_of(document, printed)
    return pdf if wanted.format == "pdf" else picture_of(pdf, wanted.page)


def picture_of(pdf: bytes, page: int) -> bytes:
    """One page as PNG. Raises BadInput when there are not so many."""
    with pypdfium2.PdfDocument(pdf) as pages:
        if not 1 <= page <= len(pages):
            raise BadInput(f"page: this report has {len(pages)} pages", field="page")
        file = io.BytesIO()
        pages[page - 1].render(scale=_SHARP).to_pil().save(file, "PNG", optimize=False)
        return file.getvalue()
