"""The gate: every route, every role; tokens, sessions, and what another site may not do."""

import pytest
from flask import Flask

from dashboard.auth import Gate, register
from dashboard.tokens import TokenBook

ROLES = ("anyone", "ingest", "wall", "admin")
VALUES = {"feed": "incidents", "name": "incidents", "camera_id": "CAM-1", "filename": "00-tokens.css", "path": "x"}
VALUES |= {"incident_id": "INC-1", "package_name": "dash", "fingerprinted_path": "x.js"}
OPEN = {
    "static", "root", "healthz", "readyz", "login", "login_try", "logout", "csp", "api_openapi",
}  # fmt: skip
BRING = {"api_incidents", "api_feed", "api_osmand", "api_owntracks"}
ONLY_ADMIN = {"api_audit", "api_quarantine", "api_incident_stills"}


def allowed(endpoint: str) -> set[str]:
    """Who may use it, said here once more and independently of the tables in the product."""
    if endpoint in OPEN:
        return set(ROLES)
    if endpoint in BRING:
        return {"ingest"}
    if endpoint in ONLY_ADMIN or endpoint.startswith("api_camera") or "office" in endpoint:
        return {"admin"}
    return {"wall", "admin"}


def routes(city) -> list[tuple[str, str, str]]:
    """(endpoint, path, method) of everything the server knows."""
    adapter = city.server.url_map.bind("localhost")
    found = []
    for rule in city.server.url_map.iter_rules():
        path = adapter.build(rule.endpoint, {name: VALUES[name] for name in rule.arguments}, append_unknown=False)
        found += [(rule.endpoint, path, method) for method in sorted(rule.methods - {"HEAD"})]
    return found


def test_every_route_opens_for_the_roles_it_should_and_for_no_other(city):
    seen = 0
    for endpoint, path, method in routes(city):
        if endpoint == "live_stream":
            continue  # a stream has no end: tested with a real server
        for role in ROLES:
            headers = {} if role == "anyone" else city.bearer(role)
            response = city.client().open(path, method=method, headers=headers, buffered=True)
            is_let_in = response.status_code not in {401, 403} and response.location != f"/login?next={path}"
            is_form = endpoint == "login_try" and response.status_code == 401
            assert (is_let_in or is_form) == (role in allowed(endpoint)), (endpoint, method, role, response.status_code)
            seen += 1
    assert seen > 150


def test_the_stream_too_is_refused_to_all_but_viewers(city):
    assert city.get("/live/stream").status_code == 401
    assert city.get("/live/stream", "ingest").status_code == 403


def test_an_endpoint_without_a_rule_is_refused_even_to_admin(city):
    server = Flask("other")
    server.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    gate = Gate(
        tokens=TokenBook(city.folder / "tokens.json"),
        sessions=_no_sessions(),
        anonymous="wall",
        access={},
        pages=frozenset(),
    )
    register(server, gate)
    assert server.test_client().get("/forgotten", headers=city.bearer("admin")).status_code == 403


def _no_sessions():
    class Nobody:
        def token_of(self, _request):
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
