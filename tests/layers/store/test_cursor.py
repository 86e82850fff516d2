"""The cursor as a model: whoever appends, and whoever reads how much, nobody misses or repeats an event."""

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from geodata.city import load_city
from geodata.places import Ground
from layers.event import Event
from layers.layer import discover_layers
from layers.responders import PositionReported
from layers.store.sqlite import FILE_NAME, open_store

NOW = datetime(2026, 11, 22, 11, 18, tzinfo=UTC)
GROUND = Ground(city=load_city("64.72"), places=SimpleNamespace(areas={}))
LAYERS = discover_layers().found
WHO = st.sampled_from([0, 1])


def event(number, seen_s):
    moment = NOW + timedelta(seconds=seen_s)
    fact = PositionReported(unit=f"U{number % 3}", lon=117 + number / 1000, lat=-0.5)
    return Event(id=str(number), at=moment, seen=moment, source="test/feed", fact=fact)


class Log(RuleBasedStateMachine):
    """Two stores on one file, as two processes have it, and two readers."""

    @initialize()
    def open(self):
        """Two stores, nothing in the log."""
        self.folder = Path(tempfile.mkdtemp())
        self.stores = [open_store(self.folder / FILE_NAME, LAYERS, GROUND) for _ in range(2)]
        self.log = []
        self.read = [[], []]
        self.cursors = [0, 0]

    @rule(who=WHO, numbers=st.lists(st.integers(0, 30), max_size=6), seen_s=st.integers(-3600, 3600))
    def append(self, who, numbers, seen_s):
        """New events get the next cursors, known ones none."""
        before = set(self.log)
        appended = self.stores[who].append([event(number, seen_s) for number in numbers])
        expected = []
        for number in map(str, numbers):
            expected.append(number not in before)
            if number not in before:
                self.log.append(number)
                before.add(number)
        assert appended.is_new == tuple(expected)
        assert appended.cursor == len(self.log)

    @rule(who=WHO, reader=WHO, limit=st.integers(1, 5))
    def read_on(self, who, reader, limit):
        """A reader reads on through either store."""
        delta = self.stores[who].since(self.cursors[reader], limit)
        assert len(delta.events) == min(limit, len(self.log) - self.cursors[reader])
        self.read[reader] += [one.id for _, one in delta.events]
        self.cursors[reader] = delta.cursor

    @rule(who=WHO)
    def reopen(self, who):
        """A process ends and starts again."""
        self.stores[who].close()
        self.stores[who] = open_store(self.folder / FILE_NAME, LAYERS, GROUND)

    @rule(who=WHO)
    def wait(self, who):
        """What the other appended is heard of."""
        if self.log:
            assert self.stores[who].wait(len(self.log) - 1, 10) == len(self.log)

    @rule()
    def see_the_same(self):
        """Both processes know the same situation."""
        one, other = (store.live() for store in self.stores)
        assert one == other
        assert one.situation.cursor == len(self.log)

    @invariant()
    def nobody_missed_or_repeated(self):
        """What a reader has read is the log up to its cursor."""
        for read, cursor in zip(getattr(self, "read", ()), getattr(self, "cursors", ()), strict=True):
            assert read == self.log[:cursor]

    def teardown(self):
        """In the end `seen` only grew, and the projections are true."""
        if hasattr(self, "stores"):
            seen = [one.seen for _, one in self.stores[0].since(0).events]
            assert seen == sorted(set(seen))
            assert self.stores[1].rebuild().differences == ()
            for store in self.stores:
                store.close()
            shutil.rmtree(self.folder)


TestLog = Log.TestCase
TestLog.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
