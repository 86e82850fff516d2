"""A clock that jumps: the order holds, and what it wrote into the future can be brought back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from layers.event import Event
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.responders import PositionReported
from layers.store.mend import is_ahead, look, mend
from layers.store.sqlite import FILE_NAME, open_store
from tests.layers.mirror import unlike

DAYS = timedelta(days=400)


@pytest.fixture
def said(happened, now):
    """Ten reports and positions, one a minute; of those in the middle the machine's clock is `wrong` by so much.

    Reports have the sender's time; positions have none, so theirs is the arrival by our clock.
    """

    def events(wrong):
        for number in range(10):
            true = now + timedelta(minutes=number)
            seen = true + (wrong if 3 <= number < 6 else timedelta(0))
            report = Report(category="kebakaran", reported_at=true, priority=number % 4 + 1)
            told = happened(IncidentReported(incident="A", report=report), number * 60)
            moved = happened(PositionReported(unit="U", lon=117.1 + number / 1000, lat=-0.5), number * 60)
            yield [replace(told, seen=seen), replace(moved, at=seen, seen=seen)]

    return events


def arrivals(store):
    return [event.seen for _, event in store.since(0).events]


@pytest.fixture
def log(tmp_path, layers, ground):
    """`mended(now)`, and `unlike` a log folded anew."""

    class Log:
        path = tmp_path / FILE_NAME

        def mended(self, now):
            return mend(self.path, layers, ground, now)

        def unlike(self):
            return unlike(self.path, lambda copy: open_store(copy, layers, ground))

    return Log()


@pytest.mark.parametrize("wrong", [DAYS, timedelta(hours=-1), -DAYS])
def test_whatever_the_clock_does_nothing_is_lost_and_arrivals_never_go_back(store, said, wrong):
    for events in said(wrong):
        store.append(events)
    seen = arrivals(store)
    assert len(seen) == 20
    assert seen == sorted(set(seen))
    assert store.live().situation.of("incidents")["A"].report.priority == 9 % 4 + 1
    assert store.rebuild().differences == ()


def test_a_clock_that_was_behind_leaves_nothing_in_the_future(store, said, now):
    for events in said(timedelta(hours=-1)):
        store.append(events)
    assert arrivals(store)[-1] <= now + timedelta(minutes=9, seconds=1)
    assert not is_ahead(store.live().situation.seen, now + timedelta(minutes=9))


def test_what_a_clock_ahead_wrote_is_brought_back_in_order_and_all_that_follows_from_it(open_log, said, now, log):
    store, later = open_log(), now + timedelta(minutes=20)
    for events in said(DAYS):
        store.append(events)
    before = [(cursor, event.id, event.source, event.fact) for cursor, event in store.since(0).events]
    assert is_ahead(store.live().situation.seen, later)
    assert store.situation(later).of("incidents")["A"].report.priority == 2 % 4 + 1
    store.close()

    found = look(log.path, later)
    assert (found.events, found.ahead.days) == (14, 399)
    assert log.mended(later) == found
    assert look(log.path, later).events == 0

    again = open_log()
    assert [(cursor, event.id, event.source, event.fact) for cursor, event in again.since(0).events] == before
    seen = arrivals(again)
    assert seen == sorted(set(seen))
    true = [now + timedelta(minutes=number) for number in range(10) for _ in range(2)]
    assert all(abs(one - other) < timedelta(seconds=1) for one, other in zip(seen, true, strict=True))
    assert again.situation(later).of("incidents")["A"].report.priority == 9 % 4 + 1
    assert not is_ahead(again.live().situation.seen, later)
    assert again.rebuild().differences == ()
    step = IncidentStatusChanged(incident="A", status="di_lokasi", reached_at=later)
    again.append([Event(id="new", at=later, seen=later, source="cad/incidents", fact=step)])
    assert arrivals(again)[-1] == later
    again.close()
    assert log.unlike() == {}


def test_a_log_that_is_not_ahead_is_left_as_it_is(open_log, said, now, log):
    store, later = open_log(), now + timedelta(minutes=20)
    for events in said(timedelta(0)):
        store.append(events)
    before = arrivals(store)
    store.close()
    assert log.mended(later).events == 0
    assert arrivals(open_log()) == before
