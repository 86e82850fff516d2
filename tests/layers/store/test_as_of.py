"""The whole situation of any moment is what folding gives, in both senses; and passages lead from one to another."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.errors import BadPayload
from layers.event import Event
from layers.feed import discover_feeds
from layers.layer import discover_layers
from layers.situation import after_all
from layers.store.sqlite import open_store

PAYLOADS = Path(__file__).parents[2] / "payloads"
LAYERS = discover_layers().found
HISTORIC = {name for name, layer in LAYERS.items() if layer.history}
WITH_A_PAST = {name for name, layer in LAYERS.items() if layer.history or layer.hears is not None}
FEW = (
    "incidents", "cameras", "joins", "lifelines", "disasters", "shelters", "enquiries", "water", "alerts",
    "earthquakes", "weather", "air", "facilities", "shifts",
)  # fmt: skip


@cache
def samples():
    return tuple(_samples(datetime(2026, 11, 22, 11, 18, tzinfo=UTC)))


def _samples(now):
    for name, feed in sorted(discover_feeds().found.items()):
        for path in sorted((PAYLOADS / name).glob("*")):
            try:
                found = list(feed.parse(feed.seal(path.read_bytes(), b"k" * 32), now))
            except BadPayload:
                continue
            yield from (one for one in found if isinstance(one, Event))


def past_of(situation):
    return {name: dict(things) for name, things in situation.things.items() if name in WITH_A_PAST and things}


def historic(situation):
    return {name: things for name, things in past_of(situation).items() if name in HISTORIC}


def test_every_layer_whose_events_are_few_keeps_a_history():
    assert set(FEW) <= HISTORIC


words = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 400), st.sampled_from([0, 0, 3, 90, 300])), max_size=14)
property_of_a_log = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def told(tmp_path, ground, now):
    """`told(words)`: a log of its own for each example, in which samples came in any order and lateness."""
    opened = []

    def log(words):
        store = open_store(tmp_path / f"{len(opened)}.db", LAYERS, ground)
        opened.append(store)
        for number, (pick, at_s, late_s) in sorted(enumerate(words), key=lambda one: one[1][1] + one[1][2]):
            at, event = now + timedelta(seconds=at_s), samples()[pick % len(samples())]
            seen = at + timedelta(seconds=late_s, milliseconds=number)
            store.append([replace(event, id=f"{number}", at=at, seen=seen)])
        return store

    yield log
    for store in opened:
        store.close()


@property_of_a_log
@given(words=words, asked=st.lists(st.integers(0, 800), min_size=2, max_size=4))
def test_any_moment_is_what_folding_gives_in_both_senses(words, asked, now, told):
    store = told(words)
    kept, nothing = [event for _, event in store.since(0, 1_000).events], store._lexicon.empty()
    known = sorted(kept, key=lambda event: min(event.at, event.seen))
    for after_s in asked:
        at = now + timedelta(seconds=after_s, milliseconds=500)
        shown, _ = after_all(nothing, enumerate((event for event in kept if event.seen <= at), 1))
        assert past_of(store.situation(at, "shown")) == past_of(shown)
        as_known = (event for event in known if min(event.at, event.seen) <= at)
        assert historic(store.situation(at, "known")) == historic(after_all(nothing, enumerate(as_known, 1))[0])


@property_of_a_log
@given(words=words, asked=st.lists(st.integers(0, 800), min_size=2, max_size=2, unique=True), shown=st.booleans())
def test_a_passage_leads_from_one_moment_to_another(words, asked, shown, now, told):
    store, sense = told(words), "shown" if shown else "known"
    since, until = (now + timedelta(seconds=s) for s in sorted(asked))
    passage, things = store.passage(since, until, sense), historic(store.situation(since, sense))
    assert [change.at for change in passage.changed] == sorted(change.at for change in passage.changed)
    for change in passage.changed:
        assert since < change.at <= until
        things.setdefault(change.layer, {})[change.key] = change.thing
    left = {layer: {k: thing for k, thing in of.items() if thing is not None} for layer, of in things.items()}
    assert {layer: of for layer, of in left.items() if of} == historic(store.situation(until, sense))
    assert [cursor for cursor, _ in passage.heard] == sorted(cursor for cursor, _ in passage.heard)
    assert all(since < event.seen <= until for _, event in passage.heard)


def test_calls_are_folded_on_from_a_checkpoint_and_forgotten_in_time(open_log, happened, now, monkeypatch):
    monkeypatch.setattr("layers.store.writer.CHECKPOINT_EVERY", 5)
    call = next(event for event in samples() if event.fact.kind == "call_recorded")
    store = open_log()
    for number in range(12):
        fact = replace(call.fact, call=f"C-{number}")
        store.append([replace(happened(fact, number * 6 * 3600), id=f"{number}")])
    at = now + timedelta(hours=6 * 11)
    assert past_of(store.situation(at))["calls"] == dict(store.live().situation.of("calls"))
    assert past_of(store.situation(now + timedelta(hours=6)))["calls"].keys() == {"C-0", "C-1"}


def test_the_past_begins_with_the_first_word_in_each_sense(store, now):
    assert (store.began("shown"), store.began("known")) == (None, None)
    late = next(event for event in samples() if event.fact.kind == "incident_reported")
    store.append([replace(late, at=now - timedelta(days=3), seen=now)])
    assert store.began("shown") == now
    assert store.began("known") == now - timedelta(days=3)


@pytest.mark.parametrize("sense", ["shown", "known"])
def test_before_the_first_word_nothing_was_known(store, now, sense, nothing):
    event = next(event for event in samples() if event.fact.kind == "incident_reported")
    store.append([replace(event, at=now, seen=now)])
    assert store.situation(now - timedelta(seconds=1), sense) == nothing
