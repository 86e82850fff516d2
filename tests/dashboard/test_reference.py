"""The still a camera's pictures are compared with, for those who want to see the evidence."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from cctv.camera import Camera
from cctv.inventory import save_cameras
from cctv.masks import masks_text, paint_over
from cctv.truth_aim import FOLDER, Aim, AimBook
from cctv.truth_signs import Reference

LEFT = (((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)),)
CAMERA = Camera(id="CAM 1/utara", name="Jembatan", lon=117.1, lat=-0.5, url="sim:", kind="simulated", masks=LEFT)
PATH = "/cameras/CAM%201/utara/reference.jpg"


def sheet():
    """A bright street, its left half painted over as the masks of the camera say."""
    pixels = np.full((90, 160, 3), 220, np.uint8)
    paint_over(pixels, LEFT)
    return cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)


@pytest.fixture
def learnt(city):
    save_cameras(city.folder, [CAMERA])
    reference = Reference(grey=sheet(), light=120.0, sharpness=9.0)
    AimBook(city.folder / FOLDER).save(CAMERA.id, Aim(masks=masks_text(LEFT), references={"day": reference}))
    return city


def test_an_admin_sees_what_the_camera_learnt_without_what_its_masks_hide(learnt):
    answer = learnt.get(f"{PATH}?light=day", "admin")
    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    shown = cv2.imdecode(np.frombuffer(answer.data, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert shown.shape == (90, 160)
    assert shown[:, :78].max() < 80 < shown[:, 90:].min()
    assert learnt.get(PATH, "admin", If_None_Match=answer.headers["ETag"]).status_code == 304


def test_a_still_that_was_shown_is_in_the_audit_once_however_often_its_holder_asks_again(learnt):
    shown = learnt.get(PATH, "admin")
    learnt.get(PATH, "admin", If_None_Match=shown.headers["ETag"])
    assert [row.action for row in learnt.services.audit.newest(5)].count("camera.reference") == 1


def test_what_was_not_learnt_is_said_in_words(learnt):
    answer = learnt.get(f"{PATH}?light=night", "admin")
    assert answer.status_code == 404
    assert "not learnt yet how it looks by night" in answer.text
    assert learnt.get("/cameras/CAM-9/reference.jpg", "admin").status_code == 404
    assert learnt.get("/cameras/../reference.jpg", "admin").status_code == 404
    assert learnt.get(f"{PATH}?light=dusk", "admin").status_code == 400


def test_what_was_learnt_under_other_masks_is_not_shown(learnt):
    save_cameras(learnt.folder, [replace(CAMERA, masks=(((0.5, 0.0), (1.0, 0.0), (1.0, 1.0)),))])
    assert learnt.get(PATH, "admin").status_code == 404


@pytest.mark.parametrize(("role", "status"), [("wall", 403), ("ingest", 403), (None, 401)])
def test_only_an_admin_may_ask(learnt, role, status):
    assert learnt.get(PATH, role).status_code == status
