"""The map of a report: incidents per kelurahan, from light to dark, and the same as GeoJSON. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from dashboard.report_charts import step_of
from dashboard.report_document import Map, Outline
from dashboard.report_words import Tongue
from geodata.demo_city import SOURCE, SOURCE_EN
from geodata.places import Ground

_STEPS = 5


def area_map(  # noqa: PLR0913 — what is counted, and how it is said
    ground: Ground,
    counted: Mapping[str, int],
    note: str,
    say: Tongue,
    *,
    words: Callable[[int], str] | None = None,
    point: tuple[float, float] | None = None,
    title: str | None = None,
) -> Map:
    """Every kelurahan of the city, and whose boundaries they are. `words` says a count, for the legend."""
    most = max((count for code, count in counted.items() if code in ground.places.areas), default=0)
    areas = tuple(
        Outline(
            name=area["properties"]["name"],
            rings=_rings(area["geometry"]),
            step=step_of(counted.get(area["properties"]["code"], 0), most),
        )
        for area in ground.places.boundaries_geojson()["features"]
    )
    return Map(
        title=title or say("Kejadian per kelurahan", "Incidents per kelurahan"),
        areas=areas,
        note=note,
        credit=_credit(ground, say),
        steps=_legend(most, words or say.count, say) if point is None else (),
        point=point,
    )


def _credit(ground: Ground, say: Tongue) -> str:
    areas = ground.places.boundaries_geojson()["features"]
    names = {str(area["properties"].get("source") or "") for area in areas} - {""}
    named = ", ".join(sorted(say(name, SOURCE_EN if name == SOURCE else name) for name in names))
    return say(f"peta: {named}", f"map: {named}") if named else ""


def _legend(most: int, words: Callable[[int], str], say: Tongue) -> tuple[str, ...]:
    """The counts that each step stands for, the empty one first."""
    found: dict[int, list[int]] = {}
    for count in range(most + 1):
        found.setdefault(step_of(count, most), []).append(count)
    return tuple(_span(words(min(some)), words(max(some)), say) for _, some in sorted(found.items()))


def _span(low: str, high: str, say: Tongue) -> str:
    return low if low == high else say(f"{low} sampai {high}", f"{low} to {high}")


def _rings(geometry: Mapping[str, Any]) -> tuple[tuple[tuple[float, float], ...], ...]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return tuple(tuple((point[0], point[1]) for point in ring) for polygon in polygons for ring in polygon)


def as_geojson(ground: Ground, areas: Mapping[str, Mapping[str, str | float | None]], head: Mapping[str, Any]) -> Any:  # noqa: ANN401 — GeoJSON
    """The kelurahan with what was counted there; `head` says of what, when and by whom."""
    features = [
        {
            "type": "Feature",
            "id": area["properties"]["code"],
            "geometry": area["geometry"],
            "properties": {
                "code": area["properties"]["code"],
                "name": area["properties"]["name"],
                **areas.get(area["properties"]["code"], {}),
            },
        }
        for area in ground.places.boundaries_geojson()["features"]
    ]
    return {"type": "FeatureCollection", **head, "features": features}
