"""Who said the newest word on a thing, and when; and the fold of layers whose newest word holds. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from geodata.clock import epoch_s
from layers.event import Event, Mode, subject_of
from layers.situation import Changes, Things


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`at` by the sender's clock, `seen` by ours."""

    at: datetime
    seen: datetime
    source: str
    mode: Mode


def told_by(event: Event) -> Told:
    """The provenance of what an event says."""
    return Told(at=event.at, seen=event.seen, source=event.source, mode=event.mode)


def provenance(told: Told) -> dict[str, Any]:
    """As every drawn feature says it."""
    return {"observed_at": epoch_s(told.at), "source": told.source, "mode": told.mode}


def without_note(thing: Any, _visit: object) -> Any:  # noqa: ANN401 — a thing of (id, fact, told)
    """For visitors: all but what somebody wrote beside it, which may name a person."""
    return replace(thing, fact=replace(thing.fact, note=None))


def order_of(told: Told, said: object) -> tuple[datetime, datetime, str, str]:
    """The later one holds; of two of one moment always the same one, in whatever order they came."""
    return told.at, told.seen, str(said), told.source


def newest_holds(fact: type[Any], thing: type[Any]) -> Callable[[Things, Event], Changes]:
    """The fold of a layer whose `thing` is (id, fact, told): a late word takes nothing back."""

    def fold(things: Things, event: Event) -> Changes:
        if not isinstance(event.fact, fact):
            return {}
        key = str(subject_of(event.fact))
        before, now = things.get(key), thing(id=key, fact=event.fact, told=told_by(event))
        if before is not None and order_of(before.told, before.fact) >= order_of(now.told, now.fact):
            return {}
        return {key: now}

    return fold
