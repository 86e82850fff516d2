"""What every request to the camera desk must be, and how it is told what is wrong with it.

A browser's requests are checked twice: the gate (`dashboard/auth.py`) wants them to come from a page of this server,
and here their content type must be one that no other site's form can send. Tokens sent as Bearer need the second too.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from cctv.entry import Refused
from dashboard.problems import problem
from geodata.errors import BadInput

_BAD = 400
_BUSY, _RETRY_S = 429, 10
_OK = 200


def told(body: object, status: int = _OK) -> Response:
    """An answer in JSON that nobody on the way keeps."""
    return Response(orjson.dumps(body), status, content_type="application/json")


def json_body() -> dict[str, Any]:
    """The object that was sent. Raises BadInput, and UnsupportedMediaType for what is not called JSON."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        body = orjson.loads(request.get_data(cache=False))
    except orjson.JSONDecodeError:
        raise BadInput("the body is not JSON") from None
    if not isinstance(body, dict):
        raise BadInput("the body is not a JSON object")
    return body


def list_body() -> bytes:
    """The list of cameras that was sent as CSV or GeoJSON."""
    if request.mimetype not in {"text/csv", "application/json", "application/geo+json"}:
        raise UnsupportedMediaType
    return request.get_data(cache=False)


def refusal(refused: Sequence[Refused]) -> Response:
    """Everything that is wrong with a form; `field` and `detail` are the first."""
    first = refused[0]
    fields = [{"field": one.field, "detail": one.why} for one in refused]
    return problem(_BAD, f"{first.field}: {first.why}", field=first.field, fields=fields)


def busy(words: str) -> Response:
    """Others are doing it just now; they will be done soon."""
    response = problem(_BUSY, words)
    response.headers["Retry-After"] = str(_RETRY_S)
    return response


def text_of(body: dict[str, Any], name: str, most: int = 200) -> str | None:
    """A word of the body. Raises BadInput when it is something else."""
    said = body.get(name)
    if said is None:
        return None
    if not isinstance(said, str) or len(said) > most:
        raise BadInput(f"{name} is no text of at most {most} characters", field=name)
    return said
