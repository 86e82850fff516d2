"""Sources: who has told us something, and when last. What falls silent can then be named."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from layers.event import Event, Mode
from layers.feature import Feature
from layers.layer import Layer, Words
from layers.situation import Changes, Situation, Things


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One "<client>/<feed>". `last_at` by its clock, `last_seen` by ours; `events` counts all it told."""

    id: str
    last_at: datetime
    last_seen: datetime
    events: int
    mode: Mode


def fold(things: Things, event: Event) -> Changes:
    """Every event is a sign of life of its source."""
    before = things.get(event.source)
    if before is None:
        heard = Source(id=event.source, last_at=event.at, last_seen=event.seen, events=1, mode=event.mode)
    else:
        heard = Source(
            id=event.source,
            last_at=max(before.last_at, event.at),
            last_seen=max(before.last_seen, event.seen),
            events=before.events + 1,
            mode=event.mode if event.seen >= before.last_seen else before.mode,
        )
    return {event.source: heard}


def draw(_situation: Situation, _now: datetime, _keys: Collection[str] | None) -> list[Feature]:
    """Nothing on the map; the status bar speaks of it."""
    return []


LAYER = Layer(title=Words(id="Sumber data", en="Sources"), thing=Source, fold=fold, draw=draw)
