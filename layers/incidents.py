"""Incidents: what was reported, where, how bad, and how far the answer has come."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal, get_args

from geodata.city import Category, City
from geodata.clock import epoch_s
from geodata.places import Ground, place_or_none
from layers.event import Event, Mode, first_id
from layers.feature import Feature, feature, point
from layers.layer import Ages, Layer, Mark, Role, Words
from layers.situation import Changes, Situation, Things

Status = Literal[
    "diterima", "diverifikasi", "diteruskan", "diterima_opd", "menuju_lokasi", "di_lokasi",
    "tertangani", "selesai", "batal", "dialihkan", "laporan_palsu",
]  # fmt: skip
STATUSES: tuple[Status, ...] = get_args(Status)
CLOSED: frozenset[Status] = frozenset({"selesai", "batal", "dialihkan", "laporan_palsu"})
_HANDLED: frozenset[Status] = CLOSED | {"tertangani"}
_REMEMBER = timedelta(hours=48)
_STALE = timedelta(minutes=1)
"""What was received so long before the newest word comes out of the quarantine: it takes nothing back."""


STATUS_WORDS: Mapping[Status, Words] = {
    "diterima": Words(id="diterima", en="received"),
    "diverifikasi": Words(id="diverifikasi", en="verified"),
    "diteruskan": Words(id="diteruskan", en="forwarded"),
    "diterima_opd": Words(id="diterima OPD", en="accepted"),
    "menuju_lokasi": Words(id="menuju lokasi", en="en route"),
    "di_lokasi": Words(id="di lokasi", en="on scene"),
    "tertangani": Words(id="tertangani", en="handled"),
    "selesai": Words(id="selesai", en="closed"),
    "batal": Words(id="batal", en="cancelled"),
    "dialihkan": Words(id="dialihkan", en="transferred"),
    "laporan_palsu": Words(id="laporan palsu", en="false report"),
}
PRIORITY_WORDS: Mapping[int, Words] = {
    1: Words(id="kritis", en="critical"),
    2: Words(id="berat", en="severe"),
    3: Words(id="sedang", en="moderate"),
    4: Words(id="ringan", en="minor"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a call-taking system says of an incident.

    `category` is as the source said it (resolved by the city's taxonomy when shown); `priority` 1 is
    worst, None lets the category decide. `kelurahan` is a code, used where there is no position.
    """

    category: str
    reported_at: datetime
    priority: int | None = None
    lon: float | None = None
    lat: float | None = None
    kelurahan: str | None = None
    description: str | None = None
    agency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReported:
    """An incident was reported, or its report was corrected."""

    kind: ClassVar[str] = "incident_reported"
    incident: str
    report: Report


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentStatusChanged:
    """The answer to an incident came one step further.

    `reached_at` is None when the source did not say when: then the step has no time, not a guessed one.
    """

    kind: ClassVar[str] = "incident_status_changed"
    incident: str
    status: Status
    reached_at: datetime | None = None
    agency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One incident as known now. `milestones` maps a status to when it was first reached.

    `agency` is the newest that a status named, else the report's. `source` and `mode` are those of the
    report, and of the status while no report has come. `report_event` and `status_event` are the `first_id` of the
    events that said what holds now; `report_seen` and `status_at` decide which report and which status that is.
    """

    id: str
    report: Report | None = None
    report_seen: datetime | None = None
    report_event: str | None = None
    status: Status = "diterima"
    status_at: datetime | None = None
    status_event: str | None = None
    assigned: str | None = None
    assigned_at: datetime | None = None
    milestones: Mapping[str, datetime]
    source: str
    mode: Mode
    observed_at: datetime

    @property
    def agency(self) -> str | None:
        """Id of the agency that answers, as far as anybody said."""
        return self.assigned or (self.report.agency if self.report else None)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.status not in CLOSED


def category_of(incident: Incident, city: City) -> Category:
    """The category by the city's taxonomy; 'lainnya' while no report has come."""
    return city.category(incident.report.category if incident.report else "lainnya")


def priority_of(incident: Incident, city: City) -> int:
    """1 (worst) to 4: what the report says, else what the category says."""
    said = incident.report.priority if incident.report else None
    return said or category_of(incident, city).priority


