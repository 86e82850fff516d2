"""A camera's newest picture, however old, with its age; never a wait."""

from datetime import timedelta

import pytest

from cctv.shelf import Renditions
from layers.cameras import CameraHealthChanged, CameraListed
from tests.dashboard.conftest import NOW

TAKEN = NOW - timedelta(hours=7, milliseconds=250)


def jpeg(word: bytes) -> bytes:
    return b"\xff\xd8" + word + b"\xff\xd9"


@pytest.fixture
def camera(city):
    city.bring(
        CameraListed(camera="CAM 1/utara", name="Jembatan", lon=117.1, lat=-0.5),
        CameraListed(camera="CAM-2", name="Pasar", lon=117.1, lat=-0.5),
        CameraHealthChanged(camera="CAM 1/utara", health="lost", last_picture_at=TAKEN),
    )
    sizes = Renditions(full=jpeg(b"full"), medium=jpeg(b"medium"), thumb=jpeg(b"thumb"), width=8, height=8)
    city.services.shelf.put("CAM 1/utara", sizes, TAKEN)
    return city


PATH = "/cameras/CAM%201/utara.jpg"


def test_a_dead_camera_still_shows_its_last_picture_with_its_age_and_health(camera):
    answer = camera.get(PATH, "wall")
    assert answer.data == jpeg(b"medium")
    assert answer.headers["X-Observed-At"] == "2026-11-19T19:59:59.750Z"
    assert answer.headers["Last-Modified"] == "Thu, 19 Nov 2026 19:59:59 GMT"
    assert answer.headers["X-Camera-Health"] == "lost"
    assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("size", ["thumb", "medium", "full"])
def test_there_are_three_sizes(camera, size):
    assert camera.get(f"{PATH}?size={size}", "wall").data == jpeg(size.encode())


def test_another_size_is_refused_with_those_there_are(camera):
    answer = camera.get(f"{PATH}?size=huge", "wall")
    assert (answer.status_code, answer.json["field"]) == (400, "size")


def test_a_picture_is_not_sent_twice(camera):
    first = camera.get(PATH, "wall")
    for name in ("ETag", "Last-Modified"):
        asked = "If_None_Match" if name == "ETag" else "If_Modified_Since"
        again = camera.get(PATH, "wall", **{asked: first.headers[name]})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["X-Observed-At"] == first.headers["X-Observed-At"]


def test_a_newer_picture_is_sent(camera):
    old = camera.get(PATH, "wall").headers["ETag"]
    sizes = Renditions(full=jpeg(b"f2"), medium=jpeg(b"m2"), thumb=jpeg(b"t2"), width=8, height=8)
    camera.services.shelf.put("CAM 1/utara", sizes, NOW)
    assert camera.get(PATH, "wall", If_None_Match=old).data == jpeg(b"m2")


def test_a_camera_that_never_gave_a_picture_says_so_with_its_health(camera):
    answer = camera.get("/cameras/CAM-2.jpg", "wall")
    assert answer.status_code == 404
    assert answer.headers["X-Camera-Health"] == "unknown"


@pytest.mark.parametrize("name", ["nobody", "../tokens", "..%2f..%2flayar", "%00"])
def test_an_unknown_camera_is_not_found(camera, name):
    assert camera.get(f"/cameras/{name}.jpg", "wall").status_code == 404
