"""Open311 GeoReport v2: the answer of GET requests, in JSON or XML, from a neighbour or the city's own service desk."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

import orjson

from geodata.errors import BadPayload
from layers.caller_seal import masked
from layers.caller_seal import seal as seal_anything
from layers.event import Event, stable_id
from layers.feed import Feed, Rejected
from layers.fields import Said, between, bytes_of, field_of, json_of, moment_of, name_of, not_ahead, shown
from layers.incidents import IncidentReported, IncidentStatusChanged, Report, Status
from layers.layer import Words
from layers.markup import children, local, xml_of

PREFIX = "311-"
"""Before every id: a service desk counts from 1 like everybody else."""

STATUSES: dict[str, Status] = {"open": "diterima", "closed": "selesai"}
_FIELDS = (
    "service_request_id", "status", "service_name", "service_code", "agency_responsible", "requested_datetime",
    "updated_datetime", "lat", "long",
)  # fmt: skip
_PROSE = ("description", "address")
_LONGEST_LINE, _LONGEST_PROSE = 100, 2000


def seal(payload: bytes, key: bytes) -> bytes:
    """Who asked is not kept, nor are telephone numbers in what they wrote: only what is read stays."""
    try:
        return _bare_xml(xml_of(payload)) if _is_xml(payload) else _bare_json(orjson.loads(payload))
    except (BadPayload, orjson.JSONDecodeError):
        return seal_anything(payload, key)


def _is_xml(payload: bytes) -> bool:
    return payload.lstrip()[:1] == b"<"


def _bare_json(said: Any) -> bytes:  # noqa: ANN401 — JSON
    return orjson.dumps([_bare(one) for one in said] if isinstance(said, list) else _bare(said))


def _bare_xml(root: Element) -> bytes:
    whole = Element("service_requests")
    for request in [root] if local(root) == "request" else children(root, "request"):
        one = SubElement(whole, "request")
        for name, value in _bare({local(part): (part.text or "").strip() for part in request}).items():
            SubElement(one, name).text = value
    return tostring(whole)


def _bare(said: Any) -> Any:  # noqa: ANN401 — JSON
    if not isinstance(said, dict):
        return None
    prose = {name: masked(said[name]) for name in _PROSE if isinstance(said.get(name), str)}
    return {name: said[name] for name in _FIELDS if name in said} | prose


def parse(payload: bytes, received: datetime) -> Iterator[Event | Rejected]:
    """Service requests. One that has only a token so far has no number to know it by, and is refused until it has."""
    for original, said in _requests(payload):
        try:
            yield from tuple(_events(_object(said), received))
        except BadPayload as error:
            yield Rejected(original=original, reason=str(error), field=error.field)


def _requests(payload: bytes) -> Iterator[tuple[bytes, object]]:
    """Each with the bytes it came in."""
    if _is_xml(payload):
        root = xml_of(payload)
        for request in [root] if local(root) == "request" else children(root, "request"):
            fields = {local(part): (part.text or "").strip() for part in request}
            yield b"<service_requests>" + tostring(request) + b"</service_requests>", fields
        return
    said = json_of(payload)
    if not isinstance(said, dict | list):
        raise BadPayload(f"send a list of service requests, not {shown(said)}")
    for item in said if isinstance(said, list) else [said]:
        yield bytes_of(item, payload), item


def _object(said: object) -> Said:
    if not isinstance(said, dict):
        raise BadPayload(f"a service request is an object, not {shown(said)}")
    return said


def _events(said: Said, received: datetime) -> Iterator[Event]:
    number = PREFIX + field_of(said, "service_request_id", name_of)
    incident = field_of({"service_request_id": number}, "service_request_id", name_of)
    status = field_of(said, "status", _status)
    reported_at = field_of(said, "requested_datetime", partial(_time, received=received))
    updated_at = None
    if said.get("updated_datetime"):
        updated_at = field_of(said, "updated_datetime", partial(_time, received=received))
    report = _report(said, reported_at)
    yield Event(
        id=stable_id("open311", incident, str(report)),
        at=reported_at,
        seen=received,
        source="open311",
        fact=IncidentReported(incident=incident, report=report),
    )
    yield _step(incident, status, reported_at, updated_at, received)


def _step(
    incident: str, status: Status, reported_at: datetime, updated_at: datetime | None, received: datetime
) -> Event:
    """The update of a closed request is the time it was closed; that of an open one may be about anything."""
    reached_at = updated_at if status == "selesai" else None
    at = updated_at or (reported_at if status == "diterima" else received)
    fact = IncidentStatusChanged(incident=incident, status=status, reached_at=reached_at)
    return Event(
        id=stable_id("open311", "status", incident, status, updated_at),
        at=at,
        seen=received,
        source="open311",
        fact=fact,
    )


def _report(said: Said, reported_at: datetime) -> Report:
    lon, lat = _place(said)
    prose = [_text(said, "description", _LONGEST_PROSE), None if lon is not None else _text(said, "address", 200)]
    return Report(
        category=_category(said),
        reported_at=reported_at,
        lon=lon,
        lat=lat,
        description="\n".join(part for part in prose if part)[:_LONGEST_PROSE] or None,
        agency=_text(said, "agency_responsible", _LONGEST_LINE),
    )


def _category(said: Said) -> str:
    category = _text(said, "service_name", _LONGEST_LINE) or _text(said, "service_code", _LONGEST_LINE)
    if category is None:
        raise BadPayload("service_code: missing; a request says what kind of service it wants", field="service_code")
    return category


def _place(said: Said) -> tuple[float | None, float | None]:
    """Requests may have an address alone; a place out of range costs the place, not the request."""
    lon, lat = said.get("long"), said.get("lat")
    if lon in (None, "") or lat in (None, ""):
        return None, None
    try:
        where = between(-180, 180, lon), between(-90, 90, lat)
    except ValueError:
        return None, None
    return (None, None) if where == (0, 0) else where


def _text(said: Said, field: str, longest: int) -> str | None:
    value = said.get(field)
    if not isinstance(value, str | int) or isinstance(value, bool):
        return None
    return "".join(c for c in str(value) if c.isprintable() or c in "\n\t").strip()[:longest] or None


def _status(said: object) -> Status:
    found = STATUSES.get(said.strip().casefold()) if isinstance(said, str) else None
    if found is None:
        raise ValueError(f"{shown(said)} is neither open nor closed")
    return found


def _time(said: object, received: datetime) -> datetime:
    return not_ahead(moment_of(said), received)


FEED = Feed(
    title=Words(id="Permintaan layanan (Open311)", en="Service requests (Open311)"),
    parse=parse,
    content_types=("application/json", "application/xml", "text/xml"),
    seal=seal,
    silent_s=3600,
)
