"""The briefing's answers: given at once with the time they were counted at, counted again meanwhile, never too old."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dashboard.briefing import Asked
from dashboard.briefing_desk import BriefingDesk
from dashboard.briefing_renewal import MOST_WAITING, Renewal
from geodata.errors import StoreUnavailable
from layers.incidents import IncidentReported, Report


class Fickle:
    """The history, which a test can take away."""

    def __init__(self, history):
        self._history = history
        self.is_away = False

    def __getattr__(self, name):
        if self.is_away:
            raise StoreUnavailable("the log is being read for others")
        return getattr(self._history, name)


@pytest.fixture
def history(city):
    return Fickle(city.services.history)


@pytest.fixture
def desk(city, history):
    """A desk whose background works when the test calls `meanwhile()`."""
    waiting = []
    found = BriefingDesk(replace(city.services, history=history), Renewal(waiting.append))
    found.meanwhile = lambda: [waiting.pop(0)() for _ in list(waiting)]
    return found


def counted(desk, span="today", reader="id"):
    return desk.answer(Asked(span=span), reader, lambda told: len(told.brief.incidents))


def happen(city, key):
    city.bring(IncidentReported(incident=key, report=Report(category="kebakaran", reported_at=city.watch.now)))


def test_the_last_answer_is_given_at_once_with_its_time_and_the_next_one_is_new(city, desk):
    happen(city, "A")
    first = counted(desk)
    assert (first.shown, first.counted_at, first.is_renewed) == (1, city.watch.now, False)
    city.watch.forward(30)
    happen(city, "B")
    for _ in range(3):
        again = counted(desk)
        assert (again.shown, again.counted_at, again.is_renewed) == (1, first.counted_at, True)
    assert len(desk.meanwhile()) == 1
    assert (counted(desk).shown, counted(desk).counted_at) == (2, city.watch.now)
    assert not counted(desk).is_renewed


def test_another_language_group_or_kind_and_the_records_read_nothing_anew(city, desk, history):
    happen(city, "A")
    first = counted(desk)
    city.watch.forward(30)
    history.is_away = True
    english = counted(desk, reader="en")
    assert (english.shown, english.counted_at, english.is_renewed) == (1, first.counted_at, True)
    assert len(desk.told(Asked()).brief.incidents) == 1
    fires = desk.answer(Asked(by="category", only={"category": "kebakaran"}), "id", lambda told: told.brief.groups)
    assert [(group.name, group.incidents) for group in fires.shown] == [("kebakaran", 1)]
    assert fires.counted_at == first.counted_at


def test_no_answer_is_older_than_its_limit_and_one_that_cannot_be_counted_is_missing(city, desk, history):
    counted(desk), counted(desk, "year")
    history.is_away = True
    city.watch.forward(299)
    assert counted(desk).is_renewed
    desk.meanwhile()
    assert counted(desk).is_renewed
    city.watch.forward(2)
    with pytest.raises(StoreUnavailable):
        counted(desk)
    assert counted(desk, "year").is_renewed
    history.is_away = False
    assert counted(desk).counted_at == city.watch.now


def test_the_answer_of_yesterday_is_none_of_today(city, desk):
    city.watch.forward((timedelta(hours=13) - timedelta(seconds=10)).total_seconds())  # 23.59.50
    happen(city, "A")
    assert counted(desk).shown == 1
    city.watch.forward(20)
    assert (counted(desk).shown, counted(desk).counted_at) == (0, city.watch.now)


def test_work_waits_once_each_and_not_without_end_and_a_failure_stops_no_other():
    started, done = [], []

    def fail():
        raise ZeroDivisionError

    renewal = Renewal(started.append)
    assert renewal.soon("broken", fail)
    assert all(renewal.soon(str(number), lambda number=number: done.append(number)) for number in (1, 1, 2))
    filled = [renewal.soon(f"more {number}", lambda: None) for number in range(MOST_WAITING)]
    assert filled == [True] * (MOST_WAITING - 3) + [False] * 3
    (run,) = started
    run()
    assert done == [1, 2]
    assert renewal.soon("1", fail)
    assert len(started) == 2
