"""The Store in one SQLite file: WAL, `synchronous=FULL`, one writer thread with group commit.

Open it after a fork, never before. Any number of processes may have it open, all with the same layers.
"""

import contextlib
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from geodata.errors import NotFound
from geodata.places import Ground
from layers.counts import CountBy, Counts
from layers.event import Event, Mode
from layers.layer import Layers
from layers.situation import Situation, Things
from layers.store import progress, quarantine
from layers.store.as_of import began_at, passage_between, situation_at
from layers.store.bell import Bell
from layers.store.moved import moved_at, way_between
from layers.store.reading import (
    events_after,
    events_of_past,
    events_of_subjects,
    events_told,
    fact_of,
    head_of,
    live_of,
)
from layers.store.rebuild import adopt, rebuild
from layers.store.retention import Destroyed, Kept, destroy
from layers.store.retention_tracks import destroy_positions, positions_from
from layers.store.rollup import Asked, counts_of, is_old, recount
from layers.store.rows import Lexicon, micros
from layers.store.schema import bare, create, open_engine, prove, writing
from layers.store.sealing import has_leftovers, next_range, put_range, sweep
from layers.store.store import Appended, Delta, Live, Passage, Quarantined, Rebuilt, Refusal, Sense, Store
from layers.store.versions import last_states, things_at
from layers.store.writer import OPENING_S, Ticket, Writer, translated
from layers.tracks import Way

FILE_NAME = "layar.db"
_PROVE_EVERY_S = 1.0


