"""Polling a real server: what is new is taken once, what is broken is said in a sentence and asked for again."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from cctv.guard import Guard, networks_of
from layers.breaker import RESTS_FROM, pause_after
from layers.fetching import Ask, Unfetched, fetch
from layers.transport import Line, Secret
from layers.transports.poll import TRANSPORT, Poller, PollSettings, Seen, filled, followed
from tests.feed_server import Page, agency
from tests.layers.transports.a_line import free_port, running, until

LOOPBACK = ("127.0.0.0/8",)
GUARD = Guard(networks=networks_of(LOOPBACK), is_outward=True)


def quake(second=0, magnitude="5.1"):
    """The newest earthquake, as BMKG says it, a minute ago."""
    at = (datetime.now(UTC) - timedelta(seconds=60 + second)).replace(microsecond=0)
    said = {"DateTime": at.isoformat(), "Coordinates": "-0.62,117.38", "Magnitude": magnitude, "Kedalaman": "10 km"}
    return json.dumps({"Infogempa": {"gempa": said}}).encode()


def settings(url, **more):
    return PollSettings(
        **{"name": "gempa", "feed": "bmkg_quakes", "transport": "poll", "url": url, "every_s": 1, "gap_s": 0}
        | {"allow": LOOPBACK}
        | more
    )


@pytest.fixture
def bmkg():
    with agency() as running_agency:
        yield running_agency


def quakes(line):
    return line.store.live().situation.of("earthquakes")


def test_what_is_new_is_taken_and_what_is_known_is_answered_304(bmkg, store, tmp_path):
    bmkg.pages["/q"] = Page(quake())
    with running(TRANSPORT, settings(bmkg.url("/q")), store, tmp_path) as line:
        until(lambda: bmkg.count("/q", 304) >= 2)
        assert len(quakes(line)) == 1
        assert len(line.taking.payloads) == 1
        bmkg.pages["/q"] = Page(quake(second=30))
        until(lambda: len(quakes(line)) == 2)


def test_what_a_server_without_etag_says_again_is_not_taken_again(bmkg, store, tmp_path):
    bmkg.pages["/q"] = Page(quake(), has_etag=False)
    with running(TRANSPORT, settings(bmkg.url("/q")), store, tmp_path) as line:
        until(lambda: bmkg.count("/q") >= 3)
        assert len(line.taking.payloads) == 1


def test_over_a_restart_it_remembers_what_it_has(bmkg, store, tmp_path):
    bmkg.pages["/q"] = Page(quake())
    with running(TRANSPORT, settings(bmkg.url("/q")), store, tmp_path) as line:
        until(lambda: line.told.well_count)
    with running(TRANSPORT, settings(bmkg.url("/q")), store, tmp_path) as line:
        until(lambda: line.told.well_count)
        assert line.taking.payloads == []
    assert bmkg.count("/q", 200) == 1


def test_packed_answers_are_unpacked(bmkg, store, tmp_path):
    bmkg.pages["/q"] = Page(quake(), is_packed=True)
    with running(TRANSPORT, settings(bmkg.url("/q")), store, tmp_path) as line:
        until(lambda: len(quakes(line)) == 1)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page(b"oops", status=500), "an error of its own (500)"),
        (Page(b"", status=404), "nothing at this address"),
        (Page(b"", status=403), "refuses our key"),
        (Page(b"", status=429, headers={"Retry-After": "2"}), "come less often"),
        (Page(b"x" * 5_000), "too large"),
        (Page(b"0" * 3_000_000, is_packed=True), "too large"),
        (Page(b"{}" * 50, trickle_s=0.2), "no answer in time"),
        (Page(b"{}", cut=True), "broken or cut short"),
        (Page(b"{}", headers={"Content-Encoding": "br"}), "broken or cut short"),
        (Page(b"", status=302, headers={"Location": "http://example.invalid/q"}), "another host"),
        (Page(b"", status=302, headers={"Location": "file:///etc/passwd"}), "another host"),
        (Page(b"", status=302, headers={"Location": "/q"}), "another host"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_is_wrong_is_said_in_a_sentence_without_the_address(bmkg, page, words):
    bmkg.pages["/q"] = page
    with pytest.raises(Unfetched) as error:
        fetch(asked(bmkg.url("/q")))
    assert words in error.value.sentence.en
    assert "127.0.0.1" not in f"{error.value}{error.value.sentence}"


def asked(url, **more):
    return Ask(**{"url": url, "guard": GUARD, "hosts": ("127.0.0.1",), "timeout_s": 1, "most_bytes": 4_000} | more)


def test_how_long_a_server_wants_us_away_is_heard(bmkg):
    bmkg.pages["/q"] = Page(b"", status=503, headers={"Retry-After": "7"})
    with pytest.raises(Unfetched) as error:
        fetch(asked(bmkg.url("/q")))
    assert error.value.wait_s == 7


def test_a_server_that_is_not_there_is_said_to_refuse():
    with pytest.raises(Unfetched, match="refuses"):
        fetch(asked(f"http://127.0.0.1:{free_port()}/"))


@pytest.mark.parametrize("page", [Page(b"oops", status=500), Page(b"<html>sorry</html>"), Page(b"{}", cut=True)])
def test_when_it_is_mended_all_is_well(bmkg, store, tmp_path, page):
    bmkg.pages["/q"] = page
    with running(TRANSPORT, settings(bmkg.url("/q")), store, tmp_path) as line:
        until(lambda: line.told.wrong)
        assert not line.told.well_count
        bmkg.pages["/q"] = Page(quake())
        until(lambda: line.told.well_count and quakes(line))


def test_a_redirect_to_a_host_that_is_named_is_followed_without_the_key(bmkg, store, tmp_path):
    with agency() as other:
        bmkg.pages["/q"] = Page(b"", status=302, headers={"Location": f"http://localhost:{other.port}/there"})
        other.pages["/there"] = Page(quake())
        known = settings(bmkg.url("/q"), hosts=("localhost",))
        secret = Secret(token="geheim")  # noqa: S106 — of a test
        with running(TRANSPORT, known, store, tmp_path, secret=secret) as line:
            until(lambda: quakes(line))
        assert bmkg.asked[0][1]["Authorization"] == "Bearer geheim"
        assert "Authorization" not in other.asked[0][1]


def test_this_machine_is_no_public_agency_unless_it_is_named(bmkg, store, tmp_path):
    bmkg.pages["/q"] = Page(quake())
    with running(TRANSPORT, settings(bmkg.url("/q"), allow=()), store, tmp_path) as line:
        until(lambda: line.told.wrong)
        assert "not one that is allowed" in line.told.wrong[0]
    assert bmkg.asked == []


def test_while_the_log_is_shut_nothing_counts_as_taken(bmkg, store, tmp_path):
    bmkg.pages["/q"] = Page(quake())
    with running(TRANSPORT, settings(bmkg.url("/q")), store, tmp_path) as line:
        line.taking.is_shut = True
        bmkg.pages["/q"] = Page(quake(second=5))
        until(lambda: any("log takes nothing" in wrong for wrong in line.told.wrong))
        line.taking.is_shut = False
        until(lambda: quakes(line))


RSS = b"""<rss><channel><title>x</title>
<item><link>%s</link></item><item><link>http://example.invalid/z_alert.xml</link></item>
<item><link>%s</link></item><item><link>%s</link></item></channel></rss>"""


def alert(number, minutes=60):
    now = datetime.now(UTC).replace(microsecond=0)
    return f"""<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>A{number}</identifier>
