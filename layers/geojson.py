"""GeoJSON as records of our own dialects: the properties are the fields, a point is lon and lat. Pure."""

from collections.abc import Collection
from typing import Any

from geodata.errors import BadPayload
from layers.fields import shown

_LON_LAT = 2


def records_in(said: Any) -> list[Any] | None:  # noqa: ANN401 — JSON from outside
    """The items of a payload: a list's, a FeatureCollection's, or the one object; None for anything else."""
    if isinstance(said, dict) and said.get("type") == "FeatureCollection":
        features = said.get("features")
        if not isinstance(features, list):
            raise BadPayload("features: missing; a FeatureCollection has a list of them", field="features")
        return features
    if isinstance(said, list):
        return said
    return [said] if isinstance(said, dict) else None


def record_of(item: Any, known: Collection[str]) -> Any:  # noqa: ANN401 — as above
    """A Feature as one record; what is no Feature stays as it is.

    `known` are the record's own fields. What the properties say themselves counts more than what GeoJSON says around
    them: `id`, and the place.
    """
    if not isinstance(item, dict) or item.get("type") != "Feature" or "properties" not in item:
        return item
    properties = item["properties"]
    if not isinstance(properties, dict):
        raise BadPayload(f"properties: {shown(properties)} is no object", field="properties")
    around = {"id": item["id"]} if item.get("id") is not None else {}
    if {"lon", "lat"} <= set(known) and not {"lon", "lat"} & set(properties):
        around |= _place(item.get("geometry"))
    return {**around, **properties}


def _place(geometry: object) -> dict[str, Any]:
    """Only a point is a place: the middle of a line or an area is nobody's word."""
    if geometry is None:
        return {}
    where = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
    if not isinstance(where, list) or len(where) < _LON_LAT:
        raise BadPayload("geometry: send a Point, or lon and lat among the properties", field="geometry")
    return {"lon": where[0], "lat": where[1]}
