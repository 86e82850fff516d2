"""`GET /api/v1/tracks`: where units were, through an interval of the past, by their own time."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import orjson
from flask import Flask, Response, request

from dashboard.auth import VIEWERS, Access
from dashboard.services import Services
from geodata.clock import epoch_s
from geodata.errors import BadInput
from layers.fields import moment_of
from layers.tracks import MEASURES, Floats, Tracks, Way

ACCESS: Access = {"api_tracks": VIEWERS}
MOST = timedelta(hours=24)
_MOST_UNITS = 100
_SAID = ("lon", "lat", "heading_deg", "speed_mps", "accuracy_m")
_MICRO = 1_000_000


def register(server: Flask, services: Services) -> None:
    """Add the route."""

    def tracks() -> Response:
        now = services.clock()
        until = _moment("until") or now
        since = _moment("since") or until - timedelta(hours=1)
        if not since < until <= since + MOST:
            raise BadInput("until: an interval ends after it begins, at most 24 hours later", field="until")
        way = services.store.tracks(since, until, _units())
        destroyed = services.store.positions_from()
        before = {"destroyed_before": None if destroyed is None else epoch_s(destroyed)}
        said = orjson.dumps(tracks_said(way, since, until) | before)
        response = Response(said, content_type="application/json")
        response.headers["Cache-Control"] = "private, no-store"
        return response

    server.add_url_rule("/api/v1/tracks", "api_tracks", tracks)


def tracks_said(way: Way, since: datetime, until: datetime) -> dict[str, Any]:
    """A unit and who told of it, with one list per column; null is "not said"."""
    found = way.tracks
    present = np.unique(found.who).tolist()
    return {
        "since": epoch_s(since),
        "until": epoch_s(until),
        "whole_until": way.until / _MICRO,
        "units": [_said(found, who) for who in sorted(present, key=lambda who: found.speakers[who])],
    }


def _said(found: Tracks, who: int) -> dict[str, Any]:
    own = found.take(found.who == who)
    speaker = own.speakers[who]
    columns = {name: _column(own.measures[MEASURES.index(name)]) for name in _SAID}
    times = {"observed_at": (own.at / _MICRO).tolist(), "seen_at": (own.seen / _MICRO).tolist()}
    return {"key": speaker.unit, "source": speaker.source, "mode": speaker.mode, **times, **columns}


def _column(values: Floats) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]  # noqa: PLR0124 — NaN is not said


def _units() -> set[str] | None:
    said = set(request.args.getlist("unit"))
    if len(said) > _MOST_UNITS:
        raise BadInput(f"unit: at most {_MOST_UNITS} at once; leave it out for all", field="unit")
    return said or None


def _moment(field: str) -> datetime | None:
    said = request.args.get(field)
    try:
        return moment_of(said) if said else None
    except ValueError as error:
        raise BadInput(f"{field}: {error}", field=field) from error
