"""A camera's newest picture, however old, with its age; never a wait."""

from datetime import timedelta

import pytest

from cctv.archive import ArchiveSettings, still_of
from cctv.archive_place import place_for
from cctv.camera import discover_sources
from cctv.inventory import import_cameras
from cctv.shelf import Renditions
from layers.cameras import CameraHealthChanged, CameraListed
from layers.store.stills import FILE_NAME as INDEX
from layers.store.stills import Stills
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
    sizes = Renditions(
        full=jpeg(b"full"), medium=jpeg(b"medium"), thumb=jpeg(b"thumb"), tiny=jpeg(b"tiny"), width=8, height=8
    )
    city.services.shelf.put("CAM 1/utara", sizes, TAKEN)
    city.beat()
    return city


PATH = "/cameras/CAM%201/utara.jpg"


def test_a_dead_camera_still_shows_its_last_picture_with_its_age_and_health(camera):
    answer = camera.get(PATH, "wall")
    assert answer.data == jpeg(b"medium")
    assert answer.headers["X-Observed-At"] == "2026-11-19T19:59:59.750Z"
    assert answer.headers["Last-Modified"] == "Thu, 19 Nov 2026 19:59:59 GMT"
    assert answer.headers["X-Camera-Health"] == "lost"
    assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("size", ["tiny", "thumb", "medium", "full"])
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
    sizes = Renditions(full=jpeg(b"f2"), medium=jpeg(b"m2"), thumb=jpeg(b"t2"), tiny=jpeg(b"y2"), width=8, height=8)
    camera.services.shelf.put("CAM 1/utara", sizes, NOW)
    assert camera.get(PATH, "wall", If_None_Match=old).data == jpeg(b"m2")


@pytest.mark.parametrize("seconds_ago", [11, -11])
def test_while_the_camera_process_is_silent_nobody_knows_how_a_camera_is(camera, seconds_ago):
    camera.beat(seconds_ago)
    answer = camera.get(PATH, "wall")
    assert (answer.data, answer.headers["X-Camera-Health"]) == (jpeg(b"medium"), "unknown")


@pytest.mark.parametrize(
    ("name", "role", "status"),
    [
        ("A", "wall", 200), ("A", "admin", 200), ("A", "ingest", 403), ("A", None, 401),
        ("C", "wall", 503), ("C", "admin", 200),
        ("gone", "wall", 503), ("gone", "admin", 503),
    ],
)  # fmt: skip
def test_before_the_log_is_read_a_picture_is_shown_to_whom_the_inventory_allows_it(make_city, name, role, status):
    city = make_city(starts=False)
    text = "id,name,lon,lat,url,audience\nA,Simpang,117.1,-0.5,http://127.0.0.1:9/a,wall\nC,Dalam,117.1,-0.5,http://127.0.0.1:9/c,operator\n"
    assert not import_cameras(text.encode(), city.folder, discover_sources().found).refused
    for one in ("A", "C", "gone"):
        sizes = Renditions(
            full=jpeg(b"f"), medium=jpeg(one.encode()), thumb=jpeg(b"t"), tiny=jpeg(b"y"), width=8, height=8
        )
        city.services.shelf.put(one, sizes, TAKEN)
    answer = city.get(f"/cameras/{name}.jpg", role)
    assert answer.status_code == status
    if status == 200:
        assert (answer.data, answer.headers["X-Camera-Health"]) == (jpeg(name.encode()), "unknown")


def test_a_camera_that_never_gave_a_picture_says_so_with_its_health(camera):
    answer = camera.get("/cameras/CAM-2.jpg", "wall")
    assert answer.status_code == 404
    assert answer.headers["X-Camera-Health"] == "unknown"


@pytest.mark.parametrize("name", ["nobody", "../tokens", "..%2f..%2flayar", "%00"])
def test_an_unknown_camera_is_not_found(camera, name):
    assert camera.get(f"/cameras/{name}.jpg", "wall").status_code == 404


