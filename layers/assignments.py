"""Assignments: which unit was sent to which incident, as dispatch says it. Positions say where it is, not why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from layers.feature import Feature
from layers.layer import Layer, Words
from layers.situation import Situation
from layers.told import Told, newest_holds

_REMEMBER = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitAssigned:
    """A unit was sent to an incident; `incident` None: it is free again."""

    kind: ClassVar[str] = "unit_assigned"
    unit: str
    incident: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """The newest word on one unit."""

    id: str
    fact: UnitAssigned
    told: Told


def assigned(situation: Situation) -> Mapping[str, str]:
    """Unit → the open incident it was sent to; one whose incident is over is free, whether or not anybody said so."""
    incidents = situation.of("incidents")
    sent = {one.id: one.fact.incident for one in situation.of("assignments").values() if one.fact.incident}
    return {unit: id_ for unit, id_ in sent.items() if id_ in incidents and incidents[id_].is_open}


def units_of(situation: Situation, incident: str) -> list[str]:
    """The units that were last sent to that incident, by id."""
    return sorted(one.id for one in situation.of("assignments").values() if one.fact.incident == incident)


def keep(assignment: Assignment, now: datetime) -> bool:
    """As long as an incident is remembered that was closed, and a day more."""
    return now - assignment.told.at < _REMEMBER


def draw(_situation: Situation, _now: datetime, _keys: Collection[str] | None) -> list[Feature]:
    """Nothing of its own: the units themselves are drawn."""
    return []


LAYER = Layer(
    title=Words(id="Penugasan", en="Assignments"),
    facts=(UnitAssigned,),
    thing=Assignment,
    hears=(UnitAssigned,),
    fold=newest_holds(UnitAssigned, Assignment),
    history=True,
    keep=keep,
    draw=draw,
)
