"""GTFS-Realtime: where the vehicles of public transport are. Delays and service alerts are not read."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from google.protobuf.message import DecodeError
from google.transit import gtfs_realtime_pb2 as gtfs

from geodata.errors import BadPayload
from layers.caller_seal import seal as seal_anything
from layers.event import Event, stable_id
from layers.feed import Feed, Rejected
from layers.fields import MOST_SPEED_MPS, Said, between, field_of, heading_of, measure_of, moment_of, name_of, not_ahead
from layers.layer import Words
from layers.transit import TransitVehicleSeen

_LONGEST = 40


def seal(payload: bytes, key: bytes) -> bytes:
    """Vehicles have no telephone numbers; what is no such message is sealed like any other bytes."""
    try:
        _message(payload)
    except BadPayload:
        return seal_anything(payload, key)
    return payload


def _message(payload: bytes) -> gtfs.FeedMessage:
    message = gtfs.FeedMessage()
    try:
        message.ParseFromString(payload)
    except DecodeError as error:
        raise BadPayload("this is no GTFS-Realtime protocol buffer; ask for the binary form, not for JSON") from error
    if not message.header.gtfs_realtime_version:
        raise BadPayload("header: missing; this is no GTFS-Realtime FeedMessage", field="header")
    return message


def parse(payload: bytes, received: datetime) -> Iterator[Event | Rejected]:
    """One FeedMessage; entities that are no vehicle positions say nothing here."""
    message = _message(payload)
    for entity in message.entity:
        if not _is_placed(entity):
            continue
        try:
            yield _event(entity, message.header, received)
        except BadPayload as error:
            yield Rejected(original=_alone(message, entity), reason=str(error), field=error.field)


def _is_placed(entity: gtfs.FeedEntity) -> bool:
    """Whether it is a vehicle that knows where it is; 0,0 is no place."""
    if not entity.HasField("vehicle") or entity.is_deleted or not entity.vehicle.HasField("position"):
        return False
    return bool(entity.vehicle.position.latitude or entity.vehicle.position.longitude)


def _event(entity: gtfs.FeedEntity, header: gtfs.FeedHeader, received: datetime) -> Event:
    """Measured when the vehicle says so; else the operator said it at the time of the whole message."""
    vehicle, said = entity.vehicle, _said(entity)
    stamp = vehicle.timestamp or header.timestamp
    read = partial(not_ahead, received=received)
    at = field_of({"timestamp": stamp}, "timestamp", lambda s: read(moment_of(s))) if stamp else received
    lon, lat = (field_of(said, name, partial(between, -most, most)) for name, most in (("lon", 180), ("lat", 90)))
    fact = TransitVehicleSeen(
        vehicle=field_of(said, "id", name_of),
        lon=lon,
        lat=lat,
        heading_deg=heading_of(said, "bearing"),
        speed_mps=measure_of(said, "speed", MOST_SPEED_MPS),
        route=_line(vehicle.trip.route_id),
        label=_line(vehicle.vehicle.label),
    )
    return Event(id=stable_id("gtfs_realtime", str(fact), at), at=at, seen=received, source="gtfs_realtime", fact=fact)


def _said(entity: gtfs.FeedEntity) -> Said:
    """What is set; a protocol buffer answers 0 for what is not."""
    place = entity.vehicle.position
    measures = {name: getattr(place, name) for name in ("bearing", "speed") if place.HasField(name)}
    # single precision holds seven digits; more of them would be made up
    lon, lat = (round(degrees, 6) for degrees in (place.longitude, place.latitude))
    return {"id": entity.vehicle.vehicle.id or entity.id, "lon": lon, "lat": lat, **measures}


def _line(said: object) -> str | None:
    """What is no UTF-8 comes as bytes, and says nothing."""
    if not isinstance(said, str):
        return None
    return "".join(c for c in said if c.isprintable()).strip()[:_LONGEST] or None


def _alone(message: gtfs.FeedMessage, entity: gtfs.FeedEntity) -> bytes:
    """The entity in a message of its own, so that it can be read again."""
    return gtfs.FeedMessage(header=message.header, entity=[entity]).SerializePartialToString()


FEED = Feed(
    title=Words(id="Angkutan umum (GTFS-Realtime)", en="Public transport (GTFS-Realtime)"),
    parse=parse,
    content_types=("application/x-protobuf", "application/octet-stream"),
    seal=seal,
    silent_s=300,
)