def order_of(incident: Incident, city: City) -> tuple[int, bool, float]:
    """Sorts the gravest first: by priority, what nobody has handled yet, the newest report."""
    reported_s = epoch_s(incident.report.reported_at) if incident.report else 0.0
    return priority_of(incident, city), incident.status in _HANDLED, -reported_s


def is_emergency_call(incident: Incident, city: City) -> bool:
    """False for pranks, silent calls, wrong numbers: counted, never a marker."""
    return category_of(incident, city).service_class != "bukan_laporan"


def position_of(incident: Incident, ground: Ground) -> tuple[float, float, bool] | None:
    """(lon, lat, is_exact); the kelurahan's label point when only that is known; None for no place."""
    report = incident.report
    if report is None:
        return None
    exact = place_or_none(ground.city, report.lon, report.lat)
    if exact:
        return (*exact, True)
    area = ground.places.areas.get(report.kelurahan or "")
    return (area.lon, area.lat, False) if area else None


def kelurahan_of(incident: Incident, ground: Ground) -> str | None:
    """Code of the kelurahan the incident lies in: by position, else as reported."""
    where = position_of(incident, ground)
    if where is None or incident.report is None:
        return None
    lon, lat, is_exact = where
    return ground.places.kelurahan_at(lon, lat) if is_exact else incident.report.kelurahan


def fold(things: Things, event: Event) -> Changes:
    """The report that arrived last holds, and the status that was reached last, by `_reached`."""
    fact = event.fact
    if not isinstance(fact, IncidentReported | IncidentStatusChanged):
        return {}
    before = things.get(fact.incident)
    known = before or _unheard(fact.incident, event)
    known = replace(known, observed_at=max(known.observed_at, event.at))
    told = _with_report(known, fact, event) if isinstance(fact, IncidentReported) else _with_status(known, fact, event)
    return {} if told == before else {fact.incident: told}


def _unheard(incident: str, event: Event) -> Incident:
    return Incident(id=incident, milestones={}, source=event.source, mode=event.mode, observed_at=event.at)


def _with_report(before: Incident, fact: IncidentReported, event: Event) -> Incident:
    known = before.report_seen and (before.report_seen, str(before.report))
    if known and known >= (event.seen, str(fact.report)):
        return before
    return replace(
        before,
        report=fact.report,
        report_seen=event.seen,
        report_event=first_id(event.id),
        source=event.source,
        mode=event.mode,
    )


def _with_status(before: Incident, fact: IncidentStatusChanged, event: Event) -> Incident:
    """At the same time the step further on wins."""
    at, said = _reached(fact, event), first_id(event.id)
    told = _assigned(replace(before, milestones=_earliest(before.milestones, fact)), fact.agency, at)
    if before.status_at is not None and _step(before.status_at, before.status) > _step(at, fact.status):
        return told
    is_same = before.status_at == at and before.status == fact.status
    said = max(said, before.status_event or "") if is_same else said
    told = replace(told, status=fact.status, status_at=at, status_event=said)
    if before.report is not None or (is_same and (before.source, before.mode) >= (event.source, event.mode)):
        return told
    return replace(told, source=event.source, mode=event.mode)


def _reached(fact: IncidentStatusChanged, event: Event) -> datetime:
    """By the sender's clock; by arrival where it did not say: that never goes back, even when our own clock does.

    The first step is as old as the report, unless its time was said.
    """
    return event.at if fact.reached_at is not None or fact.status == "diterima" else event.seen


def _step(at: datetime, status: Status) -> tuple[datetime, int]:
    return at, STATUSES.index(status)


def _assigned(before: Incident, agency: str | None, at: datetime) -> Incident:
    if agency is None:
        return before
    if before.assigned_at and (before.assigned_at, before.assigned or "") > (at, agency):
        return before
    return replace(before, assigned=agency, assigned_at=at)


def _earliest(milestones: Mapping[str, datetime], fact: IncidentStatusChanged) -> Mapping[str, datetime]:
    if fact.reached_at is None or milestones.get(fact.status, fact.reached_at) < fact.reached_at:
        return milestones
    return {**milestones, fact.status: fact.reached_at}


