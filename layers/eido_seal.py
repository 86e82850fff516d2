"""What of an EIDO may be kept: no caller, no callback, no call taker, no person, no vehicle. Pure.

Only components and fields that are named here pass: what a later version of the standard adds is left out by itself.
"""

import re
from typing import Any
from xml.etree.ElementTree import Element

import orjson

from geodata.errors import BadPayload
from layers.caller_seal import masked
from layers.markup import local, xml_of

ENVELOPE = frozenset({
    "$id", "lastUpdateTimeStamp", "updatedByAgencyReference", "eidoVersion", "issuingElementIdentification",
    "incidentTrackingIdentifier",
})  # fmt: skip
COMPONENTS = frozenset({
    "incidentComponent", "callComponent", "dispatchComponent", "dispositionComponent", "agencyComponent",
    "emergencyResourceComponent", "locationComponent", "notesComponent",
})  # fmt: skip
FIELDS = ENVELOPE | {
    "incidentTypeCommonRegistryText", "incidentTypeInternalText", "incidentTypeInternalCode",
    "incidentStatusCommonRegistryText", "incidentStatusInternalText", "incidentCommonPriorityNumber",
    "internalIncidentId", "locationReference", "notesReference", "dispositionComponent", "dispositionReference",
    "callStartTimestamp",
    "agencyReference", "emergencyResourceReference",
    "dispositionCommonRegistryCode", "dispositionPrimaryIndicator",
    "agencyRoleDescriptionRegistryText", "agencyType", "incidentOwningAgencyIndicator", "organizationIdentification",
    "emergencyResourceName", "primaryUnitStatusRegistryText", "secondaryUnitStatusRegistryText",
    "locationTypeDescriptionRegistryText", "locationByValue",
    "notesActionComments", "notesText",
    "$ref",
}  # fmt: skip
_NUMBERS = re.compile(r"\s+")
_LAT_LON = 2


def seal(payload: bytes, _key: bytes) -> bytes:
    """The object without any person; sealing it again changes nothing. What is no JSON is not kept at all."""
    try:
        said = orjson.loads(payload)
    except orjson.JSONDecodeError:
        return b""
    return orjson.dumps([_envelope(one) for one in said] if isinstance(said, list) else _envelope(said))


def _envelope(said: Any) -> Any:  # noqa: ANN401 — JSON
    if not isinstance(said, dict):
        return None
    kept = {name: _kept(value) for name, value in said.items() if name in ENVELOPE}
    return kept | {name: _kept(value) for name, value in said.items() if name in COMPONENTS}


def _kept(said: Any, name: str = "") -> Any:  # noqa: ANN401 — JSON
    if isinstance(said, dict):
        return {field: _kept(value, field) for field, value in said.items() if field in FIELDS}
    if isinstance(said, list):
        return [_kept(one, name) for one in said]
    if name == "locationByValue":
        return place_text(said)
    return masked(said) if name in {"notesActionComments", "notesText"} and isinstance(said, str) else said


def place_text(said: object) -> str:
    """Of a PIDF-LO only the point: it also names the caller, the provider and the house. Empty where there is none."""
    place = lon_lat_of(said)
    return "" if place is None else f"<pos>{place[1]!r} {place[0]!r}</pos>"


def lon_lat_of(said: object) -> tuple[float, float] | None:
    """The point of a PIDF-LO: the first GML position, or the centre of its circle or ellipse."""
    if not isinstance(said, str) or not said.strip():
        return None
    try:
        root = xml_of(said.strip().encode())
        found = next((pair for one in root.iter() if local(one) == "pos" for pair in [_pair(one)]), None)
    except (BadPayload, ValueError):
        return None
    return found


def _pair(element: Element) -> tuple[float, float]:
    """GML of EPSG:4326 and 4979 is latitude first."""
    parts = _NUMBERS.split((element.text or "").strip())
    lat, lon = (float(part) for part in parts[:_LAT_LON])
    if not (abs(lat) <= 90 and abs(lon) <= 180):  # noqa: PLR2004 — degrees
        raise ValueError("no place on Earth")
    return lon, lat
