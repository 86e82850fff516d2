"""Situation: all that is known at one moment, immutable. `after(situation, event)` is the only way on."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from immutables import Map

from geodata.places import Ground
from layers.event import Event
from layers.feature import Feature

Things = Mapping[str, Any]
"""All things of one layer at one moment, by key. Immutable."""

Changes = Mapping[str, Any]
"""What an event did: key → the new thing, or None where it is gone."""

Touched = frozenset[tuple[str, str]]
"""(layer, key) of every thing that an event, or a run of them, changed."""


class Part(Protocol):
    """What a Situation needs of a layer; `layers.layer.Layer` is one."""

    @property
    def fold(self) -> Callable[[Things, Event], Changes]:
        """What an event changes."""

    @property
    def keep(self) -> Callable[[Any, datetime], bool]:
        """Whether a thing is still to be remembered."""

    @property
    def draw(self) -> Callable[["Situation", datetime, Collection[str] | None], list[Feature]]:
        """Its features."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known, from event 1 to event number `cursor`.

    `seen` is the arrival time of that last event (None before the first). `things` maps layer → key →
    thing. `ground` and `layers` never change while a process runs.
    """

    ground: Ground = field(compare=False)
    layers: Mapping[str, Part] = field(compare=False)
    cursor: int = 0
    seen: datetime | None = None
    things: Map[str, Map[str, Any]] = field(default_factory=Map)

    def of(self, layer: str) -> Things:
        """The things of one layer; empty when it has none or is not installed."""
        return self.things.get(layer, Map())


def after(situation: Situation, event: Event, cursor: int) -> tuple[Situation, Touched]:
    """The situation once `event`, number `cursor` in the log, is known; and what it changed."""
    things = situation.things
    touched: list[tuple[str, str]] = []
    forgetting = situation.seen is not None and _hour(situation.seen) != _hour(event.seen)
    for name, layer in situation.layers.items():
        state: Map[str, Any] = things.get(name, Map())
        changes = dict(layer.fold(state, event))
        if forgetting:
            changes = _forgotten(layer, state, event.seen) | changes
        if changes:
            things = things.set(name, _apply(state, changes))
            touched += [(name, key) for key in changes]
    return replace(situation, things=things, cursor=cursor, seen=event.seen), frozenset(touched)


def after_all(situation: Situation, events: Iterable[tuple[int, Event]]) -> tuple[Situation, Touched]:
    """Fold a run of (cursor, event) in order."""
    touched: set[tuple[str, str]] = set()
    for cursor, event in events:
        situation, more = after(situation, event, cursor)
        touched |= more
    return situation, frozenset(touched)


def _apply(state: Map[str, Any], changes: Changes) -> Map[str, Any]:
    draft = state.mutate()
    for key, thing in changes.items():
        if thing is None:
            draft.pop(key, None)
        else:
            draft[key] = thing
    return draft.finish()


def _forgotten(layer: Part, state: Things, now: datetime) -> dict[str, None]:
    return {key: None for key, thing in state.items() if not layer.keep(thing, now)}


def _hour(moment: datetime) -> tuple[int, int]:
    return moment.toordinal(), moment.hour
