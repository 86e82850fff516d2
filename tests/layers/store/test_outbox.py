"""The outbox: in order, once, bounded; and the dead are remembered."""

from datetime import timedelta

import pytest

from layers.store import outbox as module
from layers.store.outbox import FILE_NAME, FULL, News, Outbox


@pytest.fixture
def outbox(tmp_path):
    one = Outbox(tmp_path / FILE_NAME)
    yield one
    one.close()


def news(now, number, due_s=0):
    due = now + timedelta(seconds=due_s)
    return News(id=f"m{number}", subject=f"I{number}", change="reported", cursor=number, at=now, due=due)


def test_the_oldest_that_is_due_comes_first_and_each_once(outbox, now):
    outbox.add("h", [news(now, 1, due_s=60), news(now, 2), news(now, 3)], 3)
    outbox.add("h", [news(now, 2)], 3)
    assert outbox.next_due("h", now).id == "m2"
    outbox.done(outbox.next_due("h", now).number)
    assert outbox.next_due("h", now).id == "m3"
    assert outbox.next_due("other", now) is None
    assert outbox.next_due("h", now + timedelta(minutes=2)).id == "m1"
    assert outbox.counts() == {"h": (2, 0)}


def test_a_failure_waits_for_its_time_and_the_last_one_is_dead(outbox, now):
    outbox.add("h", [news(now, 1)], 1)
    outbox.write(1, b"said")
    outbox.failed(outbox.next_due("h", now), "500", now + timedelta(seconds=5))
    assert outbox.next_due("h", now) is None
    again = outbox.next_due("h", now + timedelta(seconds=5))
    assert (again.tries, again.body) == (1, b"said")
    outbox.failed(again, "it answered 500", None)
    (dead,) = outbox.dead()
    assert (dead.id, dead.tries, dead.error) == ("m1", 2, "it answered 500")
    assert outbox.retry(None, now) == 1
    assert outbox.next_due("h", now).tries == 0


def test_when_too_many_wait_the_oldest_are_dead_and_of_the_dead_the_oldest_go(outbox, now, monkeypatch):
    monkeypatch.setattr(module, "MOST_WAITING", 3)
    monkeypatch.setattr(module, "MOST_DEAD", 2)
    outbox.add("h", [news(now, number) for number in range(1, 11)], 10)
    assert outbox.counts() == {"h": (3, 2)}
    assert outbox.next_due("h", now).id == "m8"
    assert [(one.id, one.error) for one in outbox.dead("h")] == [("m7", FULL), ("m6", FULL)]


def test_place_and_queue_survive_a_restart_and_end_with_the_hook(tmp_path, now):
    first = Outbox(tmp_path / FILE_NAME)
    first.add("h", [news(now, 1)], 41)
    first.close()
    second = Outbox(tmp_path / FILE_NAME)
    assert second.place("h") == 41
    assert second.next_due("h", now).id == "m1"
    second.forget("h")
    assert second.place("h") is None
    assert second.counts() == {}
    second.close()
