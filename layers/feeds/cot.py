"""Cursor on Target as TAK devices and servers send it: friendly units move on the map, points drawn by hand stay.

Chat, pings, acknowledgements and shapes are fine and say nothing here.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from xml.etree.ElementTree import Element, tostring

from geodata.errors import BadPayload
from layers.caller_seal import masked
from layers.caller_seal import seal as seal_anything
from layers.event import Event, stable_id
from layers.feed import Feed, Rejected
from layers.fields import (
    FULL_PCT,
    MOST_ACCURACY_M,
    MOST_SPEED_MPS,
    between,
    field_of,
    heading_of,
    measure_of,
    moment_of,
    name_of,
    not_ahead,
    shown,
)
from layers.layer import Words
from layers.markers import MarkerPlaced, MarkerTaken
from layers.markup import children, local, xml_of
from layers.positions import position_event
from layers.responders import PositionReported

_UNIT = re.compile(r"a-f(-|$)", re.ASCII)
_MARKER = re.compile(r"(a-[hnupsjk.]|b-m-p)(-|$)", re.ASCII)
_DELETED = "t-x-d-d"
_PROLOGUE = re.compile(rb"<\?xml[^>]*\?>")
_KEPT: Mapping[str, tuple[str, ...]] = {
    "event": ("uid", "type", "time", "start", "stale", "how"),
    "point": ("lat", "lon", "ce"),
    "detail": (),
    "contact": ("callsign",),
    "track": ("course", "speed"),
    "status": ("battery",),
    "link": ("uid",),
}
_LONGEST_TITLE = 60


def seal(payload: bytes, key: bytes) -> bytes:
    """Telephone number, addresses and remarks of who carries the device are not kept: only what is read stays."""
    try:
        found = _found(payload)
    except BadPayload:
        return seal_anything(payload, key)
    return b"\n".join(tostring(_bare(event)) for event in found)


def _bare(element: Element) -> Element:
    tag = local(element)
    said = {name: element.attrib[name] for name in _KEPT[tag] if name in element.attrib}
    if "callsign" in said:
        said["callsign"] = masked(said["callsign"])
    bare = Element(tag, said)
    bare.extend(_bare(child) for child in element if local(child) in _KEPT)
    return bare


def _found(payload: bytes) -> list[Element]:
    root = xml_of(b"<events>" + _PROLOGUE.sub(b"", payload) + b"</events>")
    return [child for one in root for child in ([one] if local(one) == "event" else children(one, "event"))]


def parse(payload: bytes, received: datetime) -> Iterator[Event | Rejected]:
    """One event, or several one after another, as a TCP stream carries them."""
    found = _found(payload)
    if not found:
        raise BadPayload("there is no <event> in it; this is not Cursor on Target")
    for event in found:
        try:
            yield from _events(event, received)
        except BadPayload as error:
            yield Rejected(original=tostring(event), reason=str(error), field=error.field)


def _events(event: Element, received: datetime) -> Iterator[Event]:
    kind = event.get("type") or ""
    if kind == _DELETED:
        yield from _deleted(event, received)
    elif _UNIT.match(kind):
        yield from _unit(event, received)
    elif _MARKER.match(kind):
        yield from _marker(event, kind, received)
    elif not kind:
        raise BadPayload("type: missing; this is not Cursor on Target", field="type")


def _uid(said: str | None) -> str:
    """Some devices write line breaks into it."""
    return field_of({"uid": "".join((said or "").split("\n")).replace("\r", "").strip()}, "uid", name_of)


def _time(event: Element, name: str, received: datetime) -> datetime:
    read = partial(moment_of, is_naive_utc=True)
    return field_of(event.attrib, name, lambda said: not_ahead(read(said), received))


def _place(event: Element) -> dict[str, str]:
    found = children(event, "point")
    if not found:
        raise BadPayload("point: missing", field="point")
    return dict(found[0].attrib)


def _lon_lat(said: dict[str, str]) -> tuple[float, float] | None:
    """None where the device has no fix: then it says 0,0."""
    lon = field_of(said, "lon", partial(between, -180, 180))
    lat = field_of(said, "lat", partial(between, -90, 90))
    return None if lon == 0 and lat == 0 else (lon, lat)


def _detail(event: Element, tag: str) -> dict[str, str]:
    """The attributes of one part of <detail>; none when it is absent."""
    found = [part for detail in children(event, "detail") for part in children(detail, tag)]
    return dict(found[0].attrib) if found else {}


def _unit(event: Element, received: datetime) -> Iterator[Event]:
    """`ce` 9999999 is "not said", as every measure that nobody can have."""
    place, track = _place(event), _detail(event, "track")
    unit, where = _uid(event.get("uid")), _lon_lat(place)
    if where is None:
        return
    fact = PositionReported(
        unit=unit,
        lon=where[0],
        lat=where[1],
        heading_deg=heading_of(track, "course"),
        speed_mps=measure_of(track, "speed", MOST_SPEED_MPS),
        accuracy_m=measure_of(place, "ce", MOST_ACCURACY_M),
        battery_pct=measure_of(_detail(event, "status"), "battery", FULL_PCT),
    )
    yield position_event("cot", fact, _time(event, "time", received), received)


def _marker(event: Element, kind: str, received: datetime) -> Iterator[Event]:
    """It holds until `stale`: each message renews it."""
    place = _place(event)
    marker, where = _uid(event.get("uid")), _lon_lat(place)
    if where is None:
        return
    starts_at, at = _time(event, "start", received), _time(event, "time", received)
    ends_at = field_of(event.attrib, "stale", partial(moment_of, is_naive_utc=True))
    if ends_at < starts_at:
        raise BadPayload(f"stale: {shown(event.get('stale'))} lies before start", field="stale")
    title = _detail(event, "contact").get("callsign", "").strip()
    fact = MarkerPlaced(
        marker=marker,
        title="".join(c for c in title if c.isprintable())[:_LONGEST_TITLE] or None,
        code=kind[:60],
        lon=where[0],
        lat=where[1],
        accuracy_m=measure_of(place, "ce", MOST_ACCURACY_M),
        ends_at=ends_at,
    )
    yield Event(id=stable_id("cot", str(fact), at), at=at, seen=received, source="cot", fact=fact)


def _deleted(event: Element, received: datetime) -> Iterator[Event]:
    """`t-x-d-d` takes back the marker that its link names."""
    at = _time(event, "time", received)
    marker = _uid(_detail(event, "link").get("uid"))
    yield Event(
        id=stable_id("cot", "taken", marker, at),
        at=at,
        seen=received,
        source="cot",
        fact=MarkerTaken(marker=marker, taken_at=at),
    )


FEED = Feed(
    title=Words(id="Perangkat TAK (Cursor on Target)", en="TAK devices (Cursor on Target)"),
    parse=parse,
    content_types=("application/xml", "text/xml"),
    seal=seal,
    silent_s=300,
)
