"""Cameras lost together are a sign beside the lifelines of their area, and never a state of one."""

from datetime import timedelta

import pytest

from layers.around import around
from layers.audience import visible
from layers.cameras import CameraHealthChanged, CameraListed
from layers.lifelines import LAYER, LifelineReported, draw, lifeline_id
from layers.signals import of_cameras, within
from layers.situation import after_all

WEST, EAST = "64.72.09.1003", "64.72.09.1004"
WEST_LON, EAST_LON = 117.14, 117.16


@pytest.fixture
def told(nothing, happened):
    return lambda *facts: after_all(nothing, [(n, happened(fact, n)) for n, fact in enumerate(facts, 1)])[0]


def listed(number, lon=WEST_LON, **said):
    return CameraListed(camera=f"C{number}", name=f"Simpang {number}", lon=lon, lat=-0.5, **said)


def health(number, *, is_lost=True):
    return CameraHealthChanged(camera=f"C{number}", health="lost" if is_lost else "ok")


def lifeline(provider, area, state="normal"):
    return LifelineReported(lifeline=lifeline_id(provider, area), provider=provider, area=area, state=state)


DARK = [*(listed(n) for n in range(3)), *(health(n) for n in range(3))]
TEXT = "3 kamera putus bersama · Pasar Pagi"


def hints(situation, now):
    drawn = {one["properties"]["key"]: one["properties"] for one in draw(situation, now, None)}
    return {key: (said["state"], said["hint"]) for key, said in drawn.items()}


def test_cameras_lost_together_are_one_sign_with_its_area_and_since_the_first(told, now):
    (sign,) = of_cameras(told(*DARK))
    assert (sign.key, sign.sign, sign.areas) == ("cameras:kelurahan:Pasar Pagi", "cameras", (WEST,))
    assert (sign.words.id, sign.words.en) == (TEXT, "3 cameras lost together · Pasar Pagi")
    assert sign.since == now + timedelta(seconds=4)


def test_a_camera_alone_or_one_that_is_back_is_no_sign(told):
    assert of_cameras(told(listed(1), health(1))) == []
    assert of_cameras(told(*DARK, health(0, is_lost=False))) == []


def test_a_sign_counts_in_its_kelurahan_and_in_whatever_holds_it_and_one_without_a_place_nowhere(told):
    signs = of_cameras(told(*DARK))
    assert [within(signs, area) == signs for area in (WEST, "64.72.09", "64.72")] == [True, True, True]
    assert within(signs, EAST) == []
    away = [*(listed(n, lon=106.8, group="Telkom") for n in range(2)), health(0), health(1)]
    (placeless,) = of_cameras(told(*away))
    assert within([placeless], "64.72") == []


def test_a_lifeline_says_which_cameras_its_area_lost_and_keeps_the_state_it_was_told(told, now):
    said = lifeline("PLN", WEST), lifeline("PLN", EAST), lifeline("Telkomsel", "64.72.09", "down")
    situation = told(*said, *DARK)
    hint = f"dugaan gangguan: {TEXT}"
    assert hints(situation, now) == {
        f"pln@{WEST}": ("normal", hint), f"pln@{EAST}": ("normal", None), "telkomsel@64.72.09": ("down", hint),
    }  # fmt: skip
    (west,) = draw(situation, now, [f"pln@{WEST}"])
    assert west["properties"]["hint_since"] == (now + timedelta(seconds=7)).timestamp()
    back = told(*said, *DARK, health(0, is_lost=False))
    assert {hint for _, hint in hints(back, now).values()} == {None}


def test_a_lifeline_is_drawn_anew_when_a_camera_is_lost():
    assert "cameras" in LAYER.draws_from


def test_around_a_place_the_sign_stands_beside_the_lifelines_of_its_kelurahan_only(told, now):
    situation = told(lifeline("PLN", "64.72"), *DARK)
    here, there = (around(situation, lon, -0.5, now) for lon in (WEST_LON, EAST_LON))
    (sign,) = here["signs"]
    assert (sign["text"], sign["source"]) == (TEXT, "cameras")
    assert sign["observed_at"] == sign["since"] == (now + timedelta(seconds=5)).timestamp()
    assert [one["state"] for one in here["lifelines"]] == ["normal"]
    assert there["signs"] == []


def test_cameras_for_operators_only_give_the_wall_no_sign(told, layers, now):
    hidden = [*(listed(n, audience="operator") for n in range(3)), *(health(n) for n in range(3))]
    situation = told(lifeline("PLN", WEST), *hidden)
    admin, wall = (visible(situation, layers, role) for role in ("admin", "wall"))
    assert hints(admin, now)[f"pln@{WEST}"] == ("normal", f"dugaan gangguan: {TEXT}")
    assert hints(wall, now)[f"pln@{WEST}"] == ("normal", None)
    assert [len(around(one, WEST_LON, -0.5, now)["signs"]) for one in (admin, wall)] == [1, 0]
