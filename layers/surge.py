"""Surge: several reports of one thing are one thing; more calls than usual are a surge. Pure and reproducible.

Nothing is merged in the log: folding is a way to look at the reports, made anew from them each time, so an operator's
word that two are one, or are not, changes it at once and can be taken back.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from geodata.nearest import distances_m
from geodata.places import Ground
from layers.call_tally import BUCKET, bucket_start, count_of, tallies_between
from layers.event import Mode
from layers.incident_facts import Incident
from layers.incident_reading import category_of, kelurahan_of, position_of, priority_of
from layers.situation import Things

NEAR_M = 250.0
SOON = timedelta(minutes=30)
_SAME_KELURAHAN = 0.4
_CELL_DEG = 1.05 * NEAR_M / 111_320.0  # a little wider than near, since degrees of longitude shrink off the equator
_BACK_DAYS, _LEAST_DAYS = 28, 7
_LEAST_CALLS = 5
_AT_WORK = timedelta(hours=6)
"""A day is compared with only where some call was told of in the hours before: else nobody counted then."""

_UNLIKELY = 0.001
WEIGHTS: Mapping[int, int] = {1: 8, 2: 4, 3: 2, 4: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """Reports that seem to be of one thing. `first` is the earliest; `confidence` 0 to 1 grows with nearness.

    1 where an operator said so. It ranks, it is no probability.
    """

    first: Incident
    others: tuple[Incident, ...]
    confidence: float

    @property
    def reports(self) -> int:
        """How many reports it is made of."""
        return 1 + len(self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surge:
    """The calls of the last hour beside those of the same hour of earlier days. `expected` None: too few days.

    `chance`: how likely so many or more are on an ordinary day; `is_surge` when that is under one in a thousand.
    """

    calls: int
    expected: float | None
    days: int
    chance: float | None

    @property
    def is_surge(self) -> bool | None:
        """None while there is nothing to compare with."""
        return None if self.chance is None else self.chance < _UNLIKELY and self.calls >= _LEAST_CALLS


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressure:
    """How hard a kelurahan is pressed: open incidents, the gravest counting most, and those nobody has reached."""

    kelurahan: str
    open: int
    critical: int
    waiting: int
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    incident: Incident
    category: str
    at: datetime
    lon: float
    lat: float
    is_exact: bool
    kelurahan: str | None


def folded(
    incidents: Iterable[Incident], ground: Ground, joins: Mapping[str, str | None] | None = None
) -> list[Folded]:
    """Every thing and its reports, the earliest report first; the same for the same incidents in any order.

    A report joins the nearest earlier thing of its category within `NEAR_M` and `SOON` of that thing's first report.
    `joins` maps an incident to the one it is part of, by an operator's word; None: it stands alone.
    """
    said, placed = joins or {}, sorted(_placed(incidents, ground), key=lambda one: (one.at, one.incident.id))
    known = {one.incident.id for one in placed}
    leads = _Leads()
    members: dict[str, list[tuple[_Placed, float]]] = {}
    by_id: dict[str, _Placed] = {}
    for one in placed:
        by_id[one.incident.id] = one
        if one.incident.id in said:
            continue
        lead = leads.nearest(one)
        if lead is None:
            members[one.incident.id] = []
            leads.add(one)
        else:
            members[lead[0].incident.id].append((one, lead[1]))
    for part in sorted(known & set(said)):
        whole = _whole(part, said, members)
        members.setdefault(whole or part, [])
        if whole is not None:
            members[whole].append((by_id[part], 1.0))
    return [_folded(by_id[first], others) for first, others in members.items()]


def _whole(part: str, said: Mapping[str, str | None], members: Mapping[str, Sequence[Any]]) -> str | None:
    """The thing a report was put into; through others, never in a circle. None: it stands alone."""
    seen, whole = {part}, said[part]
    while whole is not None and whole not in members:
        inside = next((lead for lead, some in members.items() if any(m.incident.id == whole for m, _ in some)), None)
        if inside is not None or whole in seen or whole not in said:
            return inside
        seen.add(whole)
        whole = said[whole]
    return whole


def _folded(first: _Placed, others: Sequence[tuple[_Placed, float]]) -> Folded:
    sure = [confidence for _, confidence in others]
    return Folded(
        first=first.incident,
        others=tuple(one.incident for one, _ in others),
        confidence=round(sum(sure) / len(sure), 2) if sure else 1.0,
    )


def _placed(incidents: Iterable[Incident], ground: Ground) -> Iterator[_Placed]:
    for incident in incidents:
        where = position_of(incident, ground)
        if incident.report is None:
            continue
        lon, lat, is_exact = where or (math.nan, math.nan, False)
        yield _Placed(
            incident=incident,
            category=category_of(incident, ground.city).id,
            at=incident.report.reported_at,
            lon=lon,
            lat=lat,
            is_exact=is_exact,
            kelurahan=kelurahan_of(incident, ground),
        )


class _Leads:
    """The first reports so far, found by their place without looking at all of them."""

    def __init__(self) -> None:
        self._by_cell: dict[tuple[str, int, int], list[_Placed]] = defaultdict(list)
        self._by_area: dict[tuple[str, str | None], list[_Placed]] = defaultdict(list)

    def add(self, one: _Placed) -> None:
        """Remember a first report; one without a place leads nobody."""
        if one.is_exact:
            self._by_cell[_cell(one)].append(one)
        self._by_area[one.category, one.kelurahan].append(one)

    def nearest(self, one: _Placed) -> tuple[_Placed, float] | None:
        """The one it is most like, and how much."""
        if one.kelurahan is None and not one.is_exact:
            return None
        scored = [(lead, likeness) for lead in self._near(one) if (likeness := _likeness(lead, one)) is not None]
        return max(scored, key=lambda found: (found[1], found[0].incident.id), default=None)

    def _near(self, one: _Placed) -> Iterator[_Placed]:
        in_area = self._by_area[one.category, one.kelurahan]
        if not one.is_exact:
            yield from in_area
            return
        category, x, y = _cell(one)
        yield from (lead for dx in (-1, 0, 1) for dy in (-1, 0, 1) for lead in self._by_cell[category, x + dx, y + dy])
        yield from (lead for lead in in_area if not lead.is_exact)


def _cell(one: _Placed) -> tuple[str, int, int]:
    """Places further apart than two neighbouring cells are never near."""
    return one.category, math.floor(one.lon / _CELL_DEG), math.floor(one.lat / _CELL_DEG)


def _likeness(lead: _Placed, one: _Placed) -> float | None:
    """1 at the same place and moment, falling to a half at the rim of both; less where only the kelurahan is known."""
    apart_s = abs((one.at - lead.at).total_seconds())
    if apart_s > SOON.total_seconds():
        return None
    soon = 1 - 0.25 * apart_s / SOON.total_seconds()
    if not (lead.is_exact and one.is_exact):
        return _SAME_KELURAHAN * soon if lead.kelurahan is not None and lead.kelurahan == one.kelurahan else None
    far_m = float(distances_m(lead.lon, lead.lat, np.array([[one.lon, one.lat]]))[0])
    return None if far_m > NEAR_M else soon - 0.25 * far_m / NEAR_M


def surge(tallies: Things, now: datetime, mode: Mode = "live") -> Surge:
    """The two newest whole half hours against the same ones of the last four weeks. `tallies`: those of the layer."""
    until = bucket_start(now)
    days = [
        _calls_before(tallies, end, mode)
        for end in (until - timedelta(days=day) for day in range(1, _BACK_DAYS + 1))
        if any(tallies_between(tallies, end - _AT_WORK, end, mode))
    ]
    calls = _calls_before(tallies, until, mode)
    if len(days) < _LEAST_DAYS:
        return Surge(calls=calls, expected=None, days=len(days), chance=None)
    expected = sum(days) / len(days)
    return Surge(calls=calls, expected=expected, days=len(days), chance=at_least(calls, expected))


def _calls_before(tallies: Things, end: datetime, mode: Mode) -> int:
    return sum(count_of(tally) for tally in tallies_between(tallies, end - 2 * BUCKET, end, mode))


def at_least(count: int, expected: float) -> float:
    """How likely a Poisson count is at least so great."""
    term, below = math.exp(-expected), 0.0
    for number in range(count):
        below += term
        term *= expected / (number + 1)
    return max(0.0, 1.0 - below)


def pressures(incidents: Iterable[Incident], ground: Ground) -> list[Pressure]:
    """Every kelurahan with an open incident, the hardest pressed first. An incident weighs 8, 4, 2 or 1."""
    by_code: dict[str, list[Incident]] = defaultdict(list)
    for incident in incidents:
        code = kelurahan_of(incident, ground)
        if incident.is_open and code is not None:
            by_code[code].append(incident)
    found = [_pressure(code, some, ground) for code, some in by_code.items()]
    return sorted(found, key=lambda one: (-one.weight, one.kelurahan))


def _pressure(code: str, some: Sequence[Incident], ground: Ground) -> Pressure:
    graves = [priority_of(incident, ground.city) for incident in some]
    return Pressure(
        kelurahan=code,
        open=len(some),
        critical=graves.count(1),
        waiting=sum(incident.status not in {"di_lokasi", "tertangani"} for incident in some),
        weight=sum(WEIGHTS[priority] for priority in graves),
    )
