"""The walls over HTTP: what they show, and what hands and the desk ask of their director."""

from datetime import timedelta

import pytest

from dashboard.tokens import TokenBook
from dashboard.walls import FIRST
from layers.incidents import IncidentReported, Report
from layers.scenes import SceneAsked
from tests.dashboard.conftest import NOW, until


@pytest.fixture
def fire(city):
    """A city with one critical fire, on the wall."""
    report = Report(category="kebakaran", reported_at=NOW, lon=117.15, lat=-0.5, priority=1)
    city.bring(IncidentReported(incident="INC-1", report=report))
    look(city)
    return city


def ask(city, role, deed, wall=FIRST, **body):
    return city.client().post(f"/api/v1/walls/{wall}/{deed}", json=body, headers=city.bearer(role))


def look(city):
    """One look of the director, as it makes every second; and wait until the hub knows what it decided."""
    city.services.director.look(city.services.hub.situation)
    cursor = city.services.store.live().situation.cursor
    until(lambda: city.services.hub.situation().cursor >= cursor)


def walls(city, role="operator"):
    return city.get("/api/v1/walls", role).json


def scene(city):
    return walls(city)["walls"][0]["scene"]


def asked(city):
    return [
        (one["deed"], one["scene"], one["incident"], one["is_hand"], one["source"])
        for one in walls(city)["walls"][0]["asked"]
    ]


def test_a_wall_is_told_with_its_screens_and_its_scene_once_there_is_one(city):
    [wall] = walls(city)["walls"]
    assert (wall["name"], wall["scene"], wall["asked"]) == ("utama", None, [])
    assert wall["screens"] == [{"name": "penuh", "shows": "penuh", "beat": None}]
    look(city)
    assert scene(city)["kind"] == "overview"


def test_everybody_is_told_what_they_may_ask(city):
    assert walls(city)["may"] == ["send", "lock", "release", "acknowledge"]
    assert walls(city, "wall")["may"] == ["lock", "release", "acknowledge"]
    assert walls(city, "head")["may"] == []


def test_a_scene_sent_from_the_desk_comes_on_the_wall_and_says_who_sent_it_and_why(fire):
    assert ask(fire, "operator", "scene", scene="weather", for_s=60, why="banjir rob").status_code == 200
    assert scene(fire)["kind"] == "incident"
    fire.watch.forward(9)
    look(fire)
    assert (scene(fire)["kind"], scene(fire)["held_by"]) == ("weather", "desk")
    [event] = [one for _, one in fire.services.store.since(0).events if isinstance(one.fact, SceneAsked)]
    assert (event.who, event.why, event.source) == ("operator-5", "banjir rob", "desk/operator-5")
    assert scene(fire)["locked_until"] == pytest.approx((NOW + timedelta(seconds=60)).timestamp(), abs=0.01)


def test_a_hand_at_the_wall_locks_its_scene_and_escape_lets_it_go(fire):
    ask(fire, "wall", "lock")
    look(fire)
    assert scene(fire)["held_by"] == "hand"
    assert scene(fire)["locked_until"] == pytest.approx((NOW + timedelta(seconds=90)).timestamp(), abs=0.01)
    fire.watch.forward(1)
    ask(fire, "wall", "release")
    look(fire)
    assert scene(fire)["held_by"] == "acknowledge"
    assert asked(fire) == [
        ("release", None, None, True, "wall/utama"),
        ("lock", None, None, True, "wall/utama"),
    ]


def test_a_hand_that_goes_on_moving_is_one_event_in_a_few_seconds(fire):
    for _ in range(8):
        ask(fire, "wall", "lock")
        fire.watch.forward(1)
    assert len(asked(fire)) == 2


def test_a_screen_may_acknowledge_what_it_shows_and_then_it_is_no_longer_held(fire):
    ask(fire, "wall", "acknowledge")
    look(fire)
    assert (scene(fire)["incident"], scene(fire)["held_by"]) == ("INC-1", None)


def test_a_screen_may_send_no_scene_and_another_wall_than_its_own_it_may_not_touch(fire):
    assert ask(fire, "wall", "scene", scene="weather").status_code == 403
    book = TokenBook(fire.folder / "tokens.json")
    own = {"Authorization": f"Bearer {book.create(name='hall', role='wall', now=NOW, wall='posko')}"}
    refused = fire.client().post("/api/v1/walls/utama/lock", json={}, headers=own)
    assert refused.status_code == 403
    assert fire.client().get("/api/v1/walls", headers=own).json["walls"] == []


@pytest.mark.parametrize(
    ("deed", "body", "field"),
    [
        ("scene", {"scene": "disco"}, "scene"),
        ("scene", {}, "scene"),
        ("scene", {"scene": "incident"}, "incident"),
        ("scene", {"scene": "incident", "incident": "nothing"}, "incident"),
        ("scene", {"scene": "weather", "for_s": 1}, "for_s"),
        ("lock", {"for_s": "long"}, "for_s"),
        ("acknowledge", {"incident": "nothing"}, "incident"),
        ("release", {"why": 7}, "why"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_its_field_and_is_no_event(fire, deed, body, field):
    response = ask(fire, "operator", deed, **body)
    assert (response.status_code, response.json["field"]) == (400, field)
    assert asked(fire) == []


def test_a_wall_that_is_not_there_cannot_be_steered(city):
    assert ask(city, "operator", "lock", wall="nowhere").status_code == 404


def test_whoever_asks_without_end_is_told_to_wait(city):
    answers = [ask(city, "operator", "lock").status_code for _ in range(4)]
    assert answers == [200, 200, 429, 429]
