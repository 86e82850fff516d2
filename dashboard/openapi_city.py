"""OpenAPI of what the city can be asked beside the map: around a point, statistics, the month, calls, callers."""

from typing import Any

from dashboard.export_files import FORMATS
from layers.counts import COUNTED_BY
from layers.export_tables import TABLES

Json = dict[str, Any]
_VIEWER: list[Json] = [{"bearer": []}, {"basic": []}, {"cookie": []}]
_PROBLEM: Json = {"$ref": "#/components/responses/Problem"}
_TEXT: Json = {"type": "string"}
_COUNT: Json = {"type": "integer"}
_NUMBER: Json = {"type": ["number", "null"]}
_LIST: Json = {"type": "array", "items": {"type": "object"}}
_ANY: Json = {"type": ["object", "null"]}


def paths() -> Json:
    """One entry per route."""
    from_to = (_query("from", "ISO 8601 with offset; today's beginning if missing"), _query("to", "now if missing"))
    by = {**_query("by"), "schema": {"enum": ["shift", "category", "agency", "kelurahan", "kecamatan", "day"]}}
    counted = {**_query("by", "kelurahan if missing"), "schema": {"enum": list(COUNTED_BY)}}
    return {
        "/api/v1/around": _get(
            "What an operator must know of a place, each with its age and source", "around", _AROUND,
            (_query("lon", "degrees WGS 84, within the city"), _query("lat")),
        ),
        **_of_places(),
        "/api/v1/incidents/{incident_id}": _of_one_incident(),
        "/api/v1/statistics": _get(
            "Calls and response times of a period; every figure names its records", "statistics", _GROUPED,
            (*from_to, by),
        ),
        "/api/v1/reports/monthly": _get(
            "The monthly report as data", "monthly", _MONTHLY, (_query("month", "2026-11; this month if missing"),)
        ),
        "/api/v1/counts": _get(
            "Incidents of a period, years at once, and how many of them were called off", "counts", _COUNTS,
            (_query("first", "a day, 2026-11-01; this month's first"), _query("last", "included; today"), counted),
        ),
        "/api/v1/tracks": _get(
            "Where units were, through an interval by their own time; whole until `whole_until`", "tracks", _TRACKS,
            (_query("since", "an hour before `until` if missing"), _query("until", "at most 24 h later; else now"),
             _query("unit", "may be said up to 100 times; all units if missing")),
        ),
        "/api/v1/feeds": _get(
            "Feeds that come in by themselves, and every source: how fresh, what went wrong, the next try", "feeds",
            {"now": _NUMBER, "is_running": {"type": "boolean"}, "feeds": _LIST, "sources": _LIST},
        ),
        "/api/v1/export/{kind}.{format_}": _export(),
        "/api/v1/calls": _get("The queue now, the funnel of shift, day, month and year", "calls", _CALLS),
        "/api/v1/surge": _get(
            "Calls beside those usual for the hour, folded reports, pressure per kelurahan, signs", "surge", _SURGE
        ),
        "/api/v1/disasters": _get("Every disaster that goes on", "disasters", {"now": _NUMBER, "disasters": _LIST}),
        "/api/v1/shifts": _get(
            "Who is there; names and notes for admins only", "shifts",
            {"now": _NUMBER, "on_duty": _ANY, "shifts": _LIST},
        ),
        "/api/v1/callers": _get(
            "Repeat callers and the block list, by hash and last three digits; admin only", "callers",
            {"now": _NUMBER, "repeat": _LIST, "blocked": _LIST, "blocked_in_disaster": _LIST},
        ),
    }  # fmt: skip


def _of_places() -> Json:
    return {
        "/api/v1/here": _get(
            "What is at a place: the few things a room asks, each with its age and source", "here", _HERE,
            (_query("lon", "degrees WGS 84, within the city"), _query("lat")),
        ),
        "/api/v1/search": _get(
            "Places by name: kelurahan, kecamatan, facilities, cameras, shelters, units, open incidents; coordinates",
            "search", {"q": _TEXT, "found": _LIST}, (_query("q", "at most 80 letters"),),
        ),
    }  # fmt: skip


def _of_one_incident() -> Json:
    said = _get("How one incident was answered: steps by agency, who came first, times not believed", "incident", {
        "key": _TEXT, "mode": _TEXT, "source": _TEXT, "observed_at": _NUMBER,
        "status": _TEXT, "reported_at": _NUMBER, "steps": _ANY, "by_agency": _ANY, "relawan_at": _NUMBER,
        "opd_at": _NUMBER, "first": {"enum": ["relawan", "opd", None]}, "lead_s": _NUMBER, "flaws": _LIST,
        "units": {"type": "array", "items": _TEXT, "description": "that were sent to it"},
        "intervals": {"type": "object", "description": "seconds, or the reason why there are none"},
    })  # fmt: skip
    said["get"]["parameters"] = [
        {"name": "incident_id", "in": "path", "required": True, "schema": {"type": "string"}, "description": "its id"}
    ]
    said["get"]["responses"]["404"] = _PROBLEM
    return said


