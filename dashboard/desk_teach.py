"""`POST /api/v1/cameras/<id>/teach`: let a camera learn anew how it looks, as `layar cameras teach`. Admins only."""

from flask import Flask, Response

from cctv.inventory import load_cameras
from cctv.truth_aim import FOLDER, AimBook
from dashboard.auth import ADMIN, Access
from dashboard.desk import Desk
from dashboard.desk_request import json_body, told
from geodata.errors import NotFound

ACCESS: Access = {"api_camera_teach": ADMIN}


def register(server: Flask, desk: Desk) -> None:
    """Add the route."""
    book = AimBook(desk.data_dir / FOLDER)

    def teach(camera_id: str) -> Response:
        json_body()
        if camera_id not in {camera.id for camera in load_cameras(desk.data_dir)}:
            raise NotFound(f"no camera {camera_id!r} is listed")
        has_forgotten = book.forget(camera_id)
        desk.note("camera.teach", camera_id)
        return told({"forgotten": has_forgotten})

    server.add_url_rule("/api/v1/cameras/<path:camera_id>/teach", "api_camera_teach", teach, methods=["POST"])
