"""History that is brought in is in the log, in the history and in the counts of its own time, and in no picture."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.event import stable_id
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.monthly import FACTS

YEAR = timedelta(days=365)
HOUR = timedelta(hours=1)
KINDS = [fact.kind for fact in FACTS]


@pytest.fixture
def told(happened, now):
    """`told(status, after)`: a word of history on incident A, so long after it was reported a year ago."""

    def event(status=None, after=timedelta(), incident="A", source="history:import/table", seen=timedelta(), **said):
        at = now - YEAR + after
        fact = (
            IncidentReported(
                incident=incident, report=Report(category="kebakaran", reported_at=at, lon=117.14, lat=-0.5)
            )
            if status is None
            else IncidentStatusChanged(incident=incident, status=status, reached_at=at, **said)
        )
        id_ = stable_id(str(fact), at, source)
        return replace(happened(fact), id=id_, at=at, seen=now + seen, source=source)

    return event


def answered(told):
    return [told(), told("di_lokasi", HOUR), told("selesai", 3 * HOUR)]


def status_at(store, when, sense="known", incident="A"):
    found = store.things("incidents", when, sense).get(incident)
    return None if found is None else found.status


def test_history_is_in_the_log_and_in_no_picture(store, told, now):
    appended = store.append(answered(told))
    assert (appended.cursor, appended.is_new, appended.is_first) == (3, (True,) * 3, (True,) * 3)
    live = store.live()
    assert live.situation.cursor == 3
    assert not live.situation.of("incidents")
    assert not store.things("incidents", now + HOUR, "shown")
    assert [event.seen >= now for _, event in store.since(0).events] == [True] * 3


def test_the_same_history_again_changes_nothing(store, told):
    store.append(answered(told))
    again = store.append(answered(told))
    assert (again.cursor, again.is_new) == (3, (False,) * 3)


def test_what_was_so_then_is_known_at_its_time_and_no_longer(store, told, now):
    store.append(answered(told))
    then = now - YEAR
    hours = (-0.1, 0, 0.9, 1, 2.9, 3, 50.9, 51.1)
    found = [status_at(store, then + hour * HOUR) for hour in hours]
    assert found == [None, "diterima", "diterima", "di_lokasi", "di_lokasi", "selesai", "selesai", None]


def test_history_told_in_pieces_and_out_of_order_is_put_in_order(store, told, now):
    closed, came, reported = reversed(answered(told))
    store.append([closed])
    store.append([came, reported])
    then = now - YEAR
    assert [status_at(store, then + hour * HOUR) for hour in (0.5, 1.5, 3.5)] == ["diterima", "di_lokasi", "selesai"]
    assert not store.rebuild().differences


def test_statistics_find_history_by_when_it_happened_with_all_that_is_said_of_it(store, told, now):
    long = [told(), told("selesai", timedelta(days=40))]
    store.append(long)
    then = now - YEAR
    assert [e.id for e in store.told(KINDS, then - HOUR, then + HOUR)] == [event.id for event in long]
    assert not list(store.told(KINDS, now - HOUR, now + HOUR))


def test_history_is_counted_on_its_own_day_and_rebuild_agrees(open_log, told, now, ground):
    store = open_log()
    store.append([*answered(told), told(incident="B"), told("batal", HOUR, incident="B")])
    day = (now - YEAR).astimezone(ground.city.zone).date()
    counted = store.counts(day, day, "day").total
    assert (counted.incidents, counted.batal) == (2, 1)
    assert store.counts(date(2026, 11, 1), date(2026, 11, 30), "day").total.incidents == 0
    assert not store.rebuild().differences
    assert store.counts(day, day, "day").total == counted


def test_rebuild_writes_lost_history_anew(store, told, now):
    store.append([*answered(told), told(incident="L", source="cad/incidents")])
    before = [status_at(store, now - YEAR + hour * HOUR) for hour in (0, 1, 3, 52)]
    with store._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM version")
        connection.exec_driver_sql("DELETE FROM version_span")
    assert store.rebuild().differences
    assert [status_at(store, now - YEAR + hour * HOUR) for hour in (0, 1, 3, 52)] == before


def test_history_of_a_live_incident_changes_what_was_and_not_what_is(store, told, happened, now):
    live = IncidentReported(incident="A", report=Report(category="banjir", reported_at=now))
    store.append([happened(live)])
    store.append([told("di_lokasi", HOUR, seen=HOUR)])
    shown = store.live().situation.of("incidents")["A"]
    assert (shown.status, shown.milestones) == ("diterima", {})
    assert status_at(store, now - YEAR + 2 * HOUR) == "di_lokasi"
    assert not store.rebuild().differences


STATUS = st.sampled_from(["diteruskan", "di_lokasi", "selesai", "batal", None])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_history_and_live_words_in_any_order_leave_nothing_to_put_right(open_log, told, data):
    store = open_log()
    words = st.tuples(
        STATUS, st.integers(0, 100), st.sampled_from("ABC"), st.sampled_from(["history:import/x", "cad/incidents"])
    )
    for batch in data.draw(st.lists(st.lists(words, min_size=1, max_size=4), min_size=1, max_size=5)):
        store.append([told(s, n * HOUR, incident, source) for s, n, incident, source in batch])
    assert not [one for one in store.rebuild().differences if one[0] != "counts"]
