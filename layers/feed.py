"""The Feed contract: how bytes of one dialect become events."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from geodata.places import Ground
from geodata.plugins import Plugins, discover
from layers.caller_seal import seal
from layers.event import Event
from layers.layer import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """One item of a payload that cannot be read; the others stand. It goes to quarantine."""

    original: bytes
    reason: str
    field: str | None = None


def as_it_came(payload: bytes, _topic: str) -> bytes:
    """The payload says itself whose it is."""
    return payload


Parse = Callable[[bytes, datetime], Iterator[Event | Rejected]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One dialect; `layers/feeds/<name>.py` ends with `FEED = Feed(...)`.

    `parse(payload, received)` is pure. It yields events (with `seen=received`, `source` the feed's name)
    and Rejected items, and raises BadPayload when nothing of the payload can be read.
    `seal(payload, key)` takes out what may not be kept, before anything else sees the payload; sealing what is sealed
    changes nothing. The default takes telephone numbers out of JSON, and every long run of digits out of all else.
    `silent_s`: after how long without news the wall says that this feed is silent (None: never).
    `addressed(payload, topic)` writes into the payload what only its transport knows (an MQTT topic, a file's name, a
    peer's address), so that `parse` and the quarantine have it too. `credit`: whom to name where its data is shown.
    `here(ground)`: the `parse` for one city, of a dialect that writes its local time or names; `at_home` asks for it.
    Events whose source begins with `layers.event.HISTORY` stay history.
    """

    title: Words
    parse: Parse
    content_types: tuple[str, ...] = ("application/json",)
    seal: Callable[[bytes, bytes], bytes] = seal
    silent_s: float | None = None
    addressed: Callable[[bytes, str], bytes] = as_it_came
    here: Callable[[Ground], Parse] | None = None
    credit: str | None = None


def at_home(feeds: Mapping[str, Feed], ground: Ground) -> Mapping[str, Feed]:
    """The feeds as they are read in this city."""
    return {name: replace(feed, parse=feed.here(ground)) if feed.here else feed for name, feed in feeds.items()}


def discover_feeds() -> Plugins[Feed]:
    """Every feed in `layers/feeds` and every third party's."""
    return discover("layers.feeds", "FEED", Feed)
