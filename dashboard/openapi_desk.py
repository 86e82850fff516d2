"""What may be asked of the camera desk, as OpenAPI; joined in `dashboard/openapi.py`. All of it admin only."""

from typing import Any

Json = dict[str, Any]
_TEXT: Json = {"type": "string"}
_NUMBER: Json = {"type": "number"}
_PROBLEM: Json = {"$ref": "#/components/responses/Problem"}
_ADMIN: list[Json] = [{"bearer": []}, {"basic": []}, {"cookie": []}]
_LIST = "/api/v1/cameras"


def desk_paths() -> Json:
    """Every path of the desk."""
    return {
        **_one_by_one(),
        **_lists(),
        **_trial(),
        **_teach(),
        **_onvif(),
    }


def desk_schemas() -> Json:
    """What the paths speak of."""
    return {"Camera": _camera(), "CameraForm": _form(), "CameraStatus": _status()}


def asks(summary: str, name: str, good: Json, refusals: str, body: Json | None = None) -> Json:
    """One operation; `refusals` are statuses, apart by spaces."""
    said = {"summary": summary, "operationId": name, "security": _ADMIN}
    responses = {**good, **dict.fromkeys((*refusals.split(), "401", "403"), _PROBLEM)}
    return {**said, **({"requestBody": body} if body else {}), "responses": responses}


def answer(words: str, schema: Json, status: str = "200", kind: str = "application/json") -> Json:
    """A good answer."""
    return {status: {"description": words, "content": {kind: {"schema": schema}}}}


def sends(schema: Json, *kinds: str) -> Json:
    """A body that has to be sent."""
    return {"required": True, "content": {kind: {"schema": schema} for kind in kinds or ("application/json",)}}


def known(name: str) -> Json:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def record(properties: Json) -> Json:
    """An object with these."""
    return {"type": "object", "properties": properties}


def nullable(kind: str) -> Json:
    """That, or not known."""
    return {"type": [kind, "null"]}


def _one_by_one() -> Json:
    camera = answer("The camera, its ETag in the head too", known("Camera"))
    made = answer("It is listed now", known("Camera"), "201")
    words = {
        "now": {"type": "number"},
        "is_silent": {"type": "boolean", "description": "the camera process is"},
        "mode": {"enum": ["live", "drill", "demo"]},
    }
    everything = record({"cameras": {"type": "array", "items": known("Camera")}, **words})
    unchanged = {"304": {"description": "Not changed since If-None-Match"}}
    match = [_header("If-Match", "the ETag of the camera as you know it, or *; a whole change needs it")]
    form = sends(known("CameraForm"))
    return {
        _LIST: {
            "get": asks(
                "Every camera and how it is doing", "cameras", {**answer("All", everything), **unchanged}, "400"
            )
        },
        f"{_LIST}/{{camera_id}}": {
            "parameters": [{"name": "camera_id", "in": "path", "required": True, "schema": _TEXT}],
            "get": asks("One camera", "camera", camera, "400 404"),
            "put": asks(
                "List a camera, or change it as a whole", "camera_put", {**camera, **made}, "400 412 415 428", form
            )
            | {"parameters": [*match, _header("If-None-Match", "* to list it only if there is none of that id")]},
            "patch": asks("Change what is said, leave the rest", "camera_patch", camera, "400 404 412 415", form)
            | {"parameters": match},
            "delete": asks(
                "Take it off the list, with its credentials and pictures",
                "camera_delete",
                {"204": {"description": "Gone"}},
                "400 404 412",
            )
            | {"parameters": match},
        },
    }


def _header(name: str, words: str) -> Json:
    return {"name": name, "in": "header", "schema": _TEXT, "description": words}


def _lists() -> Json:
    ids = {"type": "array", "items": _TEXT}
    refused = record({
        "where": _TEXT, "line": nullable("integer"), "field": _TEXT, "why": _TEXT, "camera": nullable("string"),
    })  # fmt: skip
    outcome = record({
        "taken": {"type": "integer"}, "ids": ids, "refused": {"type": "array", "items": refused},
        "refused_count": {"type": "integer"}, "credentials_moved": {"type": "integer"}, "credentials_forgotten": ids,
        "undirected": ids, "outside": {**ids, "description": "not within the city, so not on the map"},
    })  # fmt: skip
    chosen = {
        **record({"ids": ids, "group": _TEXT, "owner": _TEXT, "user": _TEXT, "password": _TEXT}),
        "minProperties": 1,
    }
    add = {"name": "add", "in": "query", "schema": {"enum": ["1"]}, "description": "keep what the list does not name"}
    taken = answer("What was taken, and each refused line", outcome)
    kinds = ("text/csv", "application/geo+json", "application/json")
    return {
        f"{_LIST}.csv": {
            "get": asks("The list as CSV", "cameras_csv", answer("A file", _TEXT, kind="text/csv"), "400")
        },
        f"{_LIST}.geojson": {
            "get": asks(
                "The list as GeoJSON",
                "cameras_geojson",
                answer("A file", known("FeatureCollection"), kind="application/geo+json"),
                "400",
            )
        },
        f"{_LIST}/import": {
            "post": asks("Take a list", "cameras_import", taken, "400 413 415", sends({}, *kinds))
            | {"parameters": [add]}
        },
        f"{_LIST}/credentials": {
            "post": asks(
                "Give several cameras one user and password; none when both are empty",
                "cameras_credentials",
                answer("Whose were changed", record({"changed": ids})),
                "400 415",
                sends(chosen),
            )
        },
    }


