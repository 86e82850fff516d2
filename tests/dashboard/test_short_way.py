"""The short way of a poll: what the whole way says, to the same people, until it is not theirs any more."""

from datetime import timedelta

import orjson
import pytest

from dashboard.short_way import KNOWN_FOR_S
from layers.responders import PositionReported, UnitRegistered

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
OF_ONE_ANSWER = {"Content-Length", "ETag", "Content-Encoding", "Content-Type"}


@pytest.fixture
def city(make_city):
    made = make_city()
    made.bring(
        UnitRegistered(unit="relawan-7", name="Siti Kenari", unit_kind="volunteer"),
        PositionReported(unit="relawan-7", lon=117.14, lat=-0.51),
    )
    return made


@pytest.fixture
def whole(city, monkeypatch):
    """The requests that went the whole way."""
    went, dispatch = [], city.server.full_dispatch_request

    def counted(*given):
        went.append(given)
        return dispatch(*given)

    monkeypatch.setattr(city.server, "full_dispatch_request", counted)
    return went


@pytest.fixture
def screen(city, whole):
    """A screen that has signed in and polled once."""
    client = city.client()
    assert client.post("/login", data={"token": city.tokens["wall"]}, headers=SAME_SITE).status_code == 303
    assert client.get("/live").status_code == 200
    whole.clear()
    return client


def test_the_next_polls_need_no_gate_and_are_told_the_same_with_the_same_headers(screen, whole):
    short = screen.get("/live", headers={"Accept-Encoding": "gzip"})
    assert whole == []
    known = screen.get("/live?as=wall", headers={"Accept-Encoding": "gzip"})
    assert len(whole) == 1
    assert {*short.headers.keys()} == {*known.headers.keys()}
    lasting = [name for name in known.headers.keys() if name not in OF_ONE_ANSWER]  # noqa: SIM118
    assert [short.headers[name] for name in lasting] == [known.headers[name] for name in lasting]
    assert short.headers["ETag"] == known.headers["ETag"]
    assert "Content-Security-Policy" in short.headers
    assert set(short.vary) >= {"Cookie", "Authorization", "Accept-Encoding"}


def test_news_come_the_short_way_and_nothing_new_is_304(city, screen, whole):
    held = orjson.loads(screen.get("/live").data)["cursor"]
    assert screen.get(f"/live?cursor={held}").status_code == 304
    assert screen.get("/live", headers={"If-None-Match": screen.get("/live").headers["ETag"]}).status_code == 304
    city.bring(PositionReported(unit="relawan-7", lon=117.15, lat=-0.52))
    news = orjson.loads(screen.get(f"/live?cursor={held}").data)
    assert news["from"] == held
    assert news["layers"]["responders"]
    assert whole == []


def test_after_some_seconds_the_gate_is_asked_again(city, screen, whole):
    city.watch.now += timedelta(seconds=KNOWN_FOR_S)
    screen.get("/live")
    assert len(whole) == 1
    screen.get("/live")
    assert len(whole) == 1
    city.watch.now -= timedelta(seconds=KNOWN_FOR_S)
    screen.get("/live")
    assert len(whole) == 2


def test_whose_key_was_taken_back_is_refused_at_once(city, screen):
    (known,) = [token for token in city.services.accounts.tokens.tokens() if token.role == "wall"]
    city.services.accounts.tokens.revoke(known.name)
    assert screen.get("/live").status_code == 401


def test_a_copy_of_a_session_that_was_signed_out_is_refused_at_once(city, screen):
    copy = city.client()
    copy.set_cookie("layar", screen.get_cookie("layar").value)
    assert [copy.get("/live").status_code for _ in range(2)] == [200, 200]
    assert screen.post("/logout", headers=SAME_SITE).status_code == 303
    assert copy.get("/live").status_code == 401


def test_a_screen_that_becomes_a_visitors_is_one_with_the_next_poll(screen):
    assert b"Siti Kenari" in screen.get("/live").data
    assert screen.post("/api/v1/visit", headers=SAME_SITE).status_code == 200
    for _ in range(3):
        seen = screen.get("/live")
        assert orjson.loads(seen.data)["panels"]["audience"] == "visitor"
        assert b"Siti" not in seen.data


@pytest.mark.parametrize("role", ["visitor", "wall", "admin"])
def test_each_role_is_told_its_own_picture(city, role):
    first, second = (city.get("/live", role) for _ in range(2))
    assert orjson.loads(first.data)["cursor"] == orjson.loads(second.data)["cursor"]
    assert (b"Siti" in second.data) == (role != "visitor")


def test_without_a_key_or_with_one_that_may_not_look_nobody_becomes_known(city):
    assert [city.get("/live").status_code for _ in range(2)] == [401, 401]
    assert [city.get("/live", "ingest").status_code for _ in range(2)] == [403, 403]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/live?cursor=%3Cscript%3E", {}),
        ("/live?cursor=" + "9" * 500, {}),
        ("/live?as=visitor", {}),
        ("/live", {"Accept-Encoding": "gzip;q=0"}),
        ("/live", {"Sec-Fetch-Mode": "navigate"}),
    ],
)
def test_what_needs_to_be_weighed_goes_the_whole_way(screen, whole, path, headers):
    answer = screen.get(path, headers=headers)
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers
    assert len(whole) == 1


def test_what_went_the_short_way_is_counted_with_the_rest(city, screen):
    def counted():
        said = city.get("/metrics", "admin").get_data(as_text=True)
        line = next(
            line for line in said.splitlines() if line.startswith('layar_request_seconds_count{endpoint="live"}')
        )
        return float(line.split()[1])

    before = counted()
    screen.get("/live")
    assert counted() == before + 1
