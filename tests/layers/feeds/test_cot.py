"""Cursor on Target: friends are units, the rest are markers with an end, and talk is passed over."""

from datetime import timedelta

import pytest

from geodata.errors import BadPayload
from layers.feed import Rejected
from layers.feeds.cot import FEED
from layers.markers import LAYER, draw, keep
from layers.situation import after_all


def event(kind="a-f-G-U-C", uid="A", detail="", **said):
    at = said.get("time", "2026-11-22T11:18:00Z")
    stale = said.get("stale", "2026-11-22T11:23:00Z")
    lat, lon, ce = said.get("lat", "-0.5"), said.get("lon", "117.15"), said.get("ce", "9")
    return (
        f'<event version="2.0" uid="{uid}" type="{kind}" how="m-g" time="{at}" start="{at}" stale="{stale}">'
        f'<point lat="{lat}" lon="{lon}" hae="0" ce="{ce}" le="9999999"/><detail>{detail}</detail></event>'
    )


def read(xml, received):
    return list(FEED.parse(xml.encode(), received))


def folded(nothing, *events):
    return after_all(nothing, enumerate(events, 1))[0]


def test_what_a_device_does_not_know_is_unknown(now):
    (told,) = read(event(ce="9999999", detail='<status battery=""/><track course="-1" speed="9999999"/>'), now)
    fact = told.fact
    assert (fact.accuracy_m, fact.battery_pct, fact.heading_deg, fact.speed_mps) == (None, None, None, None)


@pytest.mark.parametrize("kind", ["a-f", "a-f-G-E-V", "a-f-A-M-H"])
def test_friends_are_units(now, kind):
    assert [one.fact.kind for one in read(event(kind), now)] == ["position_reported"]


@pytest.mark.parametrize("kind", ["a-h-G", "a-u-G", "a-n-G-U-C", "b-m-p-s-m", "b-m-p-w-GOTO"])
def test_others_and_points_set_by_hand_are_markers(now, kind):
    (told,) = read(event(kind, detail='<contact callsign=" Titik &#9;kumpul "/>'), now)
    assert (told.fact.kind, told.fact.title, told.fact.code) == ("marker_placed", "Titik kumpul", kind)
    assert told.fact.ends_at == now + timedelta(minutes=5)


@pytest.mark.parametrize("kind", ["b-t-f", "t-x-c-t", "t-x-takp-v", "u-d-f", "b-m-r", "y-", "a-"])
def test_talk_is_passed_over(now, kind):
    assert read(event(kind), now) == []


@pytest.mark.parametrize("kind", ["a-f-G", "b-m-p-s-m"])
def test_a_device_without_a_fix_is_nowhere(now, kind):
    assert read(event(kind, lat="0", lon="0.0"), now) == []


def test_a_marker_is_renewed_by_each_message_and_never_by_an_older_one(now, nothing):
    first = read(event("b-m-p-s-m"), now)
    later = read(event("b-m-p-s-m", time="2026-11-22T11:19:00Z", stale="2026-11-22T12:00:00Z"), now)
    for order in ([*first, *later], [*later, *first]):
        (marker,) = folded(nothing, *order).of("markers").values()
        assert marker.placed.ends_at == now + timedelta(minutes=42)
        (drawn,) = draw(folded(nothing, *order), now, None)
        assert drawn["properties"]["expires_at"] == marker.placed.ends_at.timestamp()


def test_a_marker_that_is_taken_off_is_off_until_it_is_placed_anew(now, nothing):
    placed = read(event("b-m-p-s-m", uid="M"), now)
    taken = read(event("t-x-d-d", time="2026-11-22T11:19:00Z", lat="0", lon="0", detail='<link uid="M"/>'), now)
    anew = read(event("b-m-p-s-m", uid="M", time="2026-11-22T11:20:00Z"), now)
    for order in ([*placed, *taken], [*taken, *placed]):
        assert draw(folded(nothing, *order), now, None) == []
    for order in ([*placed, *taken, *anew], [*anew, *taken, *placed], [*taken, *anew, *placed]):
        assert len(draw(folded(nothing, *order), now, None)) == 1


def test_a_marker_is_forgotten_a_day_after_its_end_and_hidden_from_visitors(now, nothing):
    (marker,) = folded(nothing, *read(event("b-m-p-s-m"), now)).of("markers").values()
    assert keep(marker, now + timedelta(hours=24))
    assert not keep(marker, now + timedelta(hours=25))
    assert LAYER.for_visitor(marker, None) is None


def test_line_breaks_in_an_id_are_taken_out(now):
    (told,) = read(event(uid="A&#13;&#10;B "), now)
    assert told.fact.unit == "AB"


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("lat", {"lat": "95"}), ("lon", {"lon": "east"}), ("time", {"time": "2026-11-23T11:18:00Z"}),
        ("uid", {"uid": ""}), ("stale", {"kind": "b-m-p-s-m", "stale": "2026-11-22T11:00:00Z"}), ("type", {"kind": ""}),
    ],
)  # fmt: skip
def test_a_refusal_names_the_field_and_costs_only_itself(now, field, said):
    refused, good = read(event(**said) + event(uid="B"), now)
    assert isinstance(refused, Rejected)
    assert refused.field == field
    assert good.fact.unit == "B"


@pytest.mark.parametrize(
    "xml",
    [
        '<!DOCTYPE e [<!ENTITY a "aaaa">]><event type="&a;"/>',
        '<!DOCTYPE e SYSTEM "file:///etc/passwd"><event/>',
        "<event", "", "<other/>", "<a>" * 80 + "</a>" * 80,
    ],
)  # fmt: skip
def test_bombs_entities_and_what_is_no_event_are_refused_whole(now, xml):
    with pytest.raises(BadPayload):
        read(xml, now)


def test_who_carries_the_device_is_not_kept():
    said = event(detail='<contact callsign="R1" phone="+6281234567890" endpoint="x"/><remarks>0812-3456-7890</remarks>')
    sealed = FEED.seal(said.encode(), b"k" * 32)
    assert b"R1" in sealed
    assert b"7890" not in sealed
    assert b"remarks" not in sealed
    assert FEED.seal(sealed, b"k" * 32) == sealed