def newest(things: Things, event: Event) -> str | None:
    """A correction may be taken back, and a step without a time be reached twice: both are news in the same words.

    Asked with `event.seen` still the time it was received. A step whose time was said is always a repeat.
    """
    fact = event.fact
    incident = things.get(fact.incident) if isinstance(fact, IncidentReported | IncidentStatusChanged) else None
    if incident is None:
        return None
    if isinstance(fact, IncidentReported):
        said, at = incident.report_event, incident.report_seen
    else:
        said, at = incident.status_event, incident.status_at if event.at == event.seen else None
    return None if at is None or event.seen < at - _STALE else said


def keep(incident: Incident, now: datetime) -> bool:
    """Open incidents always; closed ones and pranks for two days after the last word."""
    return incident.is_open or now - incident.observed_at < _REMEMBER


def redact(incident: Incident, role: Role) -> Incident:
    """Free text may name a person: only an admin reads it."""
    if role == "admin" or incident.report is None or incident.report.description is None:
        return incident
    return replace(incident, report=replace(incident.report, description=None))


def draw(situation: Situation, _now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """A point for every open incident that is a real report; no geometry where the place is not known."""
    things = situation.of("incidents")
    chosen = things.values() if keys is None else (things[key] for key in keys if key in things)
    return [
        _draw(incident, situation.ground)
        for incident in chosen
        if incident.is_open and is_emergency_call(incident, situation.ground.city)
    ]


def _draw(incident: Incident, ground: Ground) -> Feature:
    where = position_of(incident, ground)
    return feature(incident.id, point(where[0], where[1]) if where else None, **_properties(incident, ground, where))


def _properties(incident: Incident, ground: Ground, where: tuple[float, float, bool] | None) -> dict[str, Any]:
    category, report = category_of(incident, ground.city), incident.report
    area = ground.places.areas.get(kelurahan_of(incident, ground) or "")
    return {
        "category": category.id,
        "title": category.id_name,
        "title_en": category.en_name,
        "icon": category.icon,
        "priority": priority_of(incident, ground.city),
        "order": order_of(incident, ground.city),
        "status": incident.status,
        "status_words": STATUS_WORDS[incident.status].id,
        "agency": _agency_short(incident.agency, ground.city),
        "kelurahan": area.name if area else None,
        "kelurahan_code": area.code if area else None,
        "place": "none" if where is None else "exact" if where[2] else "kelurahan",
        "reported_at": epoch_s(report.reported_at) if report else None,
        "observed_at": epoch_s(incident.observed_at),
        "description": report.description if report else None,
        "source": incident.source,
        "mode": incident.mode,
    }


def _agency_short(agency: str | None, city: City) -> str | None:
    return next((a.short for a in city.agencies if a.id == agency), agency)


LAYER = Layer(
    title=Words(id="Kejadian", en="Incidents"),
    facts=(IncidentReported, IncidentStatusChanged),
    thing=Incident,
    hears=(IncidentReported, IncidentStatusChanged),
    fold=fold,
    keep=keep,
    newest=newest,
    redact=redact,
    draw=draw,
    ages=Ages(late_s=1800, lost_s=14400),
    style=(
        {
            "id": "incidents-halo",
            "type": "circle",
            "filter": ["<=", ["get", "priority"], 2],
            "paint": {
                "circle-radius": ["match", ["get", "priority"], 1, 46, 34],
                "circle-color": ["match", ["get", "priority"], 1, "var(--priority-1)", "var(--priority-2)"],
                "circle-blur": 1,
                "circle-opacity": 0.55,
            },
        },
        {
            "id": "incidents-place",
            "type": "circle",
            "paint": {
                "circle-radius": 3.5,
                "circle-color": "var(--icon-rim)",
                "circle-stroke-color": "var(--icon-ring)",
                "circle-stroke-width": 2,
            },
        },
        {
            "id": "incidents",
            "type": "symbol",
            "layout": {
                "icon-image": ["concat", "incident-", ["to-string", ["get", "priority"]], "-", ["get", "icon"]],
                "icon-size": ["match", ["get", "priority"], 1, 0.8, 2, 0.74, 0.62],
                "icon-allow-overlap": True,
                "symbol-sort-key": ["-", 5, ["get", "priority"]],
            },
            # the worst few are drawn above everything by the page, which marks them `pinned`; here they only keep
            # the place free of names
            "paint": {"icon-opacity": ["case", ["==", ["get", "pinned"], True], 0, 1]},
        },
    ),
    legend=tuple(Mark(words=PRIORITY_WORDS[p], icon=f"incident-{p}-lain") for p in (1, 2, 3, 4)),
)
