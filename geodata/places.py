"""Point → kelurahan, and what lies near a point. Positions that are no place are None, never 0,0."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shapely.geometry.base import BaseGeometry

from geodata.city import City
from geodata.obstacles import NO_OBSTACLES, Obstacles


@dataclass(frozen=True, slots=True, kw_only=True)
class Kelurahan:
    """One kelurahan or desa. `lon`, `lat` is a point inside it, for its label."""

    code: str
    name: str
    kecamatan: str
    lon: float
    lat: float
    area_km2: float


class Places(Hashable, Protocol):
    """What the other rooms ask of the ground; `geodata` builds the one implementation. Never changes."""

    @property
    def areas(self) -> Mapping[str, Kelurahan]:
        """All kelurahan by code."""

    @property
    def is_approximate(self) -> bool:
        """True while the boundaries are cells built from facts ("batas perkiraan")."""

    def kelurahan_at(self, lon: float, lat: float) -> str | None:
        """Code of the kelurahan that holds the point; None for no place."""

    def kelurahan_at_many(self, lons: Sequence[float], lats: Sequence[float]) -> list[str | None]:
        """The same for many points at once."""

    def shares_within(self, shape: BaseGeometry) -> Mapping[str, float]:
        """How much of each area lies within a shape, 0 to 1; areas it does not touch are left out."""

    def boundaries_geojson(self) -> dict[str, Any]:
        """FeatureCollection of the areas: id = code; properties code, name, kecamatan, approximate, source."""

    def labels_geojson(self) -> dict[str, Any]:
        """FeatureCollection of one label point per area: id = code; properties code, name, area_km2."""

    def river_geojson(self) -> dict[str, Any]:
        """FeatureCollection of the river between the banks; empty where the city has none on file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A city and its places: all that does not move."""

    city: City
    places: Places
    obstacles: Obstacles = NO_OBSTACLES


def place_or_none(city: City, lon: float | None, lat: float | None) -> tuple[float, float] | None:
    """The position, or None if it is missing, NaN, at 0,0 or outside the city's extent."""
    if lon is None or lat is None or not city.extent.holds(lon, lat) or (lon == 0 and lat == 0):
        return None
    return lon, lat
