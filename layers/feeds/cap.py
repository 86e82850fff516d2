"""CAP 1.1 and 1.2: warnings of any authority, BMKG's nowcast among them.

An update or a cancellation takes back the messages that it refers to. Of several languages Indonesian is read, else
English, else the first; what several blocks of it say is read as one warning. Only what is Actual and Public is a
warning: an exercise or a test is kept as an exercise, a draft or a system message says nothing. A warning without an
end is refused, as everywhere here. A signature is not verified: fetch it over HTTPS from who signs.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from xml.etree.ElementTree import Element

from geodata.errors import BadPayload
from layers.alerts import SEVERITIES, AlertCancelled, AlertIssued, Severity
from layers.event import Event, stable_id
from layers.feed import Feed, Rejected
from layers.fields import between, moment_of, name_of, not_ahead, shown
from layers.layer import Words
from layers.markup import children, local, text_of, written, xml_of
from layers.markup_seal import seal_xml
from layers.records import said_by
from layers.rings import Circle, Ring

_EXERCISES = frozenset({"Exercise", "Test"})
_SILENT = frozenset({"System", "Draft"})
_ISSUES = frozenset({"Alert", "Update"})
_TAKES_BACK = frozenset({"Update", "Cancel"})
_ISSUERS = {"bmkg.go.id": "BMKG", "bnpb.go.id": "BNPB", "esdm.go.id": "PVMBG"}
_LONGEST_LINE, _LONGEST_PROSE, _LONGEST_ID = 100, 2000, 128
_MOST_POLYGONS, _MOST_CORNERS, _MOST_REFERENCES = 300, 20_000, 100
_PAIR = re.compile(r"(-?\d{1,3}(?:\.\d{1,15})?),(-?\d{1,3}(?:\.\d{1,15})?)")


def parse(payload: bytes, received: datetime) -> Iterator[Event | Rejected]:
    """One message, or several in one document."""
    root = xml_of(payload)
    messages = [root] if local(root) == "alert" else [one for one in root.iter() if local(one) == "alert"]
    if not messages:
        raise BadPayload("alert: missing; this is not a CAP message", field="alert")
    for message in messages:
        try:
            yield from tuple(_events(message, received))
        except BadPayload as error:
            yield Rejected(original=written(message), reason=str(error), field=error.field)


def _events(message: Element, received: datetime) -> Iterator[Event]:
    sender, identifier = _said(message, "sender"), _said(message, "identifier")
    sent = _moment(message, "sent")
    try:
        not_ahead(sent, received)
    except ValueError as error:
        raise BadPayload(f"sent: {error}", field="sent") from error
    status, kind = _said(message, "status"), _said(message, "msgType")
    if status in _SILENT or kind not in _ISSUES | _TAKES_BACK:
        return
    if (scope := text_of(message, "scope") or "Public") != "Public":
        raise BadPayload(f"scope: it is {shown(scope)}; only what is Public is taken", field="scope")
    is_exercise = _is_exercise(status)
    if kind in _TAKES_BACK:
        yield from _taken_back(message, sent, received)
    if kind in _ISSUES:
        yield said_by("cap", _issued(message, key_of(sender, identifier), is_exercise=is_exercise), sent, received)


def _is_exercise(status: str) -> bool:
    if status not in {"Actual", *_EXERCISES}:
        raise BadPayload(f"status: {shown(status)} is none of CAP's", field="status")
    return status in _EXERCISES


def key_of(sender: str, identifier: str) -> str:
    """Identifiers are unique for one sender only."""
    key = f"{identifier}@{sender}"
    return key if len(key) <= _LONGEST_ID and key.isprintable() else stable_id(sender, identifier)


def _taken_back(message: Element, sent: datetime, received: datetime) -> Iterator[Event]:
    """`references`: sender,identifier,sent of each message, between spaces; some may be taken back already."""
    for reference in (text_of(message, "references") or "").split()[:_MOST_REFERENCES]:
        sender, _, rest = reference.partition(",")
        identifier, _, _ = rest.rpartition(",")
        if not identifier:
            raise BadPayload(f"references: {shown(reference)} is not sender,identifier,sent", field="references")
        yield said_by("cap", AlertCancelled(alert=key_of(sender, identifier), cancelled_at=sent), sent, received)


def _issued(message: Element, key: str, *, is_exercise: bool) -> AlertIssued:
    infos = chosen(children(message, "info"))
    if not infos:
        raise BadPayload("info: missing; a warning says what it warns of", field="info")
    gravest = max(infos, key=lambda info: SEVERITIES.index(_severity(info)))
    areas = [area for info in infos for area in children(info, "area")]
    starts_at = min(_starts_at(message, info) for info in infos)
    expires_at = max(_moment(info, "expires") for info in infos)
    if expires_at <= starts_at:
        raise BadPayload("expires: it must lie after its beginning", field="expires")
    hazard = _said(gravest, "event")
    return AlertIssued(
        alert=key,
        title=_short(text_of(gravest, "headline") or hazard),
        hazard=_short(hazard),
        issuer=_issuer(_said(message, "sender"), text_of(gravest, "senderName")),
        severity=_severity(gravest),
        areas=(),
        starts_at=starts_at,
        expires_at=expires_at,
        text=(text_of(gravest, "description") or "")[:_LONGEST_PROSE] or None,
        is_exercise=is_exercise,
        polygons=polygons_in(areas),
        circles=circles_in(areas),
        area_words=_area_words(areas),
    )


def chosen(infos: Sequence[Element]) -> list[Element]:
    """All blocks of one language: Indonesian where there is one, else English, else that of the first."""
    if not infos:
        return []
    spoken = [(text_of(info, "language") or "en-US").casefold().partition("-")[0] for info in infos]
    wanted = next((language for language in ("id", "in", "ind", "en") if language in spoken), spoken[0])
    return [info for info, language in zip(infos, spoken, strict=True) if language == wanted]


def _starts_at(message: Element, info: Element) -> datetime:
    for where, field in ((info, "onset"), (info, "effective"), (message, "sent")):
        if text_of(where, field) is not None:
            return _moment(where, field)
    raise BadPayload("sent: missing", field="sent")


def _severity(info: Element) -> Severity:
    said = (text_of(info, "severity") or "").casefold()
    return next((severity for severity in SEVERITIES if severity == said), "unknown")


def _issuer(sender: str, name: str | None) -> str:
    """As the room calls it, where the sender's address says so; else as it calls itself."""
    known = (short for domain, short in _ISSUERS.items() if sender.casefold().endswith((f"@{domain}", f".{domain}")))
    return next(known, None) or _short(name or sender)


