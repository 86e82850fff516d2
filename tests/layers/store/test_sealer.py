"""The sealer works by itself, and goes on after trouble."""

import threading
from datetime import timedelta

import pytest

from geodata.errors import StoreUnavailable
from layers.responders import PositionReported
from layers.store import sealer, sealing
from layers.store.sealer import Sealer


class Refusing:
    """A store that is not there the first time it is asked."""

    def __init__(self):
        self.asked, self.again = [], threading.Event()

    def seal(self, before):
        """Nothing to do, but for the first time."""
        self.asked.append(before)
        if len(self.asked) == 1:
            raise StoreUnavailable("not now")
        self.again.set()
        return 0


@pytest.fixture
def run():
    """Starts a sealer that is stopped at the end."""
    started = []

    def start(store, now):
        started.append(Sealer(store, lambda: now, timedelta(minutes=10)))
        started[-1].start()

    yield start
    for one in started:
        one.stop()


def test_positions_are_sealed_ten_minutes_after_they_came_and_no_sooner(store, run, happened, now, monkeypatch):
    monkeypatch.setattr(sealing, "_LEAST_ROWS", 1)
    monkeypatch.setattr(sealing, "_ROWS_PER_UNIT", 1)
    monkeypatch.setattr(sealer, "_LOOK_EVERY_S", 0.01)
    store.append([happened(PositionReported(unit="U", lon=117.1, lat=-0.5), n * 60) for n in range(20)])
    run(store, now + timedelta(minutes=20))
    expected = 10
    for _ in range(600):
        with store._reading() as connection:
            left = connection.exec_driver_sql("SELECT count(*) FROM event").scalar_one()
        if left == expected:
            break
        threading.Event().wait(0.05)
    assert left == expected


def test_a_log_that_is_not_there_is_tried_again(run, now, monkeypatch):
    monkeypatch.setattr(sealer, "_REST_AFTER_TROUBLE_S", 0.01)
    store = Refusing()
    run(store, now)
    assert store.again.wait(30)
    assert set(store.asked) == {now - timedelta(minutes=10)}
