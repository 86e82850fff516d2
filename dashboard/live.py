"""The hub: one thread follows the log and keeps what each role sees; every viewer is answered from it.

No viewer has a queue. A stream that falls behind gets one delta from where it is to where the hub is, so a
slow viewer costs nothing. What many ask alike is encoded once: for streams it hangs on the frame, for polls
it is kept in Flask-Caching, by role and cursor.
"""

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

import orjson
import structlog
from flask_caching import Cache

from dashboard.credits import credits_of
from dashboard.degraded import Signs, troubles
from dashboard.director_said import scenes
from dashboard.frame import Frame, Told
from dashboard.looks import Looks
from dashboard.panels import panels
from dashboard.picture import (
    Picture,
    Twin,
    first_picture,
    held,
    message,
    next_picture,
    short_hash,
    still_visible,
    told,
    with_panels,
)
from dashboard.visitors import Openness, Visitors
from geodata.clock import Clock, epoch_s
from geodata.errors import StoreUnavailable
from geodata.places import Ground
from layers.audience import seen, visible
from layers.event import Mode
from layers.exercises import exercise_said, shown_mode
from layers.feed import Feed
from layers.layer import Layers, Role, Visit
from layers.situation import Situation, Touched, after_all
from layers.store.store import Store

_LOG = structlog.get_logger()
TICK_S = 0.2
LOOK_S = 1.0
_WAIT_S = 0.25
_BATCH = 2_000
_CACHE_S = 10
_COUNTED = frozenset({"incidents", "cameras"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the hub needs beside the log. `signs` is asked once a second; `on_death` is called should it ever fail.

    `clock` is what a screen is told; how long something lasts is counted by `seconds`, which no clock step moves.
    """

    layers: Layers
    feeds: Mapping[str, Feed]
    clock: Clock
    signs: Callable[[], Signs]
    heartbeat_s: float
    mode: Mode
    build: str
    cache: Cache
    on_death: Callable[[], None] = lambda: None
    seconds: Callable[[], float] = time.monotonic
    openness: Openness = field(default_factory=Openness)
    campaigns: Callable[[Situation], list[dict[str, Any]]] = lambda _situation: []
    director_stuck: Callable[[], datetime | None] = lambda: None
    ground: Callable[[], Ground] | None = None
    """As it is now; None: as the log has it."""


class Hub:
    """Follows `store`; `start` it in the process that serves, never before a fork."""

    def __init__(self, store: Store, around: Surroundings) -> None:
        self._store = store
        self.around = around
        self._nonce = secrets.token_hex(8)
        self._news = threading.Condition()
        self._drawing = threading.Lock()
        self._encoding = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._frame: Frame | None = None
        self._looks = Looks(around.seconds)
        self._visitors = Visitors(
            layers=around.layers,
            openness=around.openness,
            seconds=around.seconds,
            tag=short_hash(self._nonce, "visitor"),
            credits=partial(credits_of, feeds=around.feeds),
        )
        self._failed_at: datetime | None = None
        self._followed_s: float | None = None
        self._read_s: float | None = None
        self._signs_before = Signs()

    def start(self) -> None:
        """Begin to follow the log."""
        self._thread = threading.Thread(target=self._follow, name="hub", daemon=True)
        self._thread.start()

    def let_go(self) -> None:
        """Streams end within a second. Fit for a signal handler."""
        self._stopping.set()

    def stop(self) -> None:
        """Let go of the log and of every viewer, now."""
        self._stopping.set()
        with self._news:
            self._news.notify_all()
        if self._thread is not None:
            self._thread.join(5)

    @property
    def is_stopping(self) -> bool:
        """Whether streams should end."""
        return self._stopping.is_set()

    @property
    def behind_s(self) -> float | None:
        """Seconds since the hub last knew all that the log knows; None before the first time."""
        return None if self._followed_s is None else self.around.seconds() - self._followed_s

    @property
    def log_failed_at(self) -> datetime | None:
        """Since when the log cannot be read; None while it can."""
        return self._failed_at

    def situation(self) -> Situation:
        """The newest one, unredacted. Raises StoreUnavailable until the log has been read once."""
        return self._current().situation

    def picture(self, role: Role) -> Picture:
        """What the role sees now. Raises StoreUnavailable until the log has been read once."""
        return self._awake(role).pictures[role]

    def thing(self, role: Role, layer: str, key: str) -> Any:  # noqa: ANN401 — whatever the layer's thing is
        """One thing as the role may see it, or None; draws nothing. Raises as `picture`."""
        situation = self.situation()
        visit = self._visitors.visit(situation, self.around.clock())
        return seen(situation, self.around.layers, layer, key, role, visit)

    def visit(self, situation: Situation, now: datetime) -> Visit:
        """By what visitors are judged: also of the past, so that an incident has the same name there."""
        return self._visitors.visit(situation, now)

    def answer(self, role: Role, said: str | None) -> Told:
        """What leads a viewer that holds the cursor `said` (None or strange: nothing) to the present."""
        frame = self._awake(role)
        picture = frame.pictures[role]
        since = held(picture, said)
        start, body = frame.steps.get(role, (None, b""))
        if since is None or said != start:
            body = self._body(picture, since, said)
        return Told(cursor=picture.said_as, data=self._message(picture, said if since else None, body))

    def wait(self, role: Role, said: str | None, timeout_s: float) -> bool:
        """Whether, within the time, there is more than a viewer with the cursor `said` knows."""
        if self._frame is not None:
            self._awake(role)
        with self._news:
            self._news.wait_for(lambda: self.is_stopping or self._is_newer(role, said), timeout_s)
            return not self.is_stopping and self._is_newer(role, said)

    def streaming(self, role: Role) -> AbstractContextManager[None]:
        """While a stream of this role is open its steps are encoded ahead, once for all."""
        return self._looks.streaming(role)

    def _is_newer(self, role: Role, said: str | None) -> bool:
        if self._frame is None:
            return False
        picture = self._frame.pictures.get(role)
        return picture is None or picture.said_as != said

    def _current(self) -> Frame:
        if self._frame is None:
            raise StoreUnavailable("the log has not been read yet; try again in a second")
        return self._frame

    def _awake(self, role: Role) -> Frame:
        """The newest frame with a picture for this role: drawn here and now when nobody had looked as it of late."""
        self._looks.note(role)
        frame = self._current()
        if role in frame.pictures:
            return frame
        with self._drawing:
            frame = self._current()
            if role not in frame.pictures:
                frame = replace(frame, pictures={**frame.pictures, role: self._first_picture(frame, role)})
                self._show(frame)
        return frame

    def _body(self, picture: Picture, since: tuple[int, str] | None, said: str | None) -> bytes:
        """From the cache, or encoded by one thread while the others wait for it."""
        key = f"live:{picture.role}:{said if since else ''}:{picture.said_as}"
        cache = self.around.cache
        with self._encoding:
            kept: bytes | None = cache.get(key)
            if kept is None:
                kept = told(picture, self.around.layers, since, self.around.clock())
                cache.set(key, kept, timeout=_CACHE_S)
        return kept

    def _message(self, picture: Picture, start: str | None, body: bytes) -> bytes:
        now = self.around.clock()
        envelope = {
            "cursor": picture.said_as,
            "from": start,
            "build": self.around.build,
            "now": epoch_s(now),
            "mode": shown_mode(self.around.mode, picture.situation, now),
        }
        return message(envelope, body)

    def _follow(self) -> None:
        try:
            while not self.is_stopping:
                self._step()
        finally:
            if not self.is_stopping:
                self.around.on_death()

    def _step(self) -> None:
        try:
            has_news = self._read()
        except StoreUnavailable as error:
            _LOG.warning("log_unreadable", reason=str(error))
            self._failed_at, self._read_s = self._failed_at or self.around.clock(), None
            self._look(self._frame)
            self._stopping.wait(LOOK_S)
            return
        if has_news:
            self._stopping.wait(TICK_S)

    def _read(self) -> bool:
        frame = self._frame
        if frame is None:
            self._show(self._first_frame(self._store.live().situation))
            return False
        newest = self._store.wait(frame.situation.cursor, _WAIT_S)
        situation, touched = self._read_on(frame.situation) if newest > frame.situation.cursor else (None, frozenset())
        if situation is None:
            self._read_again(frame.situation.cursor)
        self._followed_s = self.around.seconds()
        if situation is None:
            self._look(frame)
            return False
        self._go_on(situation, touched)
        return True

    def _read_on(self, situation: Situation) -> tuple[Situation, Touched]:
        touched: Touched = frozenset()
        is_behind = True
        while is_behind:
            events = self._store.since(situation.cursor, _BATCH).events
            situation, more = after_all(situation, events)
            touched |= more
            is_behind = len(events) == _BATCH
        return situation, touched

    def _read_again(self, cursor: int) -> None:
        """Once a second the newest event is read anew: that nobody rang does not say that the log is there."""
        if self._read_s is not None and self.around.seconds() - self._read_s < LOOK_S:
            return
        if cursor and not self._store.since(cursor - 1, 1).events:
            raise StoreUnavailable("the newest event is no longer in the log")
        self._read_s = self.around.seconds()

    def _is_due(self, frame: Frame) -> bool:
        return self.around.seconds() - frame.looked_s >= LOOK_S

    def _look(self, frame: Frame | None) -> None:
        """Time has passed: ages, the shift and the machine's own signs may read differently."""
        if frame is not None and self._is_due(frame):
            self._go_on(frame.situation, frozenset())

    def _go_on(self, situation: Situation, touched: Touched) -> None:
        """The frame to go on from is the newest: a role may have woken since the log was read."""
        with self._drawing:
            frame, ground = self._current(), self.around.ground and self.around.ground()
            if ground is None or ground is frame.situation.ground:
                self._show(self._next_frame(frame, situation, touched))
            else:
                self._show(self._anew(frame, replace(situation, ground=ground)))

    def _show(self, frame: Frame) -> None:
        with self._news:
            self._frame = frame
            self._news.notify_all()

    def _first_frame(self, situation: Situation) -> Frame:
        self._followed_s = self._read_s = self.around.seconds()
        return Frame(situation=situation, pictures={}, signs=self._signs(), looked_s=self._followed_s, steps={})

    def _anew(self, frame: Frame, situation: Situation) -> Frame:
        """Another taxonomy: every incident may look otherwise, so all that was drawn and kept is forgotten."""
        self._nonce = secrets.token_hex(8)
        self._visitors.tag = short_hash(self._nonce, "visitor")
        self.around.cache.clear()
        return replace(frame, situation=situation, pictures={}, steps={})

    def _first_picture(self, frame: Frame, role: Role) -> Picture:
        """What looks the same as in another role's picture is taken over from it."""
        now, layers = self.around.clock(), self.around.layers
        if role == "visitor":
            return self._visitors.first(frame.situation, now)
        twin = next((one for other, one in frame.pictures.items() if other != "visitor"), None)
        shown = visible(frame.situation, layers, role)
        tag = short_hash(self._nonce, role)
        picture = first_picture(shown, layers, role, tag, now, Twin(before=None, after=twin) if twin else None)
        return self._with_signs(picture, frame.signs, now)

    def _next_frame(self, frame: Frame, situation: Situation, touched: Touched) -> Frame:
        now = self.around.clock()
        is_due = self._is_due(frame) or any(name in _COUNTED for name, _ in touched)
        signs = self._signs() if is_due else None
        pictures: dict[Role, Picture] = {}
        twin: Twin | None = None
        for role, before in frame.pictures.items():
            if not self._looks.is_on(role):
                continue
            if role == "visitor":
                pictures[role] = self._visitors.next(before, situation, now)
                continue
            after = self._next_picture(before, situation, touched, now, twin)
            twin = twin or Twin(before=before, after=after)
            pictures[role] = self._with_signs(after, signs, now)
        return Frame(
            situation=situation,
            pictures=pictures,
            signs=signs or frame.signs,
            looked_s=self.around.seconds() if is_due else frame.looked_s,
            steps=self._steps(frame, pictures, now),
        )

    def _next_picture(
        self, picture: Picture, situation: Situation, touched: Touched, now: datetime, twin: Twin | None
    ) -> Picture:
        layers = self.around.layers
        shown = still_visible(picture.situation, situation, layers, picture.role, touched)
        return next_picture(picture, shown, layers, touched, now, twin)

    def _with_signs(self, picture: Picture, signs: Signs | None, now: datetime) -> Picture:
        return picture if signs is None else with_panels(picture, self._panels(picture, signs, now))

    def _steps(self, frame: Frame, pictures: Mapping[Role, Picture], now: datetime) -> Mapping[Role, tuple[str, bytes]]:
        steps: dict[Role, tuple[str, bytes]] = {}
        for role, picture in pictures.items():
            start = frame.pictures[role].said_as
            since = held(picture, start)
            if picture.said_as == start:
                steps |= {role: frame.steps[role]} if role in frame.steps else {}
            elif self._looks.is_streamed(role) and since is not None:
                steps[role] = (start, told(picture, self.around.layers, since, now))
        return steps

    def _signs(self) -> Signs:
        """What failed is mended only once the log has been read and the quarantine in it."""
        signs = self.around.signs()
        if signs.store_failed_at is None and self._read_s is not None:
            self._failed_at, self._signs_before = None, signs
            return signs
        self._failed_at = self._failed_at or signs.store_failed_at
        before = self._signs_before
        known = replace(signs, quarantined=before.quarantined, quarantined_at=before.quarantined_at)
        return replace(known, store_failed_at=self._failed_at)

    def _panels(self, picture: Picture, signs: Signs, now: datetime) -> bytes:
        known = replace(signs, broken_layers=tuple(sorted(picture.broken)))
        not_working = troubles(picture.situation, known, self.around.feeds, self.around.heartbeat_s, now)
        campaigns = self.around.campaigns(picture.situation)
        said = panels(picture.situation, not_working, now, self.around.mode, campaigns)
        shown = scenes(picture.situation, now, self.around.director_stuck())
        told = {"scenes": shown, "exercise": exercise_said(picture.situation, now)}
        return orjson.dumps({**said, **told, "credits": credits_of(picture.situation, self.around.feeds)})
