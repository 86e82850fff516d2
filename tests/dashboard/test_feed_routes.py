"""What is asked of the feeds that come in by themselves, and what of it stands on the wall."""

import json
import os

import pytest

from dashboard.credits import BMKG, credits_of
from layers.air import AirQualityReported
from layers.alerts import AlertIssued
from layers.layer import Words
from layers.line_reading import lines_of
from layers.line_status import FILE_NAME, LineBook, LineStatus
from tests.dashboard.conftest import NOW, until

URL = "https://geheim.example.invalid/x?key=abc"
LINES = lines_of([{"name": "gempa", "feed": "bmkg_quakes", "transport": "poll", "url": URL, "title": "Gempa BMKG"}])


@pytest.fixture
def city(make_city):
    return make_city(feeds=LINES)


def write(city, *, error=None, ago_s=0.0):
    """As the feed process does it every second."""
    status = LineStatus(
        name="gempa", feed="bmkg_quakes", transport="poll", title="Gempa BMKG", silent_s=60, since=NOW, well_at=NOW
    )
    book = LineBook(city.folder, [status], city.watch)
    if error:
        book.failed("gempa", Words(id=error, en=error), None, is_resting=True)
    book.save()
    at = city.watch.now.timestamp() - ago_s
    os.utime(city.folder / FILE_NAME, (at, at))


def keys(city):
    """A moment later: the server looks at its own signs once a second."""
    city.watch.forward(1.1)
    return [one["key"] for one in city.live()["panels"]["degraded"]]


def keys_while(city, *, error=None):
    """The same, while the feed process goes on saying how it is."""
    write(city, error=error, ago_s=-5)
    return keys(city)


def test_every_line_says_how_fresh_it_is_and_what_went_wrong_without_its_address(city):
    write(city, error="server sedang rusak")
    answer = city.get("/api/v1/feeds", "wall")
    said = json.loads(answer.data)
    assert said["is_running"] is True
    (line,) = said["feeds"]
    assert (line["name"], line["freshness"], line["error"]) == ("gempa", "fresh", "server sedang rusak")
    assert line["is_resting"] is True
    assert b"geheim" not in answer.data


def test_a_process_that_stopped_is_said_by_the_answer_and_on_the_wall(city):
    write(city, ago_s=20)
    assert json.loads(city.get("/api/v1/feeds", "wall").data)["is_running"] is False
    until(lambda: "feed_process" in keys(city))
    until(lambda: "feed_process" not in keys_while(city))


def test_a_silent_feed_is_on_the_wall_within_its_budget(city):
    until(lambda: "feed_process" not in keys_while(city))
    city.watch.forward(61)
    until(lambda: "line:gempa" in keys_while(city, error="server tidak menjawab"))


def test_visitors_and_senders_are_told_nothing_of_it(city):
    for role in ("visitor", "ingest"):
        assert city.get("/api/v1/feeds", role).status_code == 403


def test_sources_are_told_beside_the_lines(city):
    city.bring(AirQualityReported(station="S", name="S", ispu=50), source="klh/ispu")
    (source,) = json.loads(city.get("/api/v1/feeds", "wall").data)["sources"]
    assert (source["id"], source["events"]) == ("klh/ispu", 1)


def test_whose_data_is_shown_is_named_to_everybody_but_nobody_for_a_simulation(city):
    city.bring(AirQualityReported(station="S", name="S", ispu=50), source="klh/ispu")
    until(lambda: city.live()["panels"]["credits"])
    assert city.live()["panels"]["credits"] == ["Kualitas udara: Kementerian Lingkungan Hidup (ISPU)"]
    until(lambda: city.live("visitor")["panels"]["credits"])
    alert = AlertIssued(
        alert="A", title="Hujan", hazard="hujan", issuer="BMKG", severity="minor", areas=("64.72",), starts_at=NOW,
        expires_at=NOW,
    )  # fmt: skip
    city.bring(alert, source="posko/alerts")
    assert BMKG in credits_of(city.services.hub.situation(), city.services.feeds)
