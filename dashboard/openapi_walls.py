"""OpenAPI of the walls: what each shows, and what may be asked of its director."""

from typing import Any

from dashboard.openapi_desk import answer, asks, nullable, record, sends
from layers.scenes import REASONS, SCENE_KINDS

Json = dict[str, Any]
_TEXT: Json = {"type": "string"}
_NUMBER: Json = {"type": "number"}
_WORDS: Json = record({"id": _TEXT, "en": _TEXT})
_KIND: Json = {"enum": list(SCENE_KINDS)}
_ROOT = "/api/v1/walls"
_SCENE: Json = {
    "type": ["object", "null"],
    "description": "null: the director has not decided yet; more of it in docs/director.md",
    "properties": {
        "id": _TEXT, "kind": _KIND, "incident": nullable("string"), "since": _NUMBER, "title": _WORDS, "why": _WORDS,
        "reason": {"enum": list(REASONS)},
    "score": nullable("number"), "factors": {"type": "object"},
        "held_by": {"enum": [None, "acknowledge", "hand", "desk"]}, "locked_until": nullable("number"),
        "waiting": {"type": "integer", "description": "other critical incidents that nobody is on"},
        "stuck_since": {**nullable("number"), "description": "since when the director could not decide"},
    },
}  # fmt: skip
_ASKED: Json = record({
    "deed": {"enum": ["send", "lock", "release", "acknowledge"]}, "scene": {"enum": [None, *SCENE_KINDS]},
    "incident": nullable("string"), "is_hand": {"type": "boolean", "description": "at the wall itself"},
    "until": nullable("number"), "at": _NUMBER, "source": _TEXT,
})  # fmt: skip
_BEAT: Json = {
    "type": ["object", "null"],
    "description": "what the screen last said of itself; null: nothing since the server began",
    "properties": {
        "at": _NUMBER, "is_alive": {"type": "boolean"}, "connection": _TEXT, "errors": {"type": "integer"},
        "pixels": {"type": "array", "items": {"type": "integer"}}, "reloads": {"type": "integer"},
    },
}  # fmt: skip
_BEATEN: Json = record({
    "page": {"type": "string", "maxLength": 16}, "connection": {"enum": ["connecting", "live", "logged_out", "lost"]},
    **{name: {"type": "integer", "minimum": 0} for name in ("width", "height", "errors", "reloads")},
})  # fmt: skip
_WALL: Json = record({
    "name": _TEXT,
    "screens": {"type": "array", "items": record({"name": _TEXT, "shows": _TEXT, "beat": _BEAT})},
    "scene": _SCENE,
    "asked": {"type": "array", "items": _ASKED, "description": "the newest words to its director, newest first"},
})  # fmt: skip
_WALLS: Json = record({
    "now": _NUMBER,
    "walls": {"type": "array", "items": _WALL},
    "kinds": {"type": "array", "items": record({"kind": _KIND, "title": _WORDS})},
    "may": {"type": "array", "items": _TEXT, "description": "the deeds that you may ask"},
})  # fmt: skip
_WHY: Json = {"why": {"type": "string", "maxLength": 300}}
_HAND: Json = {"is_hand": {"type": "boolean", "description": "your hand is at the wall itself; a wall's always is"}}
_FOR: Json = {"for_s": {"type": "number", "minimum": 5, "maximum": 86_400, "description": "else as [director] says"}}
_INCIDENT: Json = {"incident": {"type": "string", "maxLength": 200}}


def wall_paths() -> Json:
    """Every path of the walls."""
    wall: Json = {"name": "wall", "in": "path", "required": True, "schema": _TEXT}
    heard = answer("It is in the log", record({"wall": _TEXT, "deed": _TEXT, "at": _NUMBER}))
    refusals = "400 404 415 429 503"
    wishes: tuple[tuple[str, str, Json], ...] = (
        ("scene", "Send a scene to a wall", {"scene": _KIND, **_INCIDENT, **_FOR, **_WHY}),
        ("lock", "Leave on the wall what it shows", {**_FOR, **_HAND, **_WHY}),
        ("release", "Let the director go on", {**_HAND, **_WHY}),
        ("acknowledge", "Take note of the incident shown, or of another", {**_INCIDENT, **_HAND, **_WHY}),
    )
    heard_of: Json = {"204": {"description": "Heard"}}
    screen: Json = {"name": "screen", "in": "path", "required": True, "schema": _TEXT}
    return {
        f"{_ROOT}/{{wall}}/screens/{{screen}}/beat": {
            "parameters": [wall, screen],
            "post": asks("Say that a screen lives", "wall_beat", heard_of, "400 404 415 429", sends(_BEATEN)),
        },
        _ROOT: {"get": asks("The walls, their screens and scenes", "walls", answer("Them", _WALLS), "503")},
        **{
            f"{_ROOT}/{{wall}}/{name}": {
                "parameters": [wall],
                "post": asks(summary, f"wall_{name}", heard, refusals, sends(record(body))),
            }
            for name, summary, body in wishes
        },
    }