def _trial() -> Json:
    words = {"anyOf": [record({"id": _TEXT, "en": _TEXT}), {"type": "null"}]}
    numbers = ("width", "height", "first_picture_s", "keyframe_spacing_s", "clock_error_s", "cost_ms")
    outcome = record({
        "ok": {"type": "boolean", "description": "whether a picture came"},
        "picture": {**_TEXT, "description": "data:image/jpeg;base64,…, masked; only where one came"},
        "fault": nullable("string"),
        "sentence": {**words, "description": "what is wrong and what to try; also when it was lost after one picture"},
        **dict.fromkeys(("codec", "rung", "rung_reason"), nullable("string")),
        "rung_sentence": words, "rung_reason_sentence": words,
        **dict.fromkeys(numbers, nullable("number")),
    })  # fmt: skip
    summary = "Open a camera once: one that is listed (only its id), that one with changes, or one that is not yet"
    body = sends({"allOf": [known("CameraForm"), record({"id": _TEXT})]})
    operation = asks(summary, "cameras_test", answer("What came of it", outcome), "400 404 415 429", body)
    return {f"{_LIST}/test": {"post": operation}}


def _teach() -> Json:
    summary = "Let a camera learn anew how it looks: it was aimed elsewhere or cleaned"
    forgot = answer("Whether there was anything to forget", record({"forgotten": {"type": "boolean"}}))
    operation = asks(summary, "camera_teach", forgot, "400 404 415", sends({"type": "object"}))
    camera_id = {"name": "camera_id", "in": "path", "required": True, "schema": _TEXT}
    return {f"{_LIST}/{{camera_id}}/teach": {"parameters": [camera_id], "post": operation}}


def _onvif() -> Json:
    words = {"anyOf": [record({"id": _TEXT, "en": _TEXT}), {"type": "null"}]}
    came = {"ok": {"type": "boolean"}, "fault": nullable("string"), "sentence": words}
    host, port, path = {"host": _TEXT}, {"port": {"type": "integer"}}, {"path": _TEXT}
    about = dict.fromkeys(("name", "hardware", "location", "listed"), nullable("string"))
    found = record({**host, **port, **path, **about})
    texts = ("codec", "url", "address", "snapshot_url", "snapshot_address")
    numbers = dict.fromkeys(("width", "height", "fps"), nullable("integer"))
    profile = record({"token": _TEXT, "name": _TEXT, **dict.fromkeys(texts, nullable("string")), **numbers})
    offer = record({
        **came, **dict.fromkeys(("maker", "model"), nullable("string")),
        "profiles": {"type": "array", "items": profile},
        "proposal": {"anyOf": [profile, {"type": "null"}], "description": "the substream, as a form wants it"},
    })  # fmt: skip
    looked = answer("Who answered within 4 s", record({**came, "cameras": {"type": "array", "items": found}}))
    one = sends({**record({**host, **port}), "description": "empty: the whole network; else one host"})
    device = record({**host, **port, **path, "user": _TEXT, "password": {**_TEXT, "writeOnly": True}})
    asked = sends({**device, "required": ["host"]})
    return {
        f"{_LIST}/discover": {
            "post": asks("Look for ONVIF cameras on the network", "cameras_discover", looked, "400 415 429", one)
        },
        f"{_LIST}/onvif": {
            "post": asks(
                "The streams of one ONVIF camera", "cameras_onvif", answer("Them", offer), "400 415 429", asked
            )
        },
    }


def _fields() -> Json:
    card = record(dict.fromkeys(("purpose", "legal_basis", "contact", "notice", "retention"), nullable("string")))
    return {
        "name": _TEXT, "lon": _NUMBER, "lat": _NUMBER, "kind": _TEXT, "azimuth_deg": nullable("number"),
        "fov_deg": _NUMBER, "range_m": _NUMBER, "owner": nullable("string"), "kelurahan": nullable("string"),
        "group": nullable("string"), "night": nullable("boolean"), "period_s": nullable("number"),
        "masks": {"type": "array", "description": "polygons of [x, y] in fractions of the picture"},
        "audience": {"enum": ["operator", "wall", "visitor"]}, "card": card,
    }  # fmt: skip


def _camera() -> Json:
    shown = {
        "id": _TEXT,
        "address": {**_TEXT, "description": "scheme, host and path of its URL"},
        "snapshot_address": nullable("string"),
        "has_password": {"type": "boolean"},
        "etag": _TEXT,
        "status": known("CameraStatus"),
    }
    return record(_fields() | shown)


def _form() -> Json:
    secret = {**nullable("string"), "writeOnly": True, "description": "not said: as it is; empty: none"}
    address = {**nullable("string"), "description": "only where it is set anew"}
    return record(_fields() | {"url": address, "snapshot_url": address, "user": secret, "password": secret})


def _status() -> Json:
    words = {"anyOf": [record({"id": _TEXT, "en": _TEXT}), {"type": "null"}]}
    numbers = (
        "width", "height", "keyframe_spacing_s", "clock_error_s", "period_s", "decode_ms",
    )  # fmt: skip
    texts = ("fault", "since", "last_picture_at", "rung", "rung_reason", "codec", "period_reason")
    sign = {
        "kind": _TEXT,
        "value": _NUMBER,
        "threshold": _NUMBER,
        "since": nullable("string"),
        "is_fault": {"type": "boolean"},
    }
    return record({
        "health": {"enum": ["unknown", "ok", "late", "lost"]},
        **dict.fromkeys(texts, nullable("string")),
        **dict.fromkeys(numbers, nullable("number")),
        "signs": {"type": "array", "items": record(sign)},
        "sentence": {**words, "description": "what is wrong and what to try"},
        "rung_sentence": words, "rung_reason_sentence": words,
    })  # fmt: skip
