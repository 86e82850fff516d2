"""`/api/v1/cameras.csv`, `.geojson`, `import` and `credentials`: many cameras at once. Admins only."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, request

from cctv.camera import Camera
from cctv.entry import Refused
from cctv.inventory import Reading, alone, import_cameras, keep_credentials, load_cameras
from cctv.listing import csv_of, geojson_of
from cctv.secrets import Credentials, is_keepable
from dashboard.auth import ADMIN, Access
from dashboard.desk import Desk
from dashboard.desk_request import json_body, list_body, text_of, told
from geodata.errors import BadInput
from geodata.places import place_or_none

ACCESS: Access = {
    "api_cameras_csv": ADMIN,
    "api_cameras_geojson": ADMIN,
    "api_cameras_import": ADMIN,
    "api_cameras_credentials": ADMIN,
}
_MOST_NAMED = 200
_NAMED_IN_A_ROW = 5


def register(server: Flask, desk: Desk) -> None:
    """Add the routes for lists."""

    def csv() -> Response:
        return _file(desk, "csv", "text/csv; charset=utf-8", csv_of)

    def geojson() -> Response:
        return _file(desk, "geojson", "application/geo+json", geojson_of)

    def import_() -> Response:
        return _import(desk)

    def credentials() -> Response:
        return _credentials(desk)

    root, post = "/api/v1/cameras", ["POST"]
    server.add_url_rule(f"{root}.csv", "api_cameras_csv", csv)
    server.add_url_rule(f"{root}.geojson", "api_cameras_geojson", geojson)
    server.add_url_rule(f"{root}/import", "api_cameras_import", import_, methods=post)
    server.add_url_rule(f"{root}/credentials", "api_cameras_credentials", credentials, methods=post)


def _file(desk: Desk, ending: str, kind: str, write: Callable[[tuple[Camera, ...]], str]) -> Response:
    cameras = load_cameras(desk.data_dir)
    desk.note("camera.export", ending, cameras=len(cameras))
    response = Response(write(cameras), content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="cameras.{ending}"'
    return response


def _import(desk: Desk) -> Response:
    is_addition = request.args.get("add") in {"1", "true"}
    body = list_body()
    reading = import_cameras(body, desk.data_dir, desk.sources(), is_addition=is_addition, guard=desk.guard)
    refused = len({one.where for one in reading.refused})
    mode = "add" if is_addition else "whole"
    desk.note("camera.import", mode, taken=len(reading.cameras), refused=refused)
    return told(_outcome(desk, reading))


def _outcome(desk: Desk, reading: Reading) -> dict[str, Any]:
    outside = [one.id for one in reading.cameras if place_or_none(desk.services.ground.city, one.lon, one.lat) is None]
    return {
        "taken": len(reading.cameras),
        "ids": [one.id for one in reading.cameras],
        "refused": [_refused(one) for one in reading.refused[:_MOST_NAMED]],
        "refused_count": len(reading.refused),
        "credentials_moved": len(reading.credentials),
        "credentials_forgotten": reading.forgotten,
        "undirected": [one.id for one in reading.cameras if one.azimuth_deg is None],
        "outside": outside,
    }


def _refused(one: Refused) -> dict[str, Any]:
    kind, _, number = one.where.rpartition(" ")
    line = int(number) if number.isdecimal() else None
    return {"where": one.where, "in": kind, "line": line, "field": one.field, "why": one.why, "camera": one.camera}


def _credentials(desk: Desk) -> Response:
    body = json_body()
    user, password = text_of(body, "user") or "", text_of(body, "password") or ""
    credentials = Credentials(user=user, password=password)
    if not is_keepable(credentials):
        raise BadInput("password: holds characters that cannot be printed", field="password")
    is_chosen = _choice(body)
    with alone(desk.data_dir):
        chosen = [camera.id for camera in load_cameras(desk.data_dir) if is_chosen(camera)]
        if not chosen:
            raise BadInput("no camera is chosen by that", field=next(iter(body.keys() & _CHOICES), "ids"))
        keep_credentials(desk.data_dir, dict.fromkeys(chosen, credentials if user or password else None))
    for start in range(0, len(chosen), _NAMED_IN_A_ROW):
        desk.note("camera.change", ", ".join(chosen[start : start + _NAMED_IN_A_ROW]), fields="login")
    return told({"changed": chosen})


_CHOICES = frozenset({"ids", "group", "owner"})


def _choice(body: Mapping[str, Any]) -> Callable[[Camera], bool]:
    """Which cameras are meant: exactly one way of saying so."""
    said = {name: body[name] for name in _CHOICES if body.get(name)}
    if len(said) != 1:
        raise BadInput("say either ids, group or owner", field="ids")
    ((name, value),) = said.items()
    if name == "owner" and isinstance(value, str):
        return lambda camera: camera.owner == value
    if name == "group" and isinstance(value, str):
        return lambda camera: value.strip() in {one.strip() for one in (camera.group or "").split(";")}
    if name == "ids" and isinstance(value, list) and all(isinstance(one, str) for one in value):
        ids = frozenset(value)
        return lambda camera: camera.id in ids
    raise BadInput(f"{name} is not as it should be", field=name)
