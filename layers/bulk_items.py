"""Files of any other feed, item by item, so that what is wrong with one is said with its number."""

import codecs
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from geodata.errors import BadPayload
from layers.event import Event, subject_of
from layers.feed import Feed, Rejected
from layers.ingest import MAX_PAYLOAD_BYTES
from layers.table_read import Reading

MOST_BYTES = 500_000_000
LONG_AGO = timedelta(days=2)
"""What is older is history; what is younger is as good as sent just now."""

_TRIED = 20


def items_of(path: Path) -> list[bytes]:
    """Each element of a JSON list, each feature of a collection; anything else as it is. Raises BadPayload."""
    if path.stat().st_size > MOST_BYTES:
        raise BadPayload(f"{path.name} has more than {MOST_BYTES // 1_000_000} MB: split it")
    payload = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    try:
        said = orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        if len(payload) > MAX_PAYLOAD_BYTES:
            raise BadPayload(f"{path.name} is no JSON and has more than {MAX_PAYLOAD_BYTES} bytes: split it") from error
        return [payload]
    if isinstance(said, list):
        return [orjson.dumps(item) for item in said]
    features = said.get("features") if isinstance(said, dict) else None
    if isinstance(features, list) and features:
        return [orjson.dumps({**said, "features": [feature]}) for feature in features]
    return [payload]


def readings_of_items(items: Sequence[bytes], feed: Feed, received: datetime, key: bytes) -> Iterator[Reading]:
    """One reading per item; one per rejected part of it."""
    for number, item in enumerate(items, 1):
        news = _read(item, feed, received, key)
        events = tuple(one for one in news if isinstance(one, Event))
        rejected = [one for one in news if isinstance(one, Rejected)]
        if events or not rejected:
            yield Reading(sheet="", numbers=(number,), events=events)
        for one in rejected:
            yield Reading(sheet="", numbers=(number,), rejected=one)


def _read(item: bytes, feed: Feed, received: datetime, key: bytes) -> list[Event | Rejected]:
    try:
        sealed = feed.seal(item, key)
        return list(feed.parse(sealed, received))
    except BadPayload as error:
        return [Rejected(original=sealed, reason=str(error), field=error.field)]
    except Exception as error:  # noqa: BLE001 — edge: a parser, ours or a stranger's, may fail in any way
        return [Rejected(original=b"", reason=f"the feed failed on it ({type(error).__name__}: {error})")]


def is_long_ago(received: datetime, events: Sequence[Event]) -> bool:
    """Whether the newest word of an item is old."""
    return bool(events) and max(event.at for event in events) < received - LONG_AGO


def likely_feeds(items: Sequence[bytes], feeds: Mapping[str, Feed], received: datetime, key: bytes) -> tuple[str, ...]:
    """The feeds that read the most of the first items, and of those the ones that understand the most of them."""
    scores = {name: _score(items[:_TRIED], feed, received, key) for name, feed in feeds.items()}
    best = max(scores.values(), default=(0, 0))
    return tuple(sorted(name for name, score in scores.items() if score == best)) if best > (0, 0) else ()


def _score(items: Sequence[bytes], feed: Feed, received: datetime, key: bytes) -> tuple[int, int]:
    readings = list(readings_of_items(items, feed, received, key))
    if any(reading.rejected is not None for reading in readings):
        readings = [reading for reading in readings if reading.rejected is None]
    read = [reading for reading in readings if reading.events]
    return len(read), sum(_said(event.fact) for reading in read for event in reading.events if subject_of(event.fact))


def _said(fact: Any) -> int:  # noqa: ANN401 — any layer's fact
    """How much of a fact was told."""
    text = str(orjson.loads(orjson.dumps(fact, default=str)))
    return text.count("': ") - text.count("': None")
