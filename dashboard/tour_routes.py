"""The tour over HTTP: its scenes with their figures, and the one time of the past that each may show.

Whoever asks gets what visitors get. Which moment is played a browser cannot say: it names a scene.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from dashboard.auth import VISITORS, Access
from dashboard.desk_request import told
from dashboard.exercise import mode_now
from dashboard.replay import View
from dashboard.replay_asked import begin, cursor_of, place_of
from dashboard.replay_routes import Readers, page, scenery_of
from dashboard.services import Services
from dashboard.tour import TourBook, TourScene, scene_said
from dashboard.tour_figures import tour_figures
from dashboard.tour_past import marked, stretch
from geodata.clock import epoch_s
from geodata.errors import NotFound
from layers.bookmarks import Bookmark
from layers.layer import Visit
from layers.situation import Situation

Json = dict[str, Any]
ACCESS: Access = {"api_tour": VISITORS, "api_tour_past": VISITORS}
_KEPT_S, _PAST_KEPT_S = 10, 120


def register(server: Flask, services: Services, data_dir: Path) -> None:
    """Add `/api/v1/tour`."""
    book, readers = TourBook(data_dir), Readers()
    scenery = replace(scenery_of(services), visiting=partial(_visit, services))

    def tour() -> Response:
        said: Json | None = services.cache.get("tour")
        if said is None:
            said = tour_said(services, book)
            services.cache.set("tour", said, timeout=_KEPT_S)
        return told({**said, "now": epoch_s(services.clock()), "mode": mode_now(services), "build": services.build})

    def tour_past(number: int) -> Response:
        scene = _scene(book, number)
        mark = _marked(services, scene)
        if mark is None:
            raise NotFound("no time of the past is marked for visitors here")
        view, played = View(role="visitor", sense=mark.fact.sense), stretch(scene, mark, services.clock())
        place = place_of(request.args["cursor"], played) if request.args.get("cursor") else begin(played)
        name = f"tour {mark.id} {played.until.isoformat()} {played.pace.speed} {cursor_of(place)}"
        body: bytes | None = services.cache.get(name)
        if body is None:
            with readers.one():
                body = page(scenery, view, played, place)
            services.cache.set(name, body, timeout=_PAST_KEPT_S)
        response = Response(body, content_type="application/json")
        response.headers["Cache-Control"] = "private, no-store"
        return response

    server.add_url_rule("/api/v1/tour", "api_tour", tour)
    server.add_url_rule("/api/v1/tour/past/<int:number>", "api_tour_past", tour_past)


def _visit(services: Services, situation: Situation, at: datetime) -> Visit:
    """As of then, but for what was told late: by now it is as old as anything visitors see."""
    visit = services.hub.visit(situation, at)
    return replace(visit, told_until=services.clock() - visit.delay)


def tour_said(services: Services, book: TourBook) -> Json:
    """The tour as JSON, without what changes every second."""
    known, now = book.tour(), services.clock()
    delay = services.hub.around.openness.delay
    scenes = [_scene_said(services, number, scene) for number, scene in enumerate(known.scenes)]
    figures = tour_figures(services.hub.situation(), now, delay, services.mode)
    return {
        "idle_s": known.idle_s,
        "delay_s": delay.total_seconds(),
        "picture_delay_s": services.settings.cameras.visitor_delay_s,
        "scenes": scenes,
        "figures": figures,
    }


def _scene_said(services: Services, number: int, scene: TourScene) -> Json:
    said = scene_said(number, scene)
    if scene.shows == "past":
        mark = _marked(services, scene)
        said["past"] = None if mark is None else _past_said(services, scene, mark)
    return said


def _past_said(services: Services, scene: TourScene, mark: Bookmark) -> Json:
    """Neither its name nor its note: whoever wrote them wrote for the room."""
    played = stretch(scene, mark, services.clock())
    return {"from": epoch_s(played.since), "to": epoch_s(played.until), "speed": played.pace.speed}


def _marked(services: Services, scene: TourScene) -> Bookmark | None:
    return marked(scene, services.hub.situation().of("bookmarks").values())


def _scene(book: TourBook, number: int) -> TourScene:
    scenes = book.tour().scenes
    if number >= len(scenes) or scenes[number].shows != "past":
        raise NotFound(f"scene {number} of the tour shows nothing of the past")
    return scenes[number]
