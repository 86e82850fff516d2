"""Warnings and news in XML: what XML can do to a reader is refused, and one bad part costs only itself."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import BadPayload
from layers.alerts import AlertCancelled, AlertIssued
from layers.event import Event
from layers.feed import Rejected, discover_feeds

FEEDS = discover_feeds().found
KEY = b"k" * 32
NOW = datetime(2026, 11, 22, 11, 30, tzinfo=UTC)
PAYLOADS = Path(__file__).parents[2] / "payloads"
SAMARINDA = (PAYLOADS / "cap" / "samarinda.xml").read_text("utf-8")
DIALECTS = ("cap", "georss", "bmkg_quakes")
BOMB = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
DTD = '<!DOCTYPE a SYSTEM "http://example.invalid/a.dtd">'


def read(feed, payload):
    """As the door does it: sealed first."""
    return list(FEEDS[feed].parse(FEEDS[feed].seal(payload, KEY), NOW))


@pytest.mark.parametrize("feed", DIALECTS)
@pytest.mark.parametrize("prologue", [BOMB, OUTSIDE, DTD])
def test_a_document_with_a_dtd_or_entities_is_refused(feed, prologue):
    with pytest.raises(BadPayload):
        FEEDS[feed].parse(f"{prologue}<alert><headline>&b;</headline></alert>".encode(), NOW).__next__()
    with pytest.raises(BadPayload):
        read(feed, f"{prologue}<alert><headline>&b;</headline></alert>".encode())


@pytest.mark.parametrize("feed", DIALECTS)
def test_what_nests_without_end_is_refused(feed):
    deep = b"<a>" * 50_000 + b"</a>" * 50_000
    with pytest.raises(BadPayload):
        read(feed, deep)


@pytest.mark.parametrize("feed", DIALECTS)
@settings(max_examples=60)
@given(data=st.data())
def test_a_sample_with_anything_cut_out_or_put_in_is_survived(feed, data):
    path = data.draw(st.sampled_from(sorted(PAYLOADS.joinpath(feed).glob("*.xml"))))
    whole = path.read_bytes()
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(whole))] * 2)))
    between = data.draw(st.binary(max_size=12) | st.text(max_size=8).map(str.encode))
    try:
        news = read(feed, whole[:start] + between + whole[end:])
    except BadPayload:
        return
    assert all(isinstance(one, Event | Rejected) for one in news)


def told(**change):
    """The facts of the sample warning with some of its texts replaced."""
    text = SAMARINDA
    for old, new in change.values():
        assert old in text
        text = text.replace(old, new)
    return [one if isinstance(one, Rejected) else one.fact for one in read("cap", text.encode())]


def test_indonesian_is_read_before_english_and_areas_keep_their_shape():
    (fact,) = told()
    assert isinstance(fact, AlertIssued)
    assert (fact.title, fact.issuer) == ("Hujan Lebat disertai Petir di Kalimantan Timur", "BMKG")
    assert fact.polygons[0][0] == (117.12, -0.43)
    assert fact.circles == ()
    assert fact.area_words == "Kalimantan Timur"


def test_without_indonesian_english_is_read_with_its_circle():
    (fact,) = told(language=("<language>id</language>", "<language>fr</language>"))
    assert (fact.title, fact.circles) == ("Heavy rain in East Kalimantan", ((117.15, -0.5, 12.0),))


def test_blocks_of_one_language_are_one_warning_with_the_gravest_words():
    (fact,) = told(
        language=("<language>en</language>", "<language>id</language>"),
        worse=("<event>Heavy Rain</event><urgency>Immediate</urgency><severity>Moderate</severity>",
               "<event>Banjir</event><urgency>Immediate</urgency><severity>Extreme</severity>"),
    )  # fmt: skip
    assert (fact.hazard, fact.severity) == ("Banjir", "extreme")
    assert fact.polygons
    assert fact.circles


@pytest.mark.parametrize("status", ["Exercise", "Test"])
def test_an_exercise_is_never_a_warning(status):
    (fact,) = told(status=("<status>Actual</status>", f"<status>{status}</status>"))
    assert fact.is_exercise


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("<status>Actual</status>", "<status>Real</status>", "status"),
        ("<status>Actual</status>", "", "status"),
        ("<scope>Public</scope>", "<scope>Restricted</scope>", "scope"),
        ("2026-11-22T22:20:00+08:00", "2026-11-22T19:10:00+08:00", "expires"),
        ("2026-11-22T22:20:00+08:00", "nanti", "expires"),
        ("<sent>2026-11-22T19:18:00+08:00", "<sent>2026-11-23T19:18:00+08:00", "sent"),
        ("-0.430,117.120 -0.430,117.190", "117.120,-0.430 117.190,-0.430", "polygon"),
        ("-0.430,117.120 -0.430,117.190", "satu dua", "polygon"),
        ("<identifier>2.49.0.1.360.0.2026.11.22.11.18.001</identifier>", "", "identifier"),
    ],
)
def test_what_is_no_warning_is_refused_with_the_field(old, new, field):
    (refused,) = told(change=(old, new))
    assert isinstance(refused, Rejected)
    assert refused.field == field


def test_a_cancellation_takes_back_every_message_it_names():
    facts = [one.fact for one in read("cap", (PAYLOADS / "cap" / "cancel.xml").read_bytes())]
    assert len(facts) == 2
    assert all(isinstance(fact, AlertCancelled) for fact in facts)


def test_a_telephone_number_in_the_words_is_not_kept_and_places_are():
    (fact,) = told(text=("akan terjadi", "hubungi 0812-1111-2222 akan terjadi"))
    assert "0812" not in fact.text
    assert fact.polygons[0][0] == (117.12, -0.43)
    sealed = FEEDS["georss"].seal((PAYLOADS / "georss" / "three_spellings.xml").read_bytes(), KEY)
    assert b"-0.4870 117.1270" in sealed
    assert FEEDS["georss"].seal(sealed, KEY) == sealed
