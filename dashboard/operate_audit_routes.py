"""`GET /api/v1/audit.csv`: what was sought in the audit as a table, itself noted there. For admins."""

import csv
import io
from collections.abc import Iterable
from functools import partial

import orjson
from flask import Flask, Response, request

from dashboard.audit import Row
from dashboard.auth import ADMIN, Access, principal
from dashboard.export_files import harmless
from dashboard.operate_audit import found, sought_of
from dashboard.services import Services

ACCESS: Access = {"api_audit_csv": ADMIN}
_FIELDS = ("who", "what", "since", "until")
_LONGEST = 100
_COLUMNS = ("number", "at", "who", "action", "target", "why", "details", "hash")


def register(server: Flask, services: Services) -> None:
    """Add the route."""
    server.add_url_rule("/api/v1/audit.csv", "api_audit_csv", partial(_csv, services))


def _csv(services: Services) -> Response:
    said = {name: request.args.get(name, "")[:_LONGEST].strip() for name in _FIELDS}
    rows = tuple(found(services.audit, sought_of(said, services.ground.city.zone)))
    limits = {f"of_{name}": value or None for name, value in said.items()}
    services.audit.note(principal().name, "export", "audit", rows=len(rows), **limits)
    response = Response(table_of(rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def table_of(rows: Iterable[Row]) -> str:
    """The newest first; no cell is a formula to a spreadsheet."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(_COLUMNS)
    for row in rows:
        rest = {key: value for key, value in row.details.items() if key != "why" and value is not None}
        why = row.details.get("why")
        cells = (row.who, row.action, row.target, "" if why is None else str(why), orjson.dumps(rest).decode())
        writer.writerow((row.number, row.at.isoformat(), *map(harmless, cells), row.hash))
    return table.getvalue()
