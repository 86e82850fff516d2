"""Cameras that are lost together are one outage, named by what they share."""

from datetime import UTC, datetime, timedelta

import pytest

from layers.camera_outages import draw
from layers.cameras import CameraHealthChanged, CameraListed, StreetCamera
from layers.outages import outages, outages_in
from layers.situation import after_all

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


def test_a_camera_may_share_several_things_and_each_counts():
    both = [camera(n, group="PJU-12; SW-3") for n in range(2)]
    assert said([*both, camera(2, group="SW-3 ;Telkom")]) == [("group", "SW-3", 3, 3)]
    assert said([camera(n, group=f"PJU-{n};Telkom") for n in range(2)]) == [("group", "Telkom", 2, 2)]


WEST, EAST = "64.72.09.1003", "64.72.09.1004"


@pytest.fixture
def situation(nothing, happened):
    """`situation((fact, second), …)`."""
    return lambda *told: after_all(nothing, [(n, happened(fact, second)) for n, (fact, second) in enumerate(told, 1)])[
        0
    ]


def listed(number, lon=117.14, **shared):
    return CameraListed(camera=f"C{number}", name=f"Simpang {number}", lon=lon, lat=-0.5, **shared)


def lost(number):
    return CameraHealthChanged(camera=f"C{number}", health="lost", reason="x")


def test_cameras_that_stand_in_one_kelurahan_share_it_though_no_list_says_so(situation):
    told = [(listed(n), 0) for n in range(3)] + [(lost(n), 10 + n) for n in range(3)]
    (outage,) = outages_in(situation(*told, (listed(9, lon=117.16), 0), (lost(9), 11)))
    assert (outage.shared, outage.value, outage.areas, outage.of) == ("kelurahan", "Pasar Pagi", (WEST,), 3)
    assert outage.since == NOW + timedelta(seconds=10)


def test_an_outage_of_one_provider_is_told_with_every_area_it_is_in(situation):
    told = [(listed(n, lon=117.14 + n % 2 * 0.02, group="Telkom"), 0) for n in range(4)]
    (outage,) = outages_in(situation(*told, *((lost(n), 10) for n in range(4))))
    assert (outage.value, outage.areas) == ("Telkom", (WEST, EAST))


def test_it_is_drawn_where_its_cameras_stand_and_gone_once_they_are_back(situation, now):
    told = [*((listed(n, group="PJU-12"), 0) for n in range(2)), *((lost(n), 10) for n in range(2))]
    (drawn,) = draw(situation(*told), now, None)
    said = drawn["properties"]
    assert drawn["geometry"] == {"type": "MultiPoint", "coordinates": [[117.14, -0.5]] * 2}
    assert (said["key"], said["cameras"], said["of"], said["kelurahan"]) == ("group:PJU-12", ["C0", "C1"], 2, [WEST])
    assert said["since"] == NOW.timestamp() + 10
    back = CameraHealthChanged(camera="C0", health="ok")
    assert draw(situation(*told, (back, 60)), now, None) == []


def test_a_camera_outside_the_city_belongs_to_no_area(situation):
    told = [(listed(n, lon=106.8, group="Telkom"), 0) for n in range(2)]
    (outage,) = outages_in(situation(*told, *((lost(n), 1) for n in range(2))))
    assert outage.areas == ()
