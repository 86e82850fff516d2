"""OpenAPI of the operator's desk: its rooms, their deeds, and the way back."""

from typing import Any

from dashboard.openapi_desk import answer, asks, nullable, record, sends

Json = dict[str, Any]
_TEXT: Json = {"type": "string"}
_ROOT = "/api/v1/desk"
_WORDS: Json = {"type": ["object", "string", "null"], "description": "id and en, or a text that is the same in both"}
_ROW = record(
    {
        "key": _TEXT,
        "version": {"type": "string", "description": "send it with a deed: another one means somebody was faster"},
        "title": _WORDS,
        "state": _WORDS,
        "deeds": {"type": "array", "items": _TEXT},
    }
)
_HEAD: Json = {
    "now": {"type": "number"},
    "mode": {"enum": ["live", "drill", "demo"]},
    "who": _TEXT,
    "undo": {"type": ["object", "null"], "description": "id and words of what you would take back next"},
    "rooms": {
        "type": "array",
        "items": record({"name": _TEXT, "title": _WORDS, "is_house": {"type": "boolean"}}),
        "description": "is_house: it is about the system, not about what happens in the city",
    },
    "links": {
        "type": "array",
        "items": record({"href": _TEXT, "title": _WORDS}),
        "description": "pages beside the desk that you may open",
    },
}
_FRONT: Json = {
    "incidents": {"type": "array", "items": _ROW, "description": "the gravest that are open"},
    "open": {"type": "integer"},
    "drills": {"type": "integer", "description": "how many of the open ones are of an exercise"},
    "troubles": {"type": "array", "items": {"type": "object"}, "description": "what does not work"},
    "shift": {"type": "object", "description": "who is on duty, and the note of the shift before"},
    "queue": {"type": ["object", "null"], "description": "the calls that wait; null: no telephone system tells"},
    "exercise": {"type": ["object", "null"], "description": "the exercise that is on"},
}
_ROOM: Json = {
    "title": _WORDS,
    "empty": {**_WORDS, "description": "what is said when there is no row"},
    "has_map": {"type": "boolean"},
    "has_history": {"type": "boolean", "description": "whether rows have a history"},
    "has_more": {"type": "boolean", "description": "whether a row tells more when it is looked at by itself"},
    "seek": {"type": "array", "items": {"type": "object"}, "description": "what may be sought: send it as a query"},
    "groups": {"type": "array", "items": record({"key": _TEXT, "words": _WORDS})},
    "head": {"type": "array", "items": {"type": "object"}, "description": "lines above the rows"},
}
_WISH = record(
    {
        "key": {"type": "string", "description": "of the row; a deed that makes something new has none"},
        "version": {"type": "string", "description": "of the row as you saw it"},
        "why": {"type": "string", "maxLength": 300, "description": "the reason; some deeds need one"},
        "is_real": {"type": "boolean", "description": "during an exercise: this is no exercise"},
    }
)
_SOUGHT = ("who", "what", "since", "until")
_UNDO = record({"id": {"type": "string"}, "why": {"type": "string", "maxLength": 300}})


def operate_paths() -> Json:
    """Every path of the desk. What is not kept yet because the log cannot be written is answered 202."""
    room: Json = {"name": "room", "in": "path", "required": True, "schema": _TEXT}
    now = record({**_HEAD, **_FRONT})
    rows = record({**_HEAD, **_ROOM, "rows": {"type": "array", "items": _ROW}, "deeds": {"type": "array"}})
    history = record({"key": _TEXT, "steps": {"type": "array", "items": {"type": "object"}}})
    more = record({"key": _TEXT, "lines": {"type": "array", "items": {"type": "object"}}, "values": {"type": "object"}})
    made = record({"key": _TEXT, "undo": nullable("string"), "is_kept": {"type": "boolean"}})
    done = {**answer("Done", made), **answer("Kept aside until the log can be written", made, "202")}
    back = record({"key": _TEXT, "is_kept": {"type": "boolean"}})
    undone = {**answer("Taken back", back), **answer("Kept aside until the log can be written", back, "202")}
    steps = asks("What was done to one row, by whom and why", "desk_history", answer("Steps", history), "404 503")
    whole = asks("What one row tells when it is looked at", "desk_more", answer("More", more), "404 503")
    key: Json = {"name": "key", "in": "query", "schema": _TEXT, "description": "of the row"}
    return {
        _ROOT: {
            "get": asks("The desk now: gravest incidents, troubles, shift", "desk", answer("Now", now), "503")
        },
        f"{_ROOT}/{{room}}": {
            "parameters": [room],
            "get": asks("One room: its rows and what may be done", "desk_room", answer("The room", rows), "404 503"),
        },
        f"{_ROOT}/{{room}}/history": {
            "parameters": [room],
            "get": {**steps, "parameters": [key]},
        },
        f"{_ROOT}/{{room}}/more": {
            "parameters": [room],
            "get": {**whole, "parameters": [key]},
        },
        f"{_ROOT}/{{room}}/{{deed}}": {
            "parameters": [room, {"name": "deed", "in": "path", "required": True, "schema": _TEXT}],
            "post": asks("Do something; it is an event with who and why", "desk_deed", done, "400 404 412 415 503",
                         sends(_WISH)),
        },
        "/api/v1/audit.csv": {
            "get": {
                **asks("What is sought in the audit as a table, itself noted there", "audit_csv",
                       answer("A file", _TEXT, kind="text/csv"), "400"),
                "parameters": [{"name": name, "in": "query", "schema": _TEXT} for name in _SOUGHT],
            }
        },
        f"{_ROOT}/undo": {
            "post": asks("Take back what you did, as a new event", "desk_undo", undone, "400 404 412 415 503",
                         sends(_UNDO)),
        },
    }  # fmt: skip
