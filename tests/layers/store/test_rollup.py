"""Incidents are counted as they are told: by local day, kelurahan, category and end; always as folding would."""

import tempfile
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pysqlite3 import dbapi2

from geodata.places import Ground
from layers.counts import COUNTED_BY, Count, counts_said
from layers.incidents import STATUSES, IncidentReported, IncidentStatusChanged, Report
from layers.intervals import DIMENSIONS, REAL, grouped
from layers.monthly import Period, incidents_of
from layers.store.sqlite import FILE_NAME, open_store

DAY = date(2026, 11, 22)
DIMENSIONS_OF_BOTH = sorted(set(COUNTED_BY) & set(DIMENSIONS))


def reported(incident, at, **said):
    fire = {"category": "kebakaran", "lon": 117.14, "lat": -0.5}
    return IncidentReported(incident=incident, report=Report(reported_at=at, **(fire | said)))


def changed(incident, status):
    return IncidentStatusChanged(incident=incident, status=status)


@pytest.fixture
def opened(tmp_path, layers, ground):
    """Opens the same log by a ground with other places."""
    stores = []

    def another(places):
        stores.append(open_store(tmp_path / FILE_NAME, layers, Ground(city=ground.city, places=places)))
        return stores[-1]

    yield another
    for one in stores:
        one.close()


@pytest.fixture
def one_fire(happened, now):
    return happened(reported("A", now))


@pytest.fixture
def counted(store):
    return lambda by="kelurahan", first=DAY, last=DAY, mode="live": store.counts(first, last, by, mode)


def incidents(counts):
    return {name: count.incidents for name, count in counts.groups.items() if count.incidents}


def test_an_incident_counts_on_the_citys_day_of_its_report(store, happened, counted):
    before_midnight = datetime(2026, 11, 22, 15, 59, tzinfo=UTC)  # 23.59 in Samarinda
    after_midnight = before_midnight + timedelta(minutes=2)
    store.append([happened(reported("A", before_midnight)), happened(reported("B", after_midnight), 1)])
    assert incidents(counted("day", last=DAY + timedelta(days=1))) == {"2026-11-22": 1, "2026-11-23": 1}
    assert incidents(counted("day")) == {"2026-11-22": 1}
    assert incidents(counted("month", first=date(2026, 1, 1), last=date(2026, 12, 31))) == {"2026-11": 2}


def test_a_corrected_report_moves_the_count_to_where_it_belongs(store, happened, counted, now):
    store.append([happened(reported("A", now))])
    assert incidents(counted()) == {"64.72.09.1003": 1}
    store.append([happened(reported("A", now, lon=117.16, category="banjir"), 5)])
    assert incidents(counted()) == {"64.72.09.1004": 1}
    assert incidents(counted("category")) == {"banjir": 1}
    assert incidents(counted("kecamatan")) == {"Samarinda Kota": 1}


def test_a_called_off_incident_is_still_counted_and_said_to_be_called_off(store, happened, counted, now):
    store.append([happened(reported(name, now), n) for n, name in enumerate("ABCD")])
    store.append([happened(changed(*one), 10) for one in (("A", "batal"), ("B", "laporan_palsu"), ("C", "dialihkan"))])
    assert counted().total == Count(incidents=4, batal=1, laporan_palsu=1, dialihkan=1)
    assert counted().total.standing == 1
    store.append([happened(changed("A", "di_lokasi"), 20)])
    assert counted().total.standing == 2


def test_pranks_are_counted_beside_and_places_nobody_knows_have_a_name(store, happened, counted, now):
    store.append([happened(reported("A", now, category="prank", lon=None, lat=None))])
    store.append([happened(reported("B", now, lon=0.0, lat=0.0), 1)])
    assert counted().groups == {"tanpa lokasi": Count(incidents=1, other=1)}


def test_drills_are_counted_apart(store, happened, counted, now):
    store.append([happened(reported("A", now), mode="drill"), happened(reported("B", now), 1)])
    assert (counted().total.incidents, counted(mode="drill").total.incidents) == (1, 1)


def test_an_incident_forgotten_and_spoken_of_again_keeps_its_place(store, happened, counted, now):
    store.append([happened(reported("A", now)), happened(changed("A", "selesai"), 60)])
    store.append([happened(reported("B", now), 100 * 3600)])
    assert "A" not in store.live().situation.of("incidents")
    store.append([happened(changed("A", "laporan_palsu"), 101 * 3600)])
    assert counted().total == Count(incidents=2, laporan_palsu=1)
    assert store.rebuild().differences == ()


