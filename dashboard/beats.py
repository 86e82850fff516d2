"""`POST /api/v1/walls/<wall>/screens/<screen>/beat`: a screen says that it lives (`dashboard/beats_kept.py`)."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from flask import Flask, Response
from werkzeug.exceptions import Forbidden

from dashboard.auth import VIEWERS, VISITORS, Access, principal
from dashboard.beats_kept import Beat, Json
from dashboard.desk_request import json_body
from dashboard.rates import Rates
from dashboard.services import Services
from dashboard.walls import screen_named, wall_named, walls_of
from geodata.errors import BadInput, NotFound

ACCESS: Access = {"api_wall_beat": VISITORS}
"""Of visitors only a screen that is theirs for now: it lives on (dashboard/visits.py)."""
_PER_S = 0.5
_NO_CONTENT = 204
_LONGEST_PAGE = 16
_MOST = 1_000_000
_CONNECTIONS = frozenset({"connecting", "live", "lost", "logged_out"})


def beat_of(body: Json, now: datetime) -> Beat:
    """What a page sent. Raises BadInput naming the field."""
    page = body.get("page")
    if not isinstance(page, str) or not page.isalnum() or len(page) > _LONGEST_PAGE:
        raise BadInput(f"page: letters and digits, {_LONGEST_PAGE} at most", field="page")
    connection = body.get("connection")
    if connection not in _CONNECTIONS:
        raise BadInput(f"connection is one of: {', '.join(sorted(_CONNECTIONS))}", field="connection")
    counts = {name: _count(body, name) for name in ("width", "height", "errors", "reloads")}
    return Beat(
        page=page,
        at=now,
        connection=connection,
        pixels=(counts["width"], counts["height"]),
        errors=counts["errors"],
        reloads=counts["reloads"],
    )


def _count(body: Json, name: str) -> int:
    said = body.get(name, 0)
    if isinstance(said, bool) or not isinstance(said, int) or not 0 <= said <= _MOST:
        raise BadInput(f"{name}: a whole number, 0 to {_MOST}", field=name)
    return said


def register(server: Flask, services: Services, clock_s: Callable[[], float]) -> None:
    """Add the route. `clock_s` is for the rate limit only."""
    rates = Rates(_PER_S, clock_s)
    path = "/api/v1/walls/<wall>/screens/<screen>/beat"
    server.add_url_rule(
        path, "api_wall_beat", partial(_beat, services, rates), methods=["POST"], provide_automatic_options=False
    )


def _beat(services: Services, rates: Rates, wall: str, screen: str) -> Response:
    if principal().role not in VIEWERS and not principal().is_guest:
        raise Forbidden
    named = wall_named(walls_of(services.settings.walls), wall)
    shown = screen_named(named, screen) if named else None
    if named is None or shown is None:
        raise NotFound("no such screen of a wall")
    beat = beat_of(json_body(), services.clock())
    rates.take(f"{principal().name}/{wall}/{screen}/{beat.page}")
    services.beats.hear(named.name, shown.name, beat)
    return Response(status=_NO_CONTENT)
