"""What further pages ask for in the gallery's states, as their own routes would answer: by state, path and answer.

A path that is missing in a state gets no answer there.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cctv.camera import Camera, Health
from cctv.status import CameraStatus, Evidence
from dashboard.bookmark_routes import said as bookmark_said
from dashboard.degraded import Signs, troubles
from dashboard.desk_camera import said_of
from dashboard.gallery import HEARTBEAT_S, STATES, State, Studio, events_of, signs_of, situation_of, visitor_message
from dashboard.gallery_told import place
from dashboard.health_machine import Machine
from dashboard.health_part import Seen
from dashboard.health_routes import health_said
from dashboard.here import here
from dashboard.replay_timeline import GRAVE, calls_said, counted, marks_of, marks_said, slots_of
from dashboard.supervisor import ChildState
from dashboard.tour import TourScene, scene_said, shipped_tour
from dashboard.tour_figures import tour_figures
from geodata.clock import epoch_s
from geodata.places import Ground
from layers.call_tally import tallies_between
from layers.monthly import Period
from layers.situation import Situation

Json = dict[str, Any]
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_DELAY = timedelta(minutes=10)
_PICTURE_DELAY_S = 10.0
_SPEED = 60.0
_SLOTS = 160
_GIB = 2**30
_CHILDREN = ("web", "cameras", "live", "feeds", "reports")
_LISTED = 6
_LATE_S = 40.0
_HEALTHS: Mapping[State, tuple[Health, ...]] = {
    "one": ("ok",),
    "many": ("ok", "ok", "late", "lost", "unknown", "ok"),
    "late": ("late",),
}
_FAULTS: Mapping[Health, str] = {"lost": "timed_out", "late": "mute"}


def answers(room: str, studio: Studio, now: datetime) -> dict[State, dict[str, Any]]:
    """All that is asked for in a room; what is broken answers nothing."""
    return {state: {} if state == "broken" else _ROOMS[room](studio, state, now) for state in STATES}


# -- the health page --


def _health(studio: Studio, state: State, now: datetime) -> Json:
    said = health_said(_seen(studio, state, now), is_whole=True)
    return {"/api/v1/health": {"mode": "demo", "build": "gallery", **said}}


def _seen(studio: Studio, state: State, now: datetime) -> Seen:
    """`empty`: nothing is set up; `one`: one part is not well; `many`: much is wrong; `late`: it stands still."""
    situation, signs = situation_of(studio, state, now), _signs(state, now)
    return Seen(
        now=now,
        situation=situation,
        signs=signs,
        troubles=troubles(situation, signs, studio.feeds, HEARTBEAT_S, now),
        processes=None if state == "empty" else tuple(_child(name, state, now) for name in _CHILDREN),
        machine=Machine() if state == "empty" else _machine(state),
        behind_s=_LATE_S if state == "late" else 0.5,
    )


def _signs(state: State, now: datetime) -> Signs:
    if state == "many":
        return replace(signs_of("broken", now), store_failed_at=None)
    return Signs(heartbeat_at=now - _HOUR) if state == "late" else signs_of(state, now)


def _child(name: str, state: State, now: datetime) -> ChildState:
    since = now - _DAY
    if state == "many" and name == "live":
        return ChildState(name=name, pid=None, since=now, deaths=3, died_at=now, code=1)
    return ChildState(name=name, pid=100 + _CHILDREN.index(name), since=since)


def _machine(state: State) -> Machine:
    used = {100 + number: (200 + 40 * number) * 2**20 for number in range(len(_CHILDREN))}
    return Machine(
        memory_bytes=8 * _GIB, memory_free_bytes=(8 * _GIB) // (12 if state == "many" else 2), load_per_core=0.4,
        disk_bytes=500 * _GIB, disk_free_bytes=310 * _GIB, log_bytes=2 * _GIB, is_clock_kept=state != "late",
        memory_of=used,
    )  # fmt: skip


# -- the visitors' tour --


def _tour(studio: Studio, state: State, now: datetime) -> Json:
    """With the live message as visitors get it, and one message of the past."""
    seen = visitor_message(studio, state, now)
    played = {"messages": [{**seen, "past": {"after_s": 0}}], "next": None}
    return {"/api/v1/tour": _story(studio, state, now), "/api/v1/tour/past": played, "/live": seen}


def _story(studio: Studio, state: State, now: datetime) -> Json:
    return {
        "idle_s": 3600,
        "delay_s": _DELAY.total_seconds(),
        "picture_delay_s": _PICTURE_DELAY_S,
        "scenes": [_scene(number, scene, state, now) for number, scene in enumerate(shipped_tour().scenes)],
        "figures": tour_figures(situation_of(studio, state, now), now, timedelta(), "demo"),
        "now": epoch_s(now),
        "mode": "demo",
        "build": "gallery",
    }


def _scene(number: int, scene: TourScene, state: State, now: datetime) -> Json:
    """Only where there is something a day has been marked."""
    said = scene_said(number, scene)
    if scene.shows != "past":
        return said
    played = {"from": epoch_s(now - 2 * _HOUR), "to": epoch_s(now), "speed": scene.speed or _SPEED}
    return {**said, "past": None if state == "empty" else played}


# -- the desk of cameras --


def _cameras(studio: Studio, state: State, now: datetime) -> Json:
    healths = _HEALTHS.get(state, ())
    listed = [_camera(studio.ground, number, health, now) for number, health in enumerate(healths)]
    return {"/api/v1/cameras": {"cameras": listed, "is_silent": state == "late", "now": epoch_s(now)}}


def _camera(ground: Ground, number: int, health: Health, now: datetime) -> Json:
    where = place(ground, number)
    camera = Camera(
        id=f"contoh-{number + 1}", name=f"Simpang contoh {number + 1}", lon=where["lon"], lat=where["lat"], kind="jpeg",
        url=f"http://10.0.0.{number + 1}/contoh.jpg", azimuth_deg=45.0 * number, owner="Dinas contoh",
    )  # fmt: skip
    is_doubted = health == "ok" and number == _LISTED - 1
    sign = Evidence(kind="frozen", value=30.0, threshold=20.0, since=now - _HOUR, is_fault=is_doubted)
    at = {"ok": now, "late": now - 3 * _HOUR, "lost": now - _DAY, "unknown": None}[health]
    status = CameraStatus(
        id=camera.id, health=health, fault=_FAULTS.get(health), since=at, last_picture_at=at,
        signs=() if health == "unknown" else (sign,), width=1920, height=1080, period_s=5.0,
    )  # fmt: skip
    return said_of(camera, status, has_password=False)


# -- the replay --


def _replay(studio: Studio, state: State, now: datetime) -> Json:
    situation = situation_of(studio, state, now)
    marks = {"bookmarks": [bookmark_said(one) for one in situation.of("bookmarks").values()]}
    return {"/api/v1/timeline": _timeline(studio, state, situation, now), "/api/v1/bookmarks": marks}


def _timeline(studio: Studio, state: State, situation: Situation, now: datetime) -> Json:
    ground = studio.ground
    zone = ground.city.zone
    period = Period(since=(now - _DAY).astimezone(zone), until=now.astimezone(zone), mode="demo")
    slots = slots_of(period, _SLOTS)
    marks = [] if state == "empty" else marks_of(events_of(studio, state, now), period, ground.city)
    began = None if state == "empty" else epoch_s(now - _DAY / 2)
    tallies = tallies_between(situation.of("call_tally"), period.since, period.until, "demo")
    return {
        "since": epoch_s(period.since),
        "until": epoch_s(period.until),
        "now": epoch_s(now),
        "mode": "demo",
        "began": {"shown": began, "known": began},
        "positions_from": None,
        "first": epoch_s(slots.first),
        "slot_s": slots.step.total_seconds(),
        "incidents": counted(marks, slots, ground.city),
        "grave": counted(marks, slots, ground.city, GRAVE),
        "calls": calls_said(tallies, slots),
        **marks_said(marks, ground),
    }


# -- the map --


def _map(studio: Studio, state: State, now: datetime) -> Json:
    where = place(studio.ground, 0)
    return {"/api/v1/here": here(situation_of(studio, state, now), where["lon"], where["lat"], now)}


_ROOMS: Mapping[str, Callable[[Studio, State, datetime], Json]] = {
    "map": _map,
    "health": _health,
    "visitor": _tour,
    "operate_cameras": _cameras,
    "briefing_replay": _replay,
}
