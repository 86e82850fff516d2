"""Every error as HTTP: the one table of error → status, told as problem+json (RFC 9457)."""

from collections.abc import Mapping
from typing import Any

import orjson
import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from geodata.errors import (
    ArchiveUnavailable,
    BadInput,
    BadPayload,
    BadSettings,
    CameraLost,
    LayarError,
    NotFound,
    StoreUnavailable,
)

_LOG = structlog.get_logger()

STATUSES: Mapping[type[LayarError], int] = {
    BadPayload: 422,
    BadSettings: 500,  # ours to mend, not the caller's
    BadInput: 400,
    NotFound: 404,
    CameraLost: 503,
    StoreUnavailable: 503,
    ArchiveUnavailable: 503,
    LayarError: 500,
}
_RETRY_S = 2
_SERVER_ERROR = 500
_TITLES: Mapping[int, str] = {
    400: "The request cannot be understood",
    401: "A token is needed",
    403: "This token does not open this",
    404: "There is no such thing",
    405: "Not with this method",
    412: "Changed meanwhile by somebody else",
    413: "Too large",
    415: "Not in this format",
    422: "The payload cannot be read; it is kept in quarantine",
    428: "Say which version is to be changed",
    429: "Too many attempts",
    500: "Something broke on our side; it is in the log",
    503: "Not just now; send it again, it is harmless",
}


def problem(status: int, detail: str | None = None, **members: Any) -> Response:  # noqa: ANN401 — RFC 9457 extensions
    """A problem+json response; members that are None are left out."""
    body = {
        "type": "about:blank",
        "title": _TITLES.get(status, "Refused"),
        "status": status,
        "detail": detail,
        **members,
    }
    said = {name: value for name, value in body.items() if value is not None}
    return Response(orjson.dumps(said), status, content_type="application/problem+json")


def register(server: Flask) -> None:
    """From now on no error leaves this server in another way."""
    server.register_error_handler(LayarError, _of_ours)
    server.register_error_handler(HTTPException, _of_http)
    server.register_error_handler(Exception, _of_nobody)


def status_of(error: LayarError) -> int:
    """The status of the nearest class in the table."""
    return next(STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)


def _of_ours(error: LayarError) -> Response:
    status = status_of(error)
    if status >= _SERVER_ERROR:
        _LOG.error("refused", path=request.path, error=type(error).__name__, reason=str(error), request=g.get("id"))
    detail = None if status == _SERVER_ERROR else str(error)
    response = problem(status, detail, field=getattr(error, "field", None), request=g.get("id"))
    if isinstance(error, StoreUnavailable):
        response.headers["Retry-After"] = str(_RETRY_S)
    return response


def _of_http(error: HTTPException) -> Response:
    response = problem(error.code or _SERVER_ERROR, request=g.get("id"))
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def _of_nobody(error: Exception) -> Response:
    """Edge: a bug of ours or a stranger's page; the caller learns only that it is ours."""
    _LOG.error("bug", path=request.path, request=g.get("id"), exc_info=error)
    return problem(_SERVER_ERROR, request=g.get("id"))
