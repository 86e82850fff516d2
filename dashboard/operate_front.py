"""The front page of the desk, "Sekarang": the gravest open incidents, what is broken, who is on shift."""

from typing import Any

import orjson

from dashboard.auth import viewer_role
from dashboard.operate import Look
from dashboard.operate_incident_rows import rows
from dashboard.operate_said import row_said
from geodata.clock import epoch_s
from layers.calls import queue
from layers.exercises import exercise_said
from layers.said import queue_said
from layers.shifts import handover_said, staffing, staffing_said
from layers.watches import watch_at

_WORST = 12
_TROUBLES = 12


def front(look: Look) -> dict[str, Any]:
    """All of it; what nobody told is null or an empty list."""
    return front_of(look, orjson.loads(look.services.hub.picture(viewer_role()).panels))


def front_of(look: Look, panels: dict[str, Any]) -> dict[str, Any]:
    """The same beside these panels."""
    open_rows = [row for row in rows(look) if row.group == "open"]
    return {
        "incidents": [row_said(row, frozenset()) for row in open_rows[:_WORST]],
        "open": len(open_rows),
        "drills": sum(row.mode == "drill" for row in open_rows),
        "troubles": (panels.get("degraded") or [])[:_TROUBLES],
        "shift": _shift(look),
        "queue": queue_said(queue(look.situation.of("calls").values(), look.now), look.now),
        "exercise": exercise_said(look.situation, look.now),
    }


def _shift(look: Look) -> dict[str, Any]:
    watch, known = watch_at(look.situation.ground.city, look.now), look.situation.of("shifts")
    shift = known.get(watch.id)
    people = handover_said(shift)["people"] if shift else []
    before = max((key for key, one in known.items() if key < watch.id and one.note), default=None)
    return {
        "name": watch.name,
        "ends": epoch_s(watch.ends),
        "people": [one for one in people if one["present"]],
        "note": known[before].note if before else None,
        "note_of": before,
        **staffing_said(staffing(shift)),
    }
