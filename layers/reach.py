"""Who could come to a place soonest: units with a fresh position, by a band of travel times; and why others not. Pure.

A band, not a minute: the way is guessed from the straight line, and neither the river nor the traffic is known.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np

from geodata.nearest import distances_m
from layers.layer import Words
from layers.responders import Responder

FRESH_S, COARSE_M, FAR_M = 300.0, 1_000.0, 20_000.0
_DETOUR_LEAST, _DETOUR_MOST = 1.1, 1.8
_SPEEDS_MPS: Mapping[str, tuple[float, float]] = {"vehicle": (5.0, 13.0), "volunteer": (3.0, 10.0)}

Unfit = Literal["unregistered", "no_position", "stale", "coarse", "far"]
UNFIT_WORDS: Mapping[Unfit, Words] = {
    "unregistered": Words(id="tidak terdaftar", en="not registered"),
    "no_position": Words(id="belum ada posisi", en="no position yet"),
    "stale": Words(id="posisi lama", en="stale position"),
    "coarse": Words(id="posisi terlalu kasar", en="position too coarse"),
    "far": Words(id="di luar jangkauan", en="out of range"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Able:
    """A unit that could come. `soonest_s` and `latest_s` count its distance, accuracy and the age of its position."""

    responder: Responder
    distance_m: float
    age_s: float
    accuracy_m: float
    soonest_s: float
    latest_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Those who could come, the one that is there soonest even at worst first; and how many could not, by reason."""

    able: tuple[Able, ...]
    unfit: Mapping[Unfit, int]


def reach(responders: Iterable[Responder], lon: float, lat: float, now: datetime, most: int = 10) -> Reach:
    """Every unit judged for a place."""
    judged = [_judged(one, lon, lat, now) for one in responders]
    able = sorted((one for one in judged if isinstance(one, Able)), key=lambda one: (one.latest_s, one.responder.id))
    unfit = Counter(one for one in judged if not isinstance(one, Able))
    return Reach(able=tuple(able[:most]), unfit=dict(unfit.most_common()))


def _judged(unit: Responder, lon: float, lat: float, now: datetime) -> Able | Unfit:
    if unit.unit_kind not in _SPEEDS_MPS:
        return "unregistered"
    if unit.position is None or unit.observed_at is None:
        return "no_position"
    age_s = max(0.0, (now - unit.observed_at).total_seconds())
    if age_s > FRESH_S:
        return "stale"
    accuracy_m = unit.position.accuracy_m or 0.0
    if accuracy_m > COARSE_M:
        return "coarse"
    far_m = float(distances_m(lon, lat, np.array([[unit.position.lon, unit.position.lat]]))[0])
    if far_m > FAR_M:
        return "far"
    slow, fast = _SPEEDS_MPS[unit.unit_kind]
    unsure_m = accuracy_m + min(age_s, FRESH_S) * slow
    return Able(
        responder=unit,
        distance_m=far_m,
        age_s=age_s,
        accuracy_m=accuracy_m,
        soonest_s=max(0.0, far_m - unsure_m) * _DETOUR_LEAST / fast,
        latest_s=(far_m + unsure_m) * _DETOUR_MOST / slow,
    )
