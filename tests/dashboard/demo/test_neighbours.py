"""The neighbours of the simulated center: every dialect is read whole, and says that it is a simulation."""

from datetime import timedelta

import pytest

from dashboard.demo.flood import ROUND_S
from dashboard.demo.neighbours import messages
from layers.event import Event
from layers.feed import discover_feeds
from layers.layer import discover_layers
from layers.situation import Situation, after_all
from tests.dashboard.demo.test_center import START

FEEDS = discover_feeds().found
WET, DRY = START + timedelta(seconds=0.4 * ROUND_S), START + timedelta(seconds=0.9 * ROUND_S)


@pytest.fixture
def told(ground):
    def at(moment):
        news = [
            one
            for message in messages(moment, ground)
            for one in FEEDS[message.path.rpartition("/")[2]].parse(message.body, moment + timedelta(seconds=2))
        ]
        assert all(isinstance(one, Event) for one in news), news
        empty = Situation(ground=ground, layers=discover_layers().found)
        return after_all(empty, enumerate(news, 1))[0]

    return at


def test_on_a_flood_day_every_layer_of_the_neighbours_holds_something(told):
    known = told(WET)
    assert [name for name in ("public_reports", "floods", "tides", "markers", "transit") if not known.of(name)] == []


def test_when_it_is_dry_nobody_reports_water(told):
    known = told(DRY)
    assert not known.of("public_reports")
    assert all(not one.fact.areas for one in known.of("floods").values())


def test_the_same_hour_says_the_same_reports(told):
    first, later = told(WET), told(WET + timedelta(minutes=3))
    assert set(first.of("public_reports")) == set(later.of("public_reports"))
