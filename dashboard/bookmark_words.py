"""A bookmark in words, and the link that shows it. Pure; knows nothing of HTTP."""

from datetime import datetime
from urllib.parse import urlencode

from geodata.city import City
from layers.bookmarks import Bookmark, BookmarkSet


def address(fact: BookmarkSet) -> str:
    """The link to be shared."""
    return f"/wall?{urlencode({'at': iso(fact.at), 'sense': fact.sense}, safe=':')}"


def iso(moment: datetime) -> str:
    """UTC, as machines like it."""
    return moment.isoformat().replace("+00:00", "Z")


def line_of(bookmark: Bookmark, city: City) -> str:
    """One line for a terminal, by the city's clocks, without what could command the terminal."""
    fact = bookmark.fact
    times = [f"{at.astimezone(city.zone):%Y-%m-%d %H:%M:%S}" for at in (fact.at, fact.until) if at]
    said = (bookmark.id, " - ".join(times), city.zone_label, fact.sense, fact.name, fact.by, address(fact), fact.note)
    text = "  ".join(str(part) for part in said if part)
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
