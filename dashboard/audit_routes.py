"""The audit for admins, over HTTP: the newest deeds first. It can be read here, never written."""

from typing import Any

import orjson
from flask import Flask, Response, request

from dashboard.audit import Row
from dashboard.auth import ADMIN, Access
from dashboard.services import Services
from geodata.errors import BadInput
from layers.fields import moment_of

ACCESS: Access = {"api_audit": ADMIN}
MOST_ROWS = 1_000


def register(server: Flask, services: Services) -> None:
    """Add `/api/v1/audit`."""

    def audit() -> Response:
        since = request.args.get("since", "")
        try:
            rows = services.audit.newest(MOST_ROWS, moment_of(since.replace(" ", "+")) if since else None)
        except ValueError as error:
            raise BadInput(f"since: {error}", field="since") from error
        return Response(orjson.dumps({"rows": [_said(row) for row in rows]}), content_type="application/json")

    server.add_url_rule("/api/v1/audit", "api_audit", audit)


def _said(row: Row) -> dict[str, Any]:
    return {
        "number": row.number,
        "at": row.at.isoformat().replace("+00:00", "Z"),
        "who": row.who,
        "action": row.action,
        "target": row.target,
        "details": dict(row.details),
        "hash": row.hash,
    }
