"""OpenAPI of the past: the picture of a moment, a period as messages, and the bookmarks that lead there."""

from typing import Any

Json = dict[str, Any]
_VIEWER: list[Json] = [{"bearer": []}, {"basic": []}, {"cookie": []}]
_PROBLEM: Json = {"$ref": "#/components/responses/Problem"}
_TEXT: Json = {"type": "string"}
_NUMBER: Json = {"type": "number"}
_MESSAGE: Json = {
    "allOf": [
        {"$ref": "#/components/schemas/Live"},
        {"type": "object", "properties": {"past": {
            "type": "object",
            "properties": {
                "at": _NUMBER,
                "sense": {"enum": ["shown", "known"]},
                "after_s": {**_NUMBER, "description": "seconds of play to wait before this message"},
                "skipped_s": {**_NUMBER, "description": "seconds of the past that were left out before it"},
            },
        }}},
    ],
}  # fmt: skip
_PAGE: Json = {
    "type": "object",
    "properties": {
        "from": _NUMBER,
        "to": _NUMBER,
        "speed": _NUMBER,
        "sense": _TEXT,
        "messages": {"type": "array", "items": _MESSAGE},
        "next": {"type": ["string", "null"], "description": "`cursor` of the next page; null at the end"},
    },
}

_COUNTS: Json = {"type": ["array", "null"], "items": {"type": "integer"}}
_TIMELINE: Json = {
    "type": "object",
    "properties": {
        "since": _NUMBER,
        "until": _NUMBER,
        "now": _NUMBER,
        "mode": _TEXT,
        "began": {"type": "object", "description": "from when on there is a past, by sense; null: there is none"},
        "positions_from": {"type": ["number", "null"], "description": "most places of units before were destroyed"},
        "first": {**_NUMBER, "description": "where the first piece begins"},
        "slot_s": _NUMBER,
        "incidents": _COUNTS,
        "grave": {**_COUNTS, "description": "those of priority 1 and 2; null beyond 32 days"},
        "calls": {"type": ["object", "null"]},
        "marks": {"type": ["array", "null"], "items": {"type": "object"}, "description": "null beyond 32 days"},
        "left_out": {"type": ["integer", "null"], "description": "incidents too many to be listed"},
    },
}


def past_paths() -> Json:
    """One entry per route."""
    sense = {
        **_query("sense", "shown: as the wall showed it, by arrival; known: with what came late in its place"),
        "schema": {"enum": ["shown", "known"], "default": "shown"},
    }
    speed = {
        **_query("speed", "seconds of the past per second of play"),
        "schema": {"type": "number", "minimum": 1, "maximum": 120, "default": 60},
    }
    period = (_needed("from", "ISO 8601 with offset, or epoch seconds"), _needed("to"), speed, sense)
    more = (_query("skip", "1: leave out the time in which nothing happens"), _query("cursor", "`next` of a page"))
    return {
        "/api/v1/situation": _get(
            "The picture of a moment, as your role would have got it", "situation", _MESSAGE,
            (_needed("at", "ISO 8601 with offset, or epoch seconds"), sense),
        ),
        "/api/v1/replay": _get(
            "A period as the messages that a live wall would have got, page by page", "replay", _PAGE, (*period, *more)
        ),
        "/api/v1/timeline": _get(
            "How much happened in each piece of a period, and where each incident begins", "timeline", _TIMELINE,
            (_query("since", "ISO 8601 with offset, or epoch seconds; else a day before `until`"),
             _query("until", "at most now"), _query("slots", "at most so many pieces, 120 where nothing is said")),
        ),
        **_bookmarks(),
    }  # fmt: skip


def _bookmarks() -> Json:
    nothing: Json = {"type": ["string", "null"]}
    told: Json = {"name": _TEXT, "at": _TEXT, "until": nothing, "sense": {"enum": ["shown", "known"]}, "note": nothing}
    told["for_visitors"] = {"type": "boolean", "description": "may be shown on the visitors' tour; for supervisors"}
    one = {"type": "object", "properties": {"id": _TEXT, **told, "by": _TEXT, "url": _TEXT}}
    listed = {"type": "object", "properties": {"bookmarks": {"type": "array", "items": one}}}
    sent = {"type": "object", "required": ["name", "at"], "properties": told}
    made = {"type": "object", "properties": {"id": _TEXT, "url": _TEXT}}
    add = _get("Mark a moment or a span of the past; admin only", "bookmark_add", made, ())["get"]
    add["requestBody"] = {"required": True, "content": {"application/json": {"schema": sent}}}
    add["responses"] = {"201": add["responses"].pop("200"), **add["responses"], "415": _PROBLEM}
    gone = _get("Take a bookmark away; admin only", "bookmark_remove", {"type": "object"}, ())["get"]
    gone["responses"]["404"] = _PROBLEM
    gone["parameters"] = [{"name": "bookmark_id", "in": "path", "required": True, "schema": {"type": "string"}}]
    return {
        "/api/v1/bookmarks": {**_get("Moments of the past to be found again", "bookmarks", listed, ()), "post": add},
        "/api/v1/bookmarks/{bookmark_id}": {"delete": gone},
    }


def _query(name: str, words: str = "") -> Json:
    return {"name": name, "in": "query", "schema": {"type": "string"}, "description": words}


def _needed(name: str, words: str = "") -> Json:
    return {**_query(name, words), "required": True}


def _get(summary: str, name: str, schema: Json, parameters: tuple[Json, ...]) -> Json:
    said = {"description": "OK", "content": {"application/json": {"schema": schema}}}
    return {
        "get": {
            "summary": summary,
            "operationId": name,
            "security": _VIEWER,
            "parameters": list(parameters),
            "responses": {"200": said, **{str(status): _PROBLEM for status in (400, 401, 403, 503)}},
        }
    }
