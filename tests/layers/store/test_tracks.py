"""Positions leave the log for blocks, and nobody can tell: every answer is the same as if they had stayed."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.event import stable_id
from layers.responders import PositionReported
from layers.situation import after_all
from layers.store import moved as stored
from layers.store import sealing
from layers.store.mend import mend
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
REGISTERED = set("ABC")
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


def tell(log, events, now):
    """Tell the log all of it, seal it now and then; gives the moments that were told of."""
    moments = []
    for clock, event in events:
        if event is None:
            for _ in range(3):
                log.seal(now + timedelta(seconds=clock))
            continue
        log.append([event])
        moments += [now + timedelta(seconds=clock + rest_s) for rest_s in (0, -0.5, 30)]
    return moments


def folded_until(nothing, events, at, sense):
    """What folding gives of those that had arrived, or happened, by then; history happened and never arrived."""
    if sense == "shown":
        chosen = [event for event in events if event.seen <= at]
    else:
        chosen = sorted((one for one in events if min(one.at, one.seen) <= at), key=lambda one: min(one.at, one.seen))
    return after_all(nothing, enumerate(chosen, 1))[0].of("responders")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=steps)
def test_with_blocks_every_answer_is_what_folding_the_events_gives(said, fresh_log, moved, happened, nothing, now):  # noqa: PLR0913, PLR0917 — fixtures
    log = fresh_log()
    registered = [
        happened(UnitRegistered(unit=unit, name=unit, unit_kind="volunteer"), -999_999) for unit in REGISTERED
    ]
    told = [replace(event, id=stable_id("roster", n)) for n, event in enumerate(registered)]
    log.append(told)
    events = list(events_of(said, moved, happened))
    moments = tell(log, events, now)
    seal_all(log, now + timedelta(days=100))
    told += [event for _, event in events if event is not None]
    kept = page_by_page(log)
    assert [cursor for cursor, _ in kept] == list(range(1, len(told) + 1))
    assert anonymous(kept) == anonymous((n, replace(event, seen=now_seen(kept, n))) for n, event in enumerate(told, 1))
    truth, _ = after_all(nothing, kept)
    assert log.live().situation == truth
    compare_the_past(log, nothing, [event for _, event in kept], moments)
    assert log.rebuild().differences == ()


def page_by_page(log):
    found, cursor = [], 0
    while events := log.since(cursor, 7).events:
        found += events
        cursor = events[-1][0]
    return found


def now_seen(kept, cursor):
    """`seen` is the store's to give: it never goes back."""
    return kept[cursor - 1][1].seen


