"""From an incident's milestones to the times its stills may be from."""

from datetime import UTC, datetime, timedelta

from layers.incidents import Incident, Report
from layers.moments import milestones_of, windows_of

CALL = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


def incident(**milestones) -> Incident:
    times = {status: CALL + timedelta(seconds=after_s) for status, after_s in milestones.items()}
    report = Report(category="kebakaran", reported_at=CALL)
    return Incident(id="I", report=report, milestones=times, source="cad", mode="live", observed_at=CALL)


def test_a_call_a_dispatch_and_an_arrival_are_told_apart():
    told = milestones_of(incident(diterima=5, diteruskan=60, menuju_lokasi=90, di_lokasi=400, selesai=900))
    assert {name: (at - CALL).total_seconds() for name, at in told.items()} == {
        "call": 0,
        "dispatch": 60,
        "arrival": 400,
    }


def test_what_nobody_said_is_no_milestone():
    assert set(milestones_of(incident())) == {"call"}
    silent = Incident(id="I", milestones={}, source="cad", mode="live", observed_at=CALL)
    assert milestones_of(silent) == {}


def test_each_milestone_has_a_time_before_it_from_it_on_and_after_it():
    before, at, after = windows_of(incident(), timedelta(seconds=120), timedelta(seconds=60))
    seconds = [((w.start - CALL).total_seconds(), (w.end - CALL).total_seconds()) for w in (before, at, after)]
    assert seconds == [(-120, 0), (0, 60), (60, 120)]
    assert [w.is_newest_best for w in (before, at, after)] == [True, False, False]
    assert [w.phase for w in (before, at, after)] == ["before", "at", "after"]
