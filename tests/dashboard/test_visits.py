"""The key D: a screen that was made a visitor's is one on the server, until somebody on duty ends it."""

from datetime import timedelta

import orjson
import pytest

from dashboard.auth import Principal
from dashboard.config import AccessSettings
from dashboard.live_routes import stream
from dashboard.tokens import TokenBook
from dashboard.visits import FILE_NAME, Visits, scope_of
from geodata.errors import BadSettings
from layers.responders import PositionReported, UnitRegistered
from tests.dashboard.conftest import NOW

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def city(make_city):
    made = make_city()
    made.bring(
        UnitRegistered(unit="relawan-7", name="Siti Kenari", unit_kind="volunteer"),
        PositionReported(unit="relawan-7", lon=117.14, lat=-0.51),
    )
    return made


def signed_in(city, secret):
    client = city.client()
    assert client.post("/login", data={"token": secret}, headers=SAME_SITE).status_code == 303
    return client


def turned(client):
    response = client.post("/api/v1/visit", headers=SAME_SITE)
    assert response.status_code == 200, response.data
    return response


def ended(client, secret, name=""):
    return client.post("/api/v1/visit/end", json={"name": name, "secret": secret}, headers=SAME_SITE)


def test_one_key_makes_every_answer_to_that_browser_a_visitors(city):
    client = signed_in(city, city.tokens["wall"])
    assert b"Siti Kenari" in client.get("/live").data
    cookie = client.get_cookie("layar").value
    assert turned(client).headers["Clear-Site-Data"] == '"cache", "storage"'
    seen = client.get("/live")
    assert orjson.loads(seen.data)["panels"]["audience"] == "visitor"
    assert b"Siti" not in seen.data
    refused = ("/api/v1/layers/responders.geojson", "/api/v1/bookmarks", "/api/v1/situation?at=1", "/metrics")
    assert {client.get(path).status_code for path in refused} == {403}
    copied = city.client()
    copied.set_cookie("layar", cookie)
    assert b"Siti" not in copied.get("/live").data


def test_another_screen_with_the_same_kind_of_key_goes_on_as_it_was(city):
    one, other = (signed_in(city, city.tokens["wall"]) for _ in range(2))
    turned(one)
    assert b"Siti" not in one.get("/live").data
    assert b"Siti Kenari" in other.get("/live").data


def test_all_screens_of_a_wall_turn_together_when_their_key_is_bound_to_it(city):
    secret = TokenBook(city.folder / "tokens.json").create(name="lobi", role="wall", now=NOW, wall="lobi")
    one, other = signed_in(city, secret), signed_in(city, secret)
    turned(one)
    assert b"Siti" not in other.get("/live").data
    assert b"Siti" not in city.client().get("/live", headers={"Authorization": f"Bearer {secret}"}).data
    assert ended(other, city.tokens["operator"]).status_code == 200
    assert b"Siti Kenari" in one.get("/live").data


def test_whoever_has_no_key_cannot_take_the_picture_from_every_screen_of_a_room_that_needs_none(make_city):
    city = make_city(anonymous="wall")
    assert city.client().get("/api/v1/visit").json["may_begin"] is False
    assert city.client().post("/api/v1/visit", headers=SAME_SITE).status_code == 403
    assert city.services.visits.of("anonymous") is None
    turned(signed_in(city, city.tokens["wall"]))
    assert "audience" not in city.client().get("/live").json["panels"], "a key of its own turns its own screen alone"


def test_where_the_settings_allow_it_all_screens_without_a_key_turn_together(make_city):
    city = make_city(anonymous="wall", guests_without_key=True)
    city.bring(
        UnitRegistered(unit="u", name="Siti Kenari", unit_kind="volunteer"),
        PositionReported(unit="u", lon=117.14, lat=-0.51),
    )
    assert b"Siti Kenari" in city.client().get("/live").data
    turned(city.client())
    assert b"Siti" not in city.client().get("/live").data


