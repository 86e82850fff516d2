"""GeoJSON features as the layers draw them."""

from typing import Any, Literal, NotRequired, TypedDict


class Feature(TypedDict):
    """GeoJSON. Properties always hold `key`, `observed_at` (epoch s or None) and `source`.

    `geometry` is None where the shape is static and served once (boundaries).
    """

    type: Literal["Feature"]
    id: NotRequired[str]
    properties: dict[str, Any]
    geometry: dict[str, Any] | None


def feature(key: str, geometry: dict[str, Any] | None, **properties: Any) -> Feature:  # noqa: ANN401 — GeoJSON
    """A GeoJSON feature of the thing `key`; properties must hold `observed_at` and `source`."""
    return {"type": "Feature", "id": key, "properties": {"key": key, **properties}, "geometry": geometry}


def point(lon: float, lat: float) -> dict[str, Any]:
    """GeoJSON point geometry."""
    return {"type": "Point", "coordinates": [lon, lat]}
