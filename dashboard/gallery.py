"""The gallery's messages: one city in five states, told by the same code that tells a wall of the real one. Pure.

Its situations are folded from what `dashboard/gallery_told.py` says and are never stored: every one is marked as a
simulation, and nothing of the real city is in them but its shapes and its taxonomy.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

import orjson

from cctv.camera import Health
from cctv.truth import PictureFault
from dashboard.degraded import Signs, troubles
from dashboard.director_said import scenes
from dashboard.gallery_told import place, told
from dashboard.panels import panels
from dashboard.picture import Picture, first_picture, message, short_hash, with_panels
from dashboard.picture import told as told_whole
from dashboard.visitors import Openness, Visitors
from geodata.clock import epoch_s
from geodata.errors import BadPayload
from geodata.places import Ground
from layers.audience import visible
from layers.bookmarks import BookmarkSet
from layers.cameras import CameraHealthChanged, CameraListed, CameraPictureJudged
from layers.event import Event, Fact, stable_id
from layers.feed import Feed, Rejected
from layers.layer import Layers
from layers.responders import PositionReported
from layers.scenes import SceneShown
from layers.situation import Situation, after_all

State = Literal["empty", "one", "many", "late", "broken"]
STATES: tuple[State, ...] = get_args(State)
_OLD = timedelta(hours=3)
_MANY_CAMERAS, _MANY_UNITS = 8, 14
_ROUGH_EVERY = 4
"""Of the units, those that know their place roughly only."""
HEARTBEAT_S = 60.0
_SEES = timedelta(seconds=30)
"""How late this city's visitors are: whatever was told a while ago is theirs."""
_TAG = "gallery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """The ground, and what reads and draws."""

    ground: Ground
    layers: Layers
    feeds: Mapping[str, Feed]


def messages(studio: Studio, now: datetime) -> dict[State, dict[str, Any]]:
    """The whole picture of each state, as the live message has it."""
    return {state: orjson.loads(_message(studio, state, now)) for state in STATES}


def situation_of(studio: Studio, state: State, now: datetime) -> Situation:
    """All that is known in that state. What is late was told hours ago, and nothing since."""
    bare = Situation(ground=studio.ground, layers=studio.layers)
    if state == "empty":
        return replace(bare, seen=now)
    found, _ = after_all(bare, enumerate(events_of(studio, state, now), 1))
    return found


def events_of(studio: Studio, state: State, now: datetime) -> list[Event]:
    """What was told in that state."""
    at = now - _OLD if state == "late" else now
    return [*_told(studio, state, at), *_cameras(studio.ground, state, at), *_more(studio.ground, state, at)]


def _told(studio: Studio, state: State, at: datetime) -> Iterator[Event]:
    for name, record in told(studio.ground, at, is_many=state != "one"):
        for event in studio.feeds[name].parse(orjson.dumps(record), at):
            if isinstance(event, Rejected):
                raise BadPayload(f"{name}: {event.reason}", field=event.field)
            yield replace(event, mode="demo", source=f"contoh/{name}")


def _cameras(ground: Ground, state: State, at: datetime) -> Iterator[Event]:
    for number in range(1 if state == "one" else _MANY_CAMERAS):
        where, name = place(ground, number), f"contoh-{number + 1}"
        lon, lat = where["lon"], where["lat"]
        listed = CameraListed(
            camera=name, name=f"Simpang contoh {number + 1}", azimuth_deg=45.0 * number, lon=lon, lat=lat
        )
        is_lost = state == "broken" and number % 2 == 0
        health: Health = "lost" if is_lost else "late" if state == "late" else "ok"
        yield _event(listed, at)
        yield _event(CameraHealthChanged(camera=name, health=health, last_picture_at=at, late_s=30.0), at)
        if state == "broken" and not is_lost:
            since = at - timedelta(minutes=number)
            fault = PictureFault(kind="frozen", value=30.0, threshold=20.0, since=since)
            yield _event(CameraPictureJudged(camera=name, faults=(fault,)), at)


def _more(ground: Ground, state: State, at: datetime) -> Iterator[Event]:
    for number in range(1 if state == "one" else _MANY_UNITS):
        yield _event(
            PositionReported(
                unit=f"contoh-{number + 1}",
                heading_deg=20.0 * number,
                accuracy_m=None if number % _ROUGH_EVERY else 240.0,
                **place(ground, number + 1),
            ),
            at,
        )
    yield _event(BookmarkSet(bookmark="contoh", name="Contoh penanda", at=at - _OLD, by="contoh"), at)
    shown = SceneShown(wall="utama", scene="incident", incident="CONTOH-1", since=at, reason="worst", score=12.0)
    yield _event(shown, at)


def _event(fact: Fact, at: datetime) -> Event:
    return Event(id=stable_id(fact, at), at=at, seen=at, source="contoh/galeri", fact=fact, mode="demo")


def picture_of(studio: Studio, state: State, now: datetime) -> Picture:
    """What a wall shows in that state."""
    situation = visible(situation_of(studio, state, now), studio.layers, "wall")
    picture = first_picture(situation, studio.layers, "wall", short_hash(_TAG, state), now)
    signs = signs_of(state, now)
    said = panels(situation, troubles(situation, signs, studio.feeds, HEARTBEAT_S, now), now, "demo")
    everywhere = dict.fromkeys("*", next(iter(scenes(situation, now).values()), None))  # its frames are of no wall
    return with_panels(picture, orjson.dumps({**said, "scenes": everywhere, "credits": []}))


def visitor_message(studio: Studio, state: State, now: datetime) -> dict[str, Any]:
    """What a visitors' screen is told in that state, where the city opens every category to them."""
    open_to_all = Openness(categories=frozenset(one.id for one in studio.ground.city.categories), delay=_SEES)
    visitors = Visitors(layers=studio.layers, openness=open_to_all, seconds=lambda: 0.0, tag=_TAG)
    picture = visitors.first(situation_of(studio, state, now), now)
    found: dict[str, Any] = orjson.loads(_said(picture, studio, now))
    return found


def _message(studio: Studio, state: State, now: datetime) -> bytes:
    return _said(picture_of(studio, state, now), studio, now)


def _said(picture: Picture, studio: Studio, now: datetime) -> bytes:
    envelope = {"cursor": picture.said_as, "from": None, "build": _TAG, "now": epoch_s(now), "mode": "demo"}
    return message(envelope, told_whole(picture, studio.layers, None, now))


def signs_of(state: State, now: datetime) -> Signs:
    """What the machine knows of itself in that state."""
    if state != "broken":
        return Signs(heartbeat_at=now)
    return Signs(
        heartbeat_at=now,
        quarantined=3,
        quarantined_at=now,
        store_failed_at=now - timedelta(minutes=7),
        is_disk_full=True,
        broken_layers=("contoh",),
    )
