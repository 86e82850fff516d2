"""The description of everything machines may ask of this server, OpenAPI 3.1, true to what is served.

A test compares its paths and methods with the routes, both ways.
"""

from typing import Any

from dashboard import openapi_city
from dashboard.openapi_desk import desk_paths, desk_schemas
from dashboard.openapi_operate import operate_paths
from dashboard.openapi_past import past_paths
from dashboard.openapi_reports import report_paths
from dashboard.openapi_visitor import visitor_paths
from dashboard.openapi_walls import wall_paths

Json = dict[str, Any]

_PROBLEM = {"$ref": "#/components/responses/Problem"}
_VIEWER: list[Json] = [{"bearer": []}, {"basic": []}, {"cookie": []}]
_BRINGER: list[Json] = [{"bearer": []}, {"basic": []}]


def description(version: str) -> Json:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Layar 112",
            "version": version,
            "summary": "Bring events to a city's situational view, and read the view.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": {
            **_bringing(),
            **_reading(),
            **_watching(),
            **openapi_city.paths(),
            **desk_paths(),
            **past_paths(),
            **operate_paths(),
            **report_paths(),
            **wall_paths(),
            **visitor_paths(),
        },
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "layar token create"},
                "basic": {"type": "http", "scheme": "basic", "description": "any user name; the password is the token"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "layar", "description": "set by /login"},
            },
            "responses": {"Problem": _response("What was refused and why (RFC 9457)", "Problem", "problem+json")},
            "schemas": _schemas(),
        },
    }


def _doubts() -> Json:
    text = {"type": "string"}
    said = "taken, but this city cannot use these fields as they are"
    return {"type": "array", "items": _object({"field": text, "detail": text}), "description": said}


def _schemas() -> Json:
    text, nothing = {"type": "string"}, {"type": "null"}
    return {
        "Incident": _incident(),
        "Taken": _object({
            "id": {"type": ["string", "null"]},
            "cursor": {"type": "integer"},
            "outcome": text,
            "doubts": _doubts(),
        }),
        "Results": _object({
            "cursor": {"type": "integer"},
            "results": {"type": "array", "items": {"$ref": "#/components/schemas/Result"}},
            "quarantined": {"type": "array", "items": {"type": "integer"}},
        }),
        "Result": _object({
            "id": text,
            "outcome": {"enum": ["created", "known", "waiting", "rejected"]},
            "detail": text,
            "field": text,
            "doubts": _doubts(),
        }),
        "Problem": _refused(),
        "Eyes": _eyes(),
        "Stills": _stills(),
        **desk_schemas(),
        "FeatureCollection": _features(),
        "Audit": _audit(),
        "Live": _object({
            "cursor": text,
            "from": {"anyOf": [text, nothing], "description": "null: a full picture, forget everything held"},
            "build": text,
            "now": {"type": "number"},
            "mode": {"enum": ["live", "drill", "demo"]},
            "layers": {"type": "object"},
            "panels": {"type": "object"},
        }),
    }  # fmt: skip


def _audit() -> Json:
    text = {"type": "string"}
    row = {
        "number": {"type": "integer"},
        "at": {**text, "format": "date-time"},
        "who": {**text, "description": "name of the token, or cli:account"},
        "action": text,
        "target": text,
        "details": {"type": "object"},
        "hash": {**text, "description": "SHA-256 of the row and of the row before it"},
    }
    return _object({"rows": {"type": "array", "items": _object(row)}})


def _refused() -> Json:
    text = {"type": "string"}
    return _object(
        {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "field": {**text, "description": "the field to mend"},
            "words": {
                **_object({"id": text, "en": text}),
                "description": "of the desk: what is wrong with the field, for its reader",
            },
            "row": {"type": "object", "description": "of the desk: as it is now, where somebody was faster"},
            "fields": {
                "type": "array",
                "items": _object({"field": text, "detail": text}),
                "description": "of a camera's form: all that is to be mended",
            },
            "quarantined": {"type": "array", "items": {"type": "integer"}},
            "request": {**text, "description": "the id of this request in the server's log"},
        }
    )


def _features() -> Json:
    whole = _object(
        {"type": {"const": "FeatureCollection"}, "features": {"type": "array", "items": {"type": "object"}}}
    )
    return {**whole, "required": ["type", "features"], "description": "GeoJSON (RFC 7946)"}


def _stills() -> Json:
    text = {"type": "string"}
    still = {
        "camera": text,
        "observed_at": {**text, "format": "date-time"},
        "milestone": {"enum": ["call", "dispatch", "arrival"]},
        "phase": {"enum": ["before", "at", "after"]},
        "url": {**text, "description": "the picture, relative to this server"},
    }
    return {"type": "array", "items": _object(still)}


