"""Markers: points that somebody in the field put on a shared map, until the time they hold."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from geodata.clock import epoch_s
from geodata.places import place_or_none
from layers.event import Event
from layers.feature import Feature, feature, point
from layers.layer import Layer, Mark, Words
from layers.situation import Changes, Situation, Things
from layers.told import Told, order_of, provenance, told_by

_REMEMBER = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerPlaced:
    """A point holds until `ends_at`. `code` says what it is in the words of its dialect; `title` None: not named."""

    kind: ClassVar[str] = "marker_placed"
    marker: str
    lon: float
    lat: float
    ends_at: datetime
    title: str | None = None
    code: str | None = None
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerTaken:
    """Somebody took a point off the shared map."""

    kind: ClassVar[str] = "marker_taken"
    marker: str
    taken_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """One point as known now; `placed` is None while only its end is known."""

    id: str
    placed: MarkerPlaced | None = None
    taken_at: datetime | None = None
    told: Told

    @property
    def is_taken(self) -> bool:
        """Whether somebody took it off after it was placed."""
        return self.taken_at is not None and self.taken_at >= self.told.at


def fold(things: Things, event: Event) -> Changes:
    """The newest placing holds, unless it was taken off since."""
    fact = event.fact
    if not isinstance(fact, MarkerPlaced | MarkerTaken):
        return {}
    before, told = things.get(fact.marker), told_by(event)
    known = before or Marker(id=fact.marker, told=told)
    now = _taken(known, fact, told) if isinstance(fact, MarkerTaken) else _placed(known, fact, told)
    return {} if now == before else {fact.marker: now}


def _placed(known: Marker, fact: MarkerPlaced, told: Told) -> Marker:
    if known.placed is not None and order_of(known.told, known.placed) >= order_of(told, fact):
        return known
    return replace(known, placed=fact, told=told)


def _taken(known: Marker, fact: MarkerTaken, told: Told) -> Marker:
    at = max(known.taken_at or fact.taken_at, fact.taken_at)
    if known.placed is None and order_of(told, fact) > order_of(known.told, fact):
        return replace(known, taken_at=at, told=told)
    return replace(known, taken_at=at)


def keep(marker: Marker, now: datetime) -> bool:
    """For a day after its end."""
    ends_at = marker.placed.ends_at if marker.placed else marker.told.at
    return now - ends_at < _REMEMBER


def draw(situation: Situation, _now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """A point each; a screen hides it from `expires_at` on."""
    things, city = situation.of("markers"), situation.ground.city
    chosen = things.values() if keys is None else (things[key] for key in keys if key in things)
    return [
        feature(
            one.id,
            point(*where) if (where := place_or_none(city, one.placed.lon, one.placed.lat)) else None,
            title=one.placed.title or "",
            code=one.placed.code,
            accuracy_m=one.placed.accuracy_m,
            expires_at=epoch_s(one.placed.ends_at),
            **provenance(one.told),
        )
        for one in chosen
        if one.placed is not None and not one.is_taken
    ]


LAYER = Layer(
    title=Words(id="Titik lapangan", en="Field markers"),
    facts=(MarkerPlaced, MarkerTaken),
    thing=Marker,
    hears=(MarkerPlaced, MarkerTaken),
    fold=fold,
    keep=keep,
    draw=draw,
    style=(
        {
            "id": "markers",
            "type": "circle",
            "paint": {
                "circle-radius": 5,
                "circle-color": "var(--icon-ring)",
                "circle-stroke-color": "var(--icon-rim)",
                "circle-stroke-width": 3.5,
            },
        },
        {
            "id": "markers-title",
            "type": "symbol",
            "minzoom": 12.5,
            "layout": {
                "text-field": ["get", "title"],
                "text-font": ["Layar Label Semibold"],
                "text-size": 16,
                "text-variable-anchor": ["bottom", "top", "left", "right", "bottom-left", "bottom-right", "top-left"],
                "text-radial-offset": 1.0,
                "text-justify": "auto",
            },
            "paint": {
                "text-color": "var(--text)",
                "text-halo-color": "var(--label-halo)",
                "text-halo-width": 1.6,
            },
        },
    ),
    legend=(Mark(words=Words(id="Titik lapangan", en="Field marker"), token="--icon-rim"),),  # noqa: S106 — of a colour
)
