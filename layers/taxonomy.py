"""Kinds of calls as somebody changed them at the desk: who, when and why. What holds now is the ground's taxonomy.

That stands in a file of the city (`geodata/taxonomy.py`), for every process reads it, also one without a log.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from layers.feature import Feature
from layers.layer import Layer, Role, Words
from layers.situation import Situation
from layers.told import Told, newest_holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """All that a kind of call is said to be; the words of `geodata.city.Category`."""

    id_name: str
    en_name: str
    service_class: str
    icon: str
    priority: int
    aliases: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    response_target_min: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategorySet:
    """From now on calls of this category mean that. None: as the city's own file says, or nothing where it does not."""

    kind: ClassVar[str] = "category_set"
    category: str
    meaning: Meaning | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandCategory:
    """The newest word on one category."""

    id: str
    fact: CategorySet
    told: Told


def redact(category: HandCategory, role: Role) -> HandCategory | None:
    """The center's own business."""
    return category if role == "admin" else None


def draw(_situation: Situation, _now: datetime, _keys: Collection[str] | None) -> list[Feature]:
    """Nothing of its own: incidents are drawn by what their kind means."""
    return []


LAYER = Layer(
    title=Words(id="Jenis panggilan", en="Kinds of calls"),
    facts=(CategorySet,),
    thing=HandCategory,
    hears=(CategorySet,),
    fold=newest_holds(CategorySet, HandCategory),
    history=True,
    redact=redact,
    draw=draw,
)
