"""Bringing history in: readings of a file become durable events, thousands at a time, and a summary with row numbers.

The work can be cut off anywhere and begun again: ids come from what the rows say, and what `Import.progress` told last
says how many rows are in the log for sure. Where the readings come from it does not know.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from layers.calls import CallRecorded
from layers.event import HISTORY, Event, Mode, stable_id
from layers.feed import Rejected
from layers.incident_facts import IncidentReported
from layers.store.store import Refusal, Store
from layers.table_read import Reading

CLIENT = "import"
EVENTS_AT_ONCE = 6_000
_TICK = timedelta(microseconds=1)
_MOST_NUMBERS = 10_000
_MOST_WORDS = 50
_QUARANTINED = 20
DOUBT_WORDS: Mapping[str, str] = {
    "outside": "lies outside the city; kept, but not a place here",
    "swapped": "latitude and longitude are exchanged; kept, but not a place here",
    "place": "the place cannot be read; taken without it",
    "category": "the city's taxonomy does not know the category; counted as lainnya",
    "kelurahan": "no kelurahan of this city has that name; taken without it",
    "kind": "an unknown kind of call; taken without it",
    "status": "an unknown status; taken without it",
    "priority": "an unknown priority; the category decides",
    "agency": "no agency of this city has that name; kept as it is",
    "day_only": "midnight, or a day without a time of day: then times to the answer cannot be right",
    "no_duration": "a duration of nothing; taken as closed without a time",
    "duration": "the duration cannot be read; taken as closed without a time",
    "milestone": "a time cannot be read, or cannot be; taken as reached without a time",
    "caller": "the caller's number cannot be read",
    "contradiction": "times contradict each other; no figure uses them",
    "far_apart": "rows of one call lie very far apart; the later ones were read by themselves",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows with one thing in common: how many, the first so many numbers, and the commonest words of it."""

    count: int
    numbers: tuple[str, ...]
    words: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True, kw_only=True)
