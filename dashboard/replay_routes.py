"""The past over HTTP: the picture of a moment, and a period as the messages that a live wall would have got.

A period is told in pages that end when enough is said or enough time is spent; each says where the next begins, so no
thread waits for a slow player, and every proxy lets it through. Few are told of the past at once.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import orjson
from flask import Flask, Response, request

from dashboard.auth import SUPERVISORS, VIEWERS, Access, principal, viewer_role
from dashboard.replay import Place, Scenery, View, picture_of, play
from dashboard.replay_asked import begin, cursor_of, place_of, within_the_past
from dashboard.services import Services
from dashboard.watching import Watching
from geodata.clock import epoch_s
from geodata.errors import BadInput, StoreUnavailable
from layers.fields import moment_of
from layers.playback import FASTEST, SLOWEST, Pace, Stretch
from layers.store.store import Sense

ACCESS: Access = {"api_situation": VIEWERS, "api_replay": VIEWERS}
"""Not for visitors: of the past they see what the tour shows (dashboard/tour_routes.py)."""
LONGEST, LONGEST_FOR_SUPERVISORS = timedelta(hours=24), timedelta(days=31)
MOST_MESSAGES, MOST_BYTES, MOST_S = 240, 2_000_000, 2.0
_AT_ONCE, _MOST_WAITING, _PATIENCE_S = 2, 4, 5.0
_SENSES: dict[str, Sense] = {"shown": "shown", "known": "known"}


class Readers:
    """Lets few at once draw the past: it takes a core for seconds, and the wall of now comes first.

    Few may wait for their turn, and not for long: each of them holds a thread of the server.
    """

    def __init__(
        self, at_once: int = _AT_ONCE, patience_s: float = _PATIENCE_S, most_waiting: int = _MOST_WAITING
    ) -> None:
        self._free = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(most_waiting)
        self._patience_s = patience_s

    @contextmanager
    def one(self) -> Iterator[None]:
        """Raises StoreUnavailable when others take too long, or too many wait already."""
        if not self._free.acquire(blocking=False) and not self._waited():
            raise StoreUnavailable("the past is being drawn for others; ask again in a few seconds")
        try:
            yield
        finally:
            self._free.release()

    def _waited(self) -> bool:
        """Whether it got its turn in the end."""
        if not self._places.acquire(blocking=False):
            return False
        try:
            return self._free.acquire(timeout=self._patience_s)
        finally:
            self._places.release()


def register(server: Flask, services: Services) -> None:
    """Add `/api/v1/situation` and `/api/v1/replay`."""
    readers, scenery, watching = Readers(), scenery_of(services), Watching(services.clock)

    def situation() -> Response:
        view, at = View(role=viewer_role(), sense=_sense()), _moment("at")
        within_the_past(services.store, view.sense, services.clock(), at=at)
        if watching.is_news(principal().name, view.sense, f"{at.astimezone(services.ground.city.zone):%Y-%m-%d}"):
            _note(services, view, at.isoformat())
        with readers.one():
            return _private(picture_of(scenery, view, at))

    def replay() -> Response:
        view, played = View(role=viewer_role(), sense=_sense()), _stretch()
        within_the_past(services.store, view.sense, services.clock(), **{"from": played.since, "to": played.until})
        said = request.args.get("cursor")
        place = place_of(said, played) if said else begin(played)
        if not said:
            _note(services, view, f"{played.since.isoformat()}/{played.until.isoformat()}")
        with readers.one():
            return _private(page(scenery, view, played, place))

    server.add_url_rule("/api/v1/situation", "api_situation", situation)
    server.add_url_rule("/api/v1/replay", "api_replay", replay)


def scenery_of(services: Services) -> Scenery:
    """What the past of this server is drawn with."""
    return Scenery(
        store=services.store,
        layers=services.layers,
        feeds=services.feeds,
        mode=services.mode,
        build=services.build,
        visiting=services.hub.visit,
        openness=services.hub.around.openness,
    )


def page(scenery: Scenery, view: View, played: Stretch, place: Place) -> bytes:
    """The next messages, and the cursor to go on from; at least one step, however long it takes."""
    said: list[orjson.Fragment] = []
    size, deadline_s, begun = 0, time.monotonic() + MOST_S, place
    for told in play(scenery, view, played, place):
        place = told.place
        if told.data is not None:
            said.append(orjson.Fragment(told.data))
            size += len(told.data)
        is_full = len(said) >= MOST_MESSAGES or size >= MOST_BYTES or time.monotonic() >= deadline_s
        if is_full and place.at > begun.at:
            break
    is_over = place.at >= played.until
    body = {
        "from": epoch_s(played.since),
        "to": epoch_s(played.until),
        "speed": played.pace.speed,
        "sense": view.sense,
        "messages": said,
        "next": None if is_over else cursor_of(place),
    }
    return orjson.dumps(body)


def _stretch() -> Stretch:
    since, until = _moment("from"), _moment("to")
    longest = LONGEST_FOR_SUPERVISORS if principal().role in SUPERVISORS else LONGEST
    if since >= until:
        raise BadInput("to: a period ends after it begins", field="to")
    if until - since > longest:
        raise BadInput(f"to: at most {longest.total_seconds() / 3600:g} hours are played at once", field="to")
    return Stretch(since=since, until=until, pace=Pace(speed=_speed(), skips=request.args.get("skip") == "1"))


def _speed() -> float:
    said = request.args.get("speed", "60")
    try:
        speed = float(said)
    except ValueError:
        speed = 0.0
    if not SLOWEST <= speed <= FASTEST:
        raise BadInput(f"speed is a number from {SLOWEST:g} to {FASTEST:g}; not {said[:20]!r}", field="speed")
    return speed


def _sense() -> Sense:
    said = request.args.get("sense", "shown")
    if said not in _SENSES:
        raise BadInput(f"sense is {' or '.join(_SENSES)}; not {said[:20]!r}", field="sense")
    return _SENSES[said]


def _moment(field: str) -> datetime:
    """A + that was not escaped arrives as a space."""
    said = request.args.get(field)
    if not said:
        raise BadInput(f"{field}: a time is needed, ISO 8601 with offset, or seconds since 1970", field=field)
    try:
        return moment_of(said.replace(" ", "+"))
    except ValueError as error:
        raise BadInput(f"{field}: {error}", field=field) from error


def _note(services: Services, view: View, target: str) -> None:
    """Of those who see names and free text; a wall that anybody may look at would fill the audit."""
    if view.role == "admin":
        services.audit.note(principal().name, "past.view", target, sense=view.sense)


def _private(body: bytes) -> Response:
    response = Response(body, content_type="application/json")
    response.headers["Cache-Control"] = "private, no-store"
    return response