def keep(camera, word: bytes, seconds_ago: float):
    """A still in the archive."""
    at = NOW - timedelta(seconds=seconds_ago)
    still = still_of("CAM 1/utara", at, jpeg(word))
    place_for(ArchiveSettings(least_free_percent=0), camera.folder).put(still.key, jpeg(word))
    index = Stills(camera.folder / INDEX)
    index.add(still, "routine")
    index.close()
    return still


@pytest.fixture
def past(camera):
    for word, seconds_ago in ((b"old", 600), (b"new", 120)):
        keep(camera, word, seconds_ago)
    return camera


@pytest.mark.parametrize(
    ("seconds_ago", "word"), [(600, b"old"), (599, b"old"), (301, b"old"), (120, b"new"), (0, b"new")]
)
def test_an_admin_sees_the_still_at_or_before_a_time_with_its_own_time(past, seconds_ago, word):
    at = (NOW - timedelta(seconds=seconds_ago)).isoformat().replace("+00:00", "Z")
    answer = past.get(f"{PATH}?at={at}", "admin")
    assert (answer.status_code, answer.data) == (200, jpeg(word))
    taken = NOW - timedelta(seconds=600 if word == b"old" else 120)
    assert answer.headers["X-Observed-At"] == taken.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("at", ["1763607480", "2026-11-20T11:00:00+08:00", "2026-11-20T11:00:00%2B08:00"])
def test_the_time_may_be_epoch_or_iso_even_with_an_unescaped_plus(past, at):
    epoch = f"{NOW.timestamp():.0f}" if at.isdigit() else at
    assert past.get(f"{PATH}?at={epoch}", "admin").data == jpeg(b"new")


@pytest.mark.parametrize("seconds_ago", [601, 299, 121, -181])
def test_a_time_without_a_still_from_the_five_minutes_before_has_none(past, seconds_ago):
    at = (NOW - timedelta(seconds=seconds_ago)).timestamp()
    answer = past.get(f"{PATH}?at={at}", "admin")
    assert answer.status_code == 404
    assert "5 minutes" in answer.json["detail"]


@pytest.mark.parametrize(("role", "status"), [("wall", 403), ("ingest", 403), (None, 401), ("admin", 200)])
def test_the_past_is_for_admins_alone(past, role, status):
    assert past.get(f"{PATH}?at={NOW.timestamp()}", role).status_code == status


def test_the_past_stays_closed_to_a_stranger_where_anybody_may_look(make_city):
    open_city = make_city(anonymous="wall")
    open_city.bring(CameraListed(camera="CAM-2", name="Pasar", lon=117.1, lat=-0.5))
    assert open_city.get("/cameras/CAM-2.jpg").status_code == 404
    assert open_city.get(f"/cameras/CAM-2.jpg?at={NOW.timestamp()}").status_code == 403


@pytest.mark.parametrize("at", ["", "yesterday", "2026-11-20T03:00:00", "1e300"])
def test_a_time_that_is_none_is_refused_with_its_name(past, at):
    answer = past.get(f"{PATH}?at={at}", "admin")
    assert (answer.status_code, answer.json["field"]) == (400, "at")


def test_a_still_whose_picture_is_gone_or_broken_is_not_shown(past):
    still = keep(past, b"newest", 60)
    (past.folder / "archive" / still.key).write_bytes(b"torn")
    assert past.get(f"{PATH}?at={NOW.timestamp()}", "admin").status_code == 404


def test_a_place_that_refuses_is_a_503_and_the_newest_picture_goes_on(past):
    (past.folder / INDEX).write_bytes(b"no database" * 100)
    past.services.past.close()
    answer = past.get(f"{PATH}?at={NOW.timestamp()}", "admin")
    assert answer.status_code == 503
    assert past.get(PATH, "wall").data == jpeg(b"medium")
