"""Screens that say that they live, and how the room learns that one does not."""

import re
from datetime import timedelta

import pytest

from dashboard.beats_kept import Beat, Beats, beats_of
from dashboard.walls import FIRST, ScreenSettings, WallSettings
from tests.dashboard.conftest import NOW

SAID = {"page": "a1", "connection": "live", "width": 1920, "height": 1080, "errors": 0, "reloads": 1}
PATH = f"/api/v1/walls/{FIRST}/screens/penuh/beat"


def beat(page="a1", after_s=0.0, **said):
    at = NOW + timedelta(seconds=after_s)
    return Beat(page=page, at=at, connection="live", pixels=(1920, 1080), errors=0, reloads=0, **said)


def send(city, path=PATH, role="wall", **said):
    return city.client().post(path, json={**SAID, **said}, headers=city.bearer(role))


def screens(city):
    return {one["name"]: one["beat"] for one in city.get("/api/v1/walls", "operator").json["walls"][0]["screens"]}


def test_a_screen_that_beats_is_alive_and_one_that_ceased_to_is_not(city):
    assert screens(city) == {"penuh": None}
    assert send(city).status_code == 204
    heard = screens(city)["penuh"]
    assert (heard["is_alive"], heard["pixels"], heard["reloads"]) == (True, [1920, 1080], 1)
    city.watch.forward(31)
    assert screens(city)["penuh"]["is_alive"] is False
    assert re.search(rb"layar_silent_screens 1\.0", city.get("/metrics", "wall").data)


def test_a_screen_asked_for_by_its_kind_is_listed_once_it_has_beaten(city):
    send(city, PATH.replace("penuh", "angka"))
    assert set(screens(city)) == {"penuh", "angka"}


@pytest.mark.parametrize(
    ("path", "said", "status"),
    [
        (PATH.replace(FIRST, "lain"), {}, 404),
        (PATH.replace("penuh", "lain"), {}, 404),
        (PATH, {"page": "../x"}, 400),
        (PATH, {"page": "a" * 17}, 400),
        (PATH, {"connection": "fine"}, 400),
        (PATH, {"errors": -1}, 400),
        (PATH, {"width": True}, 400),
    ],
)
def test_what_no_page_would_send_is_refused(city, path, said, status):
    assert send(city, path, **said).status_code == status


def test_a_page_that_beats_too_often_is_told_so(city):
    assert [send(city).status_code for _ in range(3)] == [204, 429, 429]


def test_the_newest_browser_of_a_screen_counts_and_only_a_few_are_kept():
    beats, wall = Beats(), WallSettings(screens=(ScreenSettings(name="penuh"),))
    for number in range(50):
        beats.hear(FIRST, "penuh", beat(f"p{number}", after_s=number))
    assert beats.newest(FIRST, "penuh").page == "p49"
    (screen,) = beats_of(wall, beats, NOW + timedelta(seconds=50))
    assert screen["beat"]["is_alive"]
    assert len(beats._heard[FIRST, "penuh"]) == 4
