"""The k things nearest to a point, with their distances. Straight lines: no roads, no river in the way."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_EARTH_M = 6_371_008.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """One thing and how far away it is."""

    key: str
    distance_m: float


def nearest(lon: float, lat: float, candidates: Mapping[str, tuple[float, float]], k: int) -> list[Near]:
    """The `k` nearest of the candidates (key → lon, lat), nearest first; equally far ones by key.

    Candidates without a place (NaN or 0,0) are passed over. A point that is no place has nothing near it.
    """
    if not np.isfinite([lon, lat]).all() or (lon == 0 and lat == 0):
        return []
    keys = sorted(candidates)
    places = np.array([candidates[key] for key in keys], dtype=float).reshape(-1, 2)
    distances = distances_m(lon, lat, places)
    distances[(places == 0).all(axis=1)] = np.nan
    order = np.argsort(distances, kind="stable")[: max(k, 0)]
    found = [Near(key=keys[index], distance_m=float(distances[index])) for index in order.tolist()]
    return [near for near in found if np.isfinite(near.distance_m)]


def distances_m(lon: float, lat: float, places: Floats) -> Floats:
    """Great-circle distances from a point to places (n, 2), lon before lat; NaN where a place is NaN."""
    here_lat, lats = np.radians(lat), np.radians(places[:, 1])
    half_lat, half_lon = (lats - here_lat) / 2, np.radians(places[:, 0] - lon) / 2
    chord = np.sin(half_lat) ** 2 + np.cos(here_lat) * np.cos(lats) * np.sin(half_lon) ** 2
    return np.asarray(2 * _EARTH_M * np.arcsin(np.sqrt(np.clip(chord, 0, 1))))
