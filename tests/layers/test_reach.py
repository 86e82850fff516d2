"""Who can come: fresh, near and known; the band widens with age and accuracy, and every other has a reason."""

from datetime import timedelta

import pytest

from layers.reach import reach
from layers.responders import PositionReported, UnitRegistered
from layers.situation import after_all

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


def test_the_one_that_is_there_soonest_even_at_worst_comes_first(units, now):
    known = units(
        ("far", 117.20, 0, 5, "vehicle"), ("near", 117.16, 0, 5, "vehicle"), ("coarse", 117.155, 0, 900, "vehicle")
    )
    found = reach(known, *HERE, now)
    assert [one.responder.id for one in found.able] == ["near", "coarse", "far"]
    assert all(one.soonest_s < one.latest_s for one in found.able)


def test_the_older_a_position_the_wider_the_band(units, now):
    fresh, old = (reach(units(("A", 117.16, ago_s, 5, "vehicle")), *HERE, now).able[0] for ago_s in (0, 240))
    assert old.soonest_s < fresh.soonest_s
    assert old.latest_s > fresh.latest_s


def test_who_cannot_come_is_counted_by_reason(units, now):
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
    )
    assert found.able == ()
    assert found.unfit == {"stale": 1, "no_position": 1, "unregistered": 1, "coarse": 1, "far": 1}


def test_nobody_at_all_is_no_error(now):
    assert reach((), *HERE, now + timedelta(days=1)).able == ()
