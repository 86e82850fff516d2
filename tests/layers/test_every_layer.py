"""What holds for every layer: it survives the log, any order of events, every role; and names nobody to strangers."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import BadPayload
from layers.audience import visible
from layers.event import Event
from layers.feed import Feed, discover_feeds
from layers.ingest import Door
from layers.layer import Words, discover_layers
from layers.situation import Situation, after_all

LAYERS, FEEDS = discover_layers().found, discover_feeds().found
PAYLOADS = Path(__file__).parents[1] / "payloads"
KEY = b"k" * 32
NOW = datetime(2026, 11, 22, 11, 18, tzinfo=UTC)
PERSONAL = ("Operator 1", "Pompa Bengkuring", "890", "Asap tebal")
NEW = (
    "lifelines", "shifts", "disasters", "shelters", "enquiries", "water", "alerts", "earthquakes", "weather", "air",
    "facilities", "calls", "callers", "joins", "assignments", "public_reports", "floods", "tides", "markers", "transit",
)  # fmt: skip


def news(now):
    """Every event of every sample."""
    for feed in sorted(FEEDS):
        for path in sorted((PAYLOADS / feed).iterdir()):
            sealed = FEEDS[feed].seal(path.read_bytes(), KEY)
            try:
                found = list(FEEDS[feed].parse(sealed, now + timedelta(seconds=600)))
            except BadPayload:
                continue
            yield from (one for one in found if isinstance(one, Event))


@pytest.fixture(scope="module")
def told(ground):
    events = list(news(NOW))
    return after_all(Situation(ground=ground, layers=LAYERS), enumerate(events, 1))[0]


def test_every_new_layer_has_things_from_its_samples(told):
    assert [name for name in NEW if not told.of(name)] == []


def test_the_log_gives_back_every_thing_as_it_was_folded(store, now):
    door = Door(store, FEEDS, key=KEY)
    for feed in sorted(FEEDS):
        for path in sorted((PAYLOADS / feed).iterdir()):
            door.accept(path.read_bytes(), feed=feed, client="test", received=now + timedelta(seconds=600))
    assert store.rebuild().differences == ()
    for sense in ("shown", "known"):  # what counts every event that comes has no past
        then = store.situation(now + timedelta(days=1), sense).things
        assert then == store.live().situation.things.delete("sources")


@pytest.mark.parametrize("role", ["wall", "admin", "visitor", "somebody new"])
def test_every_layer_draws_json_with_its_age_and_source_for_every_role(told, role):
    shown = visible(told, LAYERS, role)
    for layer in LAYERS.values():
        for drawn in layer.draw(shown, NOW, None):
            said = json.loads(json.dumps(drawn))["properties"]
            assert {"key", "observed_at", "source"} <= set(said)


def test_names_notes_and_numbers_are_for_admins_and_for_nobody_else(told):
    assert all(word in repr(visible(told, LAYERS, "admin").things) for word in PERSONAL)
    for role in ("wall", "visitor", "somebody new"):
        seen = repr({name: visible(told, LAYERS, role).of(name) for name in (*NEW, "incidents")})
        assert [word for word in PERSONAL if word in seen] == []


EVENTS = list(news(NOW))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_in_any_order_and_with_repeats_the_new_layers_end_alike(ground, data):
    chosen = data.draw(st.lists(st.sampled_from(EVENTS), min_size=1, max_size=14))
    shuffled = data.draw(st.permutations(chosen))
    empty = Situation(ground=ground, layers={name: LAYERS[name] for name in NEW})
    straight, _ = after_all(empty, enumerate(chosen, 1))
    crooked, _ = after_all(empty, enumerate(shuffled, 1))
    assert crooked.things == straight.things


@pytest.mark.parametrize("name", NEW)
def test_nothing_is_kept_for_ever_but_what_is_listed_or_lasts(told, name):
    far = NOW + timedelta(days=3000)
    kept = [key for key, thing in told.of(name).items() if LAYERS[name].keep(thing, far)]
    lasting = {"lifelines", "shelters", "water", "facilities", "disasters", "enquiries"}
    assert not kept or name in lasting


@pytest.mark.parametrize("name", sorted(FEEDS))
@pytest.mark.parametrize(
    "body", ['{"note": "hubungi 0812-3456-7890", "hp": "081234567890"}', "note=0812-3456-7890", "["]
)
def test_no_feed_keeps_a_telephone_number_of_what_it_refuses_or_takes(store, now, name, body):
    Door(store, FEEDS, key=KEY).accept(body.encode(), feed=name, client="test", received=now)
    kept = repr([one.refusal for one in store.quarantined()]) + repr(store.live().situation.things)
    assert "3456" not in kept
    assert "7890" not in kept


def test_a_feed_that_says_nothing_of_numbers_seals_them_all_the_same():
    plain = Feed(title=Words(id="", en=""), parse=lambda *_: iter(()))
    assert b"3456" not in plain.seal(b'{"note": "0812-3456-7890"}', KEY)
