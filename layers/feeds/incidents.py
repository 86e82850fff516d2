"""Our own dialect for call-taking systems: an incident, or a step of the answer to it, as JSON."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field

from geodata.errors import BadPayload
from layers.event import Event, stable_id
from layers.feed import Feed
from layers.incident_words import PRIORITIES, priority_said, status_said
from layers.incidents import STATUSES, IncidentReported, IncidentStatusChanged, Report, Status
from layers.layer import Words
from layers.records import Code, Latitude, Line, Longitude, Moment, Name, Prose, Record, both_or_neither, reader

MISNAMED: Mapping[str, str] = {
    "latitude": "lat", "longitude": "lon", "lng": "lon", "long": "lon",
    "kategori": "category", "prioritas": "priority", "deskripsi": "description", "keterangan": "description",
    "waktu": "time", "waktulapor": "time", "timestamp": "time", "reportedat": "time",
    "incidentid": "id", "uid": "id", "kelurahancode": "kelurahan", "kodekelurahan": "kelurahan",
}  # fmt: skip


Priority = Annotated[int | None, BeforeValidator(priority_said, json_schema_input_type=int | str | None)]
StatusWord = Annotated[Status | None, BeforeValidator(status_said, json_schema_input_type=str | None)]


class IncidentRecord(Record):
    """One object of the payload. A report replaces the one before it whole, so leave nothing out."""

    id: Name = Field(default=None, description="the sender's id of the incident; made from the content if missing")
    category: Line = Field(
        default=None, description="id, name or alias of the city's taxonomy; needed unless only a status is sent"
    )
    priority: Priority = Field(
        default=None, description=f"1 (worst) to 4, or one of {', '.join(PRIORITIES)}; else the category decides"
    )
    status: StatusWord = Field(default=None, description=f"one of {', '.join(STATUSES)}, or the English word for it")
    time: Moment = Field(default=None, description="when it was reported: ISO 8601 with offset, epoch s or ms")
    status_time: Moment = Field(default=None, description="when the status was reached; missing: not known")
    lon: Longitude = Field(default=None, description="longitude, degrees WGS 84; 0,0 is no place")
    lat: Latitude = Field(default=None, description="latitude, degrees WGS 84")
    kelurahan: Code = Field(default=None, description="Kemendagri code, used where there is no position")
    description: Prose = Field(
        default=None, description="free text of at most 2000 characters, telephone numbers masked; only admins read it"
    )
    agency: Line = Field(default=None, description="id of the agency that answers")


_OF_A_REPORT = ("priority", "lon", "lat", "kelurahan", "description")


def _refuse_incomplete(record: IncidentRecord) -> None:
    both_or_neither(record.lon, record.lat)
    if record.status_time is not None and record.status is None:
        raise BadPayload("status: missing; status_time says when a status was reached", field="status")
    if record.category is not None:
        return
    if record.status is None:
        raise BadPayload(
            "category: missing; a report needs one (a known incident may send id and status)", field="category"
        )
    if record.id is None:
        raise BadPayload("id: missing; without a category it must say whose status this is", field="id")
    if any(getattr(record, field) is not None for field in _OF_A_REPORT):
        raise BadPayload("category: missing; to correct a report send all of it again", field="category")


def _events(record: IncidentRecord, received: datetime) -> Iterator[Event]:
    """A report with its category, a status by id, or both in one."""
    _refuse_incomplete(record)
    incident = record.id or f"INC-{stable_id('incidents', record.model_dump(mode='json'))[:13].upper()}"
    if record.category is not None:
        yield _report(incident, record, record.category, received)
    if record.status is not None:
        yield _step(incident, record, record.status, received)


def _report(incident: str, record: IncidentRecord, category: str, received: datetime) -> Event:
    lon, lat = both_or_neither(record.lon, record.lat)
    report = Report(
        category=category,
        reported_at=record.time or received,
        priority=record.priority,
        lon=lon,
        lat=lat,
        kelurahan=record.kelurahan,
        description=record.description,
        agency=record.agency,
    )
    said = record.model_dump(mode="json", exclude={"status", "status_time"})
    return Event(
        id=stable_id("incidents", "report", incident, said),
        at=report.reported_at,
        seen=received,
        source="incidents",
        fact=IncidentReported(incident=incident, report=report),
    )


def _step(incident: str, record: IncidentRecord, status: Status, received: datetime) -> Event:
    """A step without a time is as old as its arrival; only "diterima" is as old as the report."""
    at = record.status_time or (record.time if status == "diterima" else None) or received
    said = (status, record.status_time, record.agency)
    return Event(
        id=stable_id("incidents", "status", incident, *said),
        at=at,
        seen=received,
        source="incidents",
        fact=IncidentStatusChanged(
            incident=incident, status=status, reached_at=record.status_time, agency=record.agency
        ),
    )


FEED = Feed(
    title=Words(id="Laporan kejadian", en="Incident reports"),
    parse=reader("an incident", IncidentRecord, _events, misnamed=MISNAMED),
    silent_s=3600,
)
