"""Cameras that are lost together are one outage, named by what they share."""

from datetime import UTC, datetime, timedelta

import pytest

from layers.cameras import CameraListed, StreetCamera
from layers.outages import outages

NOW = datetime(2026, 11, 22, 11, 18, tzinfo=UTC)


def camera(number, after_s=0.0, health="lost", **shared):
    listed = CameraListed(camera=f"C{number}", name=f"Simpang {number}", lon=117.1, lat=-0.5, **shared)
    since = NOW + timedelta(seconds=after_s)
    return StreetCamera(id=f"C{number}", listed=listed, health=health, since=since, source="x", mode="live")


def said(cameras, **more):
    return [(one.shared, one.value, len(one.cameras), one.of) for one in outages(cameras, **more)]


def test_cameras_of_one_owner_that_go_together_are_one_outage_since_the_first():
    lost = [camera(n, 3 * n, owner="Dishub") for n in range(5)]
    found = outages([*lost, camera(9, health="ok", owner="Dishub")])
    assert said([*lost, camera(9, health="ok", owner="Dishub")]) == [("owner", "Dishub", 5, 6)]
    assert found[0].since == NOW
    assert {one.id for one in found[0].cameras} == {f"C{n}" for n in range(5)}


@pytest.mark.parametrize(
    ("count", "shared", "is_one"), [(2, "owner", False), (3, "kelurahan", True), (2, "group", True)]
)
def test_two_on_one_pole_are_enough_but_two_of_one_owner_may_be_chance(count, shared, is_one):
    assert bool(said([camera(n, **{shared: "X"}) for n in range(count)])) is is_one


def test_cameras_lost_at_different_times_are_not_together():
    assert said([camera(n, 61 * n, group="PJU-12") for n in range(4)]) == []
    late = [camera(n, 600 + n, group="PJU-12") for n in range(2, 5)]
    assert said([camera(0, group="PJU-12"), *late]) == [("group", "PJU-12", 3, 4)]


def test_the_cause_that_explains_most_wins_and_among_equals_the_narrowest():
    on_pole = [camera(n, owner="Dishub", kelurahan="Bugis", group="PJU-12") for n in range(3)]
    assert said(on_pole) == [("group", "PJU-12", 3, 3)]
    assert said([*on_pole, camera(3, owner="Dishub"), camera(4, owner="Dishub")]) == [("owner", "Dishub", 5, 5)]


def test_each_lost_camera_is_told_once():
    found = said([camera(n, owner="A") for n in range(3)] + [camera(n, 5, owner="B") for n in range(3, 7)])
    assert found == [("owner", "B", 4, 4), ("owner", "A", 3, 3)]


def test_nothing_shared_is_no_outage():
    assert said([camera(n) for n in range(9)]) == []
    assert said([camera(n, health="late", owner="A") for n in range(9)]) == []
