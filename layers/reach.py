"""Who could come to a place soonest: units with a fresh position, by a band of travel times; and why others not. Pure.

A band, not a minute: the way is guessed from the straight line, and neither the river nor the traffic is known.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np

from geodata.nearest import distances_m
from geodata.places import Ground, place_or_none
from layers.layer import Words
from layers.responders import Responder

COARSE_M, FAR_M = 1_000.0, 20_000.0
_DETOUR_LEAST, _DETOUR_MOST = 1.1, 1.8
_SPEEDS_MPS: Mapping[str, tuple[float, float]] = {"vehicle": (5.0, 13.0), "volunteer": (3.0, 10.0)}

Unfit = Literal["unregistered", "off_duty", "busy", "no_position", "stale", "coarse", "far"]
UNFIT_WORDS: Mapping[Unfit, Words] = {
    "unregistered": Words(id="tidak terdaftar", en="not registered"),
    "off_duty": Words(id="tidak bertugas", en="off duty"),
    "busy": Words(id="sedang bertugas", en="on a task"),
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
    """Those who could come, the one that is there soonest even at worst first; and how many could not, by reason.

    `volunteers_here`: the volunteers among all who could come that are in the kelurahan of the place: neighbours,
    who may be at hand before an agency is.
    """

    able: tuple[Able, ...]
    volunteers_here: tuple[Able, ...]
    unfit: Mapping[Unfit, int]

    @property
    def why_nobody(self) -> Words | None:
        """A sentence for the operator when nobody could come; None when somebody could."""
        if self.able:
            return None
        if not self.unfit:
            return Words(id="Belum ada armada atau relawan yang dikenal", en="No vehicle or volunteer is known yet")
        counted = [(count, UNFIT_WORDS[reason]) for reason, count in self.unfit.items()]
        return Words(
            id="Tidak ada yang dapat datang: " + ", ".join(f"{count} {words.id}" for count, words in counted),
            en="Nobody could come: " + ", ".join(f"{count} {words.en}" for count, words in counted),
        )


def reach(  # noqa: PLR0913, PLR0917 — who, where, when, who is busy, and how many of them
    responders: Iterable[Responder],
    lon: float,
    lat: float,
    now: datetime,
    ground: Ground,
    busy: Collection[str] = (),
    most: int = 10,
) -> Reach:
    """Every unit judged for a place; `busy` are the ids of those that have a task."""
    judged = ["busy" if _is_busy(one, busy) else _judged(one, lon, lat, now, ground) for one in responders]
    able = sorted((one for one in judged if isinstance(one, Able)), key=lambda one: (one.latest_s, one.responder.id))
    unfit = Counter(one for one in judged if not isinstance(one, Able))
    code = ground.places.kelurahan_at(lon, lat)
    near = [one for one in able if code and one.responder.unit_kind == "volunteer" and _area(one, ground) == code]
    return Reach(able=tuple(able[:most]), volunteers_here=tuple(near[:most]), unfit=dict(unfit.most_common()))


def reach_m(kind: str, within_s: float) -> tuple[float, float]:
    """How far a unit of that kind comes in that time: surely, and at best."""
    slow, fast = _SPEEDS_MPS[kind]
    return within_s * slow / _DETOUR_MOST, within_s * fast / _DETOUR_LEAST


def _area(one: Able, ground: Ground) -> str | None:
    position = one.responder.position
    place = place_or_none(ground.city, position.lon, position.lat) if position else None
    return ground.places.kelurahan_at(*place) if place else None


def _judged(unit: Responder, lon: float, lat: float, now: datetime, ground: Ground) -> Able | Unfit:
    reason = _unfit(unit)
    if reason is not None or unit.position is None or unit.observed_at is None:
        return reason or "no_position"
    age_s = max(0.0, (now - unit.observed_at).total_seconds())
    if age_s > ground.city.tracker(unit.source).lost_s:
        return "stale"
    accuracy_m = unit.position.accuracy_m or 0.0
    if accuracy_m > COARSE_M:
        return "coarse"
    far_m = float(distances_m(lon, lat, np.array([[unit.position.lon, unit.position.lat]]))[0])
    if far_m > FAR_M:
        return "far"
    slow, fast = _SPEEDS_MPS[unit.unit_kind]
    unsure_m = accuracy_m + age_s * slow
    return Able(
        responder=unit,
        distance_m=far_m,
        age_s=age_s,
        accuracy_m=accuracy_m,
        soonest_s=max(0.0, far_m - unsure_m) * _DETOUR_LEAST / fast,
        latest_s=(far_m + unsure_m) * _DETOUR_MOST / slow,
    )


def _is_busy(unit: Responder, busy: Collection[str]) -> bool:
    return unit.id in busy and _unfit(unit) is None


def _unfit(unit: Responder) -> Unfit | None:
    """Why it could not come wherever it were."""
    if unit.unit_kind not in _SPEEDS_MPS:
        return "unregistered"
    return "off_duty" if unit.is_on_duty is False else None
