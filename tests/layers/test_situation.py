"""The situation moves on by events alone, forgets once an hour, and ends the same in any order."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from layers.cameras import CameraDelisted, CameraHealthChanged, CameraListed
from layers.incidents import STATUSES, IncidentReported, IncidentStatusChanged, Report
from layers.layer import discover_layers
from layers.responders import PositionReported, UnitRegistered
from layers.situation import Situation, after, after_all

LAYERS = discover_layers().found
KEYS = st.sampled_from("AB")
SECONDS = st.integers(0, 5)
NAMES = st.sampled_from(["one", "two"])
AGENCIES = st.sampled_from([None, "bpbd", "damkar"])


def test_an_event_leaves_the_situation_before_it_as_it_was(nothing, happened):
    situation, touched = after(nothing, happened(PositionReported(unit="U", lon=117.1, lat=-0.5)), 1)
    assert touched == {("responders", "U"), ("sources", "test/feed")}
    assert not nothing.things
    assert (situation.cursor, situation.seen.hour) == (1, 11)


def test_what_may_be_forgotten_goes_with_the_first_event_of_another_hour(nothing, happened):
    stranger = happened(PositionReported(unit="U", lon=117.1, lat=-0.5))
    other = PositionReported(unit="V", lon=117.1, lat=-0.5)
    situation, _ = after_all(nothing, [(1, stranger), (2, happened(other, 13 * 3600))])
    assert set(situation.of("responders")) == {"V"}


def test_a_thing_that_speaks_just_when_it_would_be_forgotten_stays(nothing, happened):
    position = PositionReported(unit="U", lon=117.1, lat=-0.5)
    situation, _ = after_all(nothing, [(1, happened(position)), (2, happened(position, 13 * 3600))])
    assert set(situation.of("responders")) == {"U"}


def test_a_thing_whose_layer_fails_to_say_is_kept_and_the_others_are_forgotten_as_ever(nothing, happened):
    def keep(_thing, _now):
        raise ZeroDivisionError

    forgetful = LAYERS["responders"]
    layers = {"responders": forgetful, "shaky": replace(forgetful, keep=keep)}
    empty = replace(nothing, layers=layers)
    other = happened(PositionReported(unit="V", lon=117.1, lat=-0.5), 13 * 3600)
    with capture_logs() as said:
        situation, _ = after_all(empty, [(1, happened(PositionReported(unit="U", lon=117.1, lat=-0.5))), (2, other)])
    assert set(situation.of("shaky")) == {"U", "V"}
    assert set(situation.of("responders")) == {"V"}
    assert [line["layer"] for line in said] == ["shaky"]


@st.composite
def facts(draw_from, now):
    reports = st.builds(
        Report,
        category=st.sampled_from(["kebakaran", "banjir", "prank"]),
        reported_at=st.just(now),
        priority=st.sampled_from([None, 1, 4]),
        agency=AGENCIES,
    )
    moments = st.none() | SECONDS.map(lambda s: now + timedelta(seconds=s))
    kinds = (
        st.builds(IncidentReported, incident=KEYS, report=reports),
        st.builds(
            IncidentStatusChanged,
            incident=KEYS,
            status=st.sampled_from(STATUSES),
            reached_at=moments,
            agency=AGENCIES,
        ),
        st.builds(
            PositionReported,
            unit=KEYS,
            lon=st.sampled_from([0, 117.1, 117.2]),
            lat=st.sampled_from([0, -0.5]),
            heading_deg=st.sampled_from([None, 90.0]),
        ),
        st.builds(UnitRegistered, unit=KEYS, name=NAMES, unit_kind=st.just("vehicle"), agency=AGENCIES),
        st.builds(CameraListed, camera=KEYS, name=NAMES, lon=st.just(117.1), lat=st.just(-0.5)),
        st.builds(CameraDelisted, camera=KEYS),
        st.builds(
            CameraHealthChanged,
            camera=KEYS,
            health=st.sampled_from(["ok", "late", "lost"]),
            reason=st.sampled_from([None, "no answer"]),
        ),
    )
    return draw_from(st.one_of(*kinds))


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_any_order_with_late_and_repeated_events_ends_in_the_same_situation(ground, happened, now, data):
    told = data.draw(st.lists(st.tuples(facts(now), SECONDS), min_size=1, max_size=12))
    events = [happened(fact, after_s, seen_s=n / 100) for n, (fact, after_s) in enumerate(told)]
    repeated = data.draw(st.lists(st.sampled_from(events), max_size=4))
    shuffled = data.draw(st.permutations(events + repeated))
    empty = Situation(ground=ground, layers=LAYERS)
    straight, _ = after_all(empty, enumerate(events, 1))
    crooked, _ = after_all(empty, enumerate(shuffled, 1))
    for layer in ("incidents", "responders", "cameras"):
        assert crooked.of(layer) == straight.of(layer)