class SqliteStore(Store):
    """See the protocol for what each method promises."""

    def __init__(self, path: Path, engine: Engine, ticket: Ticket, lexicon: Lexicon) -> None:
        self._path = path
        self._prove_at_s = time.monotonic() + _PROVE_EVERY_S
        self._engine = engine
        self._ticket = ticket
        self._lexicon = lexicon
        self._watching = bare(engine.connect())
        self._version = self._data_version()
        with self._reading() as connection:
            head = head_of(connection)
        self._bell = Bell(self._look, head)
        self._writer = Writer(ticket, engine, lexicon, self._bell.ring)

    def append(self, events: Sequence[Event]) -> Appended:
        """One queue, one commit for all who wait in it."""
        prepared = [(event, self._lexicon.body(event)) for event in events]
        ids = tuple(event.id for event in events)
        return self._writer.submit(lambda transaction: transaction.append(prepared), ids=ids)

    def catch_up(self, deliveries: Sequence[Sequence[Event]], place: str, spool: str) -> None:
        """One commit for all of them."""
        prepared = [[(event, self._lexicon.body(event)) for event in delivery] for delivery in deliveries]
        ids = tuple(event.id for delivery in deliveries for event in delivery)
        self._writer.submit(progress.catching_up(prepared, place, spool), ids=ids)

    def caught_up_to(self, spool: str) -> str | None:
        """Kept beside the events."""
        with self._reading() as connection:
            return progress.place_in(connection, spool)

    def since(self, cursor: int, limit: int = 500) -> Delta:
        """Cursors are dense and appear in commit order: the lock is held from numbering to commit."""
        with self._reading() as connection:
            events = events_after(connection, self._lexicon, cursor, limit)
        return Delta(events=tuple(events), cursor=events[-1][0] if events else cursor)

    def told(self, kinds: Sequence[str], since: datetime, until: datetime) -> Iterator[Event]:
        """By the index over kinds; the connection is given back when the caller is done."""
        with self._reading() as connection:
            yield from events_told(connection, self._lexicon, kinds, since, until)

    def told_of(self, kinds: Sequence[str], subjects: Sequence[str]) -> Iterator[Event]:
        """By the index over subjects; the connection is given back when the caller is done."""
        with self._reading() as connection:
            yield from events_of_subjects(connection, self._lexicon, kinds, subjects)

    def past(self, kinds: Sequence[str], since: datetime, until: datetime) -> Iterator[Event]:
        """By an index over history alone; the connection is given back when the caller is done."""
        with self._reading() as connection:
            yield from events_of_past(connection, self._lexicon, kinds, since, until)

    def wait(self, cursor: int, timeout_s: float) -> int:
        """Own appends ring at once; for others' one thread looks 20 times a second, and once at the file itself."""
        return self._bell.wait(cursor, timeout_s)

    def live(self) -> Live:
        """Read from the projections in one transaction."""
        with self._reading() as connection:
            return live_of(connection, self._lexicon)

    def situation(self, at: datetime, sense: Sense = "shown") -> Situation:
        """From the versions; layers without a history are folded on from the nearest checkpoint."""
        with self._reading() as connection:
            return situation_at(connection, self._lexicon, at, sense)

    def passage(self, since: datetime, until: datetime, sense: Sense) -> Passage:
        """Where versions begin and end."""
        with self._reading() as connection:
            return passage_between(connection, self._lexicon, since, until, sense)

    def began(self, sense: Sense = "shown") -> datetime | None:
        """Found by an index."""
        with self._reading() as connection:
            return began_at(connection, sense)

    def things(self, layer: str, at: datetime, sense: Sense) -> Things:
        """Found by an R*Tree over the spans of all versions."""
        if layer not in self._lexicon.historic | self._lexicon.moving:
            raise NotFound(f"the past of the layer {layer!r} is not kept version by version")
        with self._reading() as connection:
            read = moved_at if layer in self._lexicon.moving else things_at
            return read(connection, self._lexicon, layer, at, sense)

    def last_states(self, layer: str, since: datetime, until: datetime) -> Iterator[tuple[Any, bool]]:
        """By the R*Tree; the connection is given back when the caller is done."""
        with self._reading() as connection:
            yield from last_states(connection, self._lexicon, layer, since, until)

    def tracks(self, since: datetime, until: datetime, units: Collection[str] | None = None) -> Way:
        """From blocks, and from what is not yet in blocks."""
        with self._reading() as connection:
            return way_between(connection, since, until, units)

    def seal(self, before: datetime) -> int:
        """What is encoded is encoded without a lock; see `sealing`."""
        with self._reading() as connection:
            is_swept = not has_leftovers(connection)
        swept = 0 if is_swept else self._writer.submit(lambda transaction: sweep(transaction.connection))
        if swept:
            return swept
        with self._reading() as connection:
            found = next_range(connection, micros(before))
        if found is not None:
            self._writer.submit(lambda transaction: put_range(transaction.connection, found))
        return 0 if found is None else found.positions

    def counts(
        self, first: date, last: date, by: CountBy, mode: Mode = "live", categories: Collection[str] | None = None
    ) -> Counts:
        """Counted anew first where boundaries or categories have changed."""
        with self._reading() as connection:
            must_recount = is_old(connection, self._lexicon)
        if must_recount:
            self._writer.submit(lambda transaction: recount(transaction.connection, self._lexicon))
        with self._reading() as connection:
            return counts_of(connection, self._lexicon.ground, Asked(first, last, by, mode, categories))

    def quarantine(self, refusal: Refusal) -> int:
        """The same bytes of the same source are kept once and counted."""
        return self._writer.submit(quarantine.putting(refusal))

    def quarantined(self, limit: int = 100) -> tuple[Quarantined, ...]:
        """Newest first."""
        with self._reading() as connection:
            return quarantine.newest(connection, limit)

    def quarantine_beginnings(self, limit: int, kept_bytes: int) -> tuple[Quarantined, ...]:
        """Newest first."""
        with self._reading() as connection:
            return quarantine.beginnings(connection, limit, kept_bytes)

    def quarantine_of(self, source: str, limit: int) -> tuple[int, ...]:
        """Oldest first, as they came."""
        with self._reading() as connection:
            return quarantine.numbers_of(connection, source, limit)

    def quarantine_by_source(self) -> Mapping[str, int]:
        """All that is kept."""
        with self._reading() as connection:
            return quarantine.by_source(connection)

    def quarantined_count(self) -> int:
        """All that is kept."""
        with self._reading() as connection:
            return quarantine.count(connection)

    def refused(self, number: int) -> Quarantined:
        """Read back whole."""
        with self._reading() as connection:
            return quarantine.one(connection, number)

    def release(self, number: int) -> None:
        """Nothing happens when it is not there."""
        self._writer.submit(quarantine.releasing(number))

    def rebuild(self) -> Rebuilt:
        """Others go on reading and writing meanwhile; a screen that was wrong must be opened anew."""
        with translated():
            return rebuild(self._engine, self._lexicon, self._writer)

    def destroy(self, before: Mapping[Kept, datetime], *, is_dry: bool = False) -> tuple[Destroyed, ...]:
        """In small steps, beside whoever writes."""
        others: dict[Kept, datetime] = {kind: moment for kind, moment in before.items() if kind != "positions"}
        with translated():
            found = destroy(self._engine, self._writer, others, is_dry=is_dry) if others else ()
            if "positions" not in before:
                return found
            while not is_dry and self.seal(before["positions"]):
                pass
            return *found, destroy_positions(self._engine, self._writer, before["positions"], is_dry=is_dry)

    def positions_from(self) -> datetime | None:
        """Noted by whoever destroyed them."""
        with self._reading() as connection:
            return positions_from(connection)

    def close(self) -> None:
        """May be called twice."""
        self._writer.close()
        self._bell.close()
        self._ticket.close()
        self._watching.close()
        self._engine.dispose()

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        with translated(), self._engine.connect() as connection:
            yield connection

    def _look(self, known: int) -> int:
        """The newest cursor, asked for only when some connection has committed since the last look.

        The version is remembered only after the head is read: a look that fails half-way is made again.
        """
        if time.monotonic() >= self._prove_at_s:
            prove(self._path)
            self._prove_at_s = time.monotonic() + _PROVE_EVERY_S
        with translated():
            version = self._data_version()
            if version == self._version:
                return known
            head = head_of(self._watching)
        self._version = version
        return head

    def _data_version(self) -> int:
        return int(self._watching.exec_driver_sql("PRAGMA data_version").scalar_one())


def open_store(path: Path, layers: Layers, ground: Ground | Callable[[], Ground]) -> SqliteStore:
    """The log at `path`, made when missing; projections of other layers are folded anew first.

    `ground` may be asked for, of who knows it as it is now: then incidents are counted by its kinds of calls of then.

    Raises StoreUnavailable when the file, the disk or the SQLite is not fit to keep a log.
    """
    lexicon = Lexicon(layers, ground)
    with contextlib.ExitStack() as on_failure, translated():
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = open_engine(path)
        on_failure.callback(engine.dispose)
        ticket = Ticket(path)
        on_failure.callback(ticket.close)
        with ticket.within(OPENING_S), engine.connect() as connection, writing(connection).begin():
            create(connection)
            if fact_of(connection, "layers") != lexicon.signature:
                adopt(connection, lexicon)
            elif is_old(connection, lexicon):
                recount(connection, lexicon)
        store = SqliteStore(path, engine, ticket, lexicon)
        on_failure.pop_all()
    return store
