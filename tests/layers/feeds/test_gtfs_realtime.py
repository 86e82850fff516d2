"""GTFS-Realtime: vehicles are background, what is not set is not said, and junk is refused."""

from datetime import timedelta

import pytest
from google.transit import gtfs_realtime_pb2 as gtfs

from geodata.errors import BadPayload
from layers.feed import Rejected
from layers.feeds.gtfs_realtime import FEED
from layers.situation import after_all
from layers.transit import LAYER, draw, keep


def message(now, *vehicles):
    whole = gtfs.FeedMessage()
    whole.header.gtfs_realtime_version = "2.0"
    whole.header.timestamp = int(now.timestamp())
    for number, (lat, lon, said) in enumerate(vehicles):
        entity = whole.entity.add(id=str(number))
        entity.vehicle.position.latitude, entity.vehicle.position.longitude = lat, lon
        for field, value in said.items():
            setattr(entity.vehicle.position if field in {"bearing", "speed"} else entity.vehicle, field, value)
    return whole


def read(whole, received):
    return list(FEED.parse(whole.SerializeToString(), received))


def test_what_is_not_set_is_not_said_and_a_true_zero_is_kept(now):
    bare, still = read(message(now, (-0.5, 117.1, {}), (-0.5, 117.1, {"speed": 0.0, "bearing": 0.0})), now)
    assert (bare.fact.speed_mps, bare.fact.heading_deg, bare.fact.route) == (None, None, None)
    assert (still.fact.speed_mps, still.fact.heading_deg) == (0.0, 0.0)


def test_the_time_is_the_vehicles_else_the_messages_else_the_arrival(now):
    at = int(now.timestamp()) - 30
    own, whole = read(message(now, (-0.5, 117.1, {"timestamp": at}), (-0.5, 117.1, {})), now + timedelta(seconds=9))
    assert (own.at, whole.at) == (now - timedelta(seconds=30), now)
    timeless = message(now, (-0.5, 117.1, {}))
    timeless.header.ClearField("timestamp")
    (arrived,) = read(timeless, now + timedelta(seconds=9))
    assert arrived.at == now + timedelta(seconds=9)


def test_a_bad_vehicle_costs_itself_and_can_be_read_again_alone(now):
    refused, good = read(message(now, (95.0, 117.1, {}), (-0.5, 117.1, {})), now)
    assert isinstance(refused, Rejected)
    assert refused.field == "lat"
    assert good.fact.vehicle == "1"
    (again,) = list(FEED.parse(refused.original, now))
    assert again.field == "lat"


def test_nowhere_deleted_and_other_entities_say_nothing(now):
    whole = message(now, (0.0, 0.0, {}), (-0.5, 117.1, {}))
    whole.entity[1].is_deleted = True
    whole.entity.add(id="alert").alert.header_text.translation.add(text="x")
    assert read(whole, now) == []


@pytest.mark.parametrize("junk", [b"", b"{}", b"\xff" * 40, b"\x0a\x00", b"GTFS"])
def test_what_is_no_message_is_refused_and_sealed_as_any_bytes(now, junk):
    with pytest.raises(BadPayload):
        list(FEED.parse(junk, now))
    assert b"3456" not in FEED.seal(junk + b" 0812-3456-7890", b"k")


def test_a_vehicle_is_drawn_until_it_is_silent_for_ten_minutes_and_is_no_responder(now, nothing):
    (event,) = read(message(now, (-0.5, 117.15, {})), now)
    situation = after_all(nothing, [(1, event)])[0]
    (drawn,) = draw(situation, now, None)
    assert drawn["properties"]["expires_at"] == (now + timedelta(minutes=10)).timestamp()
    assert not situation.of("responders")
    (vehicle,) = situation.of("transit").values()
    assert not keep(vehicle, now + timedelta(hours=3))
    assert LAYER.for_visitor(vehicle, None) is None


def test_a_label_that_is_no_text_costs_the_label_and_an_id_that_is_none_the_vehicle(now):
    whole = message(now, (-0.5, 117.1, {}), (-0.5, 117.1, {}))
    whole.entity[0].vehicle.vehicle.label = "BRT"
    whole.entity[1].vehicle.vehicle.id = "BUS"
    broken = whole.SerializeToString().replace(b"BRT", b"B\xb7T").replace(b"BUS", b"B\xb7S")
    labelled, refused = list(FEED.parse(broken, now))
    assert labelled.fact.label is None
    assert (type(refused), refused.field) == (Rejected, "id")
