"""PetaBencana.id: what citizens report of a disaster, and the areas it lists as flooded; GeoJSON or TopoJSON.

Only confirmed reports are taken. What somebody wrote is not kept: it may name people, and the kind of the disaster with
its depth says what a room needs. A list of flooded areas replaces the one before it whole.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import orjson

from geodata.errors import BadPayload
from layers.event import Event
from layers.feed import Feed, Rejected
from layers.fields import between, bytes_of, field_of, json_of, moment_of, name_of, not_ahead, number, shown
from layers.floods import FloodedArea, FloodsListed
from layers.layer import Words
from layers.public_reports import PublicReportMade
from layers.records import said_by, text
from layers.rings import Ring
from layers.topojson import Topology

_PUBLISHER = "PetaBencana"
_KINDS = {
    "flood": "Banjir", "earthquake": "Gempa", "haze": "Kabut asap", "wind": "Angin kencang", "volcano": "Gunung api",
    "fire": "Kebakaran hutan", "landslide": "Tanah longsor",
}  # fmt: skip
_DEPTHS = {1: "10\N{EN DASH}30 cm", 2: "31\N{EN DASH}70 cm", 3: "71\N{EN DASH}150 cm", 4: "> 150 cm"}
_FLOODS = "floods"
_MOST = 5_000
Said = dict[str, Any]


def addressed(payload: bytes, topic: str) -> bytes:
    """With what was asked for: an empty list does not say of what."""
    if not urlsplit(topic).path.rstrip("/").endswith(f"/{_FLOODS}"):
        return payload
    said = orjson.loads(payload)
    return orjson.dumps({**said, "asked": _FLOODS}) if isinstance(said, dict) else payload


def parse(payload: bytes, received: datetime) -> Iterator[Event | Rejected]:
    """An event per report, one for a whole list of floods; a bad item costs only itself."""
    said = json_of(payload)
    result = said.get("result") if isinstance(said, dict) else None
    if not isinstance(result, dict):
        raise BadPayload("result: missing; this is not an answer of PetaBencana", field="result")
    features = _features(result)
    areas: list[FloodedArea] = []
    is_whole = True
    is_list = said.get("asked") == _FLOODS or any(_is_area(one) for one in features)
    for one in features:
        try:
            if _is_area(one):
                areas.extend(_area(one, received))
            else:
                yield from _report(one, received)
        except BadPayload as error:
            is_whole = False
            yield Rejected(original=bytes_of(one, payload), reason=str(error), field=error.field)
    if is_list and (areas or is_whole):  # where nothing of it can be read, nobody says that all is dry
        listed = FloodsListed(publisher=_PUBLISHER, areas=tuple(sorted(areas, key=lambda area: area.id)))
        yield said_by("petabencana", listed, None, received)


def _features(result: Said) -> list[Any]:
    if result.get("type") == "Topology":
        found: Any = list(Topology(result).features())
    else:
        found = result.get("features")
    if not isinstance(found, list) or len(found) > _MOST:
        raise BadPayload(f"result: it has no features, or more than {_MOST}", field="result")
    return found


def _properties(one: object) -> Said:
    properties = one.get("properties") if isinstance(one, dict) else None
    if not isinstance(properties, dict):
        raise BadPayload(f"a feature has properties, not {shown(properties)}", field="properties")
    return properties


def _is_area(one: object) -> bool:
    properties = one.get("properties") if isinstance(one, dict) else None
    return isinstance(properties, dict) and "area_id" in properties and "pkey" not in properties


def _report(one: Any, received: datetime) -> Iterator[Event]:  # noqa: ANN401 — JSON
    said = _properties(one)
    key = field_of(said, "pkey", name_of)
    if said.get("status") != "confirmed":
        return
    at = field_of(said, "created_at", lambda moment: not_ahead(moment_of(moment), received))
    lon, lat = _place(one.get("geometry"))
    given = said.get("report_data")
    data: Said = given if isinstance(given, dict) else {}
    kind = str(said.get("disaster_type") or data.get("report_type") or "")
    name = _KINDS.get(kind)
    if name is None:
        raise BadPayload(f"disaster_type: {shown(kind)} is none of: {', '.join(_KINDS)}", field="disaster_type")
    depth = data.get("flood_depth")
    deep = f" {between(0, 1000, depth):.0f} cm" if kind == "flood" and _is_number(depth) else ""
    fact = PublicReportMade(
        report=f"petabencana-{key}",
        title=f"{name}{deep}",
        publisher=_PUBLISHER,
        hazard=name.casefold(),
        lon=lon,
        lat=lat,
    )
    yield said_by("petabencana", fact, at, received)


def _is_number(said: object) -> bool:
    try:
        return 0 < number(said) <= 1000  # noqa: PLR2004 — ten metres of water
    except ValueError:
        return False


def _place(geometry: object) -> tuple[float, float]:
    where = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
    if not isinstance(where, list) or len(where) < 2:  # noqa: PLR2004 — lon, lat
        raise BadPayload("geometry: a report has a point", field="geometry")
    return _degrees(where)


def _degrees(where: Any) -> tuple[float, float]:  # noqa: ANN401 — JSON
    try:
        return between(-180, 180, where[0]), between(-90, 90, where[1])
    except (ValueError, TypeError, IndexError, KeyError) as error:
        raise BadPayload(f"geometry: {shown(where)} is no position", field="geometry") from error


def _area(one: Any, received: datetime) -> Iterator[FloodedArea]:  # noqa: ANN401 — JSON
    said = _properties(one)
    if said.get("state") in (None, "", 0, "0"):
        return
    rank = int(field_of(said, "state", partial(between, 1, 4)))
    updated = said.get("last_updated")
    yield FloodedArea(
        id=field_of(said, "area_id", name_of),
        name=field_of(said, "area_name", partial(text, 100)),
        rank=rank,
        depth=_DEPTHS[rank],
        polygons=_rings(one.get("geometry")),
        updated_at=field_of(said, "last_updated", lambda at: not_ahead(moment_of(at), received)) if updated else None,
    )


def _rings(geometry: object) -> tuple[Ring, ...]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in {"Polygon", "MultiPolygon"}:
        raise BadPayload("geometry: a flooded area has a polygon", field="geometry")
    coordinates = geometry.get("coordinates")
    try:
        polygons = [coordinates] if kind == "Polygon" else list(coordinates)  # type: ignore[arg-type]  # tried, as above
        return tuple(tuple(_degrees(where) for where in polygon[0]) for polygon in polygons)  # type: ignore[index]
    except (TypeError, IndexError, KeyError) as error:
        raise BadPayload("geometry: this polygon cannot be read", field="geometry") from error


FEED = Feed(
    title=Words(id="PetaBencana", en="PetaBencana"),
    parse=parse,
    addressed=addressed,
    credit="Laporan dan genangan: PetaBencana.id",
)
