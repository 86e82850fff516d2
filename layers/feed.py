"""The Feed contract: how bytes of one dialect become events."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from geodata.plugins import Plugins, discover
from layers.event import Event
from layers.layer import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """One item of a payload that cannot be read; the others stand. It goes to quarantine."""

    original: bytes
    reason: str
    field: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One dialect; `layers/feeds/<name>.py` ends with `FEED = Feed(...)`.

    `parse(payload, received)` is pure. It yields events (with `seen=received`, `source` the feed's name)
    and Rejected items, and raises BadPayload when nothing of the payload can be read.
    `silent_s`: after how long without news the wall says that this feed is silent (None: never).
    """

    title: Words
    parse: Callable[[bytes, datetime], Iterator[Event | Rejected]]
    content_types: tuple[str, ...] = ("application/json",)
    silent_s: float | None = None


def discover_feeds() -> Plugins[Feed]:
    """Every feed in `layers/feeds` and every third party's."""
    return discover("layers.feeds", "FEED", Feed)