def _area_words(areas: Sequence[Element]) -> str | None:
    words = dict.fromkeys(said for area in areas if (said := text_of(area, "areaDesc")))
    return _short(", ".join(words)) if words else None


def polygons_in(areas: Sequence[Element]) -> tuple[Ring, ...]:
    """Every ring, "lat,lon lat,lon …", turned round."""
    said = [polygon.text or "" for area in areas for polygon in children(area, "polygon")]
    rings = tuple(_ring(one) for one in said if one.strip())
    if len(rings) > _MOST_POLYGONS or sum(map(len, rings)) > _MOST_CORNERS:
        raise BadPayload("polygon: more or finer areas than are read", field="polygon")
    return rings


def _ring(said: str) -> Ring:
    pairs = [_PAIR.fullmatch(pair) for pair in said.split()]
    if None in pairs:
        raise BadPayload(f"polygon: {shown(said)} is not like -0.33,117.14 -0.33,117.26", field="polygon")
    return tuple(_place(pair[2], pair[1], "polygon") for pair in pairs if pair)


def _place(lon: str, lat: str, field: str) -> tuple[float, float]:
    try:
        return between(-180, 180, lon), between(-90, 90, lat)
    except ValueError as error:
        raise BadPayload(f"{field}: {error}", field=field) from error


def circles_in(areas: Sequence[Element]) -> tuple[Circle, ...]:
    """Every circle, "lat,lon radius", the radius in km."""
    said = [circle.text or "" for area in areas for circle in children(area, "circle")]
    if len(said) > _MOST_POLYGONS:
        raise BadPayload("circle: more areas than are read", field="circle")
    return tuple(_circle(one.strip()) for one in said if one.strip())


def _circle(said: str) -> Circle:
    where, _, radius = said.partition(" ")
    pair = _PAIR.fullmatch(where)
    if pair is None:
        raise BadPayload(f"circle: {shown(said)} is not like -0.5,117.1 12", field="circle")
    lon, lat = _place(pair[2], pair[1], "circle")
    try:
        return lon, lat, between(0, 20_100, radius)
    except ValueError as error:
        raise BadPayload(f"circle: {error}", field="circle") from error


def _said(element: Element, field: str) -> str:
    said = text_of(element, field)
    if said is None:
        raise BadPayload(f"{field}: missing", field=field)
    if field == "identifier" and len(said) <= _LONGEST_ID:
        try:
            return name_of(said)
        except ValueError as error:
            raise BadPayload(f"{field}: {error}", field=field) from error
    return said[:1000]


def _moment(element: Element, field: str) -> datetime:
    try:
        return moment_of(_said(element, field))
    except ValueError as error:
        raise BadPayload(f"{field}: {error}", field=field) from error


def _short(said: str) -> str:
    words = "".join(c for c in " ".join(said.split()) if c.isprintable())
    return words if len(words) <= _LONGEST_LINE else f"{words[: _LONGEST_LINE - 1]}…"


FEED = Feed(
    title=Words(id="Peringatan dini (CAP)", en="Warnings (CAP)"),
    parse=parse,
    content_types=("application/cap+xml", "application/xml", "text/xml"),
    seal=seal_xml,
)
