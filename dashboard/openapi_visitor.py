"""OpenAPI of what visitors are led through: the tour, its recording, and the key that makes a screen theirs."""

from typing import Any

from dashboard.openapi_desk import answer, asks, nullable, record, sends

Json = dict[str, Any]
_TEXT: Json = {"type": "string"}
_NUMBER: Json = {"type": "number"}
_INTEGER: Json = {"type": "integer"}
_WORDS: Json = record({"id": _TEXT, "en": _TEXT})
_SPAN: Json = {"type": ["object", "null"], "properties": {"from": _NUMBER, "to": _NUMBER, "speed": _NUMBER}}
_SCENE: Json = record({
    "number": _INTEGER, "shows": {"enum": ["welcome", "call", "volunteers", "cameras", "past", "map"]},
    "title": _WORDS, "caption": _WORDS, "seconds": _NUMBER,
    "past": {**_SPAN, "description": "of past scenes only; null: no time is marked for visitors"},
})  # fmt: skip
_CALLS: Json = {
    "type": ["object", "null"],
    "description": "of today in full half hours older than delay_s; null: none was counted",
    "properties": {
        "came": _INTEGER, "answered": _INTEGER, "real": _INTEGER, "untyped": _INTEGER,
        "since": _NUMBER, "until": _NUMBER,
        "others": {"type": "array", "items": record({"words": _WORDS, "count": _INTEGER})},
    },
}  # fmt: skip
_TOUR: Json = record({
    "now": _NUMBER, "mode": _TEXT, "build": _TEXT, "idle_s": _NUMBER, "delay_s": _NUMBER, "picture_delay_s": _NUMBER,
    "scenes": {"type": "array", "items": _SCENE},
    "figures": record({
        "city": _TEXT, "center": _TEXT, "kelurahan": _INTEGER, "kecamatan": _INTEGER, "calls": _CALLS,
        "agencies": {"type": "array", "items": _TEXT}, "volunteers": nullable("integer"),
    }),
})  # fmt: skip
_PAGE: Json = record({
    "from": _NUMBER, "to": _NUMBER, "speed": _NUMBER, "sense": _TEXT, "next": nullable("string"),
    "messages": {"type": "array", "items": {"$ref": "#/components/schemas/Live"}},
})  # fmt: skip
_STATE: Json = record({"is_on": {"type": "boolean"}, "since": nullable("number"), "may_begin": {"type": "boolean"}})
_ON: Json = record({"is_on": {"type": "boolean"}})
_KEY: Json = record({"name": {"type": "string", "maxLength": 256}, "secret": {"type": "string", "maxLength": 256}})


def visitor_paths() -> Json:
    """Every path of the tour and of guest mode."""
    number: Json = {"name": "number", "in": "path", "required": True, "schema": _INTEGER}
    cursor: Json = {"name": "cursor", "in": "query", "schema": _TEXT, "description": "`next` of a page"}
    past = asks(
        "The time that a scene of the tour shows, page by page", "tour_past", answer("OK", _PAGE), "400 404 503"
    )
    return {
        "/api/v1/tour": {"get": asks("The visitors' tour and its figures", "tour", answer("OK", _TOUR), "503")},
        "/api/v1/tour/past/{number}": {"get": {**past, "parameters": [number, cursor]}},
        "/api/v1/visit": {
            "get": asks("Whether this screen is a visitor's for now", "visit", answer("OK", _STATE), "503"),
            "post": asks("Make this screen a visitor's", "visit_begin", answer("It is", _ON), "400 503"),
        },
        "/api/v1/visit/end": {
            "post": asks(
                "Lead back, by the name and password or the token of somebody on duty", "visit_end",
                answer("It shows again what its key opens", _ON), "400 415 429 503", sends(_KEY),
            )
        },
    }  # fmt: skip
