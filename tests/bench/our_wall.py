"""Our side of the comparison: the real server, page and hub, on the world the textbook app also has.

`python our_wall.py PORT COUNT DIR`. The log is held in memory, because the textbook app keeps none; what the
durable log costs is measured by itself in `log.py`. Everything after it is the real thing: fold, redact, draw,
encode, send.
"""

import itertools
import sys
import threading
import time
from collections import deque
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from world import World

from dashboard.app import Foundation, create_app, lay_foundation, make_services, new_server
from dashboard.config import AccessSettings, LayarSettings, ServerSettings
from dashboard.live import Hub
from dashboard.serve import Web
from layers.cameras import CameraListed
from layers.event import Event, Fact
from layers.incidents import IncidentReported, Report
from layers.responders import PositionReported, UnitRegistered
from layers.situation import Situation, Touched
from layers.store.store import Appended, Delta, Live

_KEPT = 50_000  # a disk would hold the rest, and the collector would not look at it


class MemoryLog:
    """The parts of a Store that the hub asks for, without a disk."""

    def __init__(self, base: Foundation) -> None:
        self._start = Situation(ground=base.ground, layers=base.layers.found)
        self._events: deque[tuple[int, Event]] = deque(maxlen=_KEPT)
        self._cursor = 0
        self._news = threading.Condition()

    def append(self, facts: list[Fact]) -> Appended:
        """Take the facts as events of this moment."""
        now = datetime.now(UTC)
        with self._news:
            for fact in facts:
                self._cursor += 1
                event = Event(id=str(self._cursor), at=now, seen=now, source="bench", fact=fact)
                self._events.append((self._cursor, event))
            self._news.notify_all()
        return Appended(cursor=self._cursor, is_new=(True,) * len(facts), is_first=(False,) * len(facts))

    def since(self, cursor: int, limit: int = 500) -> Delta:
        """As a Store does."""
        with self._news:
            skipped = cursor - (self._cursor - len(self._events))
            found = tuple(itertools.islice(self._events, skipped, skipped + limit))
        return Delta(events=found, cursor=found[-1][0] if found else cursor)

    def wait(self, cursor: int, timeout_s: float) -> int:
        """As a Store does."""
        with self._news:
            self._news.wait_for(lambda: self._cursor > cursor, timeout_s)
            return self._cursor

    def live(self) -> Live:
        """An empty city: everything comes as events."""
        return Live(situation=self._start, changed={}, oldest=0)

    def quarantined_count(self) -> int:
        """Nothing here can be unreadable."""
        return 0

    def close(self) -> None:
        """Nothing to let go of."""


class TimedHub(Hub):
    """The hub, which notes what folding alone costs: the textbook app is handed arrays and folds nothing."""

    fold_s = 0.0

    def _read_on(self, situation: Situation) -> tuple[Situation, Touched]:
        began = time.thread_time()
        try:
            return super()._read_on(situation)
        finally:
            self.fold_s += time.thread_time() - began


def feed(log: MemoryLog, hub: TimedHub, count: int, cpu: Path) -> None:
    """Move the world once a second; note what that, and folding it, cost alone: "moving folding", in seconds."""
    world = World(count)
    now = datetime.now(UTC)
    log.append(
        [IncidentReported(incident=f"I{i}", report=Report(category="kebakaran", reported_at=now, lon=lon, lat=lat))
         for i, (lon, lat) in enumerate(zip(*world.incidents, strict=True))]
        + [CameraListed(camera=f"C{i}", name=f"C{i}", lon=lon, lat=lat)
           for i, (lon, lat) in enumerate(zip(*world.cameras, strict=True))]
    )  # fmt: skip
    log.append(
        [UnitRegistered(unit=f"U{i}", name=name, unit_kind=kind)
         for i, (name, kind) in enumerate(zip(world.names, world.kinds, strict=True))]
    )  # fmt: skip
    while True:
        world.step()
        moved = zip(world.lon.tolist(), world.lat.tolist(), world.heading.tolist(), strict=True)
        log.append(
            [PositionReported(unit=f"U{i}", lon=lon, lat=lat, heading_deg=h) for i, (lon, lat, h) in enumerate(moved)]
        )
        cpu.write_text(f"{time.thread_time()} {hub.fold_s}")
        time.sleep(1.0)


class Bench(Web):
    """The production server, with the log swapped."""

    def __init__(self, base: Foundation, port: int, count: int) -> None:
        self._count = count
        super().__init__(base, "127.0.0.1", port)

    def load(self) -> object:
        """Called by gunicorn in the worker."""
        server = new_server()
        services = make_services(self._base, server)
        services.store.close()
        log = MemoryLog(self._base)
        hub = TimedHub(log, services.hub.around)
        services = replace(services, store=log, hub=hub)
        self._services = services
        cpu = self._base.data_dir / "producer-cpu"
        threading.Thread(target=feed, args=(log, hub, self._count, cpu), daemon=True).start()
        return create_app(self._base, services, server, time.monotonic)


if __name__ == "__main__":
    port, count, data = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    settings = LayarSettings(
        mode="demo", access=AccessSettings(anonymous="wall"), server=ServerSettings(port=port, threads=16)
    )
    Bench(lay_foundation(settings, data), port, count).run()
