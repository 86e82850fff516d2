"""Which stills an incident has: before, at and after its call, its dispatch and the arrival, as a list."""

from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from flask import Flask, Response

from dashboard.auth import OPERATORS, Access, principal
from dashboard.services import Services
from geodata.errors import NotFound
from layers.moments import milestones_of
from layers.store.stills import Pinned

ACCESS: Access = {"api_incident_stills": OPERATORS}


def register(server: Flask, services: Services) -> None:
    """Add `/api/v1/incidents/<id>/stills`."""

    def incident_stills(incident_id: str) -> Response:
        kept = services.past.of_incident(incident_id)
        incident = services.hub.situation().of("incidents").get(incident_id)
        if not kept and incident is None:
            raise NotFound(f"no incident {incident_id!r}")
        moments = milestones_of(incident) if incident else {}
        services.audit.note(principal().name, "stills.list", incident_id, stills=len(kept))
        told = [_said(one, moments.get(one.slot.milestone)) for one in kept]
        return Response(orjson.dumps(told), content_type="application/json")

    server.add_url_rule("/api/v1/incidents/<path:incident_id>/stills", "api_incident_stills", incident_stills)


def _said(pinned: Pinned, moment: datetime | None) -> dict[str, Any]:
    """`offset_s`: how long after its moment the picture was taken; None where that is not known any more."""
    slot, still = pinned.slot, pinned.still
    return {
        "camera": still.camera,
        "observed_at": _iso(still.captured_at),
        "milestone": slot.milestone,
        "phase": slot.phase,
        "moment": _iso(moment) if moment else None,
        "offset_s": (still.captured_at - moment).total_seconds() if moment else None,
        "url": _url(still.camera, still.captured_at),
    }


def _url(camera_id: str, captured_at: datetime) -> str:
    return f"/cameras/{quote(camera_id)}.jpg?{urlencode({'at': _iso(captured_at)}, safe=':')}"


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
