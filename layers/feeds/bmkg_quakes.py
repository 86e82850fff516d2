"""Earthquakes as BMKG publishes them: the newest, the latest above M 5, those that were felt; JSON or XML.

Values are texts ("5.4", "10 km"), places "lat,lon". One earthquake has no id: it is known by when it shook. A list
leaves out what another one says (where it was felt, whether a tsunami may come); left out is not said, never false.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from geodata.errors import BadPayload
from layers.earthquakes import EarthquakeReported
from layers.event import Event
from layers.feed import Feed, Rejected
from layers.fields import between, bytes_of, field_of, json_of, moment_of, not_ahead, shown
from layers.layer import Words
from layers.markup import children, local, text_of, xml_of
from layers.markup_seal import seal_xml
from layers.records import said_by, text

_DEPTH = re.compile(r"(\d{1,4}(?:[.,]\d+)?)\s*km", re.IGNORECASE)
_TSUNAMI = re.compile(r"(tidak\s+)?berpotensi\s+tsunami", re.IGNORECASE)
_LONGEST = 400
_MOST = 200
Said = dict[str, Any]


def parse(payload: bytes, received: datetime) -> Iterator[Event | Rejected]:
    """One or many earthquakes; a bad one costs only itself."""
    for said in _quakes(payload):
        try:
            yield _event(said, received)
        except BadPayload as error:
            yield Rejected(original=bytes_of(said, payload), reason=str(error), field=error.field)


def _quakes(payload: bytes) -> list[object]:
    """The newest comes as an object, the others as lists of them."""
    found = _of_xml(payload) if payload.lstrip()[:1] == b"<" else _of_json(payload)
    if len(found) > _MOST:
        raise BadPayload(f"this list has {len(found)} earthquakes, at most {_MOST} are read")
    return found


def _of_json(payload: bytes) -> list[object]:
    said = json_of(payload)
    inner = said.get("Infogempa") if isinstance(said, dict) else None
    quakes = inner.get("gempa") if isinstance(inner, dict) else None
    if not isinstance(quakes, dict | list):
        raise BadPayload("Infogempa.gempa: missing; this is not BMKG's list of earthquakes", field="Infogempa")
    return quakes if isinstance(quakes, list) else [quakes]


def _of_xml(payload: bytes) -> list[object]:
    root = xml_of(payload)
    if local(root) != "Infogempa":
        raise BadPayload("Infogempa: missing; this is not BMKG's list of earthquakes", field="Infogempa")
    return [_as_json(quake) for quake in children(root, "gempa")]


def _as_json(quake: Any) -> Said:  # noqa: ANN401 — an Element
    said: Said = {local(child): child.text for child in quake}
    for place in children(quake, "point"):
        said["Coordinates"] = text_of(place, "coordinates")
    return said


def _event(said: object, received: datetime) -> Event:
    if not isinstance(said, dict):
        raise BadPayload(f"an earthquake is an object, not {shown(said)}")
    quaked_at = field_of(said, "DateTime", lambda at: not_ahead(moment_of(at), received))
    lon, lat = field_of(said, "Coordinates", _place)
    fact = EarthquakeReported(
        quake=f"bmkg-{quaked_at:%Y%m%d%H%M%S}",
        quaked_at=quaked_at,
        magnitude=field_of(said, "Magnitude", partial(between, -2, 11)),
        lon=lon,
        lat=lat,
        depth_km=_depth_km(said.get("Kedalaman")),
        place=_words(said, "Wilayah"),
        felt=_words(said, "Dirasakan"),
        may_raise_tsunami=_tsunami(said.get("Potensi")),
    )
    return said_by("bmkg_quakes", fact, quaked_at, received)


def _place(said: object) -> tuple[float, float]:
    """Latitude first, south negative; turned round."""
    lat, comma, lon = str(said).partition(",")
    if not comma:
        raise ValueError(f"{shown(said)} is not like -6.89,109.67")
    return between(-180, 180, lon), between(-90, 90, lat)


def _depth_km(said: object) -> float | None:
    found = _DEPTH.fullmatch(said.strip()) if isinstance(said, str) else None
    return float(found[1].replace(",", ".")) if found else None


def _words(said: Said, field: str) -> str | None:
    value = said.get(field)
    words = text(_LONGEST, value).strip() if isinstance(value, str) and len(value) <= _LONGEST else ""
    return words if words.strip("-") else None


def _tsunami(said: object) -> bool | None:
    found = _TSUNAMI.search(said) if isinstance(said, str) else None
    return None if found is None else found[1] is None


FEED = Feed(
    title=Words(id="Gempa bumi (BMKG)", en="Earthquakes (BMKG)"),
    parse=parse,
    content_types=("application/json", "application/xml", "text/xml"),
    seal=seal_xml,
    credit="Sumber: BMKG (Badan Meteorologi, Klimatologi, dan Geofisika)",
)
