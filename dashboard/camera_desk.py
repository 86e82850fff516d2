"""`/api/v1/cameras`: the list of cameras for those who keep it, one camera at a time. Admins only.

What is changed here is in `DIR/cameras.json` when the answer goes out; the camera process follows within a second.
"""

import hashlib
from collections.abc import Mapping

import orjson
from flask import Flask, Response, request

from cctv.camera import Camera
from cctv.entry import OUTSIDE, Refused
from cctv.form import Filled, Known, read_form
from cctv.inventory import alone, drop_camera, load_cameras, put_camera
from cctv.lookup import astray
from cctv.secrets import Credentials, credentials_for, load_secrets
from cctv.status import CameraStatus
from dashboard.auth import ADMIN, Access
from dashboard.desk import Desk
from dashboard.desk_camera import Json, etag_of, said_of
from dashboard.desk_request import json_body, refusal, told
from dashboard.exercise import mode_now
from dashboard.problems import problem
from geodata.clock import epoch_s
from geodata.errors import NotFound

ACCESS: Access = {
    "api_cameras": ADMIN,
    "api_camera": ADMIN,
    "api_camera_put": ADMIN,
    "api_camera_patch": ADMIN,
    "api_camera_delete": ADMIN,
}
_CREATED, _OK, _GONE, _CHANGED, _UNNAMED = 201, 200, 204, 412, 428


def register(server: Flask, desk: Desk) -> None:
    """Add the routes for the list and for one camera."""

    def cameras() -> Response:
        return _listed(desk)

    def camera(camera_id: str) -> Response:
        return _shown(desk, _known(desk, camera_id, must_be=True), _OK)

    def put(camera_id: str) -> Response:
        return _change(desk, camera_id, is_part=False)

    def patch(camera_id: str) -> Response:
        return _change(desk, camera_id, is_part=True)

    def delete(camera_id: str) -> Response:
        return _delete(desk, camera_id)

    one = "/api/v1/cameras/<path:camera_id>"
    server.add_url_rule("/api/v1/cameras", "api_cameras", cameras)
    server.add_url_rule(one, "api_camera", camera)
    server.add_url_rule(one, "api_camera_put", put, methods=["PUT"])
    server.add_url_rule(one, "api_camera_patch", patch, methods=["PATCH"])
    server.add_url_rule(one, "api_camera_delete", delete, methods=["DELETE"])


def _listed(desk: Desk) -> Response:
    secrets, statuses = load_secrets(desk.data_dir), desk.statuses()
    listed = [_said(camera, secrets, statuses) for camera in load_cameras(desk.data_dir)]
    body = {"cameras": listed, "is_silent": desk.is_silent, "mode": mode_now(desk.services)}
    response = told({**body, "now": epoch_s(desk.services.clock())})
    response.set_etag(hashlib.blake2s(orjson.dumps(body), digest_size=8).hexdigest())
    response.make_conditional(request)
    return response


def _said(camera: Camera, secrets: Mapping[str, Credentials], statuses: Mapping[str, CameraStatus]) -> Json:
    has_password = credentials_for(camera.id, secrets) is not None
    return said_of(camera, statuses.get(camera.id, CameraStatus(id=camera.id)), has_password=has_password)


def _known(desk: Desk, camera_id: str, *, must_be: bool) -> Known:
    camera = next((one for one in load_cameras(desk.data_dir) if one.id == camera_id), None)
    if camera is None and must_be:
        raise NotFound(f"no camera {camera_id!r} is listed")
    return Known(camera=camera, credentials=load_secrets(desk.data_dir).get(camera_id))


def _shown(desk: Desk, known: Known, status: int) -> Response:
    assert known.camera is not None  # noqa: S101 — every caller has looked
    said = _said(known.camera, load_secrets(desk.data_dir), desk.statuses())
    response = told(said, status)
    response.set_etag(said["etag"])
    return response


def _change(desk: Desk, camera_id: str, *, is_part: bool) -> Response:
    form = json_body()
    forbidden = _forbidden(desk, form, camera_id, is_part=is_part)
    with alone(desk.data_dir):
        known = _known(desk, camera_id, must_be=is_part)
        if stale := _stale(known, camera_id, must_say=not is_part):
            return stale
        filled = read_form(form, camera_id, known, desk.rules, is_part=is_part)
        if isinstance(filled, tuple):
            return refusal(filled)
        if filled.camera.url in forbidden:
            return refusal((Refused(where="form", field="url", why=OUTSIDE),))
        put_camera(desk.data_dir, filled)
    _note_change(desk, known, filled)
    return _shown(desk, Known(camera=filled.camera), _OK if known.camera else _CREATED)


def _forbidden(desk: Desk, form: Json, camera_id: str, *, is_part: bool) -> frozenset[str]:
    """The address it would have, if that leads where no camera may be: asked before anybody has to wait for the answer.

    Should somebody else change the address meanwhile, theirs has been judged as well.
    """
    filled = read_form(form, camera_id, _known(desk, camera_id, must_be=is_part), desk.rules, is_part=is_part)
    if isinstance(filled, tuple) or not astray((filled.camera,), desk.guard):
        return frozenset()
    return frozenset({filled.camera.url})


def _stale(known: Known, camera_id: str, *, must_say: bool) -> Response | None:
    """The refusal when somebody else was faster, or when a whole camera would be written over unseen."""
    if known.camera is None:
        return problem(_CHANGED, f"no camera {camera_id!r} is listed any more") if request.if_match else None
    if request.if_none_match.star_tag:
        return problem(_CHANGED, f"there is a camera {camera_id!r} already", field="id")
    if not request.if_match:
        said = f"there is a camera {camera_id!r} already; send its ETag in If-Match to change it"
        return problem(_UNNAMED, said, field="id") if must_say else None
    has_password = credentials_for(camera_id, {camera_id: known.credentials} if known.credentials else {}) is not None
    if request.if_match.contains(etag_of(known.camera, has_password=has_password)):
        return None
    return problem(_CHANGED, "somebody else has changed this camera meanwhile; load it again")


def _note_change(desk: Desk, known: Known, filled: Filled) -> None:
    before = known.camera
    names = [
        name for name in filled.camera.__slots__ if before and getattr(before, name) != getattr(filled.camera, name)
    ]
    is_new_login = filled.credentials != known.credentials
    desk.note(
        "camera.change" if before else "camera.add",
        filled.camera.id,
        fields=", ".join([*names, *(["login"] if is_new_login else [])]) or None,
    )


def _delete(desk: Desk, camera_id: str) -> Response:
    with alone(desk.data_dir):
        known = _known(desk, camera_id, must_be=True)
        if stale := _stale(known, camera_id, must_say=False):
            return stale
        drop_camera(desk.data_dir, camera_id)
    desk.note("camera.delete", camera_id)
    return Response(status=_GONE)
