"""Walls at the desk: what each shows and why, and words to its director with who and why."""

import pytest

from layers.incidents import IncidentReported, Report
from tests.dashboard.conftest import NOW
from tests.dashboard.test_operate import act, events, rows, send


@pytest.fixture
def wall(city):
    """A city with one fire, after a look of its director."""
    report = Report(category="kebakaran", reported_at=NOW, lon=117.15, lat=-0.5, priority=1)
    city.bring(IncidentReported(incident="INC-1", report=report))
    look(city)
    return city


def look(city):
    """As the director does every second."""
    city.services.director.look(city.services.hub.situation)
    cursor = city.services.store.since(0).cursor
    while city.services.hub.situation().cursor < cursor:
        pass


def shown(city):
    return rows(city, "walls")["utama"]


def test_the_desk_says_what_a_wall_shows_and_why(wall):
    row = shown(wall)
    assert row["state"]["id"] == "Kejadian"
    assert "INC-1" in row["sub"]["id"]
    lines = {line["label"]["en"]: line["value"] for line in row["lines"]}
    assert "nobody on it yet" in lines["Why"]["en"]
    assert lines["Screen penuh"]["id"] == "semuanya · belum terdengar"


def test_a_screen_that_fell_silent_is_named_in_the_list(wall):
    body = {"page": "a1", "connection": "live", "width": 1920, "height": 1080}
    path = "/api/v1/walls/utama/screens/penuh/beat"
    assert wall.client().post(path, json=body, headers=wall.bearer("wall")).status_code == 204
    assert {line["label"]["en"]: line["value"] for line in shown(wall)["lines"]}["Screen penuh"]["en"].endswith("alive")
    wall.watch.forward(300)
    assert shown(wall)["badges"][-1]["id"] == "layar penuh diam"


def test_a_scene_sent_from_the_desk_comes_on_the_wall_and_the_log_says_who_and_why(wall):
    act(wall, "acknowledge", "utama", room="walls")
    wall.watch.forward(60)
    look(wall)
    done = act(wall, "send", "utama", room="walls", scene="weather", minutes="5", why="rapat banjir")
    assert done.status_code == 200, done.json
    newest = next(event for event in reversed(events(wall)) if event.fact.kind == "scene_asked")
    assert (newest.who, newest.why, newest.source) == ("operator-5", "rapat banjir", "desk/operator-5")
    wall.watch.forward(10)
    look(wall)
    assert shown(wall)["state"]["en"] == "Weather and water"
    assert "release" in shown(wall)["deeds"]
    [step, *_] = wall.get("/api/v1/desk/walls/history?key=utama", "operator").json["steps"]
    assert (step["who"], step["words"]["en"]) == ("operator-5", "sent · Weather and water")


def test_what_is_held_stays_until_it_is_released(wall):
    act(wall, "lock", "utama", room="walls", minutes="15")
    look(wall)
    assert shown(wall)["badges"][0]["en"] == "held"
    act(wall, "release", "utama", room="walls")
    wall.watch.forward(30)
    look(wall)
    assert "lock" in shown(wall)["deeds"]


def test_a_scene_that_is_none_and_an_incident_that_is_closed_are_refused_beside_their_field(wall):
    for said in ("ganjil", "incident:INC-7", "incident:"):
        assert act(wall, "send", "utama", room="walls", scene=said).json["field"] == "scene"
    assert act(wall, "lock", "utama", room="walls", minutes="9999").json["field"] == "minutes"


def test_a_wall_of_the_settings_is_listed_before_its_director_has_decided_anything(make_city):
    city = make_city()
    assert shown(city)["state"]["en"] == "no scene yet"
    assert shown(city)["deeds"] == ["send"]
    assert send(city, "walls/lock", key="lain", version="x", minutes="1").status_code == 404
