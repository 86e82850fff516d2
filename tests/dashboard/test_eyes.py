"""`GET /api/v1/eyes`: who sees a place."""

import pytest

from layers.cameras import CameraHealthChanged, CameraListed

PLACE = "/api/v1/eyes?lon=117.15&lat=-0.5"


@pytest.fixture
def watched(city):
    """A city with a camera that faces the place and a nearer one that does not."""
    city.bring(
        CameraListed(camera="FACES", name="Simpang", lon=117.152, lat=-0.5, azimuth_deg=270.0),
        CameraListed(camera="AWAY", name="Pasar", lon=117.151, lat=-0.5, azimuth_deg=90.0),
        CameraHealthChanged(camera="FACES", health="ok"),
        CameraHealthChanged(camera="AWAY", health="ok"),
    )
    return city


@pytest.mark.parametrize("role", ["wall", "admin"])
def test_who_may_see_the_wall_may_ask_which_cameras_see_a_place(watched, role):
    said = watched.get(PLACE, role).json
    assert (said["lon"], said["lat"], said["seen_by"]) == (117.15, -0.5, 1)
    assert said["text"] == "1 kamera melihat lokasi ini"
    assert [(one["key"], one["sees"], one["reason_en"]) for one in said["cameras"]] == [
        ("FACES", True, "sees the place · 220 m"),
        ("AWAY", False, "looks elsewhere · 110 m"),
    ]


def test_a_place_that_no_camera_sees_is_told_as_such(watched):
    said = watched.get("/api/v1/eyes?lon=117.2&lat=-0.6", "wall").json
    assert (said["seen_by"], said["text"]) == (0, "tidak ada kamera yang melihat lokasi ini")


def test_nobody_else_is_told_where_cameras_look(watched):
    assert watched.get(PLACE).status_code == 401
    assert watched.get(PLACE, "ingest").status_code == 403


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "lon"),
        ("?lon=117.15", "lat"),
        ("?lon=timur&lat=-0.5", "lon"),
        ("?lon=117.15&lat=nan", "lat"),
        ("?lon=0&lat=0", "lon"),
        ("?lon=-0.5&lat=117.15", "lon"),
    ],
)
def test_what_is_no_place_is_refused_by_field(watched, query, field):
    answer = watched.get(f"/api/v1/eyes{query}", "wall")
    assert (answer.status_code, answer.json["field"]) == (400, field)
