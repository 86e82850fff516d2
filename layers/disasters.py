"""Disasters: declared, with the areas they are in, until they are over."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from geodata.clock import epoch_s
from layers.event import Event
from layers.feature import Feature, feature
from layers.layer import Layer, Words, left_as_redacted
from layers.situation import Changes, Situation, Things
from layers.told import Told, order_of, provenance, told_by

_REMEMBER = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisasterDeclared:
    """The city says that this is a disaster, in these areas (codes of kelurahan, kecamatan or the city)."""

    kind: ClassVar[str] = "disaster_declared"
    disaster: str
    title: str
    hazard: str
    areas: tuple[str, ...]
    began_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DisasterEnded:
    """The city says that it is over."""

    kind: ClassVar[str] = "disaster_ended"
    disaster: str
    ended_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Disaster:
    """One disaster as known now. `declared` None: only its end has been heard of."""

    id: str
    declared: DisasterDeclared | None = None
    ended_at: datetime | None = None
    told: Told

    @property
    def is_active(self) -> bool:
        """Declared, and nobody has said that it is over."""
        return self.declared is not None and self.ended_at is None


def fold(things: Things, event: Event) -> Changes:
    """The newest declaration holds; an end stays until a later beginning is declared."""
    fact = event.fact
    if not isinstance(fact, DisasterDeclared | DisasterEnded):
        return {}
    before = things.get(fact.disaster)
    known = before or Disaster(id=fact.disaster, told=told_by(event))
    told = _ended(known, fact) if isinstance(fact, DisasterEnded) else _declared(known, fact, told_by(event))
    return {} if told == before else {fact.disaster: told}


def _declared(before: Disaster, fact: DisasterDeclared, told: Told) -> Disaster:
    known = before.declared
    if known is not None and order_of(before.told, known) >= order_of(told, fact):
        return before
    ended_at = None if before.ended_at is not None and before.ended_at < fact.began_at else before.ended_at
    return replace(before, declared=fact, ended_at=ended_at, told=told)


def _ended(before: Disaster, fact: DisasterEnded) -> Disaster:
    if before.declared is not None and fact.ended_at < before.declared.began_at:
        return before
    return replace(before, ended_at=max(before.ended_at or fact.ended_at, fact.ended_at))


def keep(disaster: Disaster, now: datetime) -> bool:
    """Active ones always; the others for a year and a bit."""
    return disaster.is_active or now - disaster.told.at < _REMEMBER


def draw(situation: Situation, _now: datetime, keys: Collection[str] | None) -> list[Feature]:
    """Active ones, without a geometry: areas are drawn by their kelurahan."""
    things = situation.of("disasters")
    chosen = things.values() if keys is None else (things[key] for key in keys if key in things)
    return [
        feature(
            one.id,
            None,
            title=one.declared.title,
            hazard=one.declared.hazard,
            areas=list(one.declared.areas),
            began_at=epoch_s(one.declared.began_at),
            **provenance(one.told),
        )
        for one in chosen
        if one.is_active and one.declared
    ]


LAYER = Layer(
    title=Words(id="Bencana", en="Disasters"),
    facts=(DisasterDeclared, DisasterEnded),
    thing=Disaster,
    hears=(DisasterDeclared, DisasterEnded),
    fold=fold,
    history=True,
    keep=keep,
    for_visitor=left_as_redacted,
    draw=draw,
)
