"""The one door: bytes of any feed in, durable events or a quarantined refusal out.

It knows nothing of HTTP: `dashboard/api.py` turns a Receipt into a status.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, islice
from typing import Any, Literal

from geodata.errors import BadInput, BadPayload, NotFound, StoreUnavailable
from layers.aside import Aside, Reading, Waiting
from layers.caller_seal import masked
from layers.delivery import Delivery
from layers.event import HISTORY, Event, Mode, stable_id, subject_of
from layers.feed import Feed, Rejected
from layers.store.spool import Spool
from layers.store.store import Appended, Refusal, Store

Outcome = Literal["created", "known", "waiting", "rejected"]

MAX_PAYLOAD_BYTES = 4_000_000
MAX_ITEMS = 10_000
_KEPT_OF_OVERSIZE = 65_536
_KEPT_ITEM_BY_ITEM = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Taken, but the sender should know: `field` says something this city cannot use, `detail` what and why."""

    field: str
    detail: str


def no_doubts(_fact: object) -> tuple[Doubt, ...]:
    """Everything makes sense."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What became of one item of a payload.

    `subject` is the id of the thing it is about (an incident, a unit); `events` the ids of its events.
    "created": nothing had been heard of that subject before. "waiting": durable, and in the log as soon as that can be
    written; whether it is new is not known before. "rejected": `reason` says why and what to do,
    `field` names the field where one is to blame. `doubts`: taken, but not all of it can be used here.
    """

    outcome: Outcome
    subject: str | None = None
    events: tuple[str, ...] = ()
    reason: str | None = None
    field: str | None = None
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a payload, item by item, in its order; all of it durable.

    `cursor` is the newest of the log, 0 when nothing of the payload was appended. A payload that says
    nothing (an OwnTracks status) has no items and is fine. `quarantined` are ids in the quarantine.
    `is_waiting`: the log cannot be written just now; the payload goes into it, or into the quarantine, by itself.
    """

    cursor: int
    items: tuple[Item, ...] = ()
    quarantined: tuple[int, ...] = ()
    is_waiting: bool = False

    @property
    def is_created(self) -> bool:
        """Whether something new came to be: HTTP says 201."""
        return any(item.outcome == "created" for item in self.items)

    @property
    def is_rejected(self) -> bool:
        """Whether nothing of it could be read: HTTP says 422."""
        return bool(self.items) and all(item.outcome == "rejected" for item in self.items)

    @property
    def rejected(self) -> tuple[Item, ...]:
        """The items that could not be read."""
        return tuple(item for item in self.items if item.outcome == "rejected")


class Door:
    """Takes payloads for the store. Thread-safe; one per process is enough."""

    def __init__(
        self,
        store: Store,
        feeds: Mapping[str, Feed],
        doubts: Callable[[object], tuple[Doubt, ...]] = no_doubts,
        key: bytes | None = None,
        spool: Spool | None = None,
    ) -> None:
        """`key` seals personal data; without one they are sealed so that nobody can tell whose they were.

        `spool` keeps what comes while the log cannot be written; without one it is refused.
        """
        self._key = key or secrets.token_bytes(32)
        self._store = store
        self._feeds = feeds
        self._doubts = doubts
        self._aside = None if spool is None else Aside(spool, store, self._read)
        if self._aside is not None:
            self._aside.start()

    def close(self) -> None:
        """What waits for the log is left to the next process."""
        if self._aside is not None:
            self._aside.stop()

    @property
    def waiting(self) -> Waiting:
        """What waits for the log."""
        return Waiting() if self._aside is None else self._aside.waiting

    def accept(  # noqa: PLR0913 — what is known of a delivery, each by its name
        self,
        payload: bytes,
        *,
        feed: str,
        client: str,
        received: datetime,
        mode: Mode = "live",
        who: str | None = None,
        why: str | None = None,
    ) -> Receipt:
        """Parse, mark with source and mode, append, quarantine the rest.

        Sending the same again is harmless: ids come from the content, and the log takes one that it has only when
        something else was said of that incident since. `who` and `why`: of what a person brings by hand. Raises
        NotFound for a feed nobody installed and StoreUnavailable when it is not taken, or nobody knows; all else is
        in the receipt.
        """
        reason = None if why is None else masked(why)
        return self._take(
            Delivery(payload=payload, feed=feed, client=client, received=received, mode=mode, who=who, why=reason)
        )

    def retry(
        self, number: int, *, instead: bytes | None = None, who: str | None = None, why: str | None = None
    ) -> Receipt:
        """Read a quarantined payload again; it leaves the quarantine if nothing of it is refused now.

        `instead`: as `who` has mended it; then what is still refused changes nothing. Raises NotFound for an id that is
        not in the quarantine, and BadInput for a mended one that cannot be read whole.
        """
        refusal = self._store.refused(number).refusal
        delivery = Delivery(
            payload=refusal.original if instead is None else instead,
            feed=refusal.feed,
            client=refusal.source.removesuffix(f"/{refusal.feed}"),
            received=refusal.received,
            mode=refusal.mode,
            who=who,
            why=None if why is None else masked(why),
        )
        if instead is not None:
            self._refuse_unread(delivery)
        receipt = self._take(delivery)
        if number not in receipt.quarantined:
            self._store.release(number)
        return receipt

    def _refuse_unread(self, delivery: Delivery) -> None:
        feed = self._feed(delivery.feed)
        for item in _parsed(feed, _sealed(feed, delivery, self._key)):
            if isinstance(item, Rejected):
                raise BadInput(item.reason, field=item.field)

    def _feed(self, name: str) -> Feed:
        feed = self._feeds.get(name)
        if feed is None:
            raise NotFound(f"no feed {name!r}; installed are: {', '.join(sorted(self._feeds))}")
        return feed

    def _take(self, delivery: Delivery) -> Receipt:
        feed = self._feed(delivery.feed)
        delivery = _sealed(feed, delivery, self._key)
        news = _parsed(feed, delivery)
        if self._aside is None:
            return self._append(news, delivery)
        if not self._aside.is_empty:
            return self._set_aside(self._aside, news, delivery)
        try:
            return self._append(news, delivery)
        except StoreUnavailable:
            return self._set_aside(self._aside, news, delivery)

    def _append(self, news: list[Event | Rejected], delivery: Delivery) -> Receipt:
        """Refusals first: of a payload that then goes aside whole, keeping them twice only counts."""
        marked = _all_marked(news, delivery)
        numbers = tuple(dict.fromkeys(map(self._store.quarantine, _refusals(news, delivery))))
        appended = self._store.append(marked) if marked else Appended(cursor=0, is_new=(), is_first=())
        items = _items(news, marked, appended)
        return Receipt(cursor=appended.cursor, items=self._all_with_doubts(items, marked), quarantined=numbers)

    def _set_aside(self, aside: Aside, news: list[Event | Rejected], delivery: Delivery) -> Receipt:
        if news:
            aside.keep(delivery)
        marked = _all_marked(news, delivery)
        unknown = Appended(cursor=0, is_new=(False,) * len(marked), is_first=(False,) * len(marked))
        items = (replace(i, outcome="waiting") if i.outcome == "known" else i for i in _items(news, marked, unknown))
        return Receipt(cursor=0, items=self._all_with_doubts(items, marked), is_waiting=bool(news))

    def _read(self, delivery: Delivery) -> Reading:
        """What had been set aside, read once more; its feed may be gone by now."""
        feed = self._feeds.get(delivery.feed)
        gone = Rejected(original=delivery.payload, reason=f"no feed {delivery.feed!r}; retry when it is installed")
        news = [gone] if feed is None else _parsed(feed, delivery)
        return Reading(events=_all_marked(news, delivery), refusals=_refusals(news, delivery))

    def _all_with_doubts(self, items: Iterable[Item], marked: Iterable[Event]) -> tuple[Item, ...]:
        facts = {event.id: event.fact for event in marked}
        return tuple(self._with_doubts(item, facts) for item in items)

    def _with_doubts(self, item: Item, facts: Mapping[str, object]) -> Item:
        doubts = tuple(doubt for event in item.events for doubt in self._doubts(facts[event]))
        return replace(item, doubts=doubts) if doubts else item


def _sealed(feed: Feed, delivery: Delivery, key: bytes) -> Delivery:
    """What may not be kept is gone before anything is read, refused or logged; when that fails, so is the rest."""
    try:
        return replace(delivery, payload=feed.seal(delivery.payload, key))
    except Exception:  # noqa: BLE001 — edge: a stranger's feed may fail in any way; what is in doubt is not kept
        return replace(delivery, payload=b"")


def _parsed(feed: Feed, delivery: Delivery) -> list[Event | Rejected]:
    size = len(delivery.payload)
    if size > MAX_PAYLOAD_BYTES:
        reason = f"the payload has {size} bytes, at most {MAX_PAYLOAD_BYTES} are read: send it in parts"
        return [Rejected(original=delivery.payload[:_KEPT_OF_OVERSIZE], reason=reason)]
    try:
        news = list(islice(feed.parse(delivery.payload, delivery.received), MAX_ITEMS + 1))
    except BadPayload as error:
        return [Rejected(original=delivery.payload, reason=str(error), field=error.field)]
    except Exception as error:  # noqa: BLE001 — edge: a parser, ours or a stranger's, may fail in any way; its bytes are kept
        reason = f"the feed {delivery.feed!r} failed on it ({type(error).__name__}: {error}); retry when it is mended"
        return [Rejected(original=delivery.payload, reason=reason)]
    if len(news) > MAX_ITEMS:
        reason = f"the payload has more than {MAX_ITEMS} items: send it in parts"
        return [Rejected(original=delivery.payload, reason=reason)]
    return news


def _all_marked(news: Iterable[Event | Rejected], delivery: Delivery) -> list[Event]:
    return [_marked(event, delivery) for event in news if isinstance(event, Event)]


def _marked(event: Event, delivery: Delivery) -> Event:
    """The same words from another source, or in a drill, are another event."""
    event_id = stable_id(delivery.source, delivery.mode, event.id)
    source = f"{HISTORY}{delivery.source}" if event.is_history else delivery.source
    seen = delivery.received.replace(microsecond=delivery.received.microsecond // 1_000 * 1_000)
    at = seen if event.at == delivery.received else event.at
    marks: dict[str, Any] = {"source": source, "mode": delivery.mode, "who": delivery.who, "why": delivery.why}
    return replace(event, id=event_id, at=at, seen=seen, **marks)


def _refusals(news: Iterable[Event | Rejected], delivery: Delivery) -> list[Refusal]:
    """One per rejected item; when they are many the payload is kept once, whole."""
    rejected = [item for item in news if isinstance(item, Rejected)]
    if len(rejected) > _KEPT_ITEM_BY_ITEM:
        first = rejected[0]
        reason = f"{len(rejected)} items rejected; the first: {first.reason}"
        rejected = [Rejected(original=delivery.payload, reason=reason, field=first.field)]
    return [
        Refusal(
            received=delivery.received,
            source=delivery.source,
            feed=delivery.feed,
            reason=item.reason,
            field=item.field,
            original=item.original,
            mode=delivery.mode,
        )
        for item in rejected
    ]


def _items(news: Iterable[Event | Rejected], marked: Iterable[Event], appended: Appended) -> tuple[Item, ...]:
    """Neighbouring events of one subject are one item."""
    outcomes = iter(zip(marked, appended.is_first, strict=True))
    told = [item if isinstance(item, Rejected) else next(outcomes) for item in news]
    items: list[Item] = []
    for _, run in groupby(enumerate(told), key=_run_key):
        items.append(_item([entry for _, entry in run]))
    return tuple(items)


def _run_key(numbered: tuple[int, Rejected | tuple[Event, bool]]) -> tuple[int, str | None]:
    number, entry = numbered
    return (number, None) if isinstance(entry, Rejected) else (-1, subject_of(entry[0].fact))


def _item(run: list[Rejected | tuple[Event, bool]]) -> Item:
    first = run[0]
    if isinstance(first, Rejected):
        return Item(outcome="rejected", reason=first.reason, field=first.field)
    events = [entry for entry in run if not isinstance(entry, Rejected)]
    is_created = any(is_first for _, is_first in events)
    return Item(
        outcome="created" if is_created else "known",
        subject=subject_of(first[0].fact),
        events=tuple(event.id for event, _ in events),
    )