@pytest.mark.parametrize("role", ["visitor", "wall", "head"])
def test_no_other_role_than_those_on_duty_leads_back(city, role):
    client = signed_in(city, city.tokens["wall"])
    turned(client)
    assert ended(client, city.tokens[role]).status_code == 403
    assert client.get("/api/v1/visit").json["is_on"]


def test_a_wrong_password_leads_nowhere_and_too_many_of_them_have_to_wait(city):
    client = signed_in(city, city.tokens["wall"])
    turned(client)
    said = [ended(client, "salah", "rina").status_code for _ in range(7)]
    assert said[0] == 403
    assert said[-1] == 429
    assert client.get("/api/v1/visit").json["is_on"]


def test_both_ways_stand_in_the_audit_with_who_it_was(city):
    client = signed_in(city, city.tokens["wall"])
    turned(client)
    ended(client, "salah")
    ended(client, city.tokens["supervisor"])
    rows = [(row.action, row.who.partition("-")[0]) for row in city.services.audit.newest(10)]
    assert [row for row in rows if row[0].startswith("visit.")] == [
        ("visit.end", "supervisor"), ("visit.refused", "tamu"), ("visit.begin", "wall"),
    ]  # fmt: skip


def test_a_visitor_can_neither_sign_the_screen_out_nor_reach_an_account(city):
    client = signed_in(city, city.tokens["admin"])
    turned(client)
    assert client.post("/logout", headers=SAME_SITE).status_code == 403
    assert city.tokens["admin"].encode() not in client.get("/account").data
    assert client.get("/office").status_code == 403
    assert client.get("/api/v1/visit").json == {"is_on": True, "since": city.watch().timestamp(), "may_begin": False}


def test_a_machine_with_a_token_is_no_screen(city):
    response = city.client().post("/api/v1/visit", headers=city.bearer("admin"))
    assert response.status_code == 400


def test_a_restart_reveals_nothing_and_a_damaged_file_neither(tmp_path):
    asks = Principal(name="w", role="wall", is_by_cookie=True)
    screen = scope_of(asks, "sid-1")
    Visits(tmp_path, lambda: NOW, AccessSettings()).begin(screen, "w")
    again = Visits(tmp_path, lambda: NOW, AccessSettings())
    assert again.lowered(asks, "sid-1").role == "visitor"
    assert again.lowered(asks, "sid-2").role == "wall"
    (tmp_path / FILE_NAME).write_text("{")
    with pytest.raises(BadSettings):
        again.lowered(asks, "sid-1")


def test_visits_of_sessions_that_are_over_are_forgotten(tmp_path):
    now = [NOW]
    visits = Visits(tmp_path, lambda: now[0], AccessSettings(session_days=1))
    visits.begin("browser:old", "w")
    visits.begin("wall:lobi", "w")
    now[0] += timedelta(days=2)
    visits.begin("browser:new", "w")
    assert visits.of("browser:old") is None
    assert visits.of("wall:lobi") is not None


def test_a_stream_that_was_open_before_ends(city):
    asks = Principal(name="w", role="wall", is_by_cookie=True, screen="browser:x")
    visits = city.services.visits
    said = stream(city.services.hub, "wall", None, lambda: not visits.holds(asks))
    assert b"Siti" in next(said) + next(said)
    visits.begin("browser:x", "w")
    assert list(said) == []


def test_anybody_may_ask_for_less_than_they_may_see(city):
    assert b"Siti Kenari" in city.get("/live", "admin").data
    assert b"Siti" not in city.get("/live?as=visitor", "admin").data
    assert city.get("/live?as=admin", "visitor").json["panels"]["audience"] == "visitor"


def test_a_screen_that_is_a_visitors_goes_on_saying_that_it_lives_but_no_visitor_says_so_for_it(city):
    client = signed_in(city, city.tokens["wall"])
    turned(client)
    beat = {"page": "p", "connection": "live", "width": 1, "height": 1, "errors": 0, "reloads": 0}
    path = "/api/v1/walls/utama/screens/penuh/beat"
    assert client.post(path, json=beat, headers=SAME_SITE).status_code == 204
    assert city.client().post(path, json=beat, headers=city.bearer("visitor")).status_code == 403
