"""A running transport with a real door and log, and a book of what it says of itself."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cctv.guard import Guard, networks_of
from geodata.errors import StoreUnavailable
from layers.feed import discover_feeds
from layers.ingest import Door, Receipt
from layers.line_run import addressed
from layers.transport import Line, Secret

FEEDS = discover_feeds().found


@dataclass
class Told:
    """What the transport said of itself."""

    well_count: int = 0
    wrong: list[str] = field(default_factory=list)

    def well(self, **_more: object) -> None:
        """It is well."""
        self.well_count += 1

    def failed(self, sentence, **_more: object) -> None:
        """It is not."""
        self.wrong.append(sentence.en)


@dataclass
class Taking:
    """The way to the door; `is_shut` as when the disk is full."""

    door: Door
    feed: str
    is_shut: bool = False
    payloads: list[bytes] = field(default_factory=list)

    def __call__(self, payload: bytes, *, received: datetime, topic: str = "") -> Receipt:
        """As the product hands it on."""
        if self.is_shut:
            raise StoreUnavailable("shut for a test")
        said = addressed(FEEDS[self.feed], payload, topic)
        self.payloads.append(said)
        return self.door.accept(said, feed=self.feed, client="test", received=received)


@dataclass
class Running:
    """One line that runs."""

    told: Told
    taking: Taking
    store: object

    def units(self) -> set[str]:
        """Ids of all responders."""
        return set(self.store.live().situation.of("responders"))

    def events(self) -> int:
        """How many are in the log."""
        return self.store.live().situation.cursor


@contextmanager
def running(transport, settings, store, folder, *, secret: Secret | None = None) -> Iterator[Running]:
    """Run it until the end of the block; it then has to end by itself."""
    told, taking = Told(), Taking(Door(store, FEEDS), settings.feed)
    line = Line(
        name=settings.name, deliver=taking, tell=told, clock=lambda: datetime.now(UTC),
        guard=Guard(networks=networks_of(settings.allow), is_outward=True), folder=folder,
        secret=secret or Secret(), zone=ZoneInfo("Asia/Makassar"),
    )  # fmt: skip
    stopping = threading.Event()
    thread = threading.Thread(target=transport.run, args=(settings, line, stopping))
    thread.start()
    try:
        yield Running(told=told, taking=taking, store=store)
    finally:
        stopping.set()
        thread.join(20)
        assert not thread.is_alive()


def until(is_so: Callable[[], object], within_s: float = 40.0) -> None:
    """Wait for something that is about to be so."""
    deadline = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
