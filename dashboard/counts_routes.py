"""`GET /api/v1/counts`: incidents of a period by kelurahan, kecamatan, category, class, day or month; years at once."""

from datetime import date, timedelta

import orjson
from flask import Flask, Response, request

from dashboard.auth import VIEWERS, Access
from dashboard.services import Services
from geodata.errors import BadInput
from layers.counts import COUNTED_BY, CountBy, counts_said
from layers.fields import day_of

ACCESS: Access = {"api_counts": VIEWERS}
_MOST_DAYS = 3_700


def register(server: Flask, services: Services) -> None:
    """Add the route."""

    def counts() -> Response:
        first, last, by = *_days(services), _by()
        found = services.store.counts(first, last, by, services.mode)
        head = {"first": first.isoformat(), "last": last.isoformat(), "mode": services.mode}
        said = orjson.dumps({**head, **counts_said(found, services.ground)})
        response = Response(said, content_type="application/json")
        response.headers["Cache-Control"] = "private, no-store"
        return response

    server.add_url_rule("/api/v1/counts", "api_counts", counts)


def _days(services: Services) -> tuple[date, date]:
    """`first` and `last`, both included; without them this month so far."""
    today = services.clock().astimezone(services.ground.city.zone).date()
    first, last = _day("first") or today.replace(day=1), _day("last") or today
    if not first <= last <= first + timedelta(days=_MOST_DAYS):
        raise BadInput(f"last: a period ends after it begins, at most {_MOST_DAYS} days later", field="last")
    return first, last


def _day(field: str) -> date | None:
    said = request.args.get(field, "")
    try:
        return day_of(said) if said else None
    except ValueError as error:
        raise BadInput(f"{field}: {error}", field=field) from error


def _by() -> CountBy:
    said = request.args.get("by") or "kelurahan"
    for known in COUNTED_BY:
        if known == said:
            return known
    raise BadInput(f"by: {said[:20]!r} is none of: {', '.join(COUNTED_BY)}", field="by")
