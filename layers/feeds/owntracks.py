"""OwnTracks over HTTP and MQTT: what the app says of itself; only its locations are news for the wall."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

import orjson

from geodata.errors import BadPayload
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
    shown,
)
from layers.layer import Words
from layers.responders import PositionReported

_MPS_PER_KMH = 1 / 3.6
_TOPIC_PARTS = 3


def addressed(payload: bytes, topic: str) -> bytes:
    """Over MQTT a message does not hold its topic; written into it, it says whose it is."""
    try:
        said = orjson.loads(payload)
    except orjson.JSONDecodeError:
        return payload
    named = [_with_topic(one, topic) for one in said] if isinstance(said, list) else _with_topic(said, topic)
    return bytes_of(named, payload)


def _with_topic(message: Any, topic: str) -> Any:  # noqa: ANN401 — JSON
    return {**message, "topic": topic} if isinstance(message, dict) and "topic" not in message else message


def parse(payload: bytes, received: datetime) -> Iterator[Event | Rejected]:
    """One message, or a list of those that were held back while offline."""
    said = json_of(payload)
    if not isinstance(said, dict | list):
        raise BadPayload(f"send one OwnTracks message or a list of them, not {shown(said)}")
    for message in said if isinstance(said, list) else [said]:
        try:
            yield from _events(message, received)
        except BadPayload as error:
            yield Rejected(original=bytes_of(message, payload), reason=str(error), field=error.field)


def _events(message: object, received: datetime) -> Iterator[Event]:
    """Other messages than locations (lwt, transition, waypoint, status, card, …) are fine and say nothing here."""
    if not isinstance(message, dict):
        raise BadPayload(f"an OwnTracks message is an object, not {shown(message)}")
    kind = message.get("_type")
    if not isinstance(kind, str):
        raise BadPayload("_type: missing; this is not an OwnTracks message", field="_type")
    if kind == "encrypted":
        raise BadPayload(
            "_type: it is encrypted; clear the encryption key in the app, HTTPS keeps it safe", field="_type"
        )
    if kind == "location":
        yield _location(message, received)


def _location(said: Said, received: datetime) -> Event:
    unit = _unit(said)
    at = field_of(said, "tst", lambda tst: not_ahead(moment_of(tst), received))
    speed_kmh = measure_of(said, "vel", MOST_SPEED_MPS / _MPS_PER_KMH)
    fact = PositionReported(
        unit=unit,
        lon=field_of(said, "lon", partial(between, -180, 180)),
        lat=field_of(said, "lat", partial(between, -90, 90)),
        heading_deg=heading_of(said, "cog"),
        speed_mps=None if speed_kmh is None else speed_kmh * _MPS_PER_KMH,
        accuracy_m=measure_of(said, "acc", MOST_ACCURACY_M),
        battery_pct=measure_of(said, "batt", FULL_PCT),
    )
    return Event(
        id=stable_id("owntracks", unit, at, fact.lon, fact.lat), at=at, seen=received, source="owntracks", fact=fact
    )


def _unit(said: Said) -> str:
    """The topic owntracks/user/device gives user/device; without a topic the two letters of `tid` must do."""
    topic = said.get("topic")
    if topic is None:
        return field_of(said, "tid", name_of)
    parts = topic.split("/") if isinstance(topic, str) else []
    if len(parts) < _TOPIC_PARTS or not all(parts):
        raise BadPayload(f"topic: {shown(topic)} is not like owntracks/user/device", field="topic")
    return field_of({"topic": "/".join(parts[-2:])}, "topic", name_of)


FEED = Feed(
    title=Words(id="Pelacak (OwnTracks)", en="Trackers (OwnTracks)"), parse=parse, silent_s=1800, addressed=addressed
)