class _Groups:
    """Counts what rows have in common, in bounded space."""

    counts: Counter[str] = field(default_factory=Counter)
    numbers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    words: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, name: str, where: str, word: str | None = None) -> None:
        self.counts[name] += 1
        if len(self.numbers[name]) < _MOST_NUMBERS:
            self.numbers[name].append(where)
        if word is not None and (word in self.words[name] or len(self.words[name]) < _MOST_NUMBERS):
            self.words[name][word] += 1

    def kept(self) -> dict[str, Any]:
        return {
            name: {"count": count, "numbers": self.numbers[name], "words": dict(self.words[name].most_common(500))}
            for name, count in self.counts.items()
        }

    def restore(self, kept: Mapping[str, Any]) -> None:
        for name, one in kept.items():
            self.counts[name] = int(one["count"])
            self.numbers[name] = [str(number) for number in one["numbers"]]
            self.words[name] = Counter({str(word): int(count) for word, count in one["words"].items()})

    def told(self) -> dict[str, Group]:
        return {
            name: Group(
                count=count,
                numbers=tuple(self.numbers[name]),
                words=tuple(self.words[name].most_common(_MOST_WORDS)),
            )
            for name, count in self.counts.most_common()
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What became of a file. Rows are counted once each: taken, folded or refused.

    `taken`: at least one new event; `folded`: said before, in this file or an earlier one. `repeats` are rows taken as
    another word on the call two minutes before. `doubts` and `refused` are by reason.
    """

    rows: int
    taken: int
    folded: int
    events: int
    incidents: int
    calls: int
    repeats: Group | None
    first: datetime | None
    last: datetime | None
    refused: dict[str, Group]
    doubts: dict[str, Group]
    quarantined: tuple[int, ...]

    @property
    def rows_refused(self) -> int:
        """Rows that could not be read."""
        return sum(group.count for group in self.refused.values())


def always(_events: Sequence[Event]) -> bool:
    """Everything in a table is history."""
    return True


class Import:
    """One file on its way into the log. `store` None: only look, write nothing.

    `is_history` says of the events of a row whether they are history, or as good as sent just now.
    """

    def __init__(
        self,
        store: Store | None,
        feed: str,
        received: datetime,
        *,
        mode: Mode = "live",
        is_history: Callable[[Sequence[Event]], bool] = always,
    ) -> None:
        self._store = store
        self._feed = feed
        self._received = received
        self._mode = mode
        self._is_history = is_history
        self._waiting: list[tuple[int, list[Event]]] = []
        self._events_waiting = 0
        self._seen: set[int] = set()
        self._done = 0
        self._refused, self._doubts, self._repeats = _Groups(), _Groups(), _Groups()
        self._counts: Counter[str] = Counter()
        self._quarantined: list[int] = []
        self._span: tuple[datetime, datetime] | None = None

    def take(self, readings: Iterable[Reading], at_once: int = EVENTS_AT_ONCE) -> Iterator[int]:
        """Yields how many rows are done, each time when all of them are durable; passes over those done before.

        `at_once`: so many events a commit.
        """
        passed = 0
        for reading in readings:
            if passed < self._done:
                passed += len(reading.numbers)
                continue
            self._one(reading)
            if self._events_waiting >= at_once:
                self._write()
                yield self._counts["rows"]
        self._write()
        yield self._counts["rows"]

    def _one(self, reading: Reading) -> None:
        rows = len(reading.numbers)
        self._counts["rows"] += rows
        where = _where(reading)
        for what, said in reading.doubts:
            self._doubts.add(what, where, said)
        if reading.is_repeat:
            self._repeats.add("repeats", where)
        if reading.rejected is not None:
            self._refuse(reading.rejected, where)
            return
        source = f"{HISTORY if self._is_history(reading.events) else ''}{CLIENT}/{self._feed}"
        marked = [self._marked(event, source) for event in reading.events]
        self._waiting.append((rows, marked))
        self._events_waiting += len(marked)

    def _marked(self, event: Event, source: str) -> Event:
        """As the door marks events, so that what is read again from the quarantine is no other event."""
        event_id = stable_id(f"{CLIENT}/{self._feed}", self._mode, event.id)
        self._received += _TICK  # so that the log need not move it
        return Event(id=event_id, at=event.at, seen=self._received, source=source, fact=event.fact, mode=self._mode)

    def _refuse(self, rejected: Rejected, where: str) -> None:
        reason = rejected.field or "row"
        self._refused.add(reason, where, rejected.reason)
        if self._store is None or len(self._quarantined) >= _QUARANTINED:
            return
        refusal = Refusal(
            received=self._received,
            source=f"{CLIENT}/{self._feed}",
            feed=self._feed,
            reason=f"{where}: {rejected.reason}",
            field=rejected.field,
            original=rejected.original,
            mode=self._mode,
        )
        self._quarantined.append(self._store.quarantine(refusal))

    def _write(self) -> None:
        events = [event for _, some in self._waiting for event in some]
        news = self._news(events)
        at = 0
        for rows, some in self._waiting:
            is_new = news[at : at + len(some)]
            at += len(some)
            self._counts["taken" if any(is_new) else "folded"] += rows
            for event, fresh in zip(some, is_new, strict=True):
                if fresh:
                    self._count(event)
        self._waiting, self._events_waiting = [], 0

    def _news(self, events: list[Event]) -> tuple[bool, ...]:
        if self._store is not None:
            return self._store.append(events).is_new if events else ()
        fresh = []
        for event in events:
            fresh.append(hash(event.id) not in self._seen)
            self._seen.add(hash(event.id))
        return tuple(fresh)

    def _count(self, event: Event) -> None:
        self._counts["events"] += 1
        self._counts["incidents"] += isinstance(event.fact, IncidentReported)
        self._counts["calls"] += isinstance(event.fact, CallRecorded)
        first, last = self._span or (event.at, event.at)
        self._span = (min(first, event.at), max(last, event.at))

    def progress(self) -> dict[str, Any]:
        """What `go_on` needs to begin after the rows that are done; only true when nothing waits to be written."""
        return {
            "counts": dict(self._counts),
            "groups": [groups.kept() for groups in (self._refused, self._doubts, self._repeats)],
            "quarantined": self._quarantined,
            "span": [moment.isoformat() for moment in self._span or ()],
        }

    def go_on(self, kept: Mapping[str, Any]) -> int:
        """Take up what an earlier run told; gives how many rows are done."""
        self._counts = Counter({str(name): int(count) for name, count in kept["counts"].items()})
        for groups, told in zip((self._refused, self._doubts, self._repeats), kept["groups"], strict=True):
            groups.restore(told)
        self._quarantined = [int(number) for number in kept["quarantined"]]
        span = [datetime.fromisoformat(moment) for moment in kept["span"]]
        self._span = (span[0], span[1]) if span else None
        self._done = self._counts["rows"]
        return self._done

    def summary(self) -> Summary:
        """What became of all that was taken so far."""
        told = self._counts
        return Summary(
            rows=told["rows"],
            taken=told["taken"],
            folded=told["folded"],
            events=told["events"],
            incidents=told["incidents"],
            calls=told["calls"],
            repeats=self._repeats.told().get("repeats"),
            first=self._span[0] if self._span else None,
            last=self._span[1] if self._span else None,
            refused=self._refused.told(),
            doubts=self._doubts.told(),
            quarantined=tuple(self._quarantined),
        )


def _where(reading: Reading) -> str:
    number = str(reading.numbers[0])
    return f"{reading.sheet}!{number}" if reading.sheet else number
