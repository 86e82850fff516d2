"""OpenAPI of reports: asked for, looked at, fetched."""

from typing import Any

from dashboard.report_wanted import FORMATS, KINDS
from dashboard.report_words import LANGS

Json = dict[str, Any]
_PERSON: list[Json] = [{"bearer": []}, {"cookie": []}]
_PROBLEM: Json = {"$ref": "#/components/responses/Problem"}
_TEXT: Json = {"type": "string"}
_NUMBER: Json = {"type": "number"}
_REPORT: Json = {
    "type": "object",
    "required": ["id", "state", "done"],
    "properties": {
        "id": _TEXT,
        "state": {"enum": ["waiting", "making", "done", "failed"]},
        "done": {"type": "number", "minimum": 0, "maximum": 1},
        "step": {"type": "string", "description": "what is being done, in Indonesian"},
        "error": {"type": ["string", "null"], "description": "why it failed and what to do"},
        "format": {"enum": list(FORMATS)},
        "title": _TEXT,
        "name": _TEXT,
        "fingerprint": {"type": "string", "description": "the same for the same content"},
        "bytes": {"type": "integer"},
        "asked_at": _NUMBER,
        "made_at": _NUMBER,
        "url": {"type": "string", "description": "where the file is, once done"},
    },
}
_WISH: Json = {
    "type": "object",
    "required": ["kind"],
    "properties": {
        "kind": {"enum": list(KINDS)},
        "at": {
            "type": "string",
            "maxLength": 120,
            "description": "a day (2026-11-22), a shift (2026-11-22/Pagi), a month (2026-11), first and last day "
            "(2026-11-01/2026-11-07), or an incident (A-0007, or 2026-11-20/A-0007); empty: the last that is over",
        },
        "format": {"enum": list(FORMATS), "default": "pdf"},
        "publishable": {"type": "boolean", "default": False, "description": "counts alone, no personal data"},
        "agency": {
            "type": "string",
            "description": "id of an agency: its incidents alone; a head's own in any case",
        },
        "lang": {"enum": list(LANGS), "default": "id", "description": "what it is written in"},
        "page": {"type": "integer", "minimum": 1, "maximum": 400, "default": 1, "description": "of a PNG"},
    },
}


def report_paths() -> Json:
    """One entry per route."""
    one: Json = {"name": "report_id", "in": "path", "required": True, "schema": {"type": "string"}}
    listed: Json = {
        "type": "object",
        "properties": {"reports": {"type": "array", "items": _REPORT}, "kept_days": {"type": "integer"}},
    }
    asked = _operation("Ask for a report; it is made in the background", "report_make", _REPORT, "202")
    asked["requestBody"] = {"required": True, "content": {"application/json": {"schema": _WISH}}}
    asked["responses"] |= {"415": _PROBLEM, "429": _PROBLEM}
    file = _operation("The file of a report", "report_file", _TEXT, "200", (one,))
    file["responses"]["200"]["content"] = {
        content_type: {"schema": {"type": "string", "contentMediaType": content_type}}
        for content_type in FORMATS.values()
    }
    return {
        "/api/v1/reports": {
            "get": _operation("Your reports; a supervisor sees all", "reports", listed, "200"),
            "post": asked,
        },
        "/api/v1/reports/{report_id}": {
            "get": _operation("How far a report is", "report", _REPORT, "200", (one,)),
        },
        "/api/v1/reports/{report_id}/file": {"get": file},
    }


def _operation(summary: str, name: str, schema: Json, status: str, parameters: tuple[Json, ...] = ()) -> Json:
    problems = ("400", "401", "403", "404", "503") if parameters else ("400", "401", "403", "503")
    said = {"description": "OK", "content": {"application/json": {"schema": schema}}}
    return {
        "summary": summary,
        "operationId": name,
        "security": _PERSON,
        "parameters": list(parameters),
        "responses": {status: said, **dict.fromkeys(problems, _PROBLEM)},
    }
