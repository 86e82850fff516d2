"""TopoJSON as GeoJSON features: shared arcs put together again, quantised numbers made degrees. Pure."""

from collections.abc import Iterator
from typing import Any

from geodata.errors import BadPayload
from layers.fields import number

_MOST_POINTS = 200_000
Position = tuple[float, float]


class Topology:
    """One topology. Raises BadPayload when its arcs or its transform cannot be read."""

    def __init__(self, said: dict[str, Any]) -> None:
        self._scale, self._translate, self._is_quantised = _transform(said.get("transform"))
        arcs = said.get("arcs", [])
        if not isinstance(arcs, list) or sum(len(arc) for arc in arcs if isinstance(arc, list)) > _MOST_POINTS:
            raise BadPayload("arcs: this topology has no list of arcs, or too many points", field="arcs")
        self._arcs = arcs
        self._objects = said.get("objects")

    def features(self) -> Iterator[dict[str, Any]]:
        """(type, properties, geometry) of each geometry of every object; one that cannot be read has geometry None."""
        objects = self._objects if isinstance(self._objects, dict) else {}
        for one in objects.values():
            geometries = one.get("geometries", [one]) if isinstance(one, dict) else []
            for geometry in geometries if isinstance(geometries, list) else []:
                if isinstance(geometry, dict):
                    yield {
                        "type": "Feature",
                        "properties": geometry.get("properties"),
                        "geometry": self._geometry(geometry),
                    }

    def _geometry(self, said: dict[str, Any]) -> dict[str, Any] | None:
        try:
            return self._read(said)
        except (BadPayload, ValueError, TypeError, IndexError, KeyError):
            return None

    def _read(self, said: dict[str, Any]) -> dict[str, Any] | None:
        kind = said.get("type")
        if kind == "Point":
            return {"type": "Point", "coordinates": list(self._place(said["coordinates"]))}
        if kind == "Polygon":
            return {"type": "Polygon", "coordinates": [self._ring(ring) for ring in said["arcs"]]}
        if kind == "MultiPolygon":
            rings = [[self._ring(ring) for ring in polygon] for polygon in said["arcs"]]
            return {"type": "MultiPolygon", "coordinates": rings}
        return None

    def _ring(self, numbers: list[int]) -> list[list[float]]:
        """Arcs end to end: where one ends the next begins, and that corner is told once."""
        ring: list[list[float]] = []
        for arc in numbers:
            line = self._arc(arc)
            ring.extend(line[1:] if ring else line)
        return ring

    def _arc(self, index: int) -> list[list[float]]:
        """An index below zero means the arc ~index, walked backwards."""
        said = self._arcs[~index if index < 0 else index]
        x, y, line = 0.0, 0.0, []
        for dx, dy, *_ in said:
            x, y = (x + number(dx), y + number(dy)) if self._is_quantised else (number(dx), number(dy))
            line.append([x * self._scale[0] + self._translate[0], y * self._scale[1] + self._translate[1]])
        return line[::-1] if index < 0 else line

    def _place(self, said: list[Any]) -> Position:
        x, y = number(said[0]), number(said[1])
        return x * self._scale[0] + self._translate[0], y * self._scale[1] + self._translate[1]


def _transform(said: object) -> tuple[Position, Position, bool]:
    if said is None:
        return (1.0, 1.0), (0.0, 0.0), False
    try:
        scale, translate = said["scale"], said["translate"]  # type: ignore[index]  # whatever it is, it is tried
        return (number(scale[0]), number(scale[1])), (number(translate[0]), number(translate[1])), True
    except (TypeError, KeyError, IndexError, ValueError) as error:
        raise BadPayload("transform: it has no scale and translate of two numbers", field="transform") from error
