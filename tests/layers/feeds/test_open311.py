"""Open311: a request is an incident; the desk's numbers, reopening, and what is said of no place."""

import json

import pytest

from layers.feed import Rejected
from layers.feeds.open311 import FEED
from layers.situation import after_all

KEY = b"k" * 32


def request(**said):
    base = {"service_request_id": "7", "status": "open", "service_name": "PJU padam",
            "requested_datetime": "2026-11-22T11:18:00Z", "lat": -0.5, "long": 117.1}  # fmt: skip
    return base | said


def read(said, received):
    return list(FEED.parse(json.dumps(said).encode(), received))


def test_the_number_of_a_desk_is_never_that_of_another_system(now):
    report, _ = read(request(), now)
    assert report.fact.incident == "311-7"


def test_a_request_updated_after_it_was_closed_is_open_again(now, nothing):
    closed = read(request(status="closed", updated_datetime="2026-11-22T11:18:00Z"), now)
    opened = read(request(updated_datetime="2026-11-22T11:18:30Z"), now)
    for order in ([*closed, *opened], [*opened, *closed]):
        situation, _ = after_all(nothing, enumerate(order, 1))
        assert situation.of("incidents")["311-7"].status == "diterima"


def test_a_request_without_an_update_says_when_it_was_closed_to_nobody(now):
    _, step = read(request(status="closed"), now)
    assert (step.fact.status, step.fact.reached_at, step.at) == ("selesai", None, now)


@pytest.mark.parametrize(("lon", "lat"), [(0, 0), (None, -0.5), ("", ""), (999, 1), ("timur", -0.5)])
def test_what_is_no_place_leaves_a_request_with_its_address(now, lon, lat):
    report, _ = read(request(long=lon, lat=lat, address="Jl. Juanda"), now)
    assert (report.fact.report.lon, report.fact.report.lat) == (None, None)
    assert report.fact.report.description == "Jl. Juanda"


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("service_request_id", {"service_request_id": None, "token": "1"}),
        ("service_code", {"service_name": ""}),
        ("status", {"status": "pending"}),
        ("requested_datetime", {"requested_datetime": "2026-11-22T19:18:00"}),
        ("requested_datetime", {"requested_datetime": "2026-11-23T11:18:00Z"}),
    ],
)
def test_a_refusal_names_the_field_and_costs_only_itself(now, field, said):
    refused, *others = read([request(**said), request(service_request_id="8")], now)
    assert isinstance(refused, Rejected)
    assert refused.field == field
    assert len(others) == 2


def test_who_asked_is_gone_before_anything_is_read():
    said = request(first_name="Siti", email="siti@example.test", description="telepon 0812-3456-7890 ya")
    sealed = FEED.seal(json.dumps([said]).encode(), KEY)
    assert b"Siti" not in sealed
    assert b"7890" not in sealed
    assert b"telepon" in sealed
    xml = b"<service_requests><request><first_name>Siti</first_name><status>open</status></request></service_requests>"
    assert b"Siti" not in FEED.seal(xml, KEY)
    assert b"open" in FEED.seal(xml, KEY)


def test_json_and_xml_of_one_request_are_the_same_event(now):
    xml = "".join(f"<{name}>{value}</{name}>" for name, value in request().items())
    from_xml = list(FEED.parse(f"<service_requests><request>{xml}</request></service_requests>".encode(), now))
    assert [event.id for event in from_xml] == [event.id for event in read([request()], now)]
