"""Traccar's forwarding: its own units, its own zeros, and nobody's telephone number."""

import json

import pytest

from geodata.errors import BadPayload
from layers.feed import Rejected
from layers.feeds.traccar import FEED


def forwarded(device=None, **position):
    said = {"fixTime": "2026-11-22T11:18:00.000+00:00", "valid": True, "latitude": -0.5, "longitude": 117.1} | position
    return {"position": said, "device": {"id": 1, "uniqueId": "U"} if device is None else device}


def read(said, received):
    return list(FEED.parse(said if isinstance(said, bytes) else json.dumps(said).encode(), received))


def test_the_zeros_that_traccar_writes_for_unknown_are_unknown(now):
    (event,) = read(forwarded(accuracy=0.0, speed=0.0, course=0.0), now)
    assert (event.fact.accuracy_m, event.fact.heading_deg, event.fact.speed_mps) == (None, None, 0.0)
    (event,) = read(forwarded(accuracy=7, speed=10, course=0.0), now)
    assert (event.fact.accuracy_m, event.fact.heading_deg) == (7, 0.0)
    assert event.fact.speed_mps == pytest.approx(5.144, abs=0.06)


@pytest.mark.parametrize("said", [{"valid": False}, {"outdated": True}])
def test_the_last_known_place_once_more_is_no_news(now, said):
    assert read(forwarded(**said), now) == []
    assert read(b"uniqueId=U&valid=false&latitude=1&longitude=1&fixTime=1795346280000", now) == []


def test_json_and_url_say_the_same(now):
    (one,) = read(forwarded(speed=3.0, course=90, accuracy=5), now)
    (two,) = read(b"uniqueId=U&fixTime=1795346280000&valid=true&latitude=-0.5&longitude=117.1&speed=3.0&course=90"
                  b"&accuracy=5&batteryLevel=null&name=x", now)  # fmt: skip
    assert (one.id, one.fact) == (two.id, two.fact)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("id", forwarded(device={"id": 1})), ("id", {"position": forwarded()["position"]}),
        ("position", {"device": {"uniqueId": "U"}}), ("position", 5), ("latitude", forwarded(latitude=95)),
        ("fixTime", forwarded(fixTime=None)), ("fixTime", forwarded(fixTime="2026-11-23T11:18:00Z")),
    ],
)  # fmt: skip
def test_a_refusal_names_the_field_and_costs_only_itself(now, field, said):
    refused, good = read([said, forwarded()], now)
    assert isinstance(refused, Rejected)
    assert refused.field == field
    assert good.fact.unit == "U"


def test_what_is_no_query_of_traccars_is_refused_whole(now):
    with pytest.raises(BadPayload):
        read(b"x=1", now)


def test_telephone_number_contact_name_and_address_are_gone_before_anything_is_read():
    device = {"id": 1, "uniqueId": "U", "name": "Budi", "phone": "081234567890", "contact": "Siti"}
    sealed = FEED.seal(json.dumps(forwarded(device=device, address="Jl. Budi 7")).encode(), b"k" * 32)
    assert not [word for word in (b"Budi", b"7890", b"Siti") if word in sealed]
    assert FEED.seal(sealed, b"k" * 32) == sealed
    form = FEED.seal(b"uniqueId=U&latitude=1&name=Budi&phone=081234567890", b"k" * 32)
    assert form == b"uniqueId=U&latitude=1"
