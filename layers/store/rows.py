"""Events and things ↔ rows of the log. Pure, but for a warning about an event that cannot be read."""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import orjson
import structlog
from immutables import Map

from geodata.errors import BadPayload
from geodata.places import Ground
from layers.counts import mark_of
from layers.event import Event, Fact, Mode, UnknownFact, subject_of
from layers.layer import Layers, codec_for
from layers.situation import Changes, Situation, Things
from layers.tracks import Tracks

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_log = structlog.get_logger()


POSITION_COLUMNS = "cursor, id, at, seen, source, kind, mode, body"
"""All there is of a position: no hand has ever made one."""

EVENT_COLUMNS = f"{POSITION_COLUMNS}, who, why"
"""What an EventRow is read from; whoever reads knows the subject already, or need not."""


class EventRow(NamedTuple):
    """One row of the table `event`."""

    cursor: int
    id: str
    at: int
    seen: int
    source: str
    kind: str
    mode: Mode
    body: bytes
    who: str | None = None
    why: str | None = None
    subject: str | None = None


class ThingRow(NamedTuple):
    """One row of the table `thing`."""

    layer: str
    key: str
    cursor: int
    body: bytes | None


def micros(moment: datetime) -> int:
    """Whole microseconds since 1970 UTC, exact."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(whole_micros: int) -> datetime:
    """The aware UTC time of so many microseconds."""
    return _EPOCH + timedelta(microseconds=whole_micros)


class Lexicon:
    """Reads and writes the rows of one city with one set of layers."""

    def __init__(self, layers: Layers, ground: Ground | Callable[[], Ground]) -> None:
        """`ground` may be asked for: its kinds of calls change while the log is open."""
        self._codec = codec_for(layers)
        self._layers = layers
        self._ground: Callable[[], Ground] = (lambda: ground) if isinstance(ground, Ground) else ground
        self._marked: tuple[Ground, str | None] | None = None
        self.historic = frozenset(name for name, layer in layers.items() if layer.history)
        self._folded = {
            name: layer
            for name, layer in layers.items()
            if not (layer.history or layer.past) and layer.thing is not None and layer.hears is not None
        }
        self.heard = orjson.dumps(sorted({f.kind for one in self._folded.values() for f in one.hears or ()})).decode()
        self._owners = {fact: name for name in sorted(self.historic) for fact in layers[name].facts}
        self.moving = frozenset(name for name, layer in layers.items() if layer.past is not None)
        said = [self._codec.shape, *sorted(layers), *sorted(self.historic)]
        self.signature = hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]

    @property
    def ground(self) -> Ground:
        """As it is now."""
        return self._ground()

    @property
    def ground_mark(self) -> str | None:
        """See `mark_of`; made anew only for another ground."""
        ground, marked = self._ground(), self._marked
        if marked is None or marked[0] is not ground:
            self._marked = marked = (ground, mark_of(ground))
        return marked[1]

    def body(self, event: Event) -> bytes:
        """The fact as stored."""
        return self._codec.dump(event.fact)

    def event(self, row: EventRow) -> tuple[int, Event]:
        """(cursor, event). A body that no longer fits its fact is kept as an unknown one, so the log stays readable."""
        event = Event(
            id=row.id,
            at=moment(row.at),
            seen=moment(row.seen),
            source=row.source,
            fact=self._fact(row),
            mode=row.mode,
            who=row.who,
            why=row.why,
        )
        return row.cursor, event

    def _fact(self, row: EventRow) -> Fact | UnknownFact:
        try:
            return self._codec.fact(row.kind, row.body)
        except BadPayload as error:
            _log.warning("event_unreadable", cursor=row.cursor, kind=row.kind, reason=str(error))
            return UnknownFact(kind=row.kind, body=row.body)

    def own(self, event: Event) -> tuple[str, str] | None:
        """(layer, key) of the thing the event is about, if its past is kept."""
        owner, subject = self._owners.get(type(event.fact)), subject_of(event.fact)
        return None if owner is None or subject is None else (owner, subject)

    def fold(self, layer: str, things: Things, event: Event) -> Changes:
        """What the event changes in one layer alone."""
        return self._layers[layer].fold(things, event)

    def moved(self, layer: str, places: Tracks, roster: Things, checked: datetime) -> Things:
        """See `Layer.past`."""
        past = self._layers[layer].past
        return {} if past is None else past(places, roster, checked)

    def thing(self, layer: str, body: bytes) -> Any:  # noqa: ANN401 — the layer says what
        """A thing of a layer as it was written."""
        kind = self._layers[layer].thing
        if kind is None:
            raise BadPayload(f"the layer {layer} has no things", field=layer)
        return self._codec.thing(kind, body)

    def thing_body(self, thing: object) -> bytes:
        """A thing as it is written."""
        return self._codec.dump(thing)

    def newest(self, situation: Situation, event: Event) -> str | None:
        """See `Layer.newest`: asked of the layer that owns the fact."""
        for name, layer in self._layers.items():
            if type(event.fact) in layer.facts:
                return layer.newest(situation.of(name), event)
        return None

    def thing_row(self, situation: Situation, layer: str, key: str, cursor: int) -> ThingRow:
        """The row of one thing as it is in the situation."""
        thing = situation.of(layer).get(key)
        return ThingRow(layer, key, cursor, None if thing is None else self._codec.dump(thing))

    def empty(self) -> Situation:
        """The situation before the first event."""
        return Situation(ground=self.ground, layers=self._layers)

    def situation(self, rows: Iterable[tuple[str, str, bytes]], cursor: int, seen: int | None) -> Situation:
        """The situation that the (layer, key, body) add up to; things of layers that are not installed stay out."""
        things: dict[str, dict[str, Any]] = {}
        for layer, key, body in rows:
            part = self._layers.get(layer)
            if part is not None and part.thing is not None:
                things.setdefault(layer, {})[key] = self._codec.thing(part.thing, body)
        return Situation(
            ground=self.ground,
            layers=self._layers,
            cursor=cursor,
            seen=None if seen is None else moment(seen),
            things=Map({layer: Map(state) for layer, state in things.items()}),
        )

    def packed(self, situation: Situation) -> bytes:
        """What a checkpoint holds: the things of the layers whose past is folded."""
        rows = [
            (layer, key, self._codec.dump(thing).decode())
            for layer in self._folded
            for key, thing in situation.of(layer).items()
        ]
        return zlib.compress(orjson.dumps(rows), 1)

    def unpacked(self, things: bytes, cursor: int, seen: int) -> Situation:
        """The situation of a checkpoint."""
        return self.situation(orjson.loads(zlib.decompress(things)), cursor, seen)

    def for_folding(self, situation: Situation) -> Situation:
        """To be folded on by those layers alone whose past is told in no other way."""
        return replace(situation, layers=self._folded)

    def reached(self, situation: Situation, cursor: int, seen: datetime) -> Situation:
        """The same for all layers, at event `cursor`."""
        return replace(situation, layers=self._layers, cursor=cursor, seen=seen)

    def with_history(self, situation: Situation, rows: Iterable[tuple[str, str, bytes]]) -> Situation:
        """With the (layer, key, body) that the layers with a history had then."""
        historic = self.situation(rows, situation.cursor, None)
        return replace(situation, things=situation.things.update(historic.things))


def events_of(lexicon: Lexicon, rows: Sequence[Sequence[Any]]) -> list[tuple[int, Event]]:
    """(cursor, event) of rows as the driver gives them."""
    return [lexicon.event(EventRow(*row)) for row in rows]


def thing_rows(lexicon: Lexicon, situation: Situation, changed: Mapping[tuple[str, str], int]) -> list[ThingRow]:
    """Rows of everything that changed, each with the cursor of its last change."""
    return [lexicon.thing_row(situation, layer, key, cursor) for (layer, key), cursor in changed.items()]
