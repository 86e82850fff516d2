"""Who can come: fresh, near and known; the band widens with age and accuracy, and every other has a reason."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import ValidationError

from geodata.city import Tracker
from layers.assignments import UnitAssigned, assigned
from layers.incidents import IncidentReported, IncidentStatusChanged, Report
from layers.reach import reach
from layers.responders import PositionReported
from layers.situation import after_all
from layers.unit_facts import UnitRegistered

HERE = (117.15, -0.5)


@pytest.fixture
def units(nothing, happened):
    """The units after these: (id, lon, seconds before NOW, accuracy, kind)."""

    def fold(*rows):
        facts = []
        for id_, lon, ago_s, accuracy_m, kind in rows:
            if kind:
                facts.append(happened(UnitRegistered(unit=id_, name=id_, unit_kind=kind), -999))
            if lon:
                position = PositionReported(unit=id_, lon=lon, lat=-0.5, accuracy_m=accuracy_m)
                facts.append(happened(position, -ago_s, seen_s=0))
        return after_all(nothing, enumerate(facts, 1))[0].of("responders").values()

    return fold


def test_the_one_that_is_there_soonest_even_at_worst_comes_first(units, now, ground):
    known = units(
        ("far", 117.20, 0, 5, "vehicle"), ("near", 117.16, 0, 5, "vehicle"), ("coarse", 117.155, 0, 900, "vehicle")
    )
    found = reach(known, *HERE, now, ground)
    assert [one.responder.id for one in found.able] == ["near", "coarse", "far"]
    assert all(one.soonest_s < one.latest_s for one in found.able)


def test_the_older_a_position_the_wider_the_band(units, now, ground):
    fresh, old = (reach(units(("A", 117.16, ago_s, 5, "vehicle")), *HERE, now, ground).able[0] for ago_s in (0, 240))
    assert old.soonest_s < fresh.soonest_s
    assert old.latest_s > fresh.latest_s


def test_who_cannot_come_is_counted_by_reason(units, now, ground):
    found = reach(
        units(
            ("stale", 117.16, 301, 5, "vehicle"),
            ("never", None, 0, 0, "vehicle"),
            ("stranger", 117.16, 0, 5, None),
            ("rough", 117.16, 0, 1001, "volunteer"),
            ("away", 117.40, 0, 5, "vehicle"),
        ),
        *HERE,
        now,
        ground,
    )
    assert found.able == ()
    assert found.unfit == {"stale": 1, "no_position": 1, "unregistered": 1, "coarse": 1, "far": 1}


def test_nobody_at_all_is_no_error(now, ground):
    assert reach((), *HERE, now + timedelta(days=1), ground).able == ()


def test_each_source_has_its_own_time_until_a_place_is_not_believed(units, now, ground):
    slow = Tracker(source="*/feed", late_s=900, lost_s=2_000)
    patient = replace(ground, city=ground.city.model_copy(update={"trackers": (slow,)}))
    known = list(units(("A", 117.16, 1_000, 5, "vehicle")))
    assert reach(known, *HERE, now, ground).unfit == {"stale": 1}
    assert reach(known, *HERE, now, patient).able[0].age_s == 1_000
    other = [replace(known[0], source="phones/owntracks")]
    assert reach(other, *HERE, now, patient).unfit == {"stale": 1}


def test_a_tracker_that_is_lost_before_it_is_late_is_refused():
    with pytest.raises(ValidationError, match="lost before it is late"):
        Tracker(source="*", late_s=60, lost_s=30)


def test_volunteers_of_the_kelurahan_stand_beside_the_agencies(units, now, ground):
    """The test ground has another kelurahan west of 117.15."""
    found = reach(
        units(
            ("neighbour", 117.156, 0, 5, "volunteer"),
            ("engine", 117.151, 0, 5, "vehicle"),
            ("stranger", 117.149, 0, 5, "volunteer"),
        ),
        *HERE,
        now,
        ground,
    )
    assert [one.responder.id for one in found.volunteers_here] == ["neighbour"]
    assert {one.responder.id for one in found.able} == {"neighbour", "engine", "stranger"}


def test_when_nobody_can_come_the_operator_is_told_why(units, now, ground, happened, nothing):
    off = UnitRegistered(unit="off", name="off", unit_kind="vehicle", is_on_duty=False)
    [resting] = after_all(nothing, [(1, happened(off))])[0].of("responders").values()
    found = reach([resting, *units(("old", 117.16, 400, 5, "vehicle"))], *HERE, now, ground)
    assert found.why_nobody.id == "Tidak ada yang dapat datang: 1 tidak bertugas, 1 posisi lama"
    assert reach((), *HERE, now, ground).why_nobody.en == "No vehicle or volunteer is known yet"
    assert reach(units(("A", 117.16, 0, 5, "vehicle")), *HERE, now, ground).why_nobody is None


def test_a_unit_that_was_sent_somewhere_is_busy_until_that_incident_is_over(nothing, happened, now, ground):
    def told(*facts):
        return after_all(nothing, enumerate([happened(fact, n) for n, fact in enumerate(facts)], 1))[0]

    report = IncidentReported(incident="I", report=Report(category="kebakaran", reported_at=now))
    unit = UnitRegistered(unit="A", name="A", unit_kind="vehicle"), PositionReported(unit="A", lon=117.15, lat=-0.5)
    sent = UnitAssigned(unit="A", incident="I")
    over = IncidentStatusChanged(incident="I", status="selesai")
    for facts, is_busy in (
        ((report, *unit, sent), True),
        ((report, *unit, sent, over), False),
        ((report, *unit, sent, UnitAssigned(unit="A")), False),
        ((*unit, sent), False),
    ):
        situation = told(*facts)
        found = reach(
            situation.of("responders").values(), *HERE, now + timedelta(seconds=9), ground, assigned(situation)
        )
        assert dict(found.unfit) == ({"busy": 1} if is_busy else {})
        assert ("sedang bertugas" in found.why_nobody.id) if is_busy else found.able
