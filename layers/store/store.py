"""The Store protocol: a durable, append-only log and the situation it adds up to.

Rules every implementation keeps: durable when `append` returns; idempotent by event id; cursors have no
gaps and are seen in commit order; `seen` never goes back, whatever the clock does; projections change in
the same transaction as the log; several processes may append (one writer each) and all see the same.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol

from layers.counts import CountBy, Counts
from layers.event import Event, Mode
from layers.situation import Situation, Things
from layers.tracks import Way

LayerKey = tuple[str, str]
"""(layer, key of a thing)."""


Sense = Literal["shown", "known"]
"""Of the past: as it was shown then, by arrival; or as it is known now, with what came late in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """`cursor` is the newest of the log; `is_new[i]` is False where event i was already in it.

    `is_first[i]`: event i was the first ever heard of its subject (that incident, that unit).
    """

    cursor: int
    is_new: tuple[bool, ...]
    is_first: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """(cursor, event) in commit order; `cursor` is where to go on from."""

    events: tuple[tuple[int, Event], ...]
    cursor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The newest situation, and for every thing, and every thing that is gone, the cursor of its last change.

    Things gone for long may be missing: then `oldest` says from which cursor on the list is complete.
    """

    situation: Situation
    changed: Mapping[LayerKey, int]
    oldest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Bytes that could not be read, and why. `source` is "<client>/<feed>"."""

    received: datetime
    source: str
    feed: str
    reason: str
    field: str | None
    original: bytes
    mode: Mode = "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A refusal as the store keeps it, until somebody looks. `times`: how often the same bytes came."""

    id: int
    refusal: Refusal
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What re-folding the whole log found: `differences` are (layer, key) whose projection was wrong."""

    events: int
    differences: tuple[LayerKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A thing of a layer with `history` became another one at that moment; None: it is gone."""

    at: datetime
    layer: str
    key: str
    thing: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What came between two moments, in order; positions are not in it.

    `heard`: (cursor, event) by arrival, for the layers without a history.
    """

    changed: tuple[Change, ...]
    heard: tuple[tuple[int, Event], ...]


class Store(Protocol):
    """Where the city's log lives. All methods may be called from any thread.

    Raises StoreUnavailable when the log cannot be read or written just now.
    """

    def append(self, events: Sequence[Event]) -> Appended:
        """Make the events durable, all or none; returns when they are."""

    def catch_up(self, deliveries: Sequence[Sequence[Event]], place: str, spool: str) -> None:
        """Append what had been set aside, each delivery by itself, and remember the `place`; all or none, durable."""

    def caught_up_to(self, spool: str) -> str | None:
        """The `place` in that spool remembered last."""

    def since(self, cursor: int, limit: int = 500) -> Delta:
        """The next events after `cursor`, oldest first."""

    def told(self, kinds: Sequence[str], since: datetime, until: datetime) -> Iterator[Event]:
        """All events of these kinds that arrived from `since` to before `until`, oldest first; never of positions.

        Of history, which arrives years later: all that happened in that time, with all else that is said of it.
        """

    def told_of(self, kinds: Sequence[str], subjects: Sequence[str]) -> Iterator[Event]:
        """Everything of these kinds that was ever told of these subjects, in the order of the log."""

    def past(self, kinds: Sequence[str], since: datetime, until: datetime) -> Iterator[Event]:
        """Of history alone: all that happened from `since` to before `until`, in the order of the log."""

    def wait(self, cursor: int, timeout_s: float) -> int:
        """The newest cursor, as soon as it is greater than `cursor` or the time is up; any process may write.

        Raises StoreUnavailable at once while the log cannot be read.
        """

    def live(self) -> Live:
        """The newest situation, from the projections."""

    def situation(self, at: datetime, sense: Sense = "shown") -> Situation:
        """The situation at a moment of the past: as it was shown then, or as it is known now of then.

        A layer without `history` is as it was shown then, in both senses; one that hears every event, as that which
        counts the events of each source, has no past.
        """

    def passage(self, since: datetime, until: datetime, sense: Sense) -> Passage:
        """What leads from the situation at `since` to that at `until`; the caller bounds how long that is."""

    def began(self, sense: Sense = "shown") -> datetime | None:
        """From when on there is a past to be asked for; None while there is none."""

    def things(self, layer: str, at: datetime, sense: Sense) -> Things:
        """The things of one layer with `history` or `past`, by key, at a moment; fast however long the log is.

        Raises NotFound for a layer of which neither is kept.
        """

    def last_states(self, layer: str, since: datetime, until: datetime) -> Iterator[tuple[Any, bool]]:
        """Of each thing of a layer with `history` the newest state it came to in that time, as known now.

        Far faster than folding what was told. False beside it: something was said late, or after it had been forgotten,
        so that its newest state may not hold all that was said.
        """

    def tracks(self, since: datetime, until: datetime, units: Collection[str] | None = None) -> Way:
        """Where units (None: all) were from `since` to before `until`, by their own time; so many places at most."""

    def positions_from(self) -> datetime | None:
        """Of what was before, most places were destroyed, as the city wishes; None where none were."""

    def seal(self, before: datetime) -> int:
        """Move some of the positions that arrived before then into blocks; how many rows that freed, 0 when done.

        One small step: call it until it gives 0. Any number of processes may; nothing is done twice.
        """

    def counts(
        self, first: date, last: date, by: CountBy, mode: Mode = "live", categories: Collection[str] | None = None
    ) -> Counts:
        """Incidents reported from `first` to `last`, both included, by the city's days; fast over years.

        `categories`: only those of these ids.
        """

    def quarantine(self, refusal: Refusal) -> int:
        """Keep what could not be read; gives its id. The oldest of the same source make room."""

    def quarantined(self, limit: int = 100) -> tuple[Quarantined, ...]:
        """The newest of what could not be read."""

    def quarantine_beginnings(self, limit: int, kept_bytes: int) -> tuple[Quarantined, ...]:
        """The same for lists: of each original only its first bytes."""

    def quarantine_of(self, source: str, limit: int) -> tuple[int, ...]:
        """The ids of what one source sent, the oldest first."""

    def quarantine_by_source(self) -> Mapping[str, int]:
        """How many payloads of each source could not be read."""

    def quarantined_count(self) -> int:
        """How many payloads could not be read and wait for a look."""

    def refused(self, number: int) -> Quarantined:
        """The one with that id. Raises NotFound."""

    def release(self, number: int) -> None:
        """Take it out of the quarantine: it has been read after all, or is not worth keeping."""

    def rebuild(self) -> Rebuilt:
        """Re-fold the whole log, compare with the projections, put them right."""

    def close(self) -> None:
        """Finish what is queued and let go of the files."""
