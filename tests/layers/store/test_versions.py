"""Any moment of the past is found among all versions: as it was shown then, and as it is known now."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pysqlite3 import dbapi2

from geodata.errors import NotFound
from layers.event import stable_id
from layers.incidents import STATUSES, IncidentReported, IncidentStatusChanged, Report
from layers.responders import PositionReported
from layers.situation import after_all
from layers.store import versions
from layers.store.sqlite import FILE_NAME


@pytest.fixture
def told(happened, now):
    """`told(status, at_s, seen_s)`: a word on incident A; without a status it is the report."""

    def event(status=None, at_s=0, seen_s=None, incident="A"):
        at = now + timedelta(seconds=at_s)
        fact = (
            IncidentReported(incident=incident, report=Report(category="kebakaran", reported_at=at))
            if status is None
            else IncidentStatusChanged(incident=incident, status=status, reached_at=at)
        )
        return happened(fact, at_s, seen_s=at_s if seen_s is None else seen_s)

    return event


@pytest.fixture
def status_at(store, now):
    def read(after_s, sense, incident="A"):
        found = store.things("incidents", now + timedelta(seconds=after_s), sense).get(incident)
        return None if found is None else found.status

    return read


def test_each_state_is_there_from_its_event_to_the_next(store, told, status_at):
    store.append([told(), told("menuju_lokasi", 60), told("di_lokasi", 120)])
    asked = [status_at(s, sense) for sense in ("shown", "known") for s in (-1, 0, 59.9, 60, 119, 120, 9_999)]
    one = [None, "diterima", "diterima", "menuju_lokasi", "menuju_lokasi", "di_lokasi", "di_lokasi"]
    assert asked == one + one


def test_a_late_word_is_known_at_its_time_and_shown_only_since_it_came(store, told, status_at):
    store.append([told(), told("menuju_lokasi", 60)])
    store.append([told("di_lokasi", 120, seen_s=400)])
    assert [status_at(s, "shown") for s in (119, 121, 399, 400)] == ["menuju_lokasi"] * 3 + ["di_lokasi"]
    assert [status_at(s, "known") for s in (119, 121, 399)] == ["menuju_lokasi", "di_lokasi", "di_lokasi"]


def test_a_word_between_two_others_takes_its_place_among_them(store, told, status_at, now):
    store.append([told(), told("di_lokasi", 120, seen_s=121)])
    store.append([told("menuju_lokasi", 60, seen_s=300)])
    assert [status_at(s, "known") for s in (0, 59, 60, 119, 120)] == ["diterima"] * 2 + ["menuju_lokasi"] * 2 + [
        "di_lokasi"
    ]
    assert [status_at(s, "shown") for s in (60, 120, 121, 299)] == ["diterima", "diterima", "di_lokasi", "di_lokasi"]
    later = store.things("incidents", now + timedelta(seconds=500), "known")["A"]
    assert later == store.live().situation.of("incidents")["A"]


def test_a_word_from_before_the_report_begins_the_incident_earlier(store, told, status_at):
    store.append([told(at_s=100)])
    store.append([told("diterima", 10, seen_s=200)])
    assert status_at(50, "known") == "diterima"
    assert status_at(50, "shown") is None


def test_a_clock_that_runs_ahead_is_not_believed(store, told, status_at):
    store.append([told(), told("di_lokasi", 9_000, seen_s=60)])
    assert status_at(61, "known") == "di_lokasi"


def test_what_is_forgotten_is_gone_from_then_on_and_still_there_before(store, told, happened, status_at):
    store.append([told(), told("selesai", 60)])
    days_s = 20 * 86_400
    store.append([happened(PositionReported(unit="U", lon=117.1, lat=-0.5), days_s)])
    for sense in ("shown", "known"):
        assert status_at(70, sense) == "selesai"
        assert status_at(days_s + 1, sense) is None


def test_a_word_about_what_was_forgotten_does_not_stand_beside_what_was_known_then(store, told, happened):
    store.append([told(), told("selesai", 60)])
    days_s = 20 * 86_400
    store.append([happened(PositionReported(unit="U", lon=117.1, lat=-0.5), days_s)])
    store.append([told("di_lokasi", 50, seen_s=days_s + 9)])
    spans = dbapi2.connect(str(store._path)).execute(
        "SELECT at_from, at_to FROM version WHERE key = 'A' AND at_from < at_to ORDER BY at_from"
    )
    ends = [-1]
    for start, end in spans:
        assert start >= ends[-1]
        ends.append(end)
    assert len(ends) > 2


def test_many_late_words_are_told_anew_once_and_too_many_not_at_all(store, told, status_at, monkeypatch):
    monkeypatch.setattr(versions, "MOST_RETOLD", 4)
    store.append([told(), told("di_lokasi", 120)])
    store.append([told("diverifikasi", s, seen_s=300 + s) for s in (30, 20, 10)])
    assert [status_at(s, "known") for s in (5, 10, 31, 119, 120)] == [
        "diterima", "diverifikasi", "diverifikasi", "diverifikasi", "di_lokasi",
    ]  # fmt: skip
    store.append([told("menuju_lokasi", 6, seen_s=500)])
    assert status_at(7, "known") == "diterima"
    assert status_at(501, "shown") == status_at(501, "known")


def test_a_damaged_history_is_found_and_written_anew(store, told, status_at):
    store.append([told(), told("menuju_lokasi", 60), told("di_lokasi", 120)])
    damage = dbapi2.connect(str(store._path))
    damage.execute("DELETE FROM version WHERE seen_to > 9000000000000000")
    damage.commit()
    damage.close()
    assert status_at(500, "shown") is None
    assert store.rebuild().differences == (("incidents", "A"),)
    assert [status_at(s, "shown") for s in (10, 70, 500)] == ["diterima", "menuju_lokasi", "di_lokasi"]
    assert store.rebuild().differences == ()


def test_a_layer_without_a_history_is_not_answered_with_nothing(store, now):
    with pytest.raises(NotFound, match="sources"):
        store.things("sources", now, "shown")


words = st.tuples(
    st.sampled_from("AB"), st.sampled_from([None, *STATUSES]), st.integers(0, 500), st.sampled_from([0, 0, 3, 120, 300])
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(words, max_size=12))
def test_the_versions_are_what_folding_the_words_gives_in_both_senses(said, told, now, nothing, store):
    run = f"{store.since(0, 100_000).cursor}-"
    arriving = sorted(enumerate(said), key=lambda one: one[1][2] + one[1][3])
    events = [
        replace(told(status, at, seen_s=at + late, incident=run + incident), id=stable_id(run, n))
        for n, (incident, status, at, late) in arriving
    ]
    day = timedelta(days=store.since(0, 100_000).cursor)  # each example has days of its own: `seen` never goes back
    events = [replace(event, at=event.at + day, seen=event.seen + day) for event in events]
    for event in events:
        store.append([event])
    kept = [event for _, event in store.since(0, 100_000).events if event.fact.incident.startswith(run)]
    by_time = sorted(kept, key=lambda event: min(event.at, event.seen))
    for after_s in range(0, 820, 82):
        at = now + day + timedelta(seconds=after_s, milliseconds=500)
        for sense, order, until in (
            ("shown", kept, lambda event: event.seen),
            ("known", by_time, lambda event: min(event.at, event.seen)),
        ):
            folded, _ = after_all(nothing, enumerate((event for event in order if until(event) <= at), 1))
            found = store.things("incidents", at, sense)
            assert {key: one for key, one in found.items() if key.startswith(run)} == dict(folded.of("incidents"))


def test_a_log_of_the_version_before_gets_its_history_when_it_is_opened(open_log, told, now, tmp_path):
    first = open_log()
    first.append([told(), told("menuju_lokasi", 60), told("di_lokasi", 50, seen_s=300)])
    asked = [(s, sense) for s in (10, 55, 70, 400) for sense in ("shown", "known")]

    def answers(store):
        return [store.things("incidents", now + timedelta(seconds=s), sense)["A"].status for s, sense in asked]

    before = answers(first)
    first.close()
    old = dbapi2.connect(str(tmp_path / FILE_NAME))
    for statement in (
        "DROP TABLE version", "DROP TABLE version_span", "DROP INDEX event_subject",
        "ALTER TABLE event DROP COLUMN subject", "PRAGMA user_version = 1",
    ):  # fmt: skip
        old.execute(statement)
    old.commit()
    old.close()
    assert answers(open_log()) == before


def test_the_layers_that_keep_a_history_depend_on_their_subject_alone(layers):
    by_fact = defaultdict(set)
    for name, layer in layers.items():
        if layer.history:
            assert layer.thing is not None, name
            for fact in layer.facts:
                by_fact[fact].add(name)
    assert by_fact[IncidentReported] == {"incidents"}
