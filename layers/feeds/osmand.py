"""The OsmAnd protocol as Traccar Client and OsmAnd speak it: a query string, a form, or the newer JSON."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from urllib.parse import parse_qsl

from geodata.errors import BadPayload
from layers.caller_seal import seal_form
from layers.event import Event, stable_id
from layers.feed import Feed, Rejected
from layers.fields import (
    FULL_PCT,
    MOST_ACCURACY_M,
    MOST_SPEED_MPS,
    Said,
    between,
    bytes_of,
    field_of,
    heading_of,
    json_of,
    measure_of,
    moment_of,
    name_of,
    not_ahead,
)
from layers.layer import Words
from layers.positions import MPS_PER_KNOT
from layers.responders import PositionReported

_MOST_FIELDS = 100


def parse(payload: bytes, received: datetime) -> Iterator[Event | Rejected]:
    """One position, or a batch of them in JSON. Nothing can be kept of what does not say its id."""
    if payload.lstrip()[:1] == b"{":
        yield from _parse_json(payload, received)
    else:
        yield from _one(payload, _from_query(_query(payload)), received)


def _query(payload: bytes) -> Said:
    try:
        text = payload.decode("utf-8").strip().removeprefix("?")
        pairs = parse_qsl(text, keep_blank_values=False, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise BadPayload(f"this is no query string: {error}; send id=…&lat=…&lon=…&timestamp=…") from error
    return dict(pairs)


def _from_query(said: Said) -> Said:
    """The fields by their JSON names; speed from knots to m/s, as it is said in the JSON."""
    lat, lon = said.get("lat"), said.get("lon")
    if "location" in said and lat is None and lon is None:
        lat, _, lon = str(said["location"]).partition(",")
    return {
        "id": said.get("id", said.get("deviceid")),
        "timestamp": said.get("timestamp"),
        "lat": lat,
        "lon": lon,
        "speed": said.get("speed"),
        "speed_unit_mps": MPS_PER_KNOT,
        "heading": said.get("bearing", said.get("heading")),
        "accuracy": said.get("accuracy"),
        "battery": said.get("batt"),
    }


def _parse_json(payload: bytes, received: datetime) -> Iterator[Event | Rejected]:
    said = json_of(payload)
    unit, locations = said.get("device_id", said.get("id")), said.get("location")
    for location in locations if isinstance(locations, list) else [locations]:
        original = bytes_of({"device_id": unit, "location": location}, payload)
        yield from _one(original, _from_json(unit, location), received)


def _from_json(unit: object, location: object) -> Said:
    place = _object(location)
    coords, battery = _object(place.get("coords")), _object(place.get("battery"))
    level = battery.get("level")
    return {
        "id": unit,
        "timestamp": place.get("timestamp"),
        "lat": coords.get("latitude"),
        "lon": coords.get("longitude"),
        "speed": coords.get("speed"),
        "speed_unit_mps": 1.0,
        "heading": coords.get("heading"),
        "accuracy": coords.get("accuracy"),
        "battery": level * FULL_PCT if isinstance(level, int | float) and level >= 0 else level,
    }


def _object(said: object) -> Said:
    return said if isinstance(said, dict) else {}


def _one(original: bytes, said: Said, received: datetime) -> Iterator[Event | Rejected]:
    if said["id"] is None or said["id"] == "":
        raise BadPayload("id: missing; set the device identifier in the app", field="id")
    try:
        yield _event(said, received)
    except BadPayload as error:
        yield Rejected(original=original, reason=str(error), field=error.field)


def _event(said: Said, received: datetime) -> Event:
    unit = field_of(said, "id", name_of)
    is_timed = said["timestamp"] is not None
    at = field_of(said, "timestamp", partial(_timestamp, received=received)) if is_timed else received
    unit_mps = said["speed_unit_mps"]
    speed = measure_of(said, "speed", MOST_SPEED_MPS / unit_mps)
    fact = PositionReported(
        unit=unit,
        lon=field_of(said, "lon", partial(between, -180, 180)),
        lat=field_of(said, "lat", partial(between, -90, 90)),
        heading_deg=heading_of(said, "heading"),
        speed_mps=None if speed is None else speed * unit_mps,
        accuracy_m=measure_of(said, "accuracy", MOST_ACCURACY_M),
        battery_pct=measure_of(said, "battery", FULL_PCT),
    )
    return Event(id=stable_id("osmand", unit, at, fact.lon, fact.lat), at=at, seen=received, source="osmand", fact=fact)


def _timestamp(said: object, received: datetime) -> datetime:
    return not_ahead(moment_of(said, is_naive_utc=True), received)


FEED = Feed(
    title=Words(id="Pelacak (OsmAnd, Traccar)", en="Trackers (OsmAnd, Traccar)"),
    parse=parse,
    content_types=("application/x-www-form-urlencoded", "application/json", "text/plain"),
    seal=seal_form,
    silent_s=120,
)
