"""Signing in: a token in, a cookie out that is no token; and nobody guesses for long."""

import pytest
from flask import Flask

from dashboard.plain_page import local_path
from dashboard.tokens import TokenBook


def sign_in(city, token: str, client=None, **headers: str):
    client = client or city.client()
    return client.post("/login", data={"token": token, "next": "/wall"}, headers=headers)


def test_a_viewer_signs_in_once_and_then_sees_the_wall(city):
    client = city.client()
    assert "Masuk" in client.get("/login").text
    answer = sign_in(city, city.tokens["wall"], client)
    assert (answer.status_code, answer.location) == (303, "/wall")
    assert client.get("/live").status_code == 200
    assert client.get("/wall").status_code == 200
    assert client.get("/office").status_code == 403


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites_and_holds_no_token(city):
    cookie = sign_in(city, city.tokens["wall"]).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert city.tokens["wall"] not in cookie
    assert "Secure" not in cookie


def test_over_tls_the_cookie_is_secure_and_bound_to_the_host(make_city):
    city = make_city(proxies=1)
    answer = sign_in(city, city.tokens["wall"], **{"X-Forwarded-Proto": "https"})
    assert answer.headers["Set-Cookie"].startswith("__Host-layar=")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_a_session_ends_with_its_token(city):
    client = city.client()
    sign_in(city, city.tokens["wall"], client)
    assert client.get("/live").status_code == 200
    TokenBook(city.folder / "tokens.json").revoke("wall-1")
    assert client.get("/live").status_code == 401


def test_a_session_survives_a_restart_and_ends_after_its_days(make_city):
    city = make_city(session_days=2)
    client = city.client()
    sign_in(city, city.tokens["wall"], client)
    value = client.get_cookie("layar").value
    city.services.hub.stop()
    city.services.store.close()
    TokenBook(city.folder / "tokens.json").revoke("ingest-0")  # names are given anew by the second start
    TokenBook(city.folder / "tokens.json").revoke("admin-2")
    again = make_city(session_days=2, folder=city.folder)
    client = again.client()
    client.set_cookie("layar", value)
    assert client.get("/live").status_code == 200
    again.watch.forward(3 * 86_400)
    assert client.get("/live").status_code == 401


@pytest.mark.parametrize("cookie", ["", "x", "a.b", "a.9999999999.", "é.1.2", "a.99999999999.00", ".."])
def test_a_made_up_cookie_is_a_stranger(city, cookie):
    client = city.client()
    client.set_cookie("layar", cookie)
    assert client.get("/live").status_code == 401


def test_a_cookie_cannot_be_changed_or_signed_by_another_key(city):
    client = city.client()
    sign_in(city, city.tokens["wall"], client)
    value = client.get_cookie("layar").value
    admin = next(token.proof for token in city.services.tokens.tokens() if token.role == "admin")
    other = Flask("other")
    other.secret_key = b"x" * 32
    now_s = city.watch.now.timestamp()
    said = {"_user_id": admin, "began": now_s, "did": now_s, "sid": "1", "_permanent": True}
    by_another = city.server.session_interface.get_signing_serializer(other).dumps(said)
    for forged in (by_another, f"{value[:9]}{'A' if value[9] != 'A' else 'B'}{value[10:]}", value[:-2]):
        client.set_cookie("layar", forged)
        assert client.get("/live").status_code == 401
    client.set_cookie("layar", value)
    assert client.get("/live").status_code == 200


def test_a_copy_of_a_cookie_is_dead_once_the_session_was_signed_out(city):
    client, thief = city.client(), city.client()
    sign_in(city, city.tokens["wall"], client)
    thief.set_cookie("layar", client.get_cookie("layar").value)
    assert thief.get("/live").status_code == 200
    client.post("/logout", headers={"Sec-Fetch-Site": "same-origin"})
    assert thief.get("/live").status_code == 401
    assert client.get("/live").status_code == 401


def test_five_wrong_tokens_and_the_address_waits_a_minute_even_with_the_right_one(city):
    for _ in range(5):
        assert sign_in(city, "wrong").status_code == 401
    assert sign_in(city, "wrong").status_code == 429
    assert sign_in(city, city.tokens["wall"]).headers["Retry-After"] == "60"
    city.watch.forward(61)
    assert sign_in(city, city.tokens["wall"]).status_code == 303


def test_a_token_that_only_brings_does_not_open_a_screen(city):
    assert sign_in(city, city.tokens["ingest"]).status_code == 401


def test_another_site_cannot_sign_a_browser_in(city):
    assert sign_in(city, city.tokens["wall"], **{"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_the_form_is_small_or_refused(city):
    assert sign_in(city, "x" * 70_000).status_code == 413


def test_what_was_asked_for_is_not_written_into_the_form_as_html(city):
    assert "<script>" not in city.client().get("/login?next=/<script>").text


@pytest.mark.parametrize(
    "said", [None, "", "//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", "wall"]
)
def test_after_signing_in_nobody_is_sent_to_another_site(said):
    assert local_path(said) == "/wall"
