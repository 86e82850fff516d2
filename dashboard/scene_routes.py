"""`/api/v1/walls`: what every wall shows now, and what hands and the desk ask of its director.

Nothing is switched here: a word becomes an event `scene_asked`, and the director heeds it by its rules
(`dashboard/director.py`). A screen of a wall may lock, release and acknowledge as the hand before it, and send nothing.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Flask, Response

from dashboard import beats
from dashboard.auth import OPERATORS, VIEWERS, Access, Who, may, principal
from dashboard.beats_kept import beats_of
from dashboard.desk_request import json_body, text_of, told
from dashboard.director_said import TITLES, both, scenes
from dashboard.operate_tell import wait_for
from dashboard.rates import Rates
from dashboard.services import Services
from dashboard.walls import WallSettings, walls_of
from geodata.clock import epoch_s
from geodata.errors import BadInput, NotFound
from layers.caller_seal import masked
from layers.event import Event
from layers.incident_facts import Incident
from layers.scenes import SCENE_KINDS, Ask, Deed, SceneAsked, SceneKind, WallScene

_STEERS: frozenset[Who] = OPERATORS | {"wall"}
ACCESS: Access = {
    "api_walls": VIEWERS,
    "api_wall_scene": OPERATORS,
    "api_wall_lock": _STEERS,
    "api_wall_release": _STEERS,
    "api_wall_acknowledge": _STEERS,
    **beats.ACCESS,
}
_DEEDS: dict[str, Deed] = {
    "api_wall_scene": "send",
    "api_wall_lock": "lock",
    "api_wall_release": "release",
    "api_wall_acknowledge": "acknowledge",
}
_PER_S = 1.0
_SAME_HAND = timedelta(seconds=5)
_LEAST_S, _MOST_S = 5, 86_400
_LONGEST_WHY = 300
Json = dict[str, Any]


def register(server: Flask, services: Services, clock_s: Callable[[], float]) -> None:
    """Add the routes. `clock_s` is for the rate limit only: every word is an event for ever."""
    rates = Rates(_PER_S, clock_s)
    beats.register(server, services, clock_s)
    server.add_url_rule("/api/v1/walls", "api_walls", partial(_walls, services))
    for endpoint, deed in _DEEDS.items():
        path = f"/api/v1/walls/<wall>/{endpoint.removeprefix('api_wall_')}"
        view = partial(_asked, services, rates, deed)
        server.add_url_rule(path, endpoint, view, methods=["POST"], provide_automatic_options=False)


def _walls(services: Services) -> Response:
    """Every wall that whoever asks may know of: its screens, its scene, and the newest words to its director."""
    situation, now = services.hub.situation(), services.clock()
    shown, heard = scenes(situation, now, services.director.stuck()), situation.of("scenes")
    own = principal().wall
    walls = [wall for wall in walls_of(services.settings.walls) if own in {None, wall.name}]
    response = told(
        {
            "now": epoch_s(now),
            "walls": [
                _wall(wall, shown.get(wall.name), heard.get(wall.name))
                | {"screens": beats_of(wall, services.beats, now)}
                for wall in walls
            ],
            "kinds": [{"kind": kind, "title": both(title)} for kind, title in TITLES.items()],
            "may": [deed for endpoint, deed in _DEEDS.items() if may(ACCESS[endpoint])],
        }
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _wall(wall: WallSettings, scene: Json | None, heard: WallScene | None) -> Json:
    return {
        "name": wall.name,
        "scene": scene,
        "asked": [_ask(one) for one in reversed(heard.asked)] if heard else [],
    }


def _ask(ask: Ask) -> Json:
    fact = ask.fact
    until = None if fact.until is None else epoch_s(fact.until)
    return {
        "deed": fact.deed,
        "scene": fact.scene,
        "incident": fact.incident,
        "is_hand": fact.is_hand,
        "until": until,
        "at": epoch_s(ask.told.seen),
        "source": ask.told.source,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """What somebody asks, and why."""

    fact: SceneAsked
    why: str | None


def _asked(services: Services, rates: Rates, deed: Deed, wall: str) -> Response:
    if wall not in {one.name for one in walls_of(services.settings.walls)}:
        raise NotFound(f"no wall {wall[:40]!r}")
    who, body = principal(), json_body()
    rates.take(f"{who.name}/{deed}")
    word = _word(services, wall, deed, body, is_hand=who.role == "wall" or body.get("is_hand") is True)
    known: WallScene | None = services.hub.situation().of("scenes").get(wall)
    if known is None or not _is_said_just_now(known, word.fact, services):
        _tell(services, word, who.name)
    return told({"wall": wall, "deed": deed, "at": epoch_s(services.clock())})


def _word(services: Services, wall: str, deed: Deed, body: Json, *, is_hand: bool) -> _Word:
    """Raises BadInput naming the field."""
    why = (text_of(body, "why", _LONGEST_WHY) or "").strip() or None
    scene, incident = _scene(body) if deed == "send" else None, text_of(body, "incident")
    if scene == "incident" or (deed == "acknowledge" and incident is not None):
        _refuse_closed(services, incident)
    for_s = None if is_hand or deed not in {"send", "lock"} else _seconds(body)
    fact = SceneAsked(
        wall=wall,
        deed=deed,
        scene=scene,
        incident=incident if scene == "incident" or deed == "acknowledge" else None,
        until=None if for_s is None else services.clock() + timedelta(seconds=for_s),
        is_hand=is_hand,
    )
    return _Word(fact=fact, why=why)


def _scene(body: Json) -> SceneKind:
    said = text_of(body, "scene")
    found = next((kind for kind in SCENE_KINDS if kind == said), None)
    if found is None:
        raise BadInput(f"scene is one of: {', '.join(SCENE_KINDS)}", field="scene")
    return found


def _refuse_closed(services: Services, incident: str | None) -> None:
    found: Incident | None = services.hub.situation().of("incidents").get(incident or "")
    if found is None or not found.is_open:
        raise BadInput("incident: no open incident has this id", field="incident")


def _seconds(body: Json) -> float | None:
    said = body.get("for_s")
    if said is None:
        return None
    if isinstance(said, bool) or not isinstance(said, int | float) or not _LEAST_S <= said <= _MOST_S:
        raise BadInput(f"for_s: seconds, {_LEAST_S} to {_MOST_S}", field="for_s")
    return float(said)


def _is_said_just_now(known: WallScene, fact: SceneAsked, services: Services) -> bool:
    """A hand that moves says the same again and again: once in a few seconds is enough for the log."""
    newest = known.asked[-1] if known.asked else None
    return (
        fact.is_hand and newest is not None and newest.fact == fact and services.clock() - newest.told.seen < _SAME_HAND
    )


def _tell(services: Services, word: _Word, who: str) -> None:
    now, wall = services.clock(), word.fact.wall
    event = Event(
        id=str(uuid.uuid4()),
        at=now,
        seen=now,
        source=f"wall/{wall}" if word.fact.is_hand else f"desk/{who}",
        fact=word.fact,
        mode=services.mode,
        who=who,
        why=None if word.why is None else masked(word.why),
    )
    receipt = services.store.append([event])
    if not word.fact.is_hand:
        services.audit.note(who, f"wall.{word.fact.deed}", wall, scene=word.fact.scene, incident=word.fact.incident)
    wait_for(services, receipt.cursor)
    services.director.look_soon()
