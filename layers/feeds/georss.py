"""GeoRSS: news with a place, in RSS 2.0 or Atom; simple, GML and W3C spellings; points, lines, boxes, areas, circles.

An item without a place is ordinary news and says nothing here. One without a time is refused: it would be news
for ever.
"""

from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import Element

from geodata.errors import BadPayload
from layers.event import Event, stable_id
from layers.feed import Feed, Rejected
from layers.fields import between, moment_of, not_ahead, shown
from layers.layer import Words
from layers.links import links_of
from layers.markup import children, local, text_of, written, xml_of
from layers.markup_seal import seal_xml
from layers.public_reports import PublicReportMade
from layers.records import said_by
from layers.rings import Circle, Ring

_ITEMS = frozenset({"item", "entry"})
_DATES = ("pubDate", "updated", "published", "date", "dateTime")
_GML = {"Point": "point", "LineString": "line", "Polygon": "polygon", "Envelope": "box"}
_AREAS = frozenset({"polygon", "line", "box", "circle"})
_MOST, _MOST_NUMBERS, _LONGEST, _LONGEST_ID = 2_000, 4_000, 100, 128
_M_PER_KM = 1000.0


def parse(payload: bytes, received: datetime) -> Iterator[Event | Rejected]:
    """An event per item with a place; a bad item costs only itself."""
    root = xml_of(payload)
    if local(root) not in {"rss", "feed", "RDF"}:
        raise BadPayload("rss: missing; this is neither RSS nor Atom", field="rss")
    publisher = _publisher(root)
    for item in [one for one in root.iter() if local(one) in _ITEMS][:_MOST]:
        try:
            yield from _of_item(item, publisher, received)
        except BadPayload as error:
            yield Rejected(original=written(item), reason=str(error), field=error.field)


def _publisher(root: Element) -> str:
    channel = next(iter(children(root, "channel")), root)
    return _line(text_of(channel, "title") or "GeoRSS")


def _of_item(item: Element, publisher: str, received: datetime) -> Iterator[Event]:
    places = [(kind, numbers) for kind, numbers in _places(item) if numbers]
    if not places:
        return
    title = text_of(item, "title")
    if title is None:
        raise BadPayload("title: missing", field="title")
    at = _date(item, received)
    points = [_pairs(numbers, "point")[0] for kind, numbers in places if kind == "point"]
    fact = PublicReportMade(
        report=_key(item, publisher, title),
        title=_line(title),
        publisher=publisher,
        lon=points[0][0] if points else None,
        lat=points[0][1] if points else None,
        polygons=() if points else tuple(_ring(kind, numbers) for kind, numbers in places if kind != "circle"),
        circles=() if points else tuple(_circle(numbers) for kind, numbers in places if kind == "circle"),
    )
    yield said_by("georss", fact, at, received)


def _places(item: Element) -> Iterator[tuple[str, list[str]]]:
    """(kind, numbers as texts): latitude first, as GeoRSS and GML both have it."""
    lat, lon = text_of(item, "lat"), text_of(item, "long") or text_of(item, "lon")
    if lat is not None and lon is not None:
        yield "point", [lat, lon]
    for place in item.iter():
        kind = local(place)
        if kind == "point" or kind in _AREAS:
            yield kind, _numbers(place.text)
        elif kind in _GML:
            said = [one.text for one in place.iter() if local(one) in {"pos", "posList", "lowerCorner", "upperCorner"}]
            yield _GML[kind], _numbers(" ".join(one or "" for one in said))


def _numbers(said: str | None) -> list[str]:
    numbers = (said or "").replace(",", " ").split()
    if len(numbers) > _MOST_NUMBERS:
        raise BadPayload(f"{len(numbers)} numbers in one place, at most {_MOST_NUMBERS} are read", field="polygon")
    return numbers


def _pairs(numbers: list[str], field: str) -> Ring:
    if len(numbers) < 2 or len(numbers) % 2:  # noqa: PLR2004 — lat, lon
        raise BadPayload(f"{field}: {shown(' '.join(numbers))} is not like -0.5 117.1", field=field)
    try:
        return tuple(
            (between(-180, 180, lon), between(-90, 90, lat))
            for lat, lon in zip(numbers[::2], numbers[1::2], strict=True)
        )
    except ValueError as error:
        raise BadPayload(f"{field}: {error}", field=field) from error


def _ring(kind: str, numbers: list[str]) -> Ring:
    corners = _pairs(numbers, kind)
    if kind != "box":
        return corners
    if len(corners) != 2:  # noqa: PLR2004 — lower and upper corner
        raise BadPayload("box: it has a lower and an upper corner", field="box")
    (west, south), (east, north) = corners
    return (west, south), (east, south), (east, north), (west, north), (west, south)


def _circle(numbers: list[str]) -> Circle:
    """The radius comes in metres."""
    if len(numbers) != 3:  # noqa: PLR2004 — lat, lon, radius
        raise BadPayload("circle: it is lat lon radius", field="circle")
    ((lon, lat),) = _pairs(numbers[:2], "circle")
    try:
        return lon, lat, between(0, 20_100_000, numbers[2]) / _M_PER_KM
    except ValueError as error:
        raise BadPayload(f"circle: {error}", field="circle") from error


def _date(item: Element, received: datetime) -> datetime:
    field = next((name for name in _DATES if text_of(item, name)), None)
    if field is None:
        raise BadPayload("pubDate: missing; news without a time would be news for ever", field="pubDate")
    try:
        return not_ahead(_moment(text_of(item, field) or ""), received)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise BadPayload(f"{field}: {error}", field=field) from error


def _moment(said: str) -> datetime:
    """ISO 8601 in Atom, "Mon, 16 Feb 2026 22:50:00 +0700" in RSS."""
    try:
        return moment_of(said)
    except ValueError:
        moment = parsedate_to_datetime(said)
    if moment.tzinfo is None:
        raise ValueError(f"{shown(said)} has no offset; write it like Mon, 16 Feb 2026 22:50:00 +0700")
    return moment_of(moment.isoformat())


def _key(item: Element, publisher: str, title: str) -> str:
    said = text_of(item, "guid") or text_of(item, "id") or next(iter(links_of(item)), None)
    key = f"georss-{said}"
    return (
        key
        if said and len(key) <= _LONGEST_ID and key.isprintable()
        else f"georss-{stable_id(publisher, said or title)}"
    )


def _line(said: str) -> str:
    words = "".join(c for c in " ".join(said.split()) if c.isprintable())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


FEED = Feed(
    title=Words(id="Berita berlokasi (GeoRSS)", en="News with a place (GeoRSS)"),
    parse=parse,
    content_types=("application/rss+xml", "application/atom+xml", "application/xml", "text/xml"),
    seal=seal_xml,
)
