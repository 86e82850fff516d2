"""OwnTracks: only locations are news; who, when and how fast."""

import json

import pytest

from geodata.errors import BadPayload
from layers.feed import Rejected
from layers.feeds.owntracks import FEED


def message(**said):
    return {"_type": "location", "topic": "owntracks/siti/hp", "tst": 1_795_346_280, "lat": -0.5, "lon": 117.1} | said


def read(said, received):
    return list(FEED.parse(json.dumps(said).encode(), received))


def test_a_location_is_read_in_its_own_units(now):
    (event,) = read(message(vel=36, cog=182, acc=13, batt=64, created_at=1_795_346_299), now)
    fact = event.fact
    assert event.at == now
    assert (fact.unit, fact.speed_mps, fact.heading_deg) == ("siti/hp", pytest.approx(10), 182)
    assert (fact.accuracy_m, fact.battery_pct) == (13, 64)


def test_minus_one_is_unknown(now):
    (event,) = read(message(vel=-1, cog=-1, acc=-1, batt=-1), now)
    assert (event.fact.speed_mps, event.fact.heading_deg) == (None, None)
    assert (event.fact.accuracy_m, event.fact.battery_pct) == (None, None)


def test_what_no_phone_can_have_is_unknown_and_the_place_still_stands(now):
    (event,) = read(message(vel=1e300, cog=-900, acc=1e300, batt=1e300), now)
    assert (event.fact.speed_mps, event.fact.heading_deg) == (None, None)
    assert (event.fact.accuracy_m, event.fact.battery_pct) == (None, None)


@pytest.mark.parametrize("kind", ["lwt", "transition", "waypoint", "waypoints", "status", "card", "cmd", "request"])
def test_other_messages_are_fine_and_say_nothing(now, kind):
    assert read({"_type": kind, "tst": 1}, now) == []


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("_type", {"_type": "encrypted", "data": "x"}),
        ("_type", {"lat": 1, "lon": 1}),
        ("tst", message(tst=None)),
        ("tst", message(tst=1_795_346_581)),
        ("lat", message(lat=91)),
        ("lon", message(lon="east")),
        ("topic", message(topic="owntracks/siti")),
        ("topic", message(topic=7)),
        ("tid", message(topic=None)),
    ],
)
def test_a_refusal_names_the_field(now, field, said):
    (refused,) = read(said, now)
    assert isinstance(refused, Rejected)
    assert refused.field == field


def test_a_batch_keeps_what_is_good(now):
    news = read([message(), 5, message(lat=95), message(tst=1_795_346_270)], now)
    assert [isinstance(one, Rejected) for one in news] == [False, True, True, False]


def test_what_is_no_message_is_refused_whole(now):
    with pytest.raises(BadPayload):
        read("location", now)