def _export() -> Json:
    """A file, for admins: it is long, and noted."""
    said = _get("A table of what happened, without personal data", "export", {}, (
        _query("since", "first day, 2026-11-01"), _query("until", "last day, included"),
        {"name": "kind", "in": "path", "required": True, "schema": {"enum": list(TABLES)}, "description": "the table"},
        {"name": "format_", "in": "path", "required": True, "schema": {"enum": list(FORMATS)}, "description": "of it"},
    ))  # fmt: skip
    binary = {"schema": {"type": "string", "format": "binary"}}
    content = {kind.split(";")[0]: binary for kind in FORMATS.values()}
    said["get"]["responses"]["200"] = {"description": "OK", "content": content}
    said["get"]["responses"] |= {"404": _PROBLEM, "429": _PROBLEM}
    return said


_AROUND: Json = {
    "lon": _NUMBER, "lat": _NUMBER, "place": _ANY, "cameras": _LIST, "incidents": _LIST, "responders": _ANY,
    "facilities": _LIST, "shelters": _LIST, "water": _LIST, "air": _LIST, "lifelines": _LIST, "signs": _LIST,
    "weather": _ANY, "alerts": _LIST, "disasters": _LIST, "earthquakes": _LIST,
}  # fmt: skip
_HERE: Json = {
    "lon": _NUMBER, "lat": _NUMBER, "now": _NUMBER, "place": _ANY, "incidents": _LIST, "facilities": _LIST,
    "cameras": _LIST, "cameras_seeing": _COUNT, "responder": _ANY, "volunteers_here": _COUNT, "why_nobody": _ANY,
    "water": _ANY, "flooded": _LIST, "alerts": _LIST, "lifelines": _LIST, "rings": _LIST,
}  # fmt: skip
_FUNNEL: Json = {
    "type": "object",
    "properties": {
        "came": _COUNT, "answered": _COUNT, "by_kind": _ANY, "by_provider": _ANY, "real": _COUNT,
        "genuine_share": _NUMBER, "answer": _ANY,
    },
}  # fmt: skip
_STATISTICS: Json = {
    "from": _TEXT, "to": _TEXT, "mode": _TEXT, "calls": _FUNNEL, "incidents": _COUNT,
    "times": {"type": "object", "description": "per interval: n, median_s, p90_s, within, records, left_out"},
}  # fmt: skip
_GROUPED: Json = {**_STATISTICS, "by": _TEXT, "groups": {**_ANY, "description": "where `by` is asked for"}}
_MONTHLY: Json = {
    **_STATISTICS, "city": _TEXT, "city_name": _TEXT, "month": _TEXT, "calls_by_day": _ANY, "calls_by_shift": _ANY,
    "by_class": _ANY, "by_category": _ANY, "by_kecamatan": _ANY, "by_kelurahan": _ANY, "by_agency": _ANY,
    "by_end": _ANY, "times_by_category": _ANY,
}  # fmt: skip
_COUNTS: Json = {"first": _TEXT, "last": _TEXT, "mode": _TEXT, "by": _TEXT, "groups": _LIST, "total": _ANY}
_TRACKS: Json = {
    "since": _NUMBER, "until": _NUMBER, "whole_until": _NUMBER, "destroyed_before": _NUMBER, "units": _LIST,
}  # fmt: skip
_CALLS: Json = {
    "now": _NUMBER, "mode": _TEXT, "queue": _ANY, "shift": _FUNNEL, "day": _FUNNEL, "month": _FUNNEL, "year": _FUNNEL
}  # fmt: skip
_SURGE: Json = {"now": _NUMBER, "calls": _ANY, "folded": _LIST, "kelurahan": _LIST, "signals": _LIST}


def _query(name: str, words: str = "") -> Json:
    return {"name": name, "in": "query", "schema": {"type": "string"}, "description": words}


def _get(summary: str, name: str, properties: Json, parameters: tuple[Json, ...] = ()) -> Json:
    schema = {"type": "object", "properties": properties}
    said = {"description": "OK", "content": {"application/json": {"schema": schema}}}
    refused = {str(status): _PROBLEM for status in (401, 403, 503, *((400,) if parameters else ()))}
    return {
        "get": {
            "summary": summary,
            "operationId": name,
            "security": _VIEWER,
            "parameters": list(parameters),
            "responses": {"200": said, **refused},
        }
    }