def compare_the_past(log, nothing, kept, moments):
    """Trails of units that nobody registered may begin anew, and history is in one sense only: those are left out."""
    told_of = {getattr(event.fact, "unit", None) for event in kept if event.is_history}
    for at in moments[:: max(1, len(moments) // 6)]:
        for sense in ("shown", "known"):
            found, truth = log.things("responders", at, sense), folded_until(nothing, kept, at, sense)
            chosen = REGISTERED if sense == "shown" else REGISTERED - told_of
            assert {unit: found.get(unit) for unit in chosen} == {unit: truth.get(unit) for unit in chosen}
        assert log.situation(at).cursor == sum(event.seen <= at for event in kept)


def test_a_late_position_is_known_at_its_time_and_shown_only_since_it_came(log, moved, now):
    log.append([moved(lon=117.1, at_s=0), moved(lon=117.2, at_s=60, seen_s=4_000), moved("V", at_s=4_001)])
    for _ in range(2):
        at = now + timedelta(seconds=100)
        assert log.things("responders", at, "shown")["U"].position.lon == 117.1
        assert log.things("responders", at, "known")["U"].position.lon == 117.2
        assert log.things("responders", now + timedelta(seconds=4_000), "shown")["U"].position.lon == 117.2
        seal_all(log, now + timedelta(days=1))
    assert blocks(log) >= 2


def test_sealed_positions_leave_the_table_and_the_newest_event_stays(log, moved, now):
    log.append([moved(at_s=n) for n in range(20)])
    assert seal_all(log, now + timedelta(days=1)) == 1 + 4
    assert left(log) == 1
    assert log.live().situation.cursor == 20
    assert log.append([moved(at_s=99)]).cursor == 21


def test_what_is_not_old_enough_stays(log, moved, now):
    log.append([moved(at_s=n * 30) for n in range(20)])
    log.seal(now + timedelta(seconds=300))
    with log._reading() as connection:
        newest = connection.exec_driver_sql("SELECT max(seen_to) FROM track").scalar_one()
    assert newest < (now + timedelta(seconds=300)).timestamp() * 1e6


def test_a_phone_that_sends_again_what_is_sealed_changes_nothing_but_the_count_of_its_source(log, moved, now):
    log.append([moved(lon=117.1, at_s=0), moved(lon=117.2, at_s=60), moved("V", at_s=61)])
    seal_all(log, now + timedelta(days=1))
    before = log.live().situation
    assert log.append([replace(moved(lon=117.1, at_s=0), seen=now + timedelta(seconds=90))]).is_new == (True,)
    after = log.live().situation
    assert after.of("responders") == before.of("responders")
    assert after.of("sources")["phone/osmand"].events == before.of("sources")["phone/osmand"].events + 1
    seal_all(log, now + timedelta(days=2))
    assert log.things("responders", now + timedelta(hours=1), "shown") == dict(after.of("responders"))


def test_two_sealers_seal_once(open_log, moved, now, monkeypatch):
    one, other = open_log(), open_log()
    one.append([moved(at_s=n) for n in range(10)])
    submit, calls = one._writer.submit, []

    def late_submit(work, **options):
        calls.append(work)
        if len(calls) == 1:  # the other one is faster, after this one has read
            seal_all(other, now + timedelta(days=1))
        return submit(work, **options)

    monkeypatch.setattr(one._writer, "submit", late_submit)
    one.seal(now + timedelta(days=1))
    assert len(calls) == 1
    with one._reading() as connection:
        rows = connection.exec_driver_sql("SELECT sum(rows) FROM track WHERE kind < 3").scalar_one()
    assert rows == 9
    assert [cursor for cursor, _ in one.since(0, 99).events] == list(range(1, 11))


def test_a_crash_between_sealing_and_sweeping_loses_and_doubles_nothing(fresh_log, moved, now):
    log = fresh_log()
    log.append([moved(at_s=n, accuracy_m=3.0) for n in range(10)])
    before = log.since(0, 99).events
    log.seal(now + timedelta(days=1))
    assert left(log) == 10  # sealed, and not yet swept
    assert anonymous(log.since(0, 99).events) == anonymous(before)
    assert len(log.tracks(now, now + timedelta(hours=1)).tracks) == 10
    assert log.rebuild().differences == ()


def test_what_no_layer_can_read_is_kept_as_it_came(log, moved, now):
    log.append([moved(at_s=0), moved(at_s=1), moved(at_s=2), moved(at_s=3)])
    with log._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE event SET body = x'7b7d' WHERE cursor = 2")
        connection.exec_driver_sql(
            """UPDATE event SET body = CAST(replace(body, '{', '{"more": 1, ') AS BLOB) WHERE cursor = 3"""
        )
    before = log.since(0, 9).events
    seal_all(log, now + timedelta(days=1))
    assert left(log) == 1
    assert anonymous(log.since(0, 9).events) == anonymous(before)


def test_the_way_of_a_unit_is_told_by_its_own_time(log, moved, now):
    log.append([moved(at_s=0), moved("V", at_s=5), moved(lon=117.2, at_s=10), moved(lon=0.0, lat=0.0, at_s=11)])
    log.append([moved(lon=117.3, at_s=7, seen_s=9_000), moved(lon=117.4, at_s=9_001)])
    for _ in range(2):
        way = log.tracks(now, now + timedelta(seconds=60), {"U"})
        assert way.tracks.measures[0].tolist() == [117.1, 117.3, 117.2]
        assert {way.tracks.speakers[who].unit for who in way.tracks.who.tolist()} == {"U"}
        assert way.until == (now + timedelta(seconds=60)).timestamp() * 1e6
        seal_all(log, now + timedelta(days=1))


def test_a_way_of_too_many_places_says_until_when_it_is_whole(log, moved, now, monkeypatch):
    monkeypatch.setattr(stored, "MOST_PLACES", 25)
    log.append([moved("UVW"[n % 3], at_s=n // 3, lon=117 + n / 1000) for n in range(90)])
    for _ in range(2):
        whole, since = [], now
        while since < now + timedelta(minutes=1):
            way = log.tracks(since, now + timedelta(minutes=1))
            whole += way.tracks.measures[0].tolist()
            assert len(way.tracks) <= 25
            since = datetime.fromtimestamp(way.until / 1e6, UTC)
        assert sorted(whole) == [round(117 + n / 1000, 6) for n in range(90)]
        seal_all(log, now + timedelta(days=1))


def test_what_a_wrong_clock_sealed_is_brought_back_with_the_rest(fresh_log, moved, layers, ground, now):
    log = fresh_log()
    ahead_s = 400 * 24 * HOUR
    log.append([moved(lon=117.1 + n / 1000, at_s=n) for n in range(10)])
    log.append([moved(lon=117.2 + n / 1000, at_s=20 + n, seen_s=ahead_s + n) for n in range(10)])
    seal_all(log, now + timedelta(days=800))
    kept = [event.fact for _, event in log.since(0, 99).events]
    path = log._path
    log.close()
    mend(path, layers, ground, now + timedelta(seconds=100))
    mended = open_store(path, layers, ground)
    events = mended.since(0, 99).events
    assert [event.fact for _, event in events] == kept
    assert max(event.seen for _, event in events) <= now + timedelta(seconds=100)
    assert len(mended.things("responders", now + timedelta(seconds=25), "shown")["U"].trail) == 12
    seal_all(mended, now + timedelta(days=1))
    assert [event.fact for _, event in mended.since(0, 99).events] == kept
    assert mended.rebuild().differences == ()
    mended.close()