def _eyes() -> Json:
    text, number = {"type": "string"}, {"type": "number"}
    camera = _object({
        "key": text, "name": text, "health": {"enum": ["unknown", "ok", "late", "lost"]},
        "distance_m": {"type": "integer"}, "sees": {"type": "boolean"}, "verdict": text,
        "reason": {**text, "description": "Indonesian"}, "reason_en": text,
        "last_picture_at": {"type": ["number", "null"], "description": "epoch seconds"},
        "ages": {"anyOf": [_object({"late_s": number, "lost_s": number}), {"type": "null"}]},
    })  # fmt: skip
    cameras = {"type": "array", "items": camera}
    said = {"seen_by": {"type": "integer"}, "text": text, "text_en": text, "cameras": cameras}
    return _object({"lon": number, "lat": number, **said})


def _incident() -> Json:
    text = {"type": "string"}
    return {
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": {**text, "description": "the call-taking system's own id"},
            "category": {**text, "description": "id, name or alias of the city's taxonomy"},
            "priority": {"type": "integer", "minimum": 1, "maximum": 4, "description": "1 is worst"},
            "status": {**text, "description": "diterima … selesai"},
            "time": {"description": "when it was reported: ISO 8601 with offset, or epoch seconds"},
            "lon": {"type": "number"},
            "lat": {"type": "number"},
            "kelurahan": {**text, "description": "Kemendagri code, where there is no position"},
            "description": text,
            "agency": text,
        },
    }


def _object(properties: Json) -> Json:
    return {"type": "object", "properties": properties}


