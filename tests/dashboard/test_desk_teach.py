"""A camera is told over HTTP to learn anew how it looks."""

import numpy as np
import pytest

from cctv.camera import Camera
from cctv.inventory import save_cameras
from cctv.truth_aim import FOLDER, Aim, AimBook
from cctv.truth_signs import Reference

PATH = "/api/v1/cameras/CAM%201/utara/teach"
CAMERA = Camera(id="CAM 1/utara", name="Jembatan", lon=117.1, lat=-0.5, url="sim:", kind="simulated")


@pytest.fixture
def book(city):
    """One camera that has learnt its street by day."""
    save_cameras(city.folder, [CAMERA])
    kept = AimBook(city.folder / FOLDER)
    kept.save(
        CAMERA.id, Aim(references={"day": Reference(grey=np.full((90, 160), 90, np.uint8), light=90, sharpness=5)})
    )
    return kept


def test_a_taught_camera_forgets_and_the_audit_says_who_asked(city, book):
    first = city.client().post(PATH, json={}, headers=city.bearer("admin"))
    assert (first.status_code, first.json) == (200, {"forgotten": True})
    assert book.load(CAMERA.id, "").references == {}
    again = city.client().post(PATH, json={}, headers=city.bearer("admin"))
    assert again.json == {"forgotten": False}
    newest = city.services.audit.newest(1)[0]
    assert (newest.action, newest.target) == ("camera.teach", CAMERA.id)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ((PATH, "wall", "{}"), 403),
        ((PATH, "admin", "x=1"), 415),
        (("/api/v1/cameras/CAM-9/teach", "admin", "{}"), 404),
    ],
)
def test_nobody_else_no_form_and_no_unlisted_camera_makes_it_forget(city, book, asked, status):
    path, role, body = asked
    kind = "application/json" if body == "{}" else "application/x-www-form-urlencoded"
    answer = city.client().post(path, data=body, content_type=kind, headers=city.bearer(role))
    assert answer.status_code == status
    assert book.load(CAMERA.id, "").references.keys() == {"day"}
