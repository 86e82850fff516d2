"""What the city can be asked beside the map: around a point, statistics, the month, calls, callers, shifts, surge.

Everything is computed when asked, from the situation or the log; nothing of it costs the wall anything.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import orjson
from flask import Flask, Response, request

from dashboard.auth import OPERATORS, VIEWERS, Access, viewer_role
from dashboard.eyes import asked_place
from dashboard.panels import eye_said
from dashboard.services import Services
from geodata.errors import BadInput, NotFound
from layers.around import around
from layers.assignments import units_of
from layers.call_tally import bucket_start, funnel
from layers.callers import blocked, repeat_callers
from layers.calls import queue
from layers.disaster_mode import blocked_in_disaster, standings
from layers.eyes import eyes
from layers.fields import moment_of
from layers.intervals import DIMENSIONS, Dimension
from layers.joins import folded_now
from layers.monthly import (
    Period,
    funnel_said,
    month_of,
    monthly_report,
    statistics_said,
)
from layers.said import (
    caller_said,
    disaster_said,
    folded_said,
    incident_said,
    pressure_said,
    queue_said,
    signal_said,
    surge_said,
)
from layers.shifts import handover_said, staffing, staffing_said
from layers.signals import signals
from layers.statistics import day_start, open_incidents
from layers.surge import pressures, surge
from layers.watches import watch_at

ACCESS: Access = {
    "api_around": VIEWERS,
    "api_incident": VIEWERS,
    "api_statistics": VIEWERS,
    "api_monthly": VIEWERS,
    "api_calls": VIEWERS,
    "api_surge": VIEWERS,
    "api_disasters": VIEWERS,
    "api_shifts": VIEWERS,
    "api_callers": OPERATORS,
}
LONGEST = timedelta(days=400)
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_MOST_SHIFTS = 6
Answer = Callable[[Services], dict[str, Any]]


def register(server: Flask, services: Services) -> None:
    """Add the routes."""
    answers: dict[str, tuple[str, Answer]] = {
        "api_around": ("/api/v1/around", _around),
        "api_statistics": ("/api/v1/statistics", _statistics),
        "api_monthly": ("/api/v1/reports/monthly", _monthly),
        "api_calls": ("/api/v1/calls", _calls),
        "api_surge": ("/api/v1/surge", _surge),
        "api_disasters": ("/api/v1/disasters", _disasters),
        "api_shifts": ("/api/v1/shifts", _shifts),
        "api_callers": ("/api/v1/callers", _callers),
    }
    server.add_url_rule("/api/v1/incidents/<incident_id>", "api_incident", partial(_incident, services))
    for endpoint, (path, answer) in answers.items():
        server.add_url_rule(path, endpoint, _answering(services, answer))


def _answering(services: Services, answer: Answer) -> Callable[[], Response]:
    return lambda: _json(answer(services))


def _json(said: dict[str, Any]) -> Response:
    response = Response(orjson.dumps(said), content_type="application/json")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _incident(services: Services, incident_id: str) -> Response:
    """How one incident was answered. Closed ones are remembered for two days; their events stay in the log."""
    situation = services.hub.picture(viewer_role()).situation
    incident = situation.of("incidents").get(incident_id)
    if incident is None:
        raise NotFound(f"no incident {incident_id[:60]!r} is open or was closed in the last two days")
    units = units_of(situation, incident.id)
    return _json({**incident_said(incident, services.ground.city), "units": units})


def _around(services: Services) -> dict[str, Any]:
    lon, lat = asked_place(services)
    situation, now = services.hub.picture(viewer_role()).situation, services.clock()
    cameras = [eye_said(eye) for eye in eyes(situation, lon, lat, now)[:6]]
    return {**around(situation, lon, lat, now), "cameras": cameras}


def _statistics(services: Services) -> dict[str, Any]:
    period, by = _period(services), _dimension()
    incidents = services.history.incidents(period)
    return statistics_said(services.ground, incidents, services.history.tallies(period), period, by)


def _monthly(services: Services) -> dict[str, Any]:
    """`?month=2026-11`; without one the month that has begun."""
    said = request.args.get("month") or f"{services.clock().astimezone(services.ground.city.zone):%Y-%m}"
    try:
        asked = datetime.strptime(said, "%Y-%m")  # noqa: DTZ007 — only its year and month are read
    except ValueError as error:
        raise BadInput(f"month: {said[:20]!r} is no month; write it like 2026-11", field="month") from error
    if not _FIRST_YEAR <= asked.year <= _LAST_YEAR:
        raise BadInput(f"month: {said[:20]!r} is not from {_FIRST_YEAR} to {_LAST_YEAR}", field="month")
    period = month_of(services.ground.city, asked.year, asked.month, services.mode)
    return monthly_report(services.ground, services.history.incidents(period), services.history.tallies(period), period)


def _period(services: Services) -> Period:
    """`from` and `to`; without them today so far."""
    now, city = services.clock(), services.ground.city
    since = _moment("from") or day_start(city, now)
    until = _moment("to") or now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    if not since < until <= since + LONGEST:
        raise BadInput(f"to: a period ends after it begins, at most {LONGEST.days} days later", field="to")
    return Period(since=since.astimezone(city.zone), until=until.astimezone(city.zone), mode=services.mode)


def _moment(field: str) -> datetime | None:
    said = request.args.get(field)
    try:
        return moment_of(said) if said else None
    except ValueError as error:
        raise BadInput(f"{field}: {error}", field=field) from error


def _dimension() -> Dimension | None:
    said = request.args.get("by")
    if not said:
        return None
    for known in DIMENSIONS:
        if known == said:
            return known
    raise BadInput(f"by: {said[:20]!r} is none of: {', '.join(DIMENSIONS)}", field="by")


def _calls(services: Services) -> dict[str, Any]:
    """The queue now, and the funnel of this shift, day, month and year; each until now."""
    situation, now, city = services.hub.situation(), services.clock(), services.ground.city
    today = day_start(city, now)
    starts = {
        "shift": bucket_start(watch_at(city, now).starts),
        "day": today,
        "month": today.replace(day=1),
        "year": today.replace(month=1, day=1),
    }
    tallies = tuple(situation.of("call_tally").values())
    until = now + timedelta(minutes=1)
    return {
        "now": now.timestamp(),
        "mode": services.mode,
        "queue": queue_said(queue(situation.of("calls").values(), now), now),
        **{name: funnel_said(funnel(tallies, since, until, services.mode), city) for name, since in starts.items()},
    }


def _surge(services: Services) -> dict[str, Any]:
    """Calls beside those usual for the hour, reports folded into things, and how hard each kelurahan is pressed."""
    situation, now = services.hub.picture(viewer_role()).situation, services.clock()
    return {
        "now": now.timestamp(),
        "calls": surge_said(surge(situation.of("call_tally"), now, services.mode)),
        "folded": [folded_said(one) for one in folded_now(situation) if one.reports > 1],
        "kelurahan": [
            pressure_said(one, services.ground) for one in pressures(open_incidents(situation), services.ground)
        ],
        "signals": [signal_said(one) for one in signals(situation, now)],
    }


def _disasters(services: Services) -> dict[str, Any]:
    situation, now = services.hub.picture(viewer_role()).situation, services.clock()
    return {
        "now": now.timestamp(),
        "disasters": [disaster_said(one) for one in standings(situation, now, services.mode)],
    }


def _shifts(services: Services) -> dict[str, Any]:
    """The shift on duty and those before it; names and notes for admins only, as the picture of the role has them."""
    situation, now = services.hub.picture(viewer_role()).situation, services.clock()
    watch, known = watch_at(services.ground.city, now), situation.of("shifts")
    newest = sorted(known, reverse=True)[:_MOST_SHIFTS]
    return {
        "now": now.timestamp(),
        "on_duty": {"shift": watch.id, "ends": watch.ends.timestamp(), **staffing_said(staffing(known.get(watch.id)))},
        "shifts": [handover_said(known[key]) for key in newest],
    }


def _callers(services: Services) -> dict[str, Any]:
    """Who repeats, who is blocked until when, and which of them last called from a disaster."""
    situation, now = services.hub.picture(viewer_role()).situation, services.clock()
    numbers = situation.of("callers").values()
    return {
        "now": now.timestamp(),
        "repeat": [
            {**caller_said(one.number, now), "calls_today": one.calls, "pranks_today": one.pranks}
            for one in repeat_callers(numbers, now)
        ],
        "blocked": [caller_said(number, now) for number, _ in blocked(numbers, now)],
        "blocked_in_disaster": [
            {**caller_said(one.number, now), "kelurahan": one.kelurahan, "disasters": list(one.disasters)}
            for one in blocked_in_disaster(situation, now)
        ],
    }
