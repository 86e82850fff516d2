"""The simulated center tells every feed what it can read, and its flood comes and goes."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from dashboard.demo.calls import Callers
from dashboard.demo.center import Center
from dashboard.demo.flood import ROUND_S
from layers.caller_seal import caller_of, sealed_number
from layers.callers import blocked
from layers.disaster_mode import standings
from layers.event import Event
from layers.feed import discover_feeds
from layers.layer import discover_layers
from layers.situation import Situation, after_all
from layers.water import state_of

START = datetime.fromtimestamp(1_795_000_000 // ROUND_S * ROUND_S, UTC)
KEY = b"k" * 32
FEEDS, LAYERS = discover_feeds().found, discover_layers().found


@pytest.fixture(scope="module")
def one_round(demo_ground, streets):
    """(feed, record) of one round of the flood, in steps of a minute, with the time of the step."""
    callers = Callers(demo_ground, streets, 1).flow(START)
    center, told, call = Center(demo_ground, START, 1), [], next(callers)
    for minute in range(int(ROUND_S) // 60):
        now, came = START + timedelta(minutes=minute), []
        while call.at <= now:
            came.append(call)
            call = next(callers)
        told += [(now, feed, record) for feed, record in center.step(now, came)]
    return told


@pytest.fixture(scope="module")
def events(one_round):
    """What the feeds make of it; anything refused is in the list as it is."""
    read = []
    for now, feed, record in one_round:
        sealed = FEEDS[feed].seal(orjson.dumps(record), KEY)
        read += list(FEEDS[feed].parse(sealed, now + timedelta(seconds=1)))
    return read


def at_minute(events, ground, minute):
    until = START + timedelta(minutes=minute, seconds=2)
    layers = {name: layer for name, layer in LAYERS.items() if name != "sources"}
    chosen = [one for one in events if one.seen <= until]
    return after_all(Situation(ground=ground, layers=layers), enumerate(chosen, 1))[0], until


def test_every_feed_reads_every_word(one_round, events):
    assert [one for one in events if not isinstance(one, Event)] == []
    assert set(Counter(feed for _, feed, _ in one_round)) == {
        "calls", "blocks", "shifts", "water", "facilities", "air", "earthquakes", "lifelines", "weather", "alerts",
        "disasters", "shelters", "enquiries",
    }  # fmt: skip


def test_a_call_rings_is_answered_and_typed_in_this_order(one_round):
    runs = defaultdict(list)
    for _, feed, record in one_round:
        if feed == "calls":
            runs[record["id"]].append(record)
    whole = [run for run in runs.values() if len(run) == 3]
    assert len(whole) > 500
    assert all("answered_at" not in run[0] and "type" not in run[1] and "ended_at" in run[2] for run in whole)
    assert all(record["caller"].startswith("0000") for run in runs.values() for record in run)


def test_jokers_are_blocked_and_the_block_ends(events, demo_ground):
    situation, now = at_minute(events, demo_ground, 470)
    holding = blocked(situation.of("callers").values(), now)
    assert holding
    assert all(block.ends_at - block.starts_at == timedelta(days=1) for _, block in holding)
    assert caller_of(sealed_number("00000000001", KEY)).hash in situation.of("callers")


def test_the_flood_comes_with_a_dead_network_and_goes_when_the_shelters_are_empty(events, demo_ground):
    before, now = at_minute(events, demo_ground, 15)
    assert not standings(before, now, "live")
    during, now = at_minute(events, demo_ground, 240)
    (flood,) = standings(during, now, "live")
    assert flood.occupants > 100
    assert state_of(during.of("water")["benanga"]).name == "Awas"
    assert during.of("lifelines")["telkomsel@64.72.05"].fact.state == "down"
    after, now = at_minute(events, demo_ground, 460)
    assert not standings(after, now, "live")
    assert after.of("lifelines")["telkomsel@64.72.05"].fact.state == "normal"


def test_calls_of_earlier_today_are_told_once_and_whole(demo_ground, streets):
    center = Center(demo_ground, START, 1)
    calls = [next(flow) for flow in [Callers(demo_ground, streets, 1).flow(START)] for _ in range(20)]
    told = center.past(iter(calls))
    assert [feed for feed, _ in told] == ["calls"] * 20
    assert all("ended_at" in record and "type" in record for _, record in told)
