"""Our own dialect for call-taking systems: an incident, or a step of the answer to it, as JSON."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from geodata.errors import BadPayload
from layers.event import Event, stable_id
from layers.feed import Feed, Rejected
from layers.fields import between, bytes_of, json_of, moment_of, name_of, not_ahead, number, shown
from layers.incidents import STATUSES, IncidentReported, IncidentStatusChanged, Report, Status
from layers.layer import Words

PRIORITIES: Mapping[str, int] = {
    "kritis": 1, "berat": 2, "sedang": 3, "ringan": 4,
    "critical": 1, "severe": 2, "moderate": 3, "minor": 4,
}  # fmt: skip
SYNONYMS: Mapping[str, Status] = {
    "baru": "diterima", "new": "diterima", "received": "diterima", "open": "diterima",
    "verified": "diverifikasi",
    "forwarded": "diteruskan", "dispatched": "diteruskan", "assigned": "diteruskan", "ditugaskan": "diteruskan",
    "accepted": "diterima_opd", "acknowledged": "diterima_opd",
    "en_route": "menuju_lokasi", "enroute": "menuju_lokasi",
    "on_scene": "di_lokasi", "onscene": "di_lokasi", "arrived": "di_lokasi", "tiba": "di_lokasi",
    "handled": "tertangani", "resolved": "tertangani", "ditangani": "tertangani",
    "closed": "selesai", "done": "selesai", "finished": "selesai", "completed": "selesai", "ditutup": "selesai",
    "cancelled": "batal", "canceled": "batal",
    "transferred": "dialihkan",
    "false_report": "laporan_palsu", "false_alarm": "laporan_palsu",
}  # fmt: skip
MISNAMED: Mapping[str, str] = {
    "latitude": "lat", "longitude": "lon", "lng": "lon", "long": "lon",
    "kategori": "category", "prioritas": "priority", "deskripsi": "description", "keterangan": "description",
    "waktu": "time", "waktulapor": "time", "timestamp": "time", "reportedat": "time",
    "incidentid": "id", "uid": "id", "kelurahancode": "kelurahan", "kodekelurahan": "kelurahan",
}  # fmt: skip
_KELURAHAN = re.compile(r"(\d\d)\.?(\d\d)\.?(\d\d)\.?(\d{4})", re.ASCII)
_SHORTEST_TYPO = 4


def _priority(said: object) -> int:
    if isinstance(said, str) and said.casefold() in PRIORITIES:
        return PRIORITIES[said.casefold()]
    try:
        value = number(said)
    except ValueError:
        value = 0
    if value not in (1, 2, 3, 4):
        raise ValueError(f"{shown(said)} is no priority; send 1 (worst) to 4, or one of: {', '.join(PRIORITIES)}")
    return int(value)


def _status(said: object) -> str:
    plain = re.sub(r"[\s_-]+", "_", said.casefold()) if isinstance(said, str) else ""
    status = plain if plain in STATUSES else SYNONYMS.get(plain)
    if status is None:
        raise ValueError(f"{shown(said)} is no status; send one of: {', '.join(STATUSES)}")
    return status


def _kelurahan(said: object) -> str:
    found = _KELURAHAN.fullmatch(said if isinstance(said, str) else "")
    if found is None:
        raise ValueError(f"{shown(said)} is no kelurahan code; write it like 64.72.09.1003")
    return ".".join(found.groups())


def _text(longest: int, said: object) -> str:
    if not isinstance(said, str):
        raise ValueError(f"{shown(said)} is not a text")  # noqa: TRY004 — pydantic wants a ValueError
    if len(said) > longest:
        raise ValueError(f"it has {len(said)} characters, at most {longest} are taken: shorten it")
    return "".join(c for c in said if c.isprintable() or c in "\n\t")


Name = Annotated[str | None, BeforeValidator(name_of, json_schema_input_type=str | int | None)]
Moment = Annotated[datetime | None, BeforeValidator(moment_of, json_schema_input_type=datetime | float | None)]
Longitude = Annotated[
    float | None, BeforeValidator(partial(between, -180, 180), json_schema_input_type=float | str | None)
]
Latitude = Annotated[
    float | None, BeforeValidator(partial(between, -90, 90), json_schema_input_type=float | str | None)
]
Priority = Annotated[int | None, BeforeValidator(_priority, json_schema_input_type=int | str | None)]
StatusWord = Annotated[Status | None, BeforeValidator(_status, json_schema_input_type=str | None)]
Code = Annotated[str | None, BeforeValidator(_kelurahan)]
Line = Annotated[str | None, BeforeValidator(partial(_text, 100))]
Prose = Annotated[str | None, BeforeValidator(partial(_text, 2000))]


class IncidentRecord(BaseModel):
    """One object of the payload. A report replaces the one before it whole, so leave nothing out."""

    model_config = ConfigDict(extra="ignore", frozen=True)

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
    description: Prose = Field(default=None, description="free text of at most 2000 characters; only admins read it")
    agency: Line = Field(default=None, description="id of the agency that answers")


_KNOWN = frozenset(IncidentRecord.model_fields)
_OF_A_REPORT = ("priority", "lon", "lat", "kelurahan", "description")


def parse(payload: bytes, received: datetime) -> Iterator[Event | Rejected]:
    """One object, or a list of them: a report with its category, a status by id, or both in one."""
    said = json_of(payload)
    if not isinstance(said, dict | list):
        raise BadPayload(f"send one object or a list of objects, not {shown(said)}")
    for item in said if isinstance(said, list) else [said]:
        try:
            yield from _events(_record(item, received), received)
        except BadPayload as error:
            yield Rejected(original=bytes_of(item, payload), reason=str(error), field=error.field)


def _record(item: object, received: datetime) -> IncidentRecord:
    """Raises BadPayload naming the field."""
    if not isinstance(item, dict):
        raise BadPayload(f"an incident is an object, not {shown(item)}")
    said = {field: value.strip() if isinstance(value, str) else value for field, value in item.items()}
    said = {field: value for field, value in said.items() if value is not None and value != ""}
    _refuse_misnamed(said)
    try:
        record = IncidentRecord.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = str(first["loc"][0])
        raise BadPayload(f"{field}: {first['msg'].removeprefix('Value error, ')}", field=field) from error
    _refuse_incomplete(record)
    for field, moment in (("time", record.time), ("status_time", record.status_time)):
        _refuse_future(field, moment, received)
    return record


def _refuse_future(field: str, moment: datetime | None, received: datetime) -> None:
    try:
        not_ahead(moment or received, received)
    except ValueError as error:
        raise BadPayload(f"{field}: {error}", field=field) from error


def _refuse_incomplete(record: IncidentRecord) -> None:
    if (record.lon is None) != (record.lat is None):
        field = "lon" if record.lon is None else "lat"
        raise BadPayload(f"{field}: missing; send lon and lat, or neither", field=field)
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


def _refuse_misnamed(said: Mapping[str, object]) -> None:
    """A field that is nearly one of ours would be lost without a word; truly unknown ones are ignored."""
    for field in said:
        meant = None if field in _KNOWN else _meant(field)
        if meant is not None and meant not in said:
            raise BadPayload(f"{field}: there is no such field; did you mean {meant!r}?", field=field)


def _meant(field: str) -> str | None:
    plain = re.sub(r"[\W_]", "", field.casefold())
    by_plain = {name.replace("_", ""): name for name in sorted(_KNOWN)}
    exact = by_plain.get(plain) or MISNAMED.get(plain)
    if exact or len(plain) < _SHORTEST_TYPO:
        return exact
    return next(
        (name for ours, name in by_plain.items() if len(ours) >= _SHORTEST_TYPO and _is_typo(plain, ours)), None
    )


def _is_typo(said: str, meant: str) -> bool:
    """Whether one letter is wrong, missing, too many, or two neighbours are swapped."""
    if abs(len(said) - len(meant)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(said, meant, strict=False)) if a != b), min(len(said), len(meant)))
    left, right = said[start:], meant[start:]
    is_swap = left[:2] == right[:2][::-1] and left[2:] == right[2:]
    return is_swap or left[1:] == right[1:] or left[1:] == right or left == right[1:]


def _events(record: IncidentRecord, received: datetime) -> Iterator[Event]:
    incident = record.id or f"INC-{stable_id('incidents', record.model_dump(mode='json'))[:13].upper()}"
    if record.category is not None:
        yield _report(incident, record, record.category, received)
    if record.status is not None:
        yield _step(incident, record, record.status, received)


def _report(incident: str, record: IncidentRecord, category: str, received: datetime) -> Event:
    place = None if record.lon == 0 and record.lat == 0 else (record.lon, record.lat)
    lon, lat = place or (None, None)
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


FEED = Feed(title=Words(id="Laporan kejadian", en="Incident reports"), parse=parse, silent_s=3600)
