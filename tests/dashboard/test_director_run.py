"""The director at work: an event for each decision, none without; what it cannot decide it leaves as it is."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.director_run import Director, Stage
from dashboard.director_settings import DirectorSettings
from geodata.errors import StoreUnavailable
from layers.layer import discover_layers
from layers.situation import Situation, after_all

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


class Room:
    """A log that can be full, a clock, and the situation that follows from the log."""

    def __init__(self, ground) -> None:
        self.now, self.events, self.is_full = NOW, [], False
        self.known = Situation(ground=ground, layers=discover_layers().found)
        rules = DirectorSettings()
        self.director = Director(
            Stage(store=self, clock=lambda: self.now, mode="live", walls=("utama", "hall"), rules=rules)
        )

    def append(self, events):
        """As the log does."""
        if self.is_full:
            raise StoreUnavailable("no space left on the device")
        self.events += events
        first = self.known.cursor + 1
        self.known, _ = after_all(self.known, enumerate(events, first))

    def look(self, after_s=1.0):
        """Time passes, and it looks."""
        self.now += timedelta(seconds=after_s)
        self.director.look(lambda: self.known)


@pytest.fixture
def room(ground):
    return Room(ground)


def test_each_wall_gets_a_decision_of_its_own_and_nothing_more_while_nothing_changes(room):
    for _ in range(20):
        room.look()
    assert [(event.source, event.fact.scene) for event in room.events] == [
        ("director/utama", "overview"),
        ("director/hall", "overview"),
    ]


def test_a_full_disk_leaves_the_scene_and_is_said_until_the_log_can_be_written_again(room):
    room.look()
    room.is_full = True
    room.look(31)
    since = room.director.stuck()
    room.look()
    assert since == room.director.stuck() == NOW + timedelta(seconds=32)
    assert room.known.of("scenes")["utama"].shown.scene == "overview"
    room.is_full = False
    room.look()
    assert room.director.stuck() is None
    assert room.known.of("scenes")["utama"].shown.scene == "centre"


def test_a_mistake_of_ours_stops_no_wall(room):
    room.director.look(lambda: None)
    assert room.director.stuck() == NOW
    room.look()
    assert room.director.stuck() is None


def test_a_new_director_goes_on_from_the_log(room):
    room.look()
    room.look(31)
    fresh = Director(room.director._stage)
    room.now += timedelta(seconds=1)
    fresh.look(lambda: room.known)
    assert len(room.events) == 4


def test_somebody_who_asks_need_not_wait_for_the_next_second(room):
    looks = threading.Semaphore(0)

    def situation():
        looks.release()
        return room.known

    room.director.start(situation)
    try:
        for _ in range(3):
            room.director.look_soon()
            assert looks.acquire(timeout=30)
    finally:
        room.director.stop()
    assert {event.fact.wall for event in room.events} == {"utama", "hall"}
