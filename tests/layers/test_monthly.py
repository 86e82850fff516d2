"""The month as data: read from the log, complete, and every part adds up to the whole."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from layers.call_tally import BUCKET
from layers.calls import CallRecord, CallRecorded
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.monthly import AFTER, BEFORE, FACTS, incidents_of, month_of, monthly_report
from layers.responders import PositionReported

WITA = ZoneInfo("Asia/Makassar")


def reported(id_, at, category="kebakaran", **said):
    return IncidentReported(incident=id_, report=Report(category=category, reported_at=at, **said))


def test_a_month_is_the_citys_own(ground):
    november = month_of(ground.city, 2026, 11)
    assert (november.since, november.until) == (
        datetime(2026, 11, 1, tzinfo=WITA),
        datetime(2026, 12, 1, tzinfo=WITA),
    )
    assert month_of(ground.city, 2026, 12).until == datetime(2027, 1, 1, tzinfo=WITA)


def test_the_report_is_read_from_the_log_and_adds_up(store, ground, happened, now):
    arrived = IncidentStatusChanged(
        incident="A", status="di_lokasi", reached_at=now + timedelta(minutes=4), agency="balakarcana"
    )
    answered = CallRecord(came_at=now, kind="normal", answered_at=now + timedelta(seconds=6))
    store.append(
        [
            happened(reported("A", now, kelurahan="64.72.09.1003"), 1),
            happened(arrived, 240),
            happened(reported("B", now, "banjir"), 2),
            happened(reported("P", now, "prank"), 3),
            happened(reported("drill", now), 4, mode="drill"),
            happened(reported("october", now - timedelta(days=40)), 5),
            happened(PositionReported(unit="U", lon=117.1, lat=-0.5), 6),
            happened(CallRecorded(call="1", record=answered), 7),
            happened(CallRecorded(call="2", record=CallRecord(came_at=now, kind="prank")), 8),
        ]
    )
    month = month_of(ground.city, 2026, 11)
    told = store.told([fact.kind for fact in FACTS], month.since - BEFORE, month.until + AFTER)
    incidents = incidents_of(told, month)
    report = monthly_report(ground, incidents, store.live().situation.of("call_tally").values(), month)
    assert [one.id for one in incidents] == ["A", "B", "P"]
    assert (report["month"], report["incidents"]) == ("2026-11", 2)
    assert report["by_category"] == {"banjir": 1, "kebakaran": 1}
    assert report["by_kecamatan"] == {"Samarinda Kota": 1, "tanpa lokasi": 1}
    assert report["by_class"] == {"darurat": 2, "bukan_laporan": 1}
    assert report["by_agency"] == {"balakarcana": 1, "tanpa OPD": 1}
    assert report["by_end"] == {"masih terbuka": 2}
    assert report["calls"]["came"] == 2
    assert report["calls"]["genuine_share"] == 0.5
    assert report["calls"]["answer"]["median_s"] == 6
    assert report["calls_by_day"] == {"2026-11-22": {"came": 2, "answered": 1, "real": 1}}
    assert report["calls_by_shift"]["Siang"] == {"came": 2, "answered": 1, "real": 1}
    assert report["times"]["first_on_scene"]["records"] == ["A"]
    assert report["times"]["first_on_scene"]["left_out"] == {"pending": ["B"]}
    assert sum(one["first_on_scene"]["n"] for one in report["times_by_category"].values()) == 1


def test_only_events_of_the_kinds_and_time_asked_for_are_told(store, happened, now):
    facts = (reported("A", now), PositionReported(unit="U", lon=117.1, lat=-0.5), reported("B", now))
    store.append([happened(fact, n * 100) for n, fact in enumerate(facts)])
    day = timedelta(days=1)
    assert [e.fact.incident for e in store.told(["incident_reported"], now - day, now + day)] == ["A", "B"]
    assert not list(store.told(["position_reported"], now - day, now + day))
    assert [e.fact.incident for e in store.told(["incident_reported"], now, now + timedelta(seconds=150))] == ["A"]


def test_a_log_made_before_the_index_gets_it_when_opened(open_log, happened, now):
    first = open_log()
    first.append([happened(reported("A", now))])
    with first._engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX event_kind_seen")
    again = open_log()
    with again._engine.connect() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'index'").scalars().all()
    assert "event_kind_seen" in names


def test_every_shift_begins_with_a_half_hour(ground):
    """Or the calls of a shift could not be told apart from those of the one before."""
    assert all(int(shift.starts[3:]) % (BUCKET.seconds // 60) == 0 for shift in ground.city.shifts)
