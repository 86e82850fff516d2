"""`POST /api/v1/cameras/test`: open a camera once before it is listed, or again. Admins only, two at once.

The camera is opened in a process of its own, within the guard's networks and twelve seconds.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response

from cctv.camera import Camera
from cctv.entry import OUTSIDE, Refused
from cctv.form import Filled, Known, read_form
from cctv.inventory import load_cameras
from cctv.lookup import astray
from cctv.secrets import credentials_for, load_secrets
from cctv.trial_bounded import try_within
from cctv.trial_job import job_for
from dashboard.auth import ADMIN, Access
from dashboard.desk import Desk
from dashboard.desk_camera import fault_words, rung_words
from dashboard.desk_request import busy, json_body, refusal, text_of, told
from geodata.errors import NotFound

ACCESS: Access = {"api_cameras_test": ADMIN}
AT_ONCE = 2
_UNNAMED = "UJI"


@dataclass(frozen=True, slots=True)
class _Bench:
    desk: Desk
    places: threading.BoundedSemaphore


def register(server: Flask, desk: Desk) -> None:
    """Add the route."""
    bench = _Bench(desk, threading.BoundedSemaphore(AT_ONCE))

    def test() -> Response:
        return _test(bench, json_body())

    server.add_url_rule("/api/v1/cameras/test", "api_cameras_test", test, methods=["POST"])


def _test(bench: _Bench, body: Mapping[str, Any]) -> Response:
    filled = _filled(bench.desk, body)
    if isinstance(filled, tuple):
        return refusal(filled)
    if not bench.places.acquire(blocking=False):
        return busy(f"{AT_ONCE} cameras are being tested already; try again in some seconds")
    try:
        outcome = try_within(_job(bench.desk, filled))
    finally:
        bench.places.release()
    fault = outcome.get("fault")
    bench.desk.note("camera.test", filled.camera.id, fault=fault)
    return told(_told(outcome))


def _filled(desk: Desk, body: Mapping[str, Any]) -> Filled | tuple[Refused, ...]:
    """The camera that is meant: one that is listed, that one with changes, or one that is not listed yet."""
    camera_id = text_of(dict(body), "id")
    known = _known(desk, camera_id)
    if known.camera and body.keys() == {"id"}:
        return Filled(camera=known.camera, credentials=known.credentials)
    if known.camera is None and body.keys() == {"id"}:
        raise NotFound(f"no camera {camera_id!r} is listed")
    filled = read_form(body, camera_id or _UNNAMED, known, desk.rules, is_part=known.camera is not None)
    if isinstance(filled, Filled) and astray((filled.camera,), desk.guard):
        return (Refused(where="form", field="url", why=OUTSIDE),)
    return filled


def _known(desk: Desk, camera_id: str | None) -> Known:
    camera: Camera | None = next((one for one in load_cameras(desk.data_dir) if one.id == camera_id), None)
    if camera is None:
        return Known()
    return Known(camera=camera, credentials=credentials_for(camera.id, load_secrets(desk.data_dir)))


def _job(desk: Desk, filled: Filled) -> bytes:
    login = filled.credentials
    is_live = desk.services.mode == "live"
    signed = (login.user, login.password) if login else None
    return job_for(filled.camera, signed, desk.data_dir, desk.guard, is_live=is_live)


def _told(outcome: Mapping[str, Any]) -> dict[str, Any]:
    """`ok` and what was seen, or the sentence that says what is wrong; both when it was lost after one picture."""
    fault = outcome.get("fault") or outcome.get("lost")
    words = {
        "ok": "fault" not in outcome,
        "fault": fault,
        "sentence": fault_words(fault),
        **rung_words(outcome.get("rung"), outcome.get("rung_reason")),
    }
    seen = {name: value for name, value in outcome.items() if name not in {"fault", "lost", "picture"}}
    picture = {"picture": f"data:image/jpeg;base64,{outcome['picture']}"} if "picture" in outcome else {}
    return {**words, **seen, **picture}
