"""Responders: agency vehicles and volunteers, where they are and how old that knowledge is."""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import numpy as np

from geodata.city import City
from geodata.clock import epoch_s
from geodata.places import place_or_none
from layers.event import Event, Mode
from layers.feature import Feature, feature, point
from layers.layer import Ages, Layer, Mark, Words
from layers.situation import Changes, Situation, Things
from layers.tracks import MEASURES, NEWEST, Speaker, Tracks
from layers.unit_facts import UnitKind, UnitRegistered

TRAIL_POINTS = NEWEST
_REMEMBER = timedelta(hours=12)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = 1_000_000
_PLACE_DIGITS = 6
_FULL_TURN_DEG = 360
_MOST_ACCURACY_M = 100_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionReported:
    """A tracker said where it is. Heading in degrees from north; None is "not said", never 0.

    Rounded to what a receiver in the street can know, so that years of them are small: a tenth of a metre in place
    and of a metre a second in speed, whole degrees, metres (up) and per cent.
    """

    kind: ClassVar[str] = "position_reported"
    unit: str
    lon: float
    lat: float
    heading_deg: float | None = None
    speed_mps: float | None = None
    accuracy_m: float | None = None
    battery_pct: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "lon", round(self.lon, _PLACE_DIGITS) + 0.0)
        object.__setattr__(self, "lat", round(self.lat, _PLACE_DIGITS) + 0.0)
        if self.heading_deg is not None:
            object.__setattr__(self, "heading_deg", _turned(round(self.heading_deg, 0)))
        if self.speed_mps is not None:
            object.__setattr__(self, "speed_mps", round(self.speed_mps, 1) + 0.0)
        if self.accuracy_m is not None:
            object.__setattr__(self, "accuracy_m", -(-self.accuracy_m // 1) + 0.0)
        if self.battery_pct is not None:
            object.__setattr__(self, "battery_pct", round(self.battery_pct, 0) + 0.0)


def _turned(heading_deg: float) -> float:
    """359.7 is north, too."""
    return 0.0 if heading_deg == _FULL_TURN_DEG else heading_deg + 0.0


TrailPoint = tuple[float, float, float]
"""(epoch seconds, lon, lat)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Responder:
    """One unit as known now. `position` is None until it has reported a place.

    `trail` holds the newest places, oldest first, also those that arrived late. `source` and `mode` are those
    of the position, and of the registration while there is none.
    """

    id: str
    name: str
    unit_kind: UnitKind = "unknown"
    agency: str | None = None
    is_on_duty: bool | None = None
    registered_at: datetime | None = None
    position: PositionReported | None = None
    observed_at: datetime | None = None
    trail: tuple[TrailPoint, ...] = ()
    source: str
    mode: Mode


def fold(things: Things, event: Event) -> Changes:
    """A late position does not move a unit back; a late registration does not rename it back."""
    fact = event.fact
    if not isinstance(fact, (PositionReported, UnitRegistered)):
        return {}
    if isinstance(fact, PositionReported) and fact.lon == 0 and fact.lat == 0:
        return {}  # a receiver without a fix says 0,0: it lives, but where it is nobody knows
    before = things.get(fact.unit)
    known = before or Responder(id=fact.unit, name=fact.unit, source=event.source, mode=event.mode)
    told = _moved(known, fact, event) if isinstance(fact, PositionReported) else _registered(known, fact, event)
    return {} if told is before else {fact.unit: told}


def _moved(before: Responder, fact: PositionReported, event: Event) -> Responder:
    trail = _longer(before.trail, (epoch_s(event.at), fact.lon, fact.lat))
    if not _is_newer(event, fact, before):
        return before if trail == before.trail else replace(before, trail=trail)
    return Responder(
        id=before.id,
        name=before.name,
        unit_kind=before.unit_kind,
        agency=before.agency,
        is_on_duty=before.is_on_duty,
        registered_at=before.registered_at,
        position=fact,
        observed_at=event.at,
        trail=trail,
        source=event.source,
        mode=event.mode,
    )


def _is_newer(event: Event, fact: PositionReported, before: Responder) -> bool:
    """Of two positions of one moment the one that says more wins, and the same one in whatever order they came."""
    if before.observed_at is None or before.position is None or event.at != before.observed_at:
        return before.observed_at is None or event.at > before.observed_at
    rank = _said(before.position), str(before.position), before.source
    return (_said(fact), str(fact), event.source) > rank


def _said(fact: PositionReported) -> int:
    """How many measures it holds besides the place."""
    return sum(one is not None for one in (fact.heading_deg, fact.speed_mps, fact.accuracy_m, fact.battery_pct))


def _longer(trail: tuple[TrailPoint, ...], place: TrailPoint) -> tuple[TrailPoint, ...]:
    if not trail or place > trail[-1]:
        return (*trail[1 - TRAIL_POINTS :], place)
    return trail if place in trail else tuple(sorted((*trail, place)))[-TRAIL_POINTS:]


def _registered(before: Responder, fact: UnitRegistered, event: Event) -> Responder:
    told = replace(
        before,
        name=fact.name,
        unit_kind=fact.unit_kind,
        agency=fact.agency,
        is_on_duty=fact.is_on_duty,
        registered_at=event.at,
    )
    if before.registered_at and _registration(before) >= _registration(told):
        return before
    return told if before.position else replace(told, source=event.source, mode=event.mode)


def _registration(one: Responder) -> tuple[datetime | None, str, str, str, str]:
    return one.registered_at, one.name, one.unit_kind, one.agency or "", str(one.is_on_duty)


def keep(responder: Responder, now: datetime) -> bool:
    """Registered units always; an unregistered tracker for half a day after its last word."""
    if responder.registered_at is not None:
        return True
    return responder.observed_at is not None and now - responder.observed_at < _REMEMBER


def past(places: Tracks, roster: Things, checked: datetime) -> Things:
    """What the fold would have made of these places, by unit and time, and of the roster; `checked`: see `keep`."""
    times, lons, lats = (places.at / _MICRO).tolist(), places.measures[0].tolist(), places.measures[1].tolist()
    trails = list(zip(times, lons, lats, strict=True))
    _, whose = places.by_unit()
    ends = [*(np.flatnonzero(whose[1:] != whose[:-1]) + 1).tolist(), *([len(places)] if trails else [])]
    found, start = {}, 0
    for end in ends:
        first = bisect_left(times, times[end - 1], start, end)
        said = [(_position(places, n), places.speakers[places.who[n]]) for n in range(first, end)]
        unit = said[0][1].unit
        trail = tuple(dict.fromkeys(trails[start:end]))
        found[unit] = _told(roster.get(unit), said, _EPOCH + timedelta(microseconds=int(places.at[first])), trail)
        start = end
    found |= {unit: _named(one) for unit, one in roster.items() if unit not in found}
    return {unit: one for unit, one in found.items() if keep(one, checked)}


def _told(
    named: Any,  # noqa: ANN401 — a thing of the roster
    said: Sequence[tuple[PositionReported, Speaker]],
    at: datetime,
    trail: tuple[TrailPoint, ...],
) -> Responder:
    position, speaker = said[0] if len(said) == 1 else max(said, key=_rank)
    return Responder(
        id=speaker.unit,
        name=named.name if named else speaker.unit,
        unit_kind=named.unit_kind if named else "unknown",
        agency=named.agency if named else None,
        is_on_duty=named.is_on_duty if named else None,
        registered_at=named.registered_at if named else None,
        position=position,
        observed_at=at,
        trail=trail,
        source=speaker.source,
        mode=speaker.mode,
    )


def _rank(told: tuple[PositionReported, Speaker]) -> tuple[int, str, str]:
    """As `_is_newer` has it."""
    return _said(told[0]), str(told[0]), told[1].source


def _position(places: Tracks, number: int) -> PositionReported:
    values = places.measures[:, number].tolist()
    said = {name: None if value != value else value for name, value in zip(MEASURES, values, strict=True)}  # noqa: PLR0124 — NaN is not said
    return PositionReported(unit=places.speakers[places.who[number]].unit, **said)  # type: ignore[arg-type]  # the first two are always said


def _named(one: Any) -> Responder:  # noqa: ANN401 — a thing of the roster
    return Responder(
        id=one.id,
        name=one.name,
        unit_kind=one.unit_kind,
        agency=one.agency,
        is_on_duty=one.is_on_duty,
        registered_at=one.registered_at,
        source=one.source,
        mode=one.mode,
    )


def placed(responder: Responder, city: City) -> tuple[float, float] | None:
    """(lon, lat) inside the city's extent, or None."""
    position = responder.position
    return place_or_none(city, position.lon, position.lat) if position else None


def draw(situation: Situation, _now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """A point for every unit with a place."""
    things = situation.of("responders")
    chosen = things.values() if keys is None else (things[key] for key in keys if key in things)
    return [_draw(responder) for responder in chosen if is_drawn(responder, situation)]


def is_drawn(responder: Responder, situation: Situation) -> bool:
    """Only with a place inside the city's extent."""
    return placed(responder, situation.ground.city) is not None


def _draw(responder: Responder) -> Feature:
    position = responder.position
    if position is None:
        raise ValueError(f"responder {responder.id} has no position to draw")
    return feature(
        responder.id,
        point(position.lon, position.lat),
        name=responder.name,
        unit_kind=responder.unit_kind,
        agency=responder.agency,
        heading_deg=position.heading_deg,
        speed_mps=position.speed_mps,
        accuracy_m=position.accuracy_m,
        observed_at=epoch_s(responder.observed_at) if responder.observed_at else None,
        source=responder.source,
        mode=responder.mode,
    )


def _whole(measure: float | None, most: float) -> int:
    """Rounded; -1 where it is not said or absurd: the log may hold what feeds refuse today, and JSON has 64 bits."""
    return round(measure) if measure is not None and 0 <= measure <= most else -1


def columns(responders: Sequence[Responder], _now: datetime, full: bool) -> dict[str, list[Any]]:  # noqa: FBT001
    """One list per column, a row per unit: micro-degrees, degrees, metres, epoch seconds; -1 is "not said".

    A first picture (`full`) adds `trail`: flat lists of micro-degrees lon, lat, lon, lat, oldest first.
    """
    rows = [(r, r.position) for r in responders if r.position and r.observed_at]
    table: dict[str, list[Any]] = {
        "key": [r.id for r, _ in rows],
        "name": [r.name for r, _ in rows],
        "kind": [r.unit_kind for r, _ in rows],
        "agency": [r.agency for r, _ in rows],
        "lon": [round(p.lon * _MICRO) for _, p in rows],
        "lat": [round(p.lat * _MICRO) for _, p in rows],
        "heading": [_whole(p.heading_deg, 360) for _, p in rows],
        "accuracy": [_whole(p.accuracy_m, _MOST_ACCURACY_M) for _, p in rows],
        "observed_at": [r.observed_at.timestamp() for r, _ in rows if r.observed_at],
    }
    if full:
        table["trail"] = [[round(v * _MICRO) for _, lon, lat in r.trail for v in (lon, lat)] for r, _ in rows]
    return table


_NAME_LAYOUT: Mapping[str, Any] = {
    "text-field": ["get", "name"],
    "text-font": ["Layar Label Semibold"],
    "text-size": 16,
    "text-offset": [0, 1.2],
    "text-anchor": "top",
}
_NAME_PAINT: Mapping[str, Any] = {
    "text-color": "var(--text)",
    "text-halo-color": "var(--label-halo)",
    "text-halo-width": 1.6,
}

LAYER = Layer(
    title=Words(id="Armada dan relawan", en="Responders and volunteers"),
    facts=(PositionReported,),
    thing=Responder,
    hears=(UnitRegistered, PositionReported),
    fold=fold,
    keep=keep,
    past=past,
    draw=draw,
    columns=columns,
    is_drawn=is_drawn,
    ages=Ages(late_s=60, lost_s=300),
    # the units themselves glide on a canvas of their own (assets/21-glide.js), drawn from the columns
    style=(
        {
            "id": "responders-accuracy",
            "type": "fill",
            "source": "responders-accuracy",
            "minzoom": 12.5,
            "filter": ["==", ["get", "filled"], True],
            "paint": {"fill-color": "var(--unit-vehicle)", "fill-opacity": 0.07},
        },
        {
            "id": "responders-accuracy-edge",
            "type": "line",
            "source": "responders-accuracy",
            "minzoom": 12.5,
            "paint": {"line-color": "var(--unit-vehicle)", "line-width": 1, "line-opacity": 0.3},
        },
        {
            "id": "responders-trail",
            "type": "line",
            "source": "responders-trail",
            "layout": {"line-cap": "round", "line-join": "round"},
            "paint": {
                "line-width": 2.5,
                "line-color": ["match", ["get", "kind"], "volunteer", "var(--unit-volunteer)", "var(--unit-vehicle)"],
                "line-opacity": ["*", 0.55, ["get", "fresh"]],
            },
        },
        {
            "id": "responders-pile",
            "type": "symbol",
            "filter": ["has", "point_count"],
            "layout": {
                "text-field": ["concat", ["get", "point_count"], " unit"],
                "text-font": ["Layar Label Semibold"],
                "text-size": 18,
                "text-variable-anchor": ["left", "right", "top", "bottom"],
                "text-radial-offset": 1.5,
                "text-justify": "auto",
            },
            "paint": {**_NAME_PAINT, "text-color": "var(--unit-vehicle)"},
        },
        {
            "id": "responders-name",
            "type": "symbol",
            "minzoom": 13.6,
            "filter": ["!=", ["get", "kind"], "volunteer"],
            "layout": _NAME_LAYOUT,
            "paint": _NAME_PAINT,
        },
        {
            "id": "responders-name-volunteer",
            "type": "symbol",
            "minzoom": 14.2,
            "filter": ["==", ["get", "kind"], "volunteer"],
            "layout": _NAME_LAYOUT,
            "paint": _NAME_PAINT,
        },
    ),
    legend=(
        Mark(words=Words(id="Armada OPD", en="Agency vehicle"), icon="unit-vehicle"),
        Mark(words=Words(id="Relawan", en="Volunteer"), icon="unit-volunteer"),
        Mark(words=Words(id="Posisi lama", en="Stale position"), icon="unit-ghost"),
        Mark(words=Words(id="Tak dikenal", en="Unknown"), icon="unit-unknown"),
        Mark(words=Words(id="Akurasi GPS", en="GPS accuracy"), icon="unit-accuracy"),
    ),
)
