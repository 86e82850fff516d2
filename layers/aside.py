"""What came while the log could not be written waits aside in a spool, and goes into the log by itself, in order.

While anything waits, all that comes waits behind it: otherwise a later word would be in the log before an earlier one.
The log remembers how far it got in the same transaction as the events, so a crash in between repeats nothing.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import structlog

from geodata.errors import LayarError, StoreUnavailable
from layers.delivery import Delivery, packed, unpacked
from layers.event import Event
from layers.store.spool import Spool, Spooled
from layers.store.store import Refusal, Store

_AGAIN_S = 0.25
_AT_ONCE = 256
_END_S = 5.0
_log = structlog.get_logger()


class Reading(NamedTuple):
    """What a delivery says: events to append, and what could not be read."""

    events: Sequence[Event]
    refusals: Sequence[Refusal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many deliveries wait for the log, since when; `is_refusing`: there was no room for the last that came."""

    count: int = 0
    since: datetime | None = None
    is_refusing: bool = False


class Aside:
    """`start` it in the process that takes deliveries. Every method may be called from any thread."""

    def __init__(self, spool: Spool, store: Store, read: Callable[[Delivery], Reading]) -> None:
        self._spool = spool
        self._store = store
        self._read = read
        self._is_placed = False
        self._since: datetime | None = None
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="aside", daemon=True)

    def start(self) -> None:
        """Begin to bring into the log what waits, that of a process before us first."""
        try:
            self._place()
        except StoreUnavailable as error:
            _log.warning("spool_not_placed", reason=str(error))
        self._news.set()
        self._thread.start()

    def stop(self) -> None:
        """What waits is brought into the log by the next process."""
        self._stopping.set()
        self._news.set()
        self._thread.join(_END_S)
        self._spool.close()

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits, so that what comes may go straight into the log."""
        return self._spool.waiting == 0

    @property
    def waiting(self) -> Waiting:
        """What the wall says of it."""
        count = self._spool.waiting
        return Waiting(count=count, since=self._since if count else None, is_refusing=self._spool.is_refusing)

    def keep(self, delivery: Delivery) -> None:
        """Durable on return. Raises StoreUnavailable when there is no room for it either."""
        self._spool.put(packed(delivery))
        self._note(delivery)
        self._news.set()

    def _note(self, first: Delivery) -> None:
        if self._since is None:
            self._since = first.received
            _log.warning("log_not_written", since=first.received.isoformat())

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._news.wait(None if self.is_empty else _AGAIN_S)
            self._news.clear()
            try:
                while not self._stopping.is_set() and self._step():
                    pass
            except StoreUnavailable:
                self._stopping.wait(_AGAIN_S)
            except Exception:  # noqa: BLE001 — edge: without this thread what waits would wait for ever
                _log.exception("aside_failed")
                self._stopping.wait(_AGAIN_S)

    def _place(self) -> None:
        self._spool.forget(self._store.caught_up_to(self._spool.name))
        self._is_placed = True
        first = self._spool.next(1)
        if first:
            self._note(unpacked(first[0].said))

    def _step(self) -> bool:
        """Bring the next ones into the log; whether there were any."""
        if not self._is_placed:
            self._place()
        records = self._spool.next(_AT_ONCE)
        if not records:
            return False
        self._bring(records)
        self._spool.forget(records[-1].place)
        if self.is_empty:
            self._since = None
            _log.info("log_caught_up", place=records[-1].place)
        return True

    def _bring(self, records: Sequence[Spooled]) -> None:
        deliveries = [unpacked(record.said) for record in records]
        readings = [self._read(delivery) for delivery in deliveries]
        for refusal in (one for reading in readings for one in reading.refusals):
            self._store.quarantine(refusal)
        try:
            self._store.catch_up([reading.events for reading in readings], records[-1].place, self._spool.name)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 — edge: a layer's fold may fail in any way; the others must not wait for it
            if len(records) > 1:
                for record in records:
                    self._bring([record])
                return
            self._store.quarantine(_refused(deliveries[0], error))
            self._store.catch_up([], records[-1].place, self._spool.name)


def _refused(delivery: Delivery, error: Exception) -> Refusal:
    said = str(error) if isinstance(error, LayarError) else f"{type(error).__name__}: {error}"
    return Refusal(
        received=delivery.received,
        source=delivery.source,
        feed=delivery.feed,
        reason=f"it could be read and not be taken ({said}); retry when that is mended",
        field=None,
        original=delivery.payload,
        mode=delivery.mode,
    )
