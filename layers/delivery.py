"""A delivery: the bytes that one sender brought, sealed, and when; as it goes through the door and waits in a spool."""

from dataclasses import dataclass
from datetime import datetime

import orjson

from layers.event import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """`payload` holds no telephone number any more. `source` is "<client>/<feed>"; `who`: the person who brought it."""

    payload: bytes
    feed: str
    client: str
    received: datetime
    mode: Mode
    who: str | None = None
    why: str | None = None

    @property
    def source(self) -> str:
        """Whose events these are."""
        return f"{self.client}/{self.feed}"


def packed(delivery: Delivery) -> bytes:
    """One line of JSON that says whose it is, then the payload as it is."""
    said = {"feed": delivery.feed, "client": delivery.client, "received": delivery.received, "mode": delivery.mode}
    if delivery.who is not None:
        said |= {"who": delivery.who, "why": delivery.why}
    return orjson.dumps(said) + b"\n" + delivery.payload


def unpacked(record: bytes) -> Delivery:
    """What `packed` made."""
    line, _, payload = record.partition(b"\n")
    said = orjson.loads(line)
    return Delivery(
        payload=payload,
        feed=said["feed"],
        client=said["client"],
        received=datetime.fromisoformat(said["received"]),
        mode=said["mode"],
        who=said.get("who"),
        why=said.get("why"),
    )