@pytest.mark.parametrize(
    "damage", ["UPDATE rollup SET incidents = 7", "DELETE FROM rollup_month", "DELETE FROM counted"]
)
def test_wrong_counts_are_found_and_put_right_by_rebuild(store, one_fire, counted, tmp_path, damage):
    store.append([one_fire])
    with dbapi2.connect(tmp_path / FILE_NAME) as meddling:
        meddling.execute(damage)
    assert {layer for layer, _ in store.rebuild().differences} == {"counts"}
    assert counted().total == Count(incidents=1)
    assert store.rebuild().differences == ()


class Elsewhere:
    """Everything lies in one kelurahan."""

    is_approximate = True

    def __init__(self, areas):
        self.areas = areas

    def kelurahan_at(self, _lon, _lat):  # noqa: D102
        return "64.72.09.1004"


def test_other_boundaries_count_anew(store, one_fire, opened, ground):
    store.append([one_fire])
    other = opened(Elsewhere({code: area for code, area in ground.places.areas.items() if code.endswith("4")}))
    assert incidents(other.counts(DAY, DAY, "kelurahan")) == {"64.72.09.1004": 1}
    assert other.rebuild().differences == ()
    assert incidents(store.counts(DAY, DAY, "kelurahan")) == {"64.72.09.1003": 1}


def test_a_process_without_boundaries_neither_counts_nor_spoils_the_counts(store, one_fire, opened, counted, happened):
    store.append([one_fire])
    blind = opened(Elsewhere({}))
    assert incidents(counted()) == {"64.72.09.1003": 1}
    blind.append([happened(reported("B", one_fire.at), 5)])
    assert incidents(counted()) == {"64.72.09.1003": 2}
    assert store.rebuild().differences == ()


def test_the_counts_in_words_name_every_kelurahan(store, happened, counted, now, ground):
    store.append([happened(reported("A", now))])
    said = counts_said(counted(), ground)
    assert said["groups"][0] == {
        "key": "64.72.09.1003", "name": "Pasar Pagi", "incidents": 1, "standing": 1, "batal": 0, "dialihkan": 0,
        "laporan_palsu": 0, "other": 0,
    }  # fmt: skip
    assert said["total"]["incidents"] == 1


NINE_DAYS = (DAY - timedelta(days=9), DAY + timedelta(days=9))
WHOLE_MONTHS = (date(2026, 10, 20), date(2026, 12, 3))
WORDS = st.one_of(
    st.builds(
        lambda name, hours, category, lon: ("report", name, hours, category, lon),
        st.sampled_from("ABC"),
        st.integers(0, 60),
        st.sampled_from(["kebakaran", "banjir", "prank", "?"]),
        st.sampled_from([117.14, 117.16, None]),
    ),
    st.builds(lambda name, status: ("status", name, status), st.sampled_from("ABC"), st.sampled_from(STATUSES)),
)


def events_of(told, happened, now):
    clock = 0
    for together in told:
        events = []
        for kind, name, *rest in together:
            clock += 1
            if kind == "report":
                hours, category, lon = rest
                place = {"lon": lon, "lat": None if lon is None else -0.5}
                fact = reported(name, now - timedelta(hours=hours), category=category, **place)
            else:
                fact = changed(name, rest[0])
            events.append(happened(fact, clock))
        yield events


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(st.lists(WORDS, min_size=1, max_size=4), min_size=1, max_size=6))
def test_the_counts_are_what_folding_all_events_gives(told, happened, now, layers, ground):
    with tempfile.TemporaryDirectory() as folder, closing(open_store(Path(folder) / FILE_NAME, layers, ground)) as log:
        for events in events_of(told, happened, now):
            log.append(events)
        period = Period(since=now - timedelta(days=9), until=now + timedelta(days=9))
        folded = incidents_of((event for _, event in log.since(0).events), period)
        real = [i for i in folded if ground.city.category(i.report.category).service_class in REAL]
        for by, days in product(DIMENSIONS_OF_BOTH, (NINE_DAYS, WHOLE_MONTHS)):
            found = log.counts(*days, by)
            assert incidents(found) == {name: len(some) for name, some in grouped(real, by, ground).items()}
            assert found.total.batal == sum(incident.status == "batal" for incident in real)
        assert log.rebuild().differences == ()


def test_only_some_categories_are_counted_where_only_they_are_asked_for(store, happened, now):
    for key, category in {"A": "kebakaran", "B": "banjir", "C": "banjir"}.items():
        store.append([happened(reported(key, now, category=category))])
    day = now.date()
    span = (day - timedelta(days=1), day + timedelta(days=1), "category")
    assert store.counts(*span, categories=["banjir"]).groups == {"banjir": Count(incidents=2)}
    assert store.counts(*span, categories=[]).groups == {}
