"""What comes next in the past: read from the log ahead of a player, a stretch at a time."""

from datetime import datetime, timedelta

from layers.event import Event
from layers.store.store import Change, Sense, Store

_FIRST, _MOST = timedelta(minutes=15), timedelta(days=2)


class Coming:
    """Gives each change once, in order. Stretches in which nothing happens are read in ever longer steps."""

    def __init__(self, store: Store, since: datetime, until: datetime, sense: Sense) -> None:
        self._store = store
        self._read_to = since
        self._until = until
        self._sense: Sense = sense
        self._ahead = _FIRST
        self._changed: list[Change] = []
        self._heard: list[tuple[int, Event]] = []

    def next_news(self) -> datetime | None:
        """When something changes next; None: not before the end."""
        while not self._changed and self._read_to < self._until:
            self._read()
        return self._changed[0].at if self._changed else None

    def take(self, until: datetime) -> tuple[list[Change], list[tuple[int, Event]]]:
        """All that comes up to then."""
        while self._read_to < until:
            self._read()
        changed = [change for change in self._changed if change.at <= until]
        heard = [(cursor, event) for cursor, event in self._heard if event.seen <= until]
        del self._changed[: len(changed)], self._heard[: len(heard)]
        return changed, heard

    def _read(self) -> None:
        until = min(self._until, self._read_to + self._ahead)
        passage = self._store.passage(self._read_to, until, self._sense)
        self._changed += passage.changed
        self._heard += passage.heard
        self._read_to = until
        self._ahead = _FIRST if passage.changed else min(_MOST, self._ahead * 2)
