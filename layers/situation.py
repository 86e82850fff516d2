"""Situation: all that is known at one moment, immutable. `after(situation, event)` is the only way on."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

import structlog
from immutables import Map

from geodata.places import Ground
from layers.event import Event
from layers.feature import Feature

Things = Mapping[str, Any]
"""All things of one layer at one moment, by key. Immutable."""

Changes = Mapping[str, Any]
"""What an event did: key → the new thing, or None where it is gone."""

LayerKey = tuple[str, str]
Touched = frozenset[LayerKey]
"""(layer, key) of every thing that an event, or a run of them, changed."""


Listeners = list[tuple[str, "Part"]]
_NOTHING: Map[str, Any] = Map()
_LOG = structlog.get_logger()


class Part(Protocol):
    """What a Situation needs of a layer; `layers.layer.Layer` is one."""

    @property
    def fold(self) -> Callable[[Things, Event], Changes]:
        """What an event changes."""

    @property
    def hears(self) -> tuple[type, ...] | None:
        """The facts its fold wants to hear of; None: every one."""

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
    if event.is_history and situation.seen is not None and _is_same_hour(situation.seen, event.seen):
        ground, layers, things = situation.ground, situation.layers, situation.things
        return Situation(ground=ground, layers=layers, cursor=cursor, seen=event.seen, things=things), frozenset()
    return after_all(situation, ((cursor, event),))


def after_all(situation: Situation, events: Iterable[tuple[int, Event]]) -> tuple[Situation, Touched]:
    """Fold a run of (cursor, event) in order; the same as one `after` another, and cheaper. History changes nothing."""
    states = dict(situation.things)
    touched: set[tuple[str, str]] = set()
    listeners: dict[type, Listeners] = {}
    cursor, seen = situation.cursor, situation.seen
    for number, event in events:
        kind = type(event.fact)
        if kind not in listeners:
            listeners[kind] = _listeners(situation.layers, kind)
        if seen is not None and not _is_same_hour(seen, event.seen):
            _forget(situation.layers, states, touched, event.seen)
        for name, layer in () if event.is_history else listeners[kind]:
            state = states.get(name, _NOTHING)
            changes = layer.fold(state, event)
            if changes:
                states[name] = _apply(state, changes)
                for key in changes:
                    touched.add((name, key))
        cursor, seen = number, event.seen
    return replace(situation, things=Map(states), cursor=cursor, seen=seen), frozenset(touched)


def _listeners(layers: Mapping[str, Part], kind: type) -> Listeners:
    return [(name, layer) for name, layer in layers.items() if layer.hears is None or kind in layer.hears]


def _forget(
    layers: Mapping[str, Part], states: dict[str, Map[str, Any]], touched: set[LayerKey], now: datetime
) -> None:
    for name, layer in layers.items():
        state = states.get(name, _NOTHING)
        forgotten = {key: None for key, thing in state.items() if not _is_kept(name, layer, thing, now)}
        if forgotten:
            states[name] = _apply(state, forgotten)
            touched.update((name, key) for key in forgotten)


def _is_kept(name: str, layer: Part, thing: object, now: datetime) -> bool:
    try:
        return layer.keep(thing, now)
    except Exception as error:  # noqa: BLE001 — edge: a stranger's layer may fail in any way; what is in doubt is kept
        complain("keep", name, type(error).__name__)
        return True


@lru_cache(maxsize=256)
def complain(function: str, layer: str, error: str) -> None:
    """Say once that a layer's function failed: it is asked of every thing, again and again."""
    _LOG.warning("layer_failed", function=function, layer=layer, error=error)


def _apply(state: Map[str, Any], changes: Changes) -> Map[str, Any]:
    if len(changes) == 1:  # nearly always
        [(key, thing)] = changes.items()
        if thing is not None:
            return state.set(key, thing)
    draft = state.mutate()
    for key, thing in changes.items():
        if thing is None:
            draft.pop(key, None)
        else:
            draft[key] = thing
    return draft.finish()


def _is_same_hour(one: datetime, other: datetime) -> bool:
    return one.hour == other.hour and one.toordinal() == other.toordinal()
