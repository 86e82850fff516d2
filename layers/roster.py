"""Roster: who each tracker is, as the city said it. The responders' past is told by it and by their positions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from layers.event import Event, Mode
from layers.feature import Feature
from layers.layer import Layer, Words
from layers.situation import Changes, Situation, Things
from layers.unit_facts import UnitKind, UnitRegistered


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """The newest word of the city on one tracker."""

    id: str
    name: str
    unit_kind: UnitKind
    agency: str | None = None
    is_on_duty: bool | None = None
    registered_at: datetime
    source: str
    mode: Mode


def fold(things: Things, event: Event) -> Changes:
    """A late registration does not rename a unit back."""
    fact = event.fact
    if not isinstance(fact, UnitRegistered):
        return {}
    now = Registration(
        id=fact.unit,
        name=fact.name,
        unit_kind=fact.unit_kind,
        agency=fact.agency,
        is_on_duty=fact.is_on_duty,
        registered_at=event.at,
        source=event.source,
        mode=event.mode,
    )
    before = things.get(fact.unit)
    return {} if before is not None and _order(before) >= _order(now) else {fact.unit: now}


def _order(one: Registration) -> tuple[datetime, str, str, str, str]:
    return one.registered_at, one.name, one.unit_kind, one.agency or "", str(one.is_on_duty)


def draw(_situation: Situation, _now: datetime, _keys: Collection[str] | None) -> list[Feature]:
    """Nothing of its own: the units themselves are drawn."""
    return []


LAYER = Layer(
    title=Words(id="Daftar armada dan relawan", en="Roster of units"),
    facts=(UnitRegistered,),
    thing=Registration,
    hears=(UnitRegistered,),
    fold=fold,
    draw=draw,
    history=True,
)
