"""`GET /api/v1/timeline`: what the replay's timeline is drawn from. Of the past only, so the answer is kept a while."""

from datetime import datetime, timedelta
from typing import Any

import orjson
from flask import Flask, Response, request

from dashboard.auth import VIEWERS, Access
from dashboard.replay_routes import Readers
from dashboard.replay_timeline import (
    DAY,
    GRAVE,
    Slots,
    calls_said,
    counted,
    daily,
    marks_of,
    marks_said,
    slots_of,
)
from dashboard.services import Services
from geodata.clock import epoch_s
from geodata.errors import BadInput
from layers.call_tally import Tally, tallies_between, tallies_told
from layers.calls import CallRecorded
from layers.fields import moment_of
from layers.monthly import AFTER, BEFORE, FACTS, Period

ACCESS: Access = {"api_timeline": VIEWERS}
LONGEST, MARKED = timedelta(days=800), timedelta(days=32)
"""Of a longer time than `MARKED` only the days are counted, from sums that are kept."""
_SLOTS, _MOST_SLOTS = 120, 800
_KEPT_S, _KEPT_OLD_S = 10, 300
_OLD = timedelta(hours=1)


def register(server: Flask, services: Services) -> None:
    """Add the route."""
    readers = Readers()

    def timeline() -> Response:
        period, most = _period(services), _most()
        name = f"timeline {period.since.isoformat()} {period.until.isoformat()} {most}"
        body = services.cache.get(name)
        if body is None:
            with readers.one():
                body = orjson.dumps(told(services, period, most))
            is_old = services.clock() - period.until > _OLD
            services.cache.set(name, body, timeout=_KEPT_OLD_S if is_old else _KEPT_S)
        response = Response(body, content_type="application/json")
        response.headers["Cache-Control"] = "private, no-store"
        return response

    server.add_url_rule("/api/v1/timeline", "api_timeline", timeline)


def told(services: Services, period: Period, most: int) -> dict[str, Any]:
    """The timeline as JSON."""
    began = {sense: services.store.began(sense) for sense in ("shown", "known")}
    positions_from = services.store.positions_from()
    is_marked = period.until - period.since <= MARKED
    slots = slots_of(period, most if is_marked else _MOST_SLOTS)
    if not is_marked:
        slots = Slots(first=slots.first.replace(hour=0, minute=0), step=DAY, count=_days(period))
    return {
        "since": epoch_s(period.since),
        "until": epoch_s(period.until),
        "now": epoch_s(services.clock()),
        "mode": period.mode,
        "began": {sense: epoch_s(at) if at else None for sense, at in began.items()},
        "positions_from": epoch_s(positions_from) if positions_from else None,
        "first": epoch_s(slots.first),
        "slot_s": slots.step.total_seconds(),
        **(_marked(services, period, slots) if is_marked else _summed(services, slots)),
    }


def _days(period: Period) -> int:
    return (period.until.date() - period.since.date()).days + 1


def _marked(services: Services, period: Period, slots: Slots) -> dict[str, Any]:
    store, ground = services.store, services.ground
    kinds = [fact.kind for fact in FACTS]
    marks = marks_of(store.told(kinds, period.since - BEFORE, period.until + AFTER), period, ground.city)
    return {
        "incidents": counted(marks, slots, ground.city),
        "grave": counted(marks, slots, ground.city, GRAVE),
        "calls": calls_said(_tallies(services, period), slots),
        **marks_said(marks, ground),
    }


def _summed(services: Services, slots: Slots) -> dict[str, Any]:
    last = slots.first + (slots.count - 1) * slots.step
    found = services.store.counts(slots.first.date(), last.date(), "day", services.mode)
    incidents = daily(((day, count.incidents) for day, count in found.groups.items()), slots)
    return {"incidents": incidents, "grave": None, "calls": None, "marks": None, "left_out": None}


def _tallies(services: Services, period: Period) -> list[Tally]:
    lived = tallies_between(services.hub.situation().of("call_tally"), period.since, period.until, period.mode)
    brought = tallies_told(services.store.past([CallRecorded.kind], period.since, period.until))
    return [*lived, *(tally for tally in brought if tally.mode == period.mode)]


def _period(services: Services) -> Period:
    zone, now = services.ground.city.zone, services.clock()
    until = min(_moment("until", now), now)
    since = _moment("since", until - timedelta(days=1))
    if since >= until:
        raise BadInput("until: a period ends after it begins, and begins in the past", field="until")
    if until - since > LONGEST:
        raise BadInput(f"until: at most {LONGEST.days} days are shown at once", field="until")
    return Period(since=since.astimezone(zone), until=until.astimezone(zone), mode=services.mode)


def _moment(field: str, otherwise: datetime) -> datetime:
    """A + that was not escaped arrives as a space."""
    said = request.args.get(field)
    if not said:
        return otherwise
    try:
        return moment_of(said.replace(" ", "+"))
    except ValueError as error:
        raise BadInput(f"{field}: {error}", field=field) from error


def _most() -> int:
    said = request.args.get("slots", str(_SLOTS))
    if not said.isdecimal() or len(said) > len(str(_MOST_SLOTS)) or not 1 <= int(said) <= _MOST_SLOTS:
        raise BadInput(f"slots is a number from 1 to {_MOST_SLOTS}", field="slots")
    return int(said)
