"""Position forwarding of a Traccar server: its JSON body, or the parameters of its URL."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson

from geodata.errors import BadPayload
from layers.caller_seal import seal as seal_anything
from layers.event import Event
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
from layers.positions import MPS_PER_KNOT, position_event
from layers.responders import PositionReported

_MOST_FIELDS = 100
_OF_POSITION = (
    "fixTime", "valid", "outdated", "latitude", "longitude", "speed", "course", "accuracy", "batteryLevel",
)  # fmt: skip
_OF_DEVICE = ("uniqueId", "id")
_NO_FIX = (False, "false")
"""As `valid` says it in JSON and in a URL."""


def seal(payload: bytes, key: bytes) -> bytes:
    """Traccar sends telephone number, contact person and address of every device along: only what is read is kept."""
    if not _is_json(payload):
        pairs = _pairs(payload)
        return seal_anything(payload, key) if pairs is None else urlencode(pairs).encode()
    try:
        said = orjson.loads(payload)
    except orjson.JSONDecodeError:
        return seal_anything(payload, key)
    return orjson.dumps([_bare(one) for one in said] if isinstance(said, list) else _bare(said))


def _is_json(payload: bytes) -> bool:
    return payload.lstrip()[:1] in {b"{", b"["}


def _pairs(payload: bytes) -> dict[str, str] | None:
    """The parameters that are read; None where there are none."""
    try:
        text = payload.decode("utf-8").strip().removeprefix("?")
        pairs = parse_qsl(text, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None
    return {name: value for name, value in pairs if name in _OF_POSITION + _OF_DEVICE and value != "null"} or None


def _bare(said: Any) -> Any:  # noqa: ANN401 — JSON
    if not isinstance(said, dict):
        return None
    position, device = _only(said.get("position"), (*_OF_POSITION, "attributes")), _only(said.get("device"), _OF_DEVICE)
    if position and "attributes" in position:
        position["attributes"] = _only(position["attributes"], ("batteryLevel",))
    return {"position": position, "device": device}


def _only(said: Any, names: tuple[str, ...]) -> dict[str, Any] | None:  # noqa: ANN401 — JSON
    return {name: said[name] for name in names if name in said} if isinstance(said, dict) else None


def parse(payload: bytes, received: datetime) -> Iterator[Event | Rejected]:
    """One position and its device, as Traccar forwards them; a list of them is read too."""
    is_json = _is_json(payload)
    said = json_of(payload) if is_json else _query(payload)
    for item in said if isinstance(said, list) else [said]:
        try:
            yield from _events(_from_json(item) if is_json else _from_query(item), received)
        except BadPayload as error:
            yield Rejected(original=bytes_of(item, payload), reason=str(error), field=error.field)


def _query(payload: bytes) -> Said:
    pairs = _pairs(payload)
    if pairs is None:
        raise BadPayload("this is no query string of Traccar's; see docs/feeds/traccar.md for the URL to set")
    return pairs


def _from_query(said: Said) -> Said:
    return {**said, "id": said.get("uniqueId", said.get("id")), "battery": said.get("batteryLevel")}


def _from_json(item: object) -> Said:
    """The position with the device's own identifier: `deviceId` is only a row of Traccar's database."""
    if not isinstance(item, dict) or not isinstance(item.get("position"), dict):
        raise BadPayload(f"position: missing; Traccar's forward.type must be json, not {shown(item)}", field="position")
    position, device = item["position"], item.get("device")
    attributes = position.get("attributes")
    return {
        **position,
        "id": device.get("uniqueId") if isinstance(device, Mapping) else None,
        "battery": attributes.get("batteryLevel") if isinstance(attributes, Mapping) else None,
    }


def _events(said: Said, received: datetime) -> Iterator[Event]:
    """Nothing where the receiver had no fix: Traccar then repeats the last place it knew."""
    unit = field_of(said, "id", name_of)
    if said.get("valid") in _NO_FIX or said.get("outdated") is True:
        return
    at = field_of(said, "fixTime", lambda time: not_ahead(moment_of(time, is_naive_utc=True), received))
    speed_kn = measure_of(said, "speed", MOST_SPEED_MPS / MPS_PER_KNOT)
    heading_deg = heading_of(said, "course")
    fact = PositionReported(
        unit=unit,
        lon=field_of(said, "longitude", partial(between, -180, 180)),
        lat=field_of(said, "latitude", partial(between, -90, 90)),
        heading_deg=heading_deg if heading_deg or speed_kn else None,  # 0 while standing: Traccar's "not said"
        speed_mps=None if speed_kn is None else speed_kn * MPS_PER_KNOT,
        accuracy_m=measure_of(said, "accuracy", MOST_ACCURACY_M) or None,  # 0: Traccar's "not said"
        battery_pct=measure_of(said, "battery", FULL_PCT),
    )
    yield position_event("traccar", fact, at, received)


FEED = Feed(
    title=Words(id="Pelacak (server Traccar)", en="Trackers (Traccar server)"),
    parse=parse,
    content_types=("application/json", "application/x-www-form-urlencoded"),
    seal=seal,
    silent_s=120,
)
