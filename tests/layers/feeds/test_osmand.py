"""The OsmAnd protocol with its quirks: units, spellings of time, what is unknown."""

import json
from datetime import timedelta

import pytest

from geodata.errors import BadPayload
from layers.feed import Rejected
from layers.feeds.osmand import FEED

HERE = "lat=-0.5022&lon=117.1536"


def one(payload, received):
    (news,) = FEED.parse(payload.encode(), received)
    return news


def test_speed_is_in_knots_in_the_query_and_in_metres_per_second_in_the_json(now):
    assert one(f"id=1&{HERE}&speed=10", now).fact.speed_mps == 5.1
    told = {"device_id": "1", "location": {"coords": {"latitude": -0.5, "longitude": 117.1, "speed": 10}}}
    assert one(json.dumps(told), now).fact.speed_mps == 10


@pytest.mark.parametrize(
    "said",
    ["1795346280", "1795346280000", "1795346280.0", "2026-11-22T11:18:00Z", "2026-11-22T19:18:00%2B08:00",
     "2026-11-22%2011:18:00", "2026-11-22+11:18:00", "2026-11-22T11:18:00"],
)  # fmt: skip
def test_time_is_read_in_every_spelling(now, said):
    assert one(f"id=1&{HERE}&timestamp={said}", now + timedelta(hours=1)).at == now


def test_without_a_time_a_position_is_as_old_as_its_arrival_and_never_a_duplicate(now):
    first, second = (one(f"id=1&{HERE}", now + timedelta(seconds=s)) for s in (0, 1))
    assert (first.at, second.at) == (now, now + timedelta(seconds=1))
    assert first.id != second.id


def test_the_same_fix_sent_again_is_the_same_event(now):
    first, second = (one(f"id=1&{HERE}&timestamp=1795346280", now + timedelta(seconds=s)) for s in (0, 9))
    assert first.id == second.id


def test_minus_one_is_unknown_not_a_value(now):
    told = {"device_id": "1", "location": {"coords": {"latitude": -0.5, "longitude": 117.1, "speed": -1, "heading": -1,
            "accuracy": -1}, "battery": {"level": -1}}}  # fmt: skip
    fact = one(json.dumps(told), now).fact
    assert (fact.speed_mps, fact.heading_deg, fact.accuracy_m, fact.battery_pct) == (None, None, None, None)


@pytest.mark.parametrize("accuracy", ["1e300", "99999999", "-1e300"])
def test_what_no_unit_can_have_is_unknown_and_the_place_still_stands(now, accuracy):
    fact = one(f"id=1&{HERE}&accuracy={accuracy}&speed=1e300&bearing=1e300&batt=101", now).fact
    assert (fact.speed_mps, fact.heading_deg, fact.accuracy_m, fact.battery_pct) == (None, None, None, None)
    assert (fact.lon, fact.lat) == (117.1536, -0.5022)


def test_the_battery_is_in_percent_either_way(now):
    assert one(f"id=1&{HERE}&batt=83", now).fact.battery_pct == 83
    told = {"device_id": "1", "location": {"coords": {"latitude": 0.1, "longitude": 1}, "battery": {"level": 0.83}}}
    assert one(json.dumps(told), now).fact.battery_pct == pytest.approx(83)


def test_bearing_and_heading_mean_the_same(now):
    assert one(f"id=1&{HERE}&bearing=0", now).fact.heading_deg == 0
    assert one(f"id=1&{HERE}&heading=271", now).fact.heading_deg == 271


def test_zero_zero_is_kept_as_a_sign_of_life(now):
    fact = one("id=1&lat=0&lon=0", now).fact
    assert (fact.lon, fact.lat) == (0, 0)


@pytest.mark.parametrize("payload", ["", f"{HERE}", f"id=&{HERE}", "{}", '{"location": {}}'])
def test_without_an_id_nothing_can_be_kept(now, payload):
    with pytest.raises(BadPayload) as caught:
        list(FEED.parse(payload.encode(), now))
    assert caught.value.field == "id"


@pytest.mark.parametrize(
    ("field", "payload"),
    [
        ("lon", "id=1&lat=1"),
        ("lat", "id=1&lat=x&lon=1"),
        ("lat", "id=1&location=91,1"),
        ("lon", "id=1&location=1"),
        ("lon", "id=1&lat=1&lon=nan"),
        ("speed", f"id=1&{HERE}&speed=fast"),
        ("heading", f"id=1&{HERE}&bearing=north"),
        ("battery", f"id=1&{HERE}&batt=full"),
        ("timestamp", f"id=1&{HERE}&timestamp=0"),
        ("timestamp", f"id=1&{HERE}&timestamp=1795346581"),
        ("timestamp", f"id=1&{HERE}&timestamp=soon"),
        ("id", f"id={'x' * 129}&{HERE}"),
    ],
)
def test_junk_values_are_refused_naming_the_field(now, field, payload):
    refused = one(payload, now)
    assert isinstance(refused, Rejected)
    assert refused.field == field


def test_a_batch_in_json_is_read_one_by_one_and_each_refusal_can_be_sent_alone(now):
    good, bad = {"coords": {"latitude": -0.5, "longitude": 117.1}}, {"coords": {"latitude": 99, "longitude": 117.1}}
    kept, refused = FEED.parse(json.dumps({"device_id": "1", "location": [good, bad]}).encode(), now)
    assert kept.fact.unit == "1"
    assert [again.field for again in FEED.parse(refused.original, now)] == ["lat"]
