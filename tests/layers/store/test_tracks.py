"""Positions leave the log for blocks, and nobody can tell: every answer is the same as if they had stayed."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.event import stable_id
from layers.responders import PositionReported
from layers.store import sealing
from layers.store.sqlite import open_store
from layers.unit_facts import UnitRegistered


@pytest.fixture(autouse=True)
def small_ranges(monkeypatch):
    """Blocks and anchors after a few positions, so that there are many."""
    monkeypatch.setattr(sealing, "_LEAST_ROWS", 1)
    monkeypatch.setattr(sealing, "_ROWS_PER_UNIT", 4)
    monkeypatch.setattr(sealing, "_ANCHOR_AFTER_ROWS", 30)
    monkeypatch.setattr(sealing, "SWEPT_AT_ONCE", 5)


@pytest.fixture
def fresh_log(tmp_path, layers, ground):
    """Opens a new file each time it is asked."""
    opened, numbers = [], itertools.count()

    def another():
        opened.append(open_store(tmp_path / f"{next(numbers)}.db", layers, ground))
        return opened[-1]

    yield another
    for store in opened:
        store.close()


@pytest.fixture
def log(fresh_log):
    return fresh_log()


@pytest.fixture
def two_logs(fresh_log):
    """One to be sealed and one to compare it with."""
    return fresh_log(), fresh_log()


@pytest.fixture
def moved(happened):
    """`moved(unit, lon, at_s, seen_s)`: a position of a phone."""

    def event(unit="U", lon=117.1, at_s=0.0, seen_s=None, *, source="phone/osmand", **said):
        fact = PositionReported(unit=unit, lon=lon, **{"lat": -0.5, **said})
        found = happened(fact, at_s, source=source, seen_s=at_s if seen_s is None else seen_s)
        return replace(found, id=stable_id(found.id, seen_s))

    return event


def seal_all(store, before):
    """Every step there is; gives how many."""
    return sum(1 for _ in iter(lambda: store.seal(before), 0))


def blocks(store):
    with store._reading() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM track").scalar_one()


def left(store):
    """Rows of positions that are still in the table of events."""
    with store._reading() as connection:
        asked = "SELECT count(*) FROM event WHERE kind = 'position_reported'"
        return connection.exec_driver_sql(asked).scalar_one()


def anonymous(events):
    """Without the ids of positions: blocks do not keep them."""
    return [
        (cursor, replace(event, id="") if isinstance(event.fact, PositionReported) else event)
        for cursor, event in events
    ]


HOUR = 3_600
late = st.sampled_from([0, 0, 0, 1, 2.5, 90, 200, 4_000, 90_000, -50, -500])
measure = st.sampled_from([None, 0.0, 3.0, 12.0])
moves = st.tuples(
    st.sampled_from("ABCDEFG"),
    st.sampled_from([117.1, 117.100001, 117.2, 0.0]),
    st.sampled_from([0, 1, 7, 40, 61, 900, HOUR, 13 * HOUR]),
    late,
    measure,
    st.sampled_from(["phone/osmand", "gw/traccar", "history:gw/traccar"]),
)
steps = st.lists(st.one_of(moves, st.sampled_from(["register", "seal", "late_register"])), min_size=1, max_size=45)


def events_of(said, moved, happened):
    """(clock, event) of the steps; (clock, None) is a step of sealing."""
    clock = 0.0
    for number, step in enumerate(said):
        if step == "seal":
            yield clock, None
            continue
        if isinstance(step, str):
            fact = UnitRegistered(unit="AB"[number % 2], name=f"N{number}", unit_kind="vehicle", agency="damkar")
            event = happened(fact, clock - (500 if step == "late_register" else 0), seen_s=clock)
        else:
            unit, lon, after_s, late_s, accuracy, source = step
            clock += after_s
            event = moved(unit, lon, clock - late_s, clock, accuracy_m=accuracy, source=source,
                          lat=0.0 if lon == 0 else -0.5)  # fmt: skip
        yield clock, replace(event, id=stable_id(number))


def tell(events, log, plain, now):
    """Tell both logs the same, seal one of them now and then; gives the moments that were told of."""
    moments = []
    for clock, event in events:
        if event is None:
            for _ in range(3):
                log.seal(now + timedelta(seconds=clock))
            continue
        for store in (log, plain):
            store.append([event])
        moments += [now + timedelta(seconds=clock + rest_s) for rest_s in (0, -0.5, 30)]
    return moments


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=steps)
def test_with_blocks_every_answer_is_the_same_as_without(said, fresh_log, moved, happened, now):
    log, plain = fresh_log(), fresh_log()
    times = tell(events_of(said, moved, happened), log, plain, now)
    seal_all(log, now + timedelta(days=100))
    one, other = log.live(), plain.live()
    assert one == other
    cursor = 0
    while True:
        found, expected = log.since(cursor, 7), plain.since(cursor, 7)
        assert anonymous(found.events) == anonymous(expected.events)
        assert found.cursor == expected.cursor
        if not expected.events:
            break
        cursor = expected.cursor
    for at in times[:: max(1, len(times) // 9)]:
        for sense in ("shown", "known"):
            assert log.situation(at, sense) == plain.situation(at, sense)
            assert log.things("responders", at, sense) == plain.things("responders", at, sense)
    assert log.rebuild().differences == ()
    assert log.live() == one
