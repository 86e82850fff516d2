"""NENA EIDO-JSON (STA-021.1): an incident as another emergency center knows it now.

What is referred to by `$ref` is looked up by `$id`; words of registries that we do not know say nothing.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from geodata.errors import BadPayload
from layers.eido_seal import lon_lat_of, seal
from layers.event import Event, stable_id
from layers.feed import Feed, Rejected
from layers.fields import Said, between, bytes_of, field_of, json_of, moment_of, name_of, not_ahead, shown
from layers.incidents import STATUSES, IncidentReported, IncidentStatusChanged, Report, Status
from layers.layer import Words

INCIDENT_STATUSES: Mapping[str, Status] = {
    "new": "diterima", "open": "diterima", "active": "diterima", "pending": "diterima", "received": "diterima",
    "dispatched": "diteruskan", "assigned": "diteruskan", "enroute": "menuju_lokasi", "onscene": "di_lokasi",
    "contained": "tertangani", "controlled": "tertangani", "undercontrol": "tertangani", "resolved": "tertangani",
    "closed": "selesai", "completed": "selesai", "complete": "selesai", "cleared": "selesai",
    "cancelled": "batal", "canceled": "batal", "transferred": "dialihkan",
}  # fmt: skip
UNIT_STATUSES: Mapping[str, Status] = {
    "dispatched": "diteruskan", "assigned": "diteruskan", "acknowledged": "diterima_opd", "enroute": "menuju_lokasi",
    "responding": "menuju_lokasi", "onscene": "di_lokasi", "arrived": "di_lokasi",
}  # fmt: skip
PRIORITIES = ((9, 1), (6, 2), (3, 3), (0, 4))
"""EIDO counts from 0 to 10, the worst; we from 4 to 1, the worst: from this number on it is that priority."""

_LONGEST_LINE, _LONGEST_PROSE = 100, 2000
_ELSEWHERE = "caller"
_TRACK = "incidentTrackingIdentifier"


def parse(payload: bytes, received: datetime) -> Iterator[Event | Rejected]:
    """One EIDO, or a list of them."""
    said = json_of(payload)
    for item in said if isinstance(said, list) else [said]:
        try:
            yield from tuple(_events(item, received))
        except BadPayload as error:
            yield Rejected(original=bytes_of(item, payload), reason=str(error), field=error.field)


def _events(item: object, received: datetime) -> Iterator[Event]:
    if not isinstance(item, dict):
        raise BadPayload(f"an EIDO is an object, not {shown(item)}")
    found = _objects(item.get("incidentComponent"))
    if not found:
        raise BadPayload("incidentComponent: missing; an EIDO without it says nothing of an incident", field="$id")
    known, thing = _by_id(item), found[0]
    incident = _incident(item, thing)
    report = _report(item, thing, known, received)
    yield Event(
        id=stable_id("eido", incident, str(report)),
        at=report.reported_at,
        seen=received,
        source="eido",
        fact=IncidentReported(incident=incident, report=report),
    )
    for status, agency, at in _steps(item, thing, known, received):
        first = status == "diterima"
        fact = IncidentStatusChanged(incident=incident, status=status, reached_at=None if first else at, agency=agency)
        when = report.reported_at if first else at or received
        said = stable_id("eido", incident, status, agency, None if first else at)
        yield Event(id=said, at=when, seen=received, source="eido", fact=fact)


def _objects(said: object) -> list[Said]:
    """A component is an object, or a list of them, by the version of the standard."""
    return [one for one in (said if isinstance(said, list) else [said]) if isinstance(one, dict)]


def _by_id(item: Said) -> Mapping[str, Said]:
    return {one["$id"]: one for part in item.values() for one in _objects(part) if isinstance(one.get("$id"), str)}


def _named(said: object, known: Mapping[str, Said]) -> list[tuple[str, Said]]:
    """What references lead to, with its id; a reference to nothing leads to an empty object."""
    refs = [one.get("$ref") for one in _objects(said)]
    return [(ref, known.get(ref, {})) for ref in refs if isinstance(ref, str)]


def _incident(item: Said, thing: Said) -> str:
    """Its tracking identifier: the same in every center that hears of it."""
    said = thing.get(_TRACK) or item.get(_TRACK) or item.get("$id")
    return field_of({"$id": said}, "$id", name_of)


def _time(said: Said, field: str, received: datetime) -> datetime | None:
    """Fractions of any length and a missing offset occur in the published samples: a naive time is UTC."""
    if said.get(field) in (None, ""):
        return None
    return field_of(said, field, lambda value: not_ahead(moment_of(value, is_naive_utc=True), received))


def _report(item: Said, thing: Said, known: Mapping[str, Said], received: datetime) -> Report:
    lon, lat = _place(item, thing, known)
    called = [at for call in _objects(item.get("callComponent")) if (at := _time(call, "callStartTimestamp", received))]
    updated = _time(thing, "lastUpdateTimeStamp", received) or _time(item, "lastUpdateTimeStamp", received)
    return Report(
        category=_category(thing),
        reported_at=min(called, default=updated or received),
        priority=_priority(thing),
        lon=lon,
        lat=lat,
        description=_prose(item, thing, known),
        agency=_owner(item),
    )


def _category(thing: Said) -> str:
    for field in ("incidentTypeInternalText", "incidentTypeCommonRegistryText", "incidentTypeInternalCode"):
        if said := _line(thing.get(field)):
            return said
    field = "incidentTypeCommonRegistryText"
    raise BadPayload(f"{field}: missing; an incident is of some kind", field=field)


def _line(said: object) -> str | None:
    value = said[0] if isinstance(said, list) and said else said
    if not isinstance(value, str):
        return None
    return "".join(c for c in value if c.isprintable()).strip()[:_LONGEST_LINE] or None


def _priority(thing: Said) -> int | None:
    if thing.get("incidentCommonPriorityNumber") is None:
        return None
    said = field_of(thing, "incidentCommonPriorityNumber", partial(between, 0, 10))
    return next(ours for least, ours in PRIORITIES if said >= least)


def _place(item: Said, thing: Said, known: Mapping[str, Said]) -> tuple[float | None, float | None]:
    """Where the incident says it is; else the only place told, unless that is where the caller is."""
    places = [place for _, place in _named(thing.get("locationReference"), known)]
    if not places:
        told = _objects(item.get("locationComponent"))
        is_callers = any(
            (_line(p.get("locationTypeDescriptionRegistryText")) or "").casefold() == _ELSEWHERE for p in told
        )
        places = told if len(told) == 1 and not is_callers else []
    found = next((pair for place in places if (pair := lon_lat_of(place.get("locationByValue")))), None)
    return found if found and found != (0, 0) else (None, None)


def _kind_of(place: Said) -> str:
    return (_line(place.get("locationTypeDescriptionRegistryText")) or "").casefold()


def _prose(item: Said, thing: Said, known: Mapping[str, Said]) -> str | None:
    noted = [note for _, note in _named(thing.get("notesReference"), known)] or _objects(item.get("notesComponent"))
    texts = [text for note in noted for text in (note.get("notesActionComments"), note.get("notesText")) if text]
    whole = "\n".join(text for text in texts if isinstance(text, str))
    return "".join(c for c in whole if c.isprintable() or c in "\n\t").strip()[:_LONGEST_PROSE] or None


def _owner(item: Said) -> str | None:
    """The agency that owns the incident, where one says so."""
    owners = [one for one in _objects(item.get("agencyComponent")) if one.get("incidentOwningAgencyIndicator") is True]
    return _line(owners[0].get("$id")) if owners else None


Step = tuple[Status, str | None, datetime | None]


def _steps(item: Said, thing: Said, known: Mapping[str, Said], received: datetime) -> Iterator[Step]:
    """(status, agency, when the component was updated): of each agency sent, of each that is done, of the whole."""
    sent = _sent(item, known, received)
    done = _done(item, thing, known, received)
    yield from sent
    if {agency for _, agency, _ in sent} <= {agency for _, agency, _ in done}:  # else somebody is still at work
        yield from done
    status = _furthest(thing.get("incidentStatusCommonRegistryText"), INCIDENT_STATUSES)
    status = status or _furthest(thing.get("incidentStatusInternalText"), INCIDENT_STATUSES)
    if status is not None:
        yield status, None, _time(thing, "lastUpdateTimeStamp", received)


def _sent(item: Said, known: Mapping[str, Said], received: datetime) -> list[Step]:
    steps: list[Step] = []
    for dispatch in _objects(item.get("dispatchComponent")):
        at = _time(dispatch, "lastUpdateTimeStamp", received)
        for agency, _ in _named(dispatch.get("agencyReference"), known):
            steps += [("diteruskan", _line(agency), at), *_units(dispatch, known, _line(agency), received)]
    return steps


def _done(item: Said, thing: Said, known: Mapping[str, Said], received: datetime) -> list[Step]:
    """An agency gives a disposition when its part is over."""
    given = [*_objects(thing.get("dispositionComponent")), *_objects(item.get("dispositionComponent"))]
    return [
        ("tertangani", _line(agency), _time(one, "lastUpdateTimeStamp", received))
        for one in given
        for agency, _ in _named(one.get("updatedByAgencyReference"), known)
    ]


def _units(dispatch: Said, known: Mapping[str, Said], agency: str | None, received: datetime) -> Iterator[Step]:
    for _, unit in _named(dispatch.get("emergencyResourceReference"), known):
        status = _furthest(unit.get("secondaryUnitStatusRegistryText"), UNIT_STATUSES)
        if status is not None and status != "diteruskan":
            yield status, agency, _time(unit, "lastUpdateTimeStamp", received)


def _furthest(said: Any, words: Mapping[str, Status]) -> Status | None:  # noqa: ANN401 — JSON
    told = said if isinstance(said, list) else [said]
    plain = ["".join(c for c in one.casefold() if c.isalpha()) for one in told if isinstance(one, str)]
    return max((words[one] for one in plain if one in words), key=STATUSES.index, default=None)


FEED = Feed(
    title=Words(id="Pusat darurat tetangga (EIDO)", en="Neighbouring centers (EIDO)"),
    parse=parse,
    seal=seal,
    silent_s=3600,
)