def _response(words: str, schema: str, kind: str = "json") -> Json:
    return {
        "description": words,
        "content": {f"application/{kind}": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


def _refusals(*statuses: int) -> Json:
    return {str(status): _PROBLEM for status in statuses}


def _body(schema: Json, kind: str = "application/json") -> Json:
    return {"required": True, "content": {kind: {"schema": schema}}}


def _taken_answers() -> Json:
    taken = {"anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("Taken", "Results")]}
    said = {"description": "Kept, durably", "content": {"application/json": {"schema": taken}}}
    waiting = {**said, "description": "Kept, durably; in the log once that can be written, so there is no cursor yet"}
    known = {**said, "description": "Known already"}
    return {"201": said, "200": known, "202": waiting, **_refusals(401, 403, 413, 422, 429, 503)}


def _bringing() -> Json:
    one = {"$ref": "#/components/schemas/Incident"}
    either = {"anyOf": [one, {"type": "array", "items": one}]}
    answers = _taken_answers()
    tracked = {"200": {"description": "Kept, durably"}, **_refusals(400, 401, 403, 413, 429, 503)}
    osmand = {"summary": "A position by the OsmAnd protocol", "security": _BRINGER, "responses": tracked}
    words = [_query("id", "the unit"), _query("lat"), _query("lon"), _query("timestamp"), _query("bearing")]
    anything = {"type": "object"}
    return {
        "/api/v1/incidents": {
            "post": _bring("Report incidents, or what became of them", "incidents", answers, _body(either))
        },
        "/api/v1/feeds/{feed}": {
            "parameters": [_path("feed", "a feed that `layar check` prints")],
            "post": _bring("Bytes of any feed", "feed", {**answers, "404": _PROBLEM}, _body({}, "*/*")),
        },
        "/api/v1/osmand": {
            "get": {**osmand, "operationId": "osmand_get", "parameters": words},
            "post": {**osmand, "operationId": "osmand_post", "parameters": words},
        },
        "/api/v1/traccar": {
            method: {
                "summary": "A position forwarded by a Traccar server: JSON, or the parameters of its URL",
                "operationId": f"traccar_{method}",
                "security": _BRINGER,
                "responses": tracked,
            }
            for method in ("get", "post")
        },
        "/api/v1/hooks/{name}": {
            "parameters": [_path("name", "a hook that `layar hook create --feed` made")],
            "post": {
                **_bring("What a hook's feed reads, signed with its secret", "hook", answers, _body({}, "*/*")),
                "security": [],
                "parameters": [
                    _header("webhook-id", "of the message, the same in every try"),
                    _header("webhook-timestamp", "epoch seconds; at most five minutes off"),
                    _header("webhook-signature", "v1, and base64 of HMAC-SHA256 over id.timestamp.body"),
                ],
            },
        },
        "/api/v1/owntracks": {
            "post": {
                **_bring("A message of OwnTracks' HTTP mode", "owntracks", tracked, _body(anything)),
                "parameters": [_header("X-Limit-U", "user"), _header("X-Limit-D", "device")],
            }
        },
    }


def _bring(summary: str, name: str, responses: Json, body: Json) -> Json:
    return {
        "summary": summary,
        "operationId": name,
        "security": _BRINGER,
        "requestBody": body,
        "responses": responses,
    }


def _path(name: str, words: str) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "description": words}


def _query(name: str, words: str = "") -> Json:
    return {"name": name, "in": "query", "schema": {"type": "string"}, "description": words}


def _header(name: str, words: str) -> Json:
    return {"name": name, "in": "header", "schema": {"type": "string"}, "description": words}


def _get(summary: str, name: str, responses: Json, parameters: tuple[Json, ...] = (), *, is_open: bool = False) -> Json:
    security = {"security": [] if is_open else _VIEWER}
    return {
        "get": {
            "summary": summary,
            "operationId": name,
            **security,
            "parameters": list(parameters),
            "responses": responses,
        }
    }


def _reading() -> Json:
    drawn = {"application/geo+json": {"schema": {"$ref": "#/components/schemas/FeatureCollection"}}}
    geojson = {"200": {"description": "The layer", "content": drawn}}
    unchanged = {"304": {"description": "Not changed"}}
    document = {"200": {"description": "OK", "content": {"application/json": {"schema": {"type": "object"}}}}}
    return {
        "/api/v1/layers/{name}.geojson": _get(
            "A layer as drawn for your role",
            "layer",
            {**geojson, **unchanged, **_refusals(401, 403, 404, 503)},
            (_path("name", "a layer"),),
        ),
        "/api/v1/cameras/{camera_id}/card": _get(
            "Why a camera may look at a public place; for everybody who may see the camera, visitors too",
            "card",
            {**document, **_refusals(401, 403, 404)},
            (_path("camera_id", "a camera"),),
        ),
        "/api/v1/incidents/{incident_id}/stills": _get(
            "Camera stills before, at and after call, dispatch and arrival; admin only",
            "incident_stills",
            {"200": _response("Oldest first", "Stills"), **_refusals(401, 403, 404, 503)},
            (_path("incident_id", "the call-taking system's own id"),),
        ),
        "/api/v1/audit": _get(
            "Who looked at what and who changed what, at most 1,000; admin only",
            "audit",
            {"200": _response("Newest first", "Audit"), **_refusals(400, 401, 403)},
            (_query("since", "ISO 8601 with offset or epoch seconds"),),
        ),
        "/api/v1/eyes": _get(
            "Cameras in the order in which they show a place, each with its reason",
            "eyes",
            {"200": _response("Those that see it first", "Eyes"), **_refusals(400, 401, 403, 503)},
            (_query("lon", "degrees WGS 84, within the city"), _query("lat")),
        ),
        "/api/v1/quarantine": _get(
            "What could not be read, newest first", "quarantine", {**document, **_refusals(401, 403, 503)}
        ),
        "/api/v1/openapi.json": _get("This document", "openapi", document, is_open=True),
        "/api/v1/health": _get(
            "How every part of this installation is doing; for operators also what to do",
            "health",
            {**document, **_refusals(401, 403)},
        ),
        "/healthz": _get("Alive? With a token: how", "healthz", document, is_open=True),
        "/readyz": _get("Able to work?", "readyz", {**document, "503": document["200"]}, is_open=True),
    }


def _watching() -> Json:
    live = {"200": _response("A delta, or a full picture", "Live"), "304": {"description": "Nothing new"}}
    events = {"200": {"description": "Server-sent events; id is the cursor", "content": {"text/event-stream": {}}}}
    picture = {"200": {"description": "The newest picture", "content": {"image/jpeg": {}}}}
    still = {"200": {"description": "The still, 160x90", "content": {"image/jpeg": {}}}}
    size = {**_query("size"), "schema": {"enum": ["tiny", "thumb", "medium", "full"], "default": "medium"}}
    at = _query("at", "ISO 8601 with offset or epoch seconds: the kept still at or before; admin only")
    held = _query("cursor", "what you hold")
    return {
        "/live": _get("What is new since a cursor", "live", {**live, **_refusals(401, 403, 503)}, (held,)),
        "/live/stream": _get(
            "The same, pushed",
            "live_stream",
            {**events, **_refusals(401, 403, 503)},
            (held, _header("Last-Event-ID", "what you hold")),
        ),
        "/cameras/{camera_id}.jpg": _get(
            "A camera's newest picture, however old; its age is in X-Observed-At",
            "camera_picture",
            {**picture, "304": {"description": "Not changed"}, **_refusals(400, 401, 403, 404, 503)},
            (_path("camera_id", "id of the inventory"), size, at),
        ),
        "/cameras/{camera_id}/reference.jpg": _get(
            "How the camera looked when it learnt its street, masked, 160x90; admin only",
            "camera_reference",
            {**still, "304": {"description": "Not changed"}, **_refusals(400, 401, 403, 404)},
            (_path("camera_id", "id of the inventory"), _query("light", "day or night")),
        ),
    }
