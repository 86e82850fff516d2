"""Positions that are old enough are destroyed; the log keeps its cursors, its sources and its situation."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pysqlite3 import dbapi2

from layers.event import UnknownFact, stable_id
from layers.responders import PositionReported
from layers.situation import after_all
from layers.store.gone import FORGOTTEN
from layers.store.mend import mend
from layers.unit_facts import UnitRegistered
from tests.layers.store.test_tracks import (
    REGISTERED,
    compare_the_past,
    events_of,
    fresh_log,
    log,
    moved,
    page_by_page,
    seal_all,
    small_ranges,
    steps,
    tell,
)

FIXTURES = (fresh_log, log, moved, small_ranges)
DAY_S = 86_400


def is_gone(event):
    return isinstance(event.fact, UnknownFact) and event.fact.kind == FORGOTTEN


def is_old(event, before):
    return isinstance(event.fact, PositionReported) and min(event.at, event.seen) < before


def trails(situation):
    return {(unit, *place) for unit, one in situation.of("responders").items() for place in one.trail}


def place(event):
    return event.fact.unit, event.at.timestamp(), event.fact.lon, event.fact.lat


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=steps, shares=st.lists(st.floats(0, 1), min_size=1, max_size=3))
def test_whatever_is_destroyed_the_log_folds_to_what_it_did(said, shares, fresh_log, moved, happened, nothing, now):  # noqa: PLR0913, PLR0917 — fixtures
    log = fresh_log()
    names = [happened(UnitRegistered(unit=unit, name=unit, unit_kind="volunteer"), -999_999) for unit in REGISTERED]
    log.append([replace(event, id=stable_id("roster", n)) for n, event in enumerate(names)])
    moments = tell(log, events_of(said, moved, happened), now)
    for share in shares:
        was, shown = page_by_page(log), log.live().situation
        before = sorted(event.seen for _, event in was)[int(share * (len(was) - 1))] + timedelta(microseconds=1)
        destroyed = log.destroy({"positions": before})[0]
        left = page_by_page(log)
        assert [cursor for cursor, _ in left] == list(range(1, len(was) + 1))
        assert destroyed.count == sum(map(is_gone, dict(left).values())) - sum(map(is_gone, dict(was).values()))
        assert log.live().situation == shown == after_all(nothing, left)[0]
        with log._reading() as connection:
            sealed = connection.exec_driver_sql("SELECT coalesce(max(cursor_to), 0) FROM track_range").scalar_one()
        assert all(place(event) in trails(shown) or cursor > sealed for cursor, event in left if is_old(event, before))
        assert [event.seen for _, event in left] == sorted(event.seen for _, event in left)
        compare_the_past(log, nothing, [event for _, event in left], moments)
        assert log.rebuild().differences == ()


@pytest.fixture
def old(log, moved, happened):
    """A unit that went home for good, one that is registered and silent since, and today's."""
    log.append([happened(UnitRegistered(unit="SILENT", name="S", unit_kind="vehicle"), 0)])
    for n in range(40):
        said = [moved("GONE", 117.1 + n / 1000, n), moved("SILENT", 117.2 + n / 1000, n + 0.5)]
        log.append([replace(one, id=stable_id(n, one.id)) for one in said])
    log.append([moved("NEW", 117.3, 100 * DAY_S + n) for n in range(5)])
    return log


def test_of_that_time_there_are_no_places_any_more_and_the_log_knows_since_when(old, now, tmp_path):
    then, before = now + timedelta(seconds=20), now + timedelta(days=50)
    assert set(old.things("responders", then, "shown")) == {"GONE", "SILENT"}
    assert old.positions_from() is None
    [dry] = old.destroy({"positions": before}, is_dry=True)
    assert (dry.count > 0, old.positions_from()) == (True, None)
    [found] = old.destroy({"positions": before})
    assert (found.count, found.still_needed) == (40 + 28, 12)
    assert (found.first, found.last) == (now, now + timedelta(seconds=39))
    assert old.positions_from() == before
    assert old.things("responders", then, "shown")["SILENT"].position is None
    assert "GONE" not in old.things("responders", then, "shown")
    assert {one.unit for one in old.tracks(now, now + timedelta(hours=1)).tracks.speakers} == {"SILENT"}
    assert old.live().situation.of("responders")["SILENT"].position.lon == 117.239
    assert old.live().situation.of("sources")["phone/osmand"].events == 85
    assert old.destroy({"positions": before})[0].count == 0
    assert old.rebuild().differences == ()
    old.close()
    with closing(dbapi2.connect(next(tmp_path.glob("*.db")))) as file:
        heaps = [orjson.loads(heap) for (heap,) in file.execute("SELECT heaps FROM track_gone")]
        assert sum(heap[2] for one in heaps for heap in one) == 68
        assert file.execute("SELECT count(*) FROM event WHERE kind = 'position_reported'").fetchone()[0] <= 5


def test_a_clock_can_be_mended_after_positions_were_destroyed(old, layers, ground, now, tmp_path):
    old.destroy({"positions": now + timedelta(days=50)})
    seal_all(old, now + timedelta(days=200))
    count = old.since(0, 1).events[0][0] + len(page_by_page(old)) - 1
    old.close()
    path = next(tmp_path.glob("*.db"))
    mend(path, layers, ground, now - timedelta(seconds=5))
    with closing(dbapi2.connect(path)) as file:
        assert file.execute("SELECT count(*), max(cursor) FROM event").fetchone() == (count, count)
        assert file.execute("SELECT count(*) FROM event WHERE kind = 'forgotten'").fetchone()[0] == 68
        assert file.execute("SELECT count(*) FROM track_gone").fetchone()[0] == 0
