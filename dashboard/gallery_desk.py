"""The operator's desk in the gallery's states: its front page and its rooms, as `/api/v1/desk` would answer."""

from datetime import datetime
from typing import Any

import orjson

from dashboard.gallery import STATES, State, Studio, picture_of, situation_of
from dashboard.operate import Look
from dashboard.operate_front import front_of
from dashboard.operate_rooms import ROOMS
from dashboard.operate_said import room_said, words_said
from dashboard.services import Services
from geodata.clock import epoch_s

SHOWN = ("incidents", "units")
"""One room with a map and one without stand for all: they share every part."""


def desks(studio: Studio, services: Services, now: datetime) -> dict[State, dict[str, Any]]:
    """By state: the answer of the front page under "", of each room shown under its name."""
    return {state: _desk(studio, services, state, now) for state in STATES}


def _desk(studio: Studio, services: Services, state: State, now: datetime) -> dict[str, Any]:
    panels = orjson.loads(picture_of(studio, state, now).panels)
    look = Look(services=services, situation=situation_of(studio, state, now), now=now)
    rooms = [{"name": name, "title": words_said(ROOMS[name].title), "is_house": False} for name in SHOWN]
    head = {"now": epoch_s(now), "mode": "demo", "who": "contoh", "rooms": rooms, "links": []}
    said = {name: {**head, **room_said(ROOMS[name], look, "supervisor")} for name in SHOWN}
    return {"": {**head, **front_of(look, panels)}, **said}
