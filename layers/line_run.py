"""Runs the lines of [[feeds]]: a thread each, started again when it dies, ever more slowly. It never ends by itself."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from geodata.clock import Clock
from layers.breaker import pause_after
from layers.event import Mode
from layers.feed import Feed
from layers.ingest import Door, Receipt
from layers.layer import Words
from layers.line_status import LineBook, LineStatus
from layers.transport import Deliver, Line, LineSettings, Transport

_LOG = structlog.get_logger()
_STEADY_S = 60.0
_AGAIN_S = 2.0
_DIED = Words(id="pengambil data gagal; dimulai lagi", en="its reader failed; starting again")


def addressed(feed: Feed, payload: bytes, topic: str) -> bytes:
    """The payload with what only the transport knows; as it came where that cannot be done."""
    try:
        return feed.addressed(payload, topic)
    except Exception:  # noqa: BLE001 — edge: a stranger's feed may fail in any way; then its parser says what is missing
        return payload


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorOf:
    """Hands the payloads of one line to the one door, and counts them."""

    settings: LineSettings
    feed: Feed
    door: Door
    mode: Mode
    counted: Callable[[str, Receipt], None]

    def __call__(self, payload: bytes, *, received: datetime, topic: str = "") -> Receipt:
        """As `Deliver` says."""
        name = self.settings.name
        said = addressed(self.feed, payload, topic)
        receipt = self.door.accept(said, feed=self.settings.feed, client=name, received=received, mode=self.mode)
        self.counted(name, receipt)
        return receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class TellBook:
    """What a line says of itself goes into the book; a new failure goes into the log too."""

    name: str
    book: LineBook

    def well(self, *, next_try_at: datetime | None = None) -> None:
        """As `Tell` says."""
        self.book.well(self.name, next_try_at)

    def failed(self, sentence: Words, *, next_try_at: datetime | None = None, is_resting: bool = False) -> None:
        """As `Tell` says."""
        if self.book.lines[self.name].error != sentence.id:
            _LOG.warning("feed_failed", feed=self.name, reason=sentence.en)
        self.book.failed(self.name, sentence, next_try_at, is_resting=is_resting)


def first_status(settings: LineSettings, transport: Transport, feed: Feed, now: datetime) -> LineStatus:
    """Nothing is known of it yet but how long it may be silent."""
    return LineStatus(
        name=settings.name,
        feed=settings.feed,
        transport=settings.transport,
        title=settings.title or f"{settings.name} ({feed.title.id})",
        silent_s=settings.silent_s or transport.silent_s(settings),
        since=now,
    )


def continued(status: LineStatus, before: Mapping[str, LineStatus]) -> LineStatus:
    """A restart makes no line younger than it is."""
    known = before.get(status.name)
    if known is None:
        return status
    return LineStatus(
        name=status.name,
        feed=status.feed,
        transport=status.transport,
        title=status.title,
        silent_s=status.silent_s,
        since=known.since,
        well_at=known.well_at,
        news_at=known.news_at,
    )


def keep_running(
    settings: LineSettings, transport: Transport, line: Line, stopping: threading.Event, clock: Clock
) -> None:
    """Until told to stop."""
    deaths = 0
    while not stopping.is_set():
        started_s = time.monotonic()
        try:
            transport.run(settings, line, stopping)
        except Exception as error:  # noqa: BLE001 — edge: a stranger's transport may fail in any way; the others go on
            _LOG.error("feed_died", feed=line.name, error=type(error).__name__)
        if stopping.is_set():
            return
        deaths = 1 if time.monotonic() - started_s > _STEADY_S else deaths + 1
        pause = pause_after(deaths, _AGAIN_S, random.random())  # noqa: S311 — only spreads
        line.tell.failed(_DIED, next_try_at=clock() + timedelta(seconds=pause.wait_s), is_resting=pause.is_resting)
        stopping.wait(pause.wait_s)


def folder_of(data_dir: Path, name: str) -> Path:
    """What a line remembers lies there; made where it is missing."""
    folder = data_dir / "feeds" / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def deliver_of(settings: LineSettings, feed: Feed, door: Door, mode: Mode, book: LineBook) -> Deliver:
    """The way of one line to the door."""
    return DoorOf(settings=settings, feed=feed, door=door, mode=mode, counted=book.took)
