"""The newest picture of a camera, at once, however old: it never waits for a camera. Or one of the past, for admins.

Visitors get one picture whatever they ask for: small, blurred and late (`cctv/late_show.py`), of cameras of theirs.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import get_args

from flask import Flask, Response, request

from cctv.camera import Audience, Health
from cctv.shelf import Rendition, Size
from cctv.truth import FaultKind
from dashboard.auth import OPERATORS, VISITORS, Access, principal, require, viewer_role
from dashboard.degraded import is_silent
from dashboard.problems import problem
from dashboard.services import Services
from geodata.errors import BadInput, NotFound, StoreUnavailable
from layers.cameras import StreetCamera
from layers.fields import moment_of
from layers.layer import Role

ACCESS: Access = {"camera_picture": VISITORS}
OF_THE_PAST = OPERATORS
_SPACED_OFFSET = re.compile(r" (\d\d:?\d\d)$")
"""An unescaped + arrives as a space."""

_SIZES: dict[str, Size] = {size: size for size in get_args(Size)}
_UNCHANGED, _MISSING = 304, 404
MAY_SEE: Mapping[Role, frozenset[Audience]] = {
    "admin": frozenset({"operator", "wall", "visitor"}),
    "wall": frozenset({"wall", "visitor"}),
    "visitor": frozenset({"visitor"}),
}
_MASKS_MAY_HAVE_SLIPPED: frozenset[FaultKind] = frozenset({"moved", "turned"})
"""A camera that looks elsewhere shows what was masked where it looked before."""


def register(server: Flask, services: Services) -> None:
    """Add `/cameras/<id>.jpg`."""

    def camera_picture(camera_id: str) -> Response:
        if "at" in request.args:
            require(OF_THE_PAST)
            return _of_the_past(services, _camera(services, camera_id).id, _moment(request.args["at"]))
        role = viewer_role()
        camera = _if_known(services, role, camera_id)
        response = _for_visitors(services, camera_id, camera) if role == "visitor" else _asked(services, camera_id)
        response.headers["X-Camera-Health"] = "unknown" if camera is None else _health(services, camera)
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Vary"] = "Cookie, Authorization"
        return response

    server.add_url_rule("/cameras/<path:camera_id>.jpg", "camera_picture", camera_picture)


def _camera(services: Services, camera_id: str) -> StreetCamera:
    """The camera, if the role may know of it."""
    found: StreetCamera | None = services.hub.thing(viewer_role(), "cameras", camera_id)
    if found is None or found.listed is None:
        raise NotFound(f"no camera {camera_id!r} in the inventory")
    return found


def _if_known(services: Services, role: Role, camera_id: str) -> StreetCamera | None:
    """The camera, if the role may know of it; None where nothing is known of it yet. Raises NotFound.

    Until the log has been read after a start the inventory says who may see which picture: a wall must not go dark.
    """
    try:
        return _camera(services, camera_id)
    except StoreUnavailable:
        listed = {camera.id: camera.audience for camera in services.inventory()}
        if camera_id in listed and listed[camera_id] in MAY_SEE[role]:
            return None
        raise


def _for_visitors(services: Services, camera_id: str, camera: StreetCamera | None) -> Response:
    if camera is None or any(fault.kind in _MASKS_MAY_HAVE_SLIPPED for fault in camera.faults):
        return problem(_MISSING, f"camera {camera_id} is not shown to visitors just now")
    return _picture(services, camera_id, "late")


def _asked(services: Services, camera_id: str) -> Response:
    return _picture(services, camera_id, _size(request.args.get("size", "medium")))


def _health(services: Services, camera: StreetCamera) -> Health:
    """Unknown while nobody looks: what the camera process said last may be long over."""
    allowed = timedelta(seconds=services.settings.cameras.heartbeat_s)
    return "unknown" if is_silent(services.shelf.heartbeat_at(), allowed, services.clock()) else camera.health


def _size(said: str) -> Size:
    if said not in _SIZES:
        raise BadInput(f"size is {', '.join(_SIZES)}; not {said!r}", field="size")
    return _SIZES[said]


def _picture(services: Services, camera_id: str, size: Rendition) -> Response:
    label = services.shelf.label(camera_id, size)
    if label is not None and _is_held(label.etag, label.captured_at):
        return _aged(Response(status=_UNCHANGED), label.etag, label.captured_at)
    picture = services.shelf.get(camera_id, size)
    if picture is None:
        return problem(_MISSING, f"camera {camera_id} has not given a picture yet")
    response = Response(picture.jpeg, content_type="image/jpeg")
    return _aged(response, picture.etag, picture.captured_at)


def _moment(said: str) -> datetime:
    try:
        return moment_of(_SPACED_OFFSET.sub(r"+\1", said))
    except ValueError as error:
        raise BadInput(f"at: {error}", field="at") from error


def _of_the_past(services: Services, camera_id: str, at: datetime) -> Response:
    """Deleted means deleted: nobody on the way may keep it."""
    picture = services.past.picture(camera_id, at)
    if picture is None:
        minutes = services.past.tolerance.total_seconds() / 60
        raise NotFound(f"no still of camera {camera_id} is kept from the {minutes:g} minutes up to {at.isoformat()}")
    services.audit.note(principal().name, "still.view", camera_id, captured_at=picture.captured_at.isoformat())
    response = _aged(Response(picture.jpeg, content_type="image/jpeg"), picture.etag, picture.captured_at)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _is_held(etag: str, captured_at: datetime) -> bool:
    if request.if_none_match:
        return request.if_none_match.contains(etag.strip('"'))
    since = request.if_modified_since
    return since is not None and captured_at.replace(microsecond=0) <= since


def _aged(response: Response, etag: str, captured_at: datetime) -> Response:
    response.headers["ETag"] = etag
    response.last_modified = captured_at
    said = captured_at.astimezone(UTC).isoformat(timespec="milliseconds")
    response.headers["X-Observed-At"] = said.replace("+00:00", "Z")
    return response
