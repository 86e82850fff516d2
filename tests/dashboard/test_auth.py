"""The gate: tokens, sessions, and what another site may not do. Every route and role: test_matrix.py."""

import pytest
from flask import Flask

from dashboard.auth import Gate, register


def test_an_endpoint_without_a_rule_is_refused_even_to_admin(city):
    server = Flask("other")
    server.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    gate = Gate(
        accounts=city.services.accounts,
        sessions=_no_sessions(),
        anonymous="wall",
        access={},
        pages=frozenset(),
    )
    register(server, gate)
    assert server.test_client().get("/forgotten", headers=city.bearer("admin")).status_code == 403


def _no_sessions():
    class Nobody:
        def account(self, **_asked):
            return None

        def id(self):
            return None

    return Nobody()


def test_a_token_may_come_as_the_password_of_basic_because_trackers_know_nothing_else(city):
    path = "/api/v1/osmand?id=unit-1&lat=-0.5&lon=117.15"
    assert city.client().get(path, auth=("anybody", city.tokens["ingest"])).status_code == 200
    assert city.client().get(path, auth=("anybody", "wrong")).status_code == 401


def test_a_token_in_the_url_opens_nothing(city):
    assert city.get(f"/live?token={city.tokens['wall']}").status_code == 401


def test_a_wrong_token_is_a_stranger_even_where_anybody_may_look(make_city):
    city = make_city(anonymous="wall")
    assert city.get("/live").status_code == 200
    assert city.get("/live", Authorization="Bearer nonsense").status_code == 401
    assert city.get("/live", Authorization="Strange").status_code == 401
    assert city.get("/api/v1/quarantine").status_code == 401


def test_a_person_is_sent_to_the_form_and_a_machine_gets_a_problem(city):
    person = city.get("/wall")
    assert (person.status_code, person.location) == (303, "/login?next=/wall")
    kiosk = city.client().get("/wall?grid=9&thin=1")
    assert kiosk.location == "/login?next=/wall%3Fgrid%3D9%26thin%3D1"
    machine = city.get("/live")
    assert machine.status_code == 401
    assert machine.content_type == "application/problem+json"
    assert machine.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_root_leads_to_the_wall(city):
    assert city.get("/").location == "/wall"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_another_site_cannot_use_the_session_of_a_browser(city, headers, status):
    client = city.client()
    client.post("/login", data={"token": city.tokens["wall"]})
    assert client.post("/logout", headers=headers).status_code == status
