"""Routes and roles: every rule of the server, asked as everybody; what is not allowed is refused."""

import pytest

from dashboard.page import discover_pages
from tests.dashboard.route_table import ALL, PAGES, WHO, first_requests, who_may

ENDLESS = {"live_stream"}
ASKS_ANOTHER_KEY = {"login_try", "api_hook"}
"""A token is not what opens these: a form asks for one, a hook for a signature."""
REFUSES_BY_ITSELF = {"video", "video_tiles", "account_password", "account_everywhere"}
"""The gate lets more through than the route (a wall with `live_for_wall`, persons): it never hears of OPTIONS."""


def test_every_route_opens_for_the_roles_it_should_and_for_no_other(city):
    seen = 0
    for asked in first_requests(city.server):
        if asked.endpoint in ENDLESS:
            continue  # a stream has no end: tested below and with a real server
        if asked.endpoint in REFUSES_BY_ITSELF and asked.method == "OPTIONS":
            continue
        for role in sorted(ALL):
            headers = {} if role == "anyone" else city.bearer(role)
            response = city.client().open(asked.path, method=asked.method, headers=headers, buffered=True)
            is_let_in = response.status_code not in {401, 403} and response.location != f"/login?next={asked.path}"
            is_form = asked.endpoint in ASKS_ANOTHER_KEY and response.status_code == 401
            is_allowed = role in who_may(asked.endpoint)
            assert (is_let_in or is_form) == is_allowed, (asked.endpoint, asked.method, role, response.status_code)
            seen += 1
    assert seen > 200


def test_the_table_names_no_route_that_is_gone(city):
    known = {rule.endpoint for rule in city.server.url_map.iter_rules()}
    assert set(WHO) <= known


def test_a_route_nobody_wrote_down_fails_the_matrix():
    with pytest.raises(KeyError, match="route_table"):
        who_may("api_forgotten")


@pytest.mark.parametrize(("role", "status"), [(None, 401), ("ingest", 403)])
def test_an_endless_route_too_is_refused_to_whom_it_is_not_for(city, role, status):
    assert city.get("/live/stream", role).status_code == status


def test_every_page_of_the_product_opens_for_the_roles_the_table_says():
    assert {page.path: page.roles for page in discover_pages().found.values()}.items() <= PAGES.items()


def test_no_other_site_can_use_a_browsers_session_to_change_anything(city):
    client = city.client()
    client.post("/login", data={"token": city.tokens["admin"]})
    asked = [one for one in first_requests(city.server) if one.method not in {"GET", "OPTIONS"}]
    assert len(asked) > 15
    for one in asked:
        for said in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}, {}):
            response = client.open(one.path, method=one.method, headers=said, buffered=True)
            assert response.status_code == 403, (one.endpoint, one.method, said)