<sender>x@bmkg.go.id</sender><sent>{(now - timedelta(minutes=1)).isoformat()}</sent>
<status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
<info><event>Hujan</event><severity>Minor</severity><expires>{(now + timedelta(minutes=minutes)).isoformat()}</expires>
<area><areaDesc>x</areaDesc><circle>-0.5,117.15 5</circle></area></info></alert>""".encode()


def test_the_links_of_a_list_are_fetched_where_they_match_and_stay_at_home(bmkg, store, tmp_path):
    links = [bmkg.url(path).encode() for path in ("/a_alert.xml", "/b_alert.xml", "/news.html")]
    bmkg.pages |= {"/rss": Page(RSS % tuple(links)), "/a_alert.xml": Page(alert(1)), "/b_alert.xml": Page(alert(2))}
    known = settings(bmkg.url("/rss"), feed="cap", follow=r"_alert\.xml$")
    with running(TRANSPORT, known, store, tmp_path) as line:
        until(lambda: bmkg.count("/b_alert.xml", 304) >= 1)
        assert set(line.store.live().situation.of("alerts")) == {"A1@x@bmkg.go.id", "A2@x@bmkg.go.id"}
        assert bmkg.count("/news.html") == 0
        assert line.told.wrong == []


def test_a_link_that_fails_costs_that_link_and_is_told(bmkg, store, tmp_path):
    links = [bmkg.url(path).encode() for path in ("/gone_alert.xml", "/b_alert.xml", "/news.html")]
    bmkg.pages |= {"/rss": Page(RSS % tuple(links)), "/b_alert.xml": Page(alert(2))}
    known = settings(bmkg.url("/rss"), feed="cap", follow=r"_alert\.xml$")
    with running(TRANSPORT, known, store, tmp_path) as line:
        until(lambda: line.told.wrong)
        assert set(line.store.live().situation.of("alerts")) == {"A2@x@bmkg.go.id"}
        assert line.told.well_count == 0


def test_each_of_many_is_fetched_in_turn(bmkg, store, tmp_path):
    bmkg.pages |= {"/q?a=1": Page(quake()), "/q?a=x%20y": Page(quake(second=9))}
    known = settings(bmkg.url("/q?a={each}"), each=("1", "x y"))
    with running(TRANSPORT, known, store, tmp_path) as line:
        until(lambda: len(quakes(line)) == 2)


def test_only_those_that_failed_are_asked_for_again_at_once(bmkg, store, tmp_path):
    bmkg.pages |= {"/q?a=1": Page(quake()), "/q?a=2": Page(b"", status=500)}
    known = settings(bmkg.url("/q?a={each}"), each=("1", "2"))
    with running(TRANSPORT, known, store, tmp_path) as line:
        until(lambda: line.told.wrong)
        bmkg.pages["/q?a=2"] = Page(quake(second=9))
        until(lambda: line.told.well_count)
        assert len(quakes(line)) == 2
    assert [path for path, _, _ in bmkg.asked[:3]] == ["/q?a=1", "/q?a=2", "/q?a=2"]


def test_it_ends_soon_even_while_a_server_does_not_answer(bmkg, store, tmp_path):
    bmkg.pages["/q"] = Page(b"{}" * 5_000, trickle_s=0.5)
    with running(TRANSPORT, settings(bmkg.url("/q"), timeout_s=1), store, tmp_path) as line:
        until(lambda: bmkg.asked)
        assert line.told.well_count == 0


@pytest.mark.parametrize(
    "more",
    [
        {"url": "ftp://host/x"},
        {"url": "https:///x"},
        {"url": "https://user:word@host/x"},
        {"url": "https://{each}.host/x", "each": ("a",)},
        {"url": "https://host/{each}"},
        {"url": "https://host/", "each": ("a",)},
        {"follow": "("},
        {"every_s": 0},
        {"urk": 1},
        {"allow": ("here",)},
    ],
)
def test_settings_that_make_no_sense_are_refused(more):
    with pytest.raises(ValidationError):
        settings(**{"url": "https://host/"} | more)


def test_dates_are_those_of_the_city():
    night = datetime(2026, 11, 22, 17, tzinfo=UTC).astimezone(ZoneInfo("Asia/Makassar"))
    assert filled("x/{today}/{tomorrow}", "", night) == "x/20261123/20261124"


def test_links_with_a_password_or_another_scheme_are_not_followed():
    links = ["http://a/x", "http://u:p@a/x", "ftp://a/x", "javascript:x", "http://b/x", "http://a/x"]
    assert list(followed(links, "x", {"a"})) == ["http://a/x"]


def test_pauses_grow_and_end_in_a_rest_and_what_is_asked_for_is_obeyed():
    waits = [pause_after(n, 60, 0.5).wait_s for n in range(1, 9)]
    assert waits == sorted(waits)
    assert waits[0] == 5
    assert pause_after(RESTS_FROM, 60, 0.5).is_resting
    assert not pause_after(RESTS_FROM - 1, 60, 0.5).is_resting
    assert pause_after(1, 60, 0.5, asked_s=120).wait_s == 120
    assert pause_after(1, 60, 0.5, asked_s=1e9).wait_s == 3600
    assert pause_after(1, 60, 0.0).wait_s < pause_after(1, 60, 1.0).wait_s


@pytest.mark.parametrize(
    ("scheme", "secret", "may"), [("http", "geheim", False), ("https", "geheim", True), ("http", None, True)]
)
def test_a_key_is_never_sent_in_the_clear_over_the_internet(tmp_path, scheme, secret, may):
    line = Line(
        name="x", deliver=None, tell=None, clock=None, guard=GUARD, folder=tmp_path, secret=Secret(token=secret)
    )  # fmt: skip
    url = f"{scheme}://there.example/q"
    assert Poller(settings(url), line).ask(url, Seen()).guard.allows("8.8.8.8", 80) is may
