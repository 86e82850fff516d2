"""The past as a screen is told it: the whole picture of a moment, and the same deltas that a live wall gets.

A picture is drawn from a Situation as the live one is (`dashboard/live.py`), so every role sees of the past what it may
see, and visitors what they would have seen then, late. What the machine knew of itself then nobody kept: of what does
not work only that is told which the log knows.
"""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from immutables import Map

from dashboard.coming import Coming
from dashboard.degraded import Signs, troubles, without_places
from dashboard.director_said import scenes
from dashboard.panels import panels
from dashboard.picture import Picture, first_picture, message, next_picture, short_hash, told, with_panels
from dashboard.visitors import Openness, Visiting, visitor_panels
from geodata.clock import epoch_s
from layers.audience import differing, drawn_for, visible
from layers.event import Event, Mode
from layers.exercises import shown_mode
from layers.feed import Feed
from layers.layer import Layers, Role
from layers.playback import Beat, Stretch, next_beat
from layers.situation import Situation, after_all
from layers.store.store import Change, Sense, Store

_MINUTE, _NONE = timedelta(minutes=1), timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenery:
    """What the past is drawn with. `visiting` makes, of a situation and a time, what visitors are judged by."""

    store: Store
    layers: Layers
    feeds: Mapping[str, Feed]
    mode: Mode
    build: str
    visiting: Visiting
    openness: Openness
    nonce: str = field(default_factory=lambda: secrets.token_hex(4))


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Who asks, and in which sense of time."""

    role: Role
    sense: Sense


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How far a player has come. The picture it holds is number `number`; `said_as` None: it holds none.

    Since the message that brought it `played` of the past went by unchanged, and `skipped` was left out.
    """

    number: int
    at: datetime
    quiet_since: datetime
    played: timedelta = timedelta()
    skipped: timedelta = timedelta()
    said_as: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message, and where the player stands once it has applied it; `data` None: nothing has changed."""

    place: Place
    data: bytes | None


def picture_of(scenery: Scenery, view: View, at: datetime) -> bytes:
    """The whole picture of a moment, as the live message has it."""
    screen = Screen(scenery, view)
    picture = screen.first(scenery.store.situation(at, view.sense), at, 0)
    return screen.message(picture, None, at, {})


def play(scenery: Scenery, view: View, played: Stretch, place: Place) -> Iterator[Told]:
    """Every picture from `place` to the end; the whole one first if what is held there is not known here."""
    screen, coming = Screen(scenery, view), Coming(scenery.store, place.at, played.until, view.sense)
    truth = scenery.store.situation(place.at, view.sense)
    picture = screen.first(truth, place.at, place.number)
    if picture.said_as != place.said_as:
        place = replace(place, said_as=picture.said_as)
        yield Told(place=place, data=screen.message(picture, None, place.at, _paced(place, played)))
    while place.at < played.until:
        beat = next_beat(played, place.at, place.quiet_since, coming.next_news())
        changed, heard = coming.take(beat.at)
        truth = screen.gone_on(truth, changed, heard, beat.at)
        after = screen.next(picture, truth, beat.at)
        place = _moved_on(place, beat, after, changed[-1].at if changed else place.quiet_since)
        is_told = after.said_as != picture.said_as or beat.at == played.until
        data = screen.message(after, picture, beat.at, _paced(place, played)) if is_told else None
        picture, place = after, replace(place, played=_NONE, skipped=_NONE) if is_told else place
        yield Told(place=place, data=data)


def _moved_on(place: Place, beat: Beat, picture: Picture, quiet_since: datetime) -> Place:
    return Place(
        number=picture.cursor,
        at=beat.at,
        quiet_since=quiet_since,
        played=place.played + beat.at - place.at - beat.skipped,
        skipped=place.skipped + beat.skipped,
        said_as=picture.said_as,
    )


def _paced(place: Place, played: Stretch) -> dict[str, Any]:
    after_s = place.played / timedelta(seconds=1) / played.pace.speed
    return {"after_s": round(after_s, 3), "skipped_s": place.skipped / timedelta(seconds=1)}


class Screen:
    """Draws what one role would have seen."""

    def __init__(self, scenery: Scenery, view: View) -> None:
        self._scenery = scenery
        self._view = view
        self._layers = drawn_for(view.role, scenery.layers)
        layers = scenery.layers.items()
        self._moving = [name for name, one in layers if one.past is not None]
        self._folded = {n: one for n, one in layers if not (one.history or one.past) and one.hears is not None}
        self._positions_from = scenery.store.positions_from()
        self._tag = short_hash(scenery.nonce, view.role, view.sense)

    def first(self, truth: Situation, at: datetime, number: int) -> Picture:
        """Drawn from nothing. `truth` is what is really known, unredacted."""
        shown = self._shown(truth, at, number)
        picture = first_picture(shown, self._layers, self._view.role, self._tag, at)
        return self._with_panels(replace(picture, cursor=number, oldest=number), at)

    def next(self, before: Picture, truth: Situation, at: datetime) -> Picture:
        """Drawn on, where anything is another one; if nothing is, its cursor stays."""
        shown = self._shown(truth, at, before.cursor + 1)
        touched = differing(before.situation, shown)
        after = self._with_panels(next_picture(before, shown, self._layers, touched, at), at)
        is_other = after.said_as != before.said_as
        return replace(after, cursor=shown.cursor if is_other else before.cursor)

    def gone_on(
        self, truth: Situation, changed: list[Change], heard: list[tuple[int, Event]], at: datetime
    ) -> Situation:
        """The situation at `at`, once these changes are made and the other layers have heard what they hear."""
        folded, _ = after_all(replace(truth, layers=self._folded), heard)
        things = folded.things
        for change in changed:
            state = things.get(change.layer, Map())
            state = state.set(change.key, change.thing) if change.thing is not None else _without(state, change.key)
            things = things.set(change.layer, state)
        for name in self._moving:
            things = things.set(name, Map(self._scenery.store.things(name, at, self._view.sense)))
        return replace(truth, things=things)

    def message(self, picture: Picture, before: Picture | None, at: datetime, more: Mapping[str, Any]) -> bytes:
        """What leads a screen that shows `before` (None: nothing) to `picture`."""
        since = None if before is None else (before.cursor, before.panels_hash)
        envelope = {
            "cursor": picture.said_as,
            "from": None if before is None else before.said_as,
            "build": self._scenery.build,
            "now": epoch_s(at),
            "mode": shown_mode(self._scenery.mode, picture.situation, at),
            "past": {"at": epoch_s(at), "sense": self._view.sense, **more},
        }
        return message(envelope, told(picture, self._layers, since, at))

    def _shown(self, truth: Situation, at: datetime, number: int) -> Situation:
        """As the role may see it; known as of the full minute, for a figure must not look newer than it is."""
        role = self._view.role
        seen = at.replace(second=0, microsecond=0)
        visit = self._scenery.visiting(truth, at) if role == "visitor" else None
        return replace(visible(truth, self._scenery.layers, role, visit), cursor=number, seen=seen)

    def _with_panels(self, picture: Picture, at: datetime) -> Picture:
        situation = picture.situation
        if self._view.role == "visitor":
            return with_panels(picture, orjson.dumps(visitor_panels(situation, self._scenery.openness, at)))
        signs = Signs(heartbeat_at=at, broken_layers=tuple(sorted(picture.broken)))
        not_working = without_places(self._positions_from, at, situation.ground.city.zone) + troubles(
            situation, signs, self._scenery.feeds, _MINUTE.total_seconds(), at
        )
        said = panels(situation, not_working, at, self._scenery.mode)
        return with_panels(picture, orjson.dumps({**said, "scenes": scenes(situation, at)}))


def _without(state: Map[str, Any], key: str) -> Map[str, Any]:
    return state.delete(key) if key in state else state
