"""`GET /api/v1/health`: how every part of this installation is doing, in both languages, for the page `/health`.

Who works at the desk is told what to do and the details; a screen on the wall gets the summary.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
from flask import Flask, Response

from dashboard.auth import OPERATORS, VIEWERS, Access, may, viewer_role
from dashboard.degraded import Signs, Trouble, troubles
from dashboard.exercise import mode_now
from dashboard.health_machine import look_at_machine
from dashboard.health_part import Part, Seen
from dashboard.health_parts import parts, summary, worst
from dashboard.health_processes import load_processes
from dashboard.services import Services
from geodata.clock import epoch_s
from geodata.errors import StoreUnavailable
from layers.layer import Role, Words
from layers.situation import Situation

ACCESS: Access = {"api_health": VIEWERS}


def register(server: Flask, services: Services, data_dir: Path) -> None:
    """Add the route."""

    def health() -> Response:
        seen = look(services, data_dir, viewer_role())
        body = {"mode": mode_now(services), "build": services.build, **health_said(seen, is_whole=may(OPERATORS))}
        answer = Response(orjson.dumps(body), content_type="application/json")
        answer.headers["Cache-Control"] = "no-store"
        return answer

    server.add_url_rule("/api/v1/health", "api_health", health)


def look(services: Services, data_dir: Path, role: Role | None = None) -> Seen:
    """Look at everything once; at what cannot be drawn only for a role, since that wakes its picture."""
    situation, processes = _situation(services), load_processes(data_dir)
    signs = services.hub.around.signs()
    signs = replace(signs, store_failed_at=services.hub.log_failed_at or signs.store_failed_at)
    return Seen(
        now=services.clock(),
        situation=situation,
        signs=signs,
        troubles=() if situation is None else _troubles(services, situation, signs, role),
        processes=processes,
        machine=look_at_machine(data_dir, [state.pid for state in processes or () if state.pid]),
        behind_s=services.hub.behind_s,
    )


def _situation(services: Services) -> Situation | None:
    try:
        return services.hub.situation()
    except StoreUnavailable:
        return None


def _troubles(services: Services, situation: Situation, signs: Signs, role: Role | None) -> tuple[Trouble, ...]:
    around = services.hub.around
    broken = () if role is None else tuple(sorted(services.hub.picture(role).broken))
    known = replace(signs, broken_layers=broken)
    return troubles(situation, known, around.feeds, around.heartbeat_s, around.clock())


def health_said(seen: Seen, *, is_whole: bool) -> dict[str, Any]:
    """As JSON has it; `is_whole`: with what to do and the details."""
    found = parts(seen)
    return {
        "now": epoch_s(seen.now),
        "mood": worst(found),
        "said": _both(summary(found)),
        "is_whole": is_whole,
        "parts": [_part_said(part, is_whole=is_whole) for part in found],
    }


def _part_said(part: Part, *, is_whole: bool) -> dict[str, Any]:
    said = {
        "key": part.key,
        "title": _both(part.title),
        "mood": part.mood,
        "said": _both(part.said),
        "since": None if part.since is None else epoch_s(part.since),
    }
    if not is_whole:
        return said
    lines = [{"label": _both(line.label), "value": _both(line.value)} for line in part.lines]
    return {**said, "remedy": None if part.remedy is None else _both(part.remedy), "lines": lines}


def _both(words: Words) -> dict[str, str]:
    return {"id": words.id, "en": words.en}
