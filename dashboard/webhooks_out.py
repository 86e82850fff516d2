"""Tells others what happens: follows the log in a thread of its own, and each receiver has another one.

Nothing here can hold up the log or a screen: a receiver that fails, hangs or is gone costs its own thread time and its
own queue room. What is queued is on the disk.
"""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog

from cctv.guard import Guard, networks_of
from dashboard.caller_key import load_caller_key
from dashboard.live import Hub
from dashboard.webhooks_book import HookBook, OutHook
from dashboard.webhooks_news import body_of, news_for
from dashboard.webhooks_send import TIMEOUT_S, NotTaken, post
from dashboard.webhooks_sign import sign
from dashboard.webhooks_status import save_dead
from geodata.clock import Clock
from geodata.errors import LayarError, StoreUnavailable
from layers.layer import Role
from layers.store.outbox import FILE_NAME, Message, Outbox
from layers.store.store import Store

_LOG = structlog.get_logger()
RETRIES_S = (5, 30, 120, 600, 1800, 3600, 7200, 18_000)
"""Seconds until the next try after each failure; after the last one the message is dead."""

_JITTER = 0.2
_LOOK_S = 1.0
_BATCH = 500
_END_S = 2.0
_USER_AGENT = "layar112-webhooks"


def again_after(tries: int, chance: float) -> timedelta | None:
    """When to try again after that many failures before this one; None: never."""
    if tries >= len(RETRIES_S):
        return None
    return timedelta(seconds=RETRIES_S[tries] * (1 - _JITTER + 2 * _JITTER * chance))


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the sender needs of the server. `public_delay`: how much later than the room the public is told."""

    store: Store
    hub: Hub
    clock: Clock
    public_delay: timedelta
    own_ports: frozenset[int]


def guard_of_hook(hook: OutHook, own_ports: frozenset[int]) -> Guard:
    """The networks it names, and over HTTPS the Internet: what others on the way can read stays in the city's own."""
    guard = Guard(networks=networks_of(hook.allow), own_ports=own_ports, is_outward=True)
    return guard if hook.url.startswith("https:") else guard.inward


class Webhooks:
    """`start` it in the process that serves. Without an outgoing hook it only looks whether there is one."""

    def __init__(
        self,
        data_dir: Path,
        around: Around,
        *,
        chance: Callable[[], float] = random.random,
        look_s: float = _LOOK_S,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._around, self._look_s, self._timeout_s = around, look_s, timeout_s
        self._data_dir, self._book = data_dir, HookBook(data_dir)
        self._key = load_caller_key(data_dir)
        self._dead: dict[str, int] | None = None
        self._path = data_dir / FILE_NAME
        self._chance = chance
        self._outbox: Outbox | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="webhooks", daemon=True)
        self._senders: dict[str, threading.Thread] = {}

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """What is on its way may arrive twice; what is queued stays."""
        self._stopping.set()
        for thread in (self._thread, *self._senders.values()):
            if thread.is_alive():
                thread.join(_END_S)
        if self._outbox is not None:
            self._outbox.close()

    def _follow(self) -> None:
        while not self._stopping.wait(self._look_s):
            try:
                for hook in self._book.hooks().outgoing:
                    self._queue(hook)
                    self._keep_sender(hook.name)
                self._say_dead()
            except (LayarError, OSError) as error:
                _LOG.warning("webhooks_wait", reason=str(error))

    def _say_dead(self) -> None:
        counts = self._outbox.counts() if self._outbox else {}
        dead = {name: count for name, (_, count) in counts.items() if count}
        if dead != self._dead:
            save_dead(self._data_dir, dead)
            self._dead = dead

    def _queue(self, hook: OutHook) -> None:
        """Everything since the place it was told of last; a new hook begins now."""
        if self._outbox is None:
            self._outbox = Outbox(self._path)
        cursor = self._outbox.place(hook.name)
        if cursor is None:
            self._outbox.add(hook.name, (), self._around.hub.situation().cursor)
            return
        is_behind = True
        while is_behind and not self._stopping.is_set():
            delta = self._around.store.since(cursor, _BATCH)
            is_behind = len(delta.events) == _BATCH
            if delta.cursor != cursor:
                news = list(news_for(hook, delta.events, self._around.public_delay, self._around.clock()))
                self._outbox.add(hook.name, news, delta.cursor)
                cursor = delta.cursor

    def _keep_sender(self, name: str) -> None:
        thread = self._senders.get(name)
        if thread is None or not thread.is_alive():
            self._senders[name] = threading.Thread(
                target=self._send_all, args=(name,), name=f"webhook {name}", daemon=True
            )
            self._senders[name].start()

    def _send_all(self, name: str) -> None:
        """Until told to stop or the hook is gone. While its receiver is out of reach, one message in turn is tried."""
        while not self._stopping.is_set():
            try:
                hook = self._book.outgoing(name)
                if hook is None:
                    return
                pause_s = self._send_next(hook)
            except LayarError as error:
                _LOG.warning("webhook_waits", hook=name, reason=str(error))
                pause_s = self._look_s
            self._stopping.wait(pause_s)

    def _send_next(self, hook: OutHook) -> float:
        """Seconds until there may be more to do."""
        around, outbox = self._around, self._outbox
        message = outbox.next_due(hook.name, around.clock()) if outbox else None
        if outbox is None or message is None or around.hub.situation().cursor < message.cursor:
            return self._look_s
        body = message.body or self._written(hook, message)
        if body is None:
            outbox.done(message.number)
            return 0.0
        try:
            self._post(hook, message, body)
        except NotTaken as error:
            return self._failed(message, error)
        outbox.done(message.number)
        return 0.0

    def _written(self, hook: OutHook, message: Message) -> bytes | None:
        """Composed when it is due, from what the form's role may see then; every try says the same."""
        role: Role = "visitor" if hook.form == "public" else "wall"
        incident = self._around.hub.thing(role, "incidents", message.subject)
        ground = self._around.hub.situation().ground
        body = None if incident is None else body_of(hook, message, incident, ground, self._key)
        if body is not None and self._outbox is not None:
            self._outbox.write(message.number, body)
        return body

    def _post(self, hook: OutHook, message: Message, body: bytes) -> None:
        at_s = int(self._around.clock().timestamp())
        headers = sign(hook.secret, message.id, at_s, body)
        headers |= {"Content-Type": "application/json", "User-Agent": _USER_AGENT}
        post(hook.url, body, headers, guard_of_hook(hook, self._around.own_ports), self._timeout_s)

    def _failed(self, message: Message, error: NotTaken) -> float:
        pause = None if error.is_final else again_after(message.tries, self._chance())
        again_at = self._around.clock() + pause if pause else None
        if self._outbox is None:
            raise StoreUnavailable("the outbox is gone")
        self._outbox.failed(message, str(error), again_at)
        event = "webhook_failed" if pause else "webhook_dead"
        _LOG.warning(event, hook=message.hook, reason=str(error), tries=message.tries + 1)
        return min(self._look_s * 5, pause.total_seconds()) if pause else 0.0
