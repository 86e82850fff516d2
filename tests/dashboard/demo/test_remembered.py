"""The flood before that the demo tells afterwards: with its gauge from the first moment, and marked once."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from dashboard.demo.remembered import mark, messages, span_before
from layers.feed import discover_feeds
from layers.situation import Situation, after_all
from layers.water import LAYER as WATER
from layers.water import GaugeListed

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


class Desk:
    """What of the server the demo asks when it marks a time; `bookmarks` are those there are."""

    def __init__(self, *bookmarks):
        self.bookmarks = list(bookmarks)

    def ask(self, _path):
        """As GET answers."""
        return {"bookmarks": self.bookmarks}

    def send(self, message):
        """As POST and DELETE are heard."""
        if message.method == "DELETE":
            self.bookmarks = [one for one in self.bookmarks if one["id"] != message.path.rpartition("/")[2]]
        else:
            self.bookmarks.append({"id": f"b{len(self.bookmarks)}", **orjson.loads(message.body)})
        return True


class Silent(Desk):
    """One that does not answer."""

    def ask(self, _path):
        """Nothing."""


def test_a_demo_begun_again_has_one_bookmark_of_the_newest_flood_and_leaves_those_of_others():
    desk, span = Desk({"id": "x", "name": "rapat", "at": "2026-11-01T00:00:00Z"}), span_before(NOW)
    for begun in (span, span, span_before(NOW + timedelta(hours=8))):
        assert mark(desk, begun)
        assert len(desk.bookmarks) == 2
    assert {one["id"] for one in desk.bookmarks} >= {"x"}
    assert datetime.fromisoformat(desk.bookmarks[-1]["at"]) == span_before(NOW + timedelta(hours=8)).since


def test_nothing_is_marked_while_it_is_not_known_what_is():
    silent = Silent()
    assert not mark(silent, span_before(NOW))
    assert silent.bookmarks == []


@pytest.fixture
def told(ground):
    """Everything that is said of the water of then, as the feed reads it."""
    span, feed = span_before(NOW), discover_feeds().found["water"]
    bodies = [one for one in messages(ground, span) if one.path.endswith("/water")]
    return span, [event for body in bodies for event in feed.parse(body.body, NOW)]


def test_the_water_of_then_has_its_gauge_from_the_first_moment(ground, told):
    span, events = told
    assert isinstance(events[0].fact, GaugeListed)
    assert all(event.at <= span.until for event in events)
    before = [(n, event) for n, event in enumerate(events, 1) if event.at <= span.since]
    situation, _ = after_all(Situation(ground=ground, layers={"water": WATER}), before)
    gauge = situation.of("water")["benanga"]
    assert gauge.listed.name == "Bendungan Benanga"
    assert gauge.newest.level_m > 7
